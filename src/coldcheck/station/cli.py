"""The commands. Each verb is in a module of its own or below, imported only when it is called.

Exit 0: it did its job, also when the answer is a gap or a refusal. 1: the check asked for failed. 2: bad use or
malformed input. 3: cannot (disk, port, second process, missing part). Errors are one sentence on standard error.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from types import MappingProxyType
from typing import Final

import click

GROUPS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = MappingProxyType(
    {
        "Begin here": MappingProxyType(
            {
                "demo": ("commands_demo", "Play the demo days, print the answers, serve the board."),
                "init": ("commands_init", "Begin a production: keys, ledger, crew, cards."),
                "hub": ("commands_init", "Serve a production's hub."),
                "doctor": ("commands_init", "Look a production over: what works, on which phone."),
                "status": ("commands_ask", "What the record says of a gun now."),
                "ask": ("commands_ask", 'Ask the record, such as "where did the live round come from?".'),
                "verify": ("commands_proof", "Verify a ledger or an exported directory."),
                "pack": ("commands_pack", "An evidence pack of a matter: signed PDF and data beside it."),
            }
        ),
        "More questions": MappingProxyType(
            {
                "trace": ("commands_ask", "Follow a round back to a receipt or a gap."),
                "recall": ("commands_ask", "What a lot may have touched."),
                "access": ("commands_ask", "Who could reach a thing."),
                "compare": ("commands_ask", "A found projectile or case beside every gun and lot."),
                "origin": ("commands_origin", "Where a find can have come from, by kinds of story."),
                "board": ("commands_board", "The board as it was at any entry."),
                "strip": ("commands_day", "A gun's day as one strip, in text and as a picture."),
                "studio": ("commands_studio", "Several productions at once, asked across companies."),
                "minutes": ("commands_minutes", "The minutes around an entry, each time with its bound."),
            }
        ),
        "A day's work": MappingProxyType(
            {
                "play": ("commands_demo", "Play a scenario file into a new ledger."),
                "day": ("commands_day", "The plan of a day against its record, and its close."),
                "wrap": ("commands_day", "What is back, gone and still here."),
                "drill": ("commands_drill", "Plan a drill's wrong rounds, and score its procedure."),
                "kiosk": ("commands_board", "The board on this machine's screen, and nothing else."),
            }
        ),
        "Papers in and out": MappingProxyType(
            {
                "labels": ("commands_labels", "Labels with codes to print, for all the record names."),
                "import": ("commands_import", "A packing list into staging, with every doubt."),
                "register": ("commands_register", "Registers out of the record: us, au, uk; CSV and JSON."),
                "inquiry": ("commands_inquiry", "What was said beside what was recorded, and what is open."),
                "statements": ("commands_statements", "From papers to statements: suggestions."),
            }
        ),
        "The record and its keeping": MappingProxyType(
            {
                "export": ("commands_proof", "Write the log as static files that stock tools read."),
                "backup": ("commands_proof", "Copy a ledger to one file while it is written."),
                "restore": ("commands_proof", "Prove a backup (--check), or copy it back."),
                "seal": ("commands_cosign", "Show the day's seal as a QR code: checkpoint and cosignatures."),
                "cosign": ("commands_cosign", "Have machines elsewhere remember the log, and compare."),
                "genesis": ("commands_keys", "Show entry 0's hash as a QR code, the anchor to keep on paper."),
                "epoch": ("commands_epoch", "Feed a restored hub, or open a new epoch."),
            }
        ),
        "The laboratory": MappingProxyType(
            {
                "sim": ("lab.commands_sim", "Simulate productions with a hidden live round each."),
                "bench": ("lab.commands_bench", "Measure against peers."),
                "prove": ("lab.commands_prove", "Prove the kernel table."),
                "soak": ("lab.commands_soak", "Long runs that count what went wrong."),
            }
        ),
    }
)
"""What the help lists, in this order: the verbs a newcomer needs first, the laboratory last."""
VERBS: Final = MappingProxyType({name: verb for group in GROUPS.values() for name, verb in group.items()})


class Verbs(click.Group):
    """A group that imports a verb's module when the verb is asked for, and lists them without importing."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Every verb, in the order of the help."""
        return list(VERBS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The verb's command, imported now; None for an unknown one."""
        if name not in VERBS:
            return None
        module = import_module(f"coldcheck.station.{VERBS[name][0]}")
        # A verb that is a word of Python's own has a line after it there.
        command = getattr(module, f"{name}_" if iskeyword(name) else name)
        assert isinstance(command, click.Command), f"{name} is no command"
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb named first. Raises UsageError with the nearest verb for a word that is none."""
        if args and not args[0].startswith("-") and args[0] not in VERBS:
            from coldcheck.custody.phrases import nearest  # --help stays fast

            ctx.fail(f'"{args[0]}" is no command; the nearest is {nearest(args[0], VERBS)}. See coldcheck --help.')
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Nothing; writes the verbs in their groups without importing any."""
        # One column for all groups, so that the eye finds the words.
        width = max(len(name) for name in VERBS)
        for title, group in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), words) for name, (_module, words) in group.items()])


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coldcheck", prog_name="coldcheck")
def coldcheck() -> None:
    """The record a film set keeps of its guns: a gun is cold because the record proves it."""


def main() -> None:
    """Run a command and leave with its exit code; every expected failure is one sentence."""
    from coldcheck.proof.errors import ColdcheckError  # --help stays fast

    try:
        code = coldcheck.main(standalone_mode=False)
        # Without standalone mode click hands an Exit's code back instead of leaving.
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as problem:
        problem.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except ColdcheckError as problem:
        click.echo(f"coldcheck: {problem}", err=True)
        sys.exit(exit_code_of(problem))


def exit_code_of(problem: Exception) -> int:
    """3 when the world would not let us (disk, port, second process), else 2: what was asked cannot be used."""
    from coldcheck.station.store import LedgerInUse, StoreFailed

    cannot = isinstance(problem, LedgerInUse | StoreFailed) or type(problem).__name__ in {
        "PortInUse",
        "MissingPart",
        "NoTimeStamp",
        "CannotWrite",
    }
    return 3 if cannot else 2


if __name__ == "__main__":
    main()
