"""`init`, `hub` and `doctor`: a production begun, served, and looked over before the first day."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import click

from coldcheck.station.production import PHOTOS, TLS_MODES, Wanted, begin_production, read_crew
from coldcheck.station.tls import BadCertificate, make_local_ca, take_own

_ASKED: Final[Mapping[str, tuple[str, click.ParamType[Any]]]] = MappingProxyType(
    {
        "production": ("Production", click.STRING),
        "hub": ("Hub name", click.STRING),
        "people": ("People (CSV)", click.Path(path_type=Path)),
        "tls": ("TLS", click.Choice(TLS_MODES)),
    }
)
"""What init cannot begin without: the option's name, the question when it is not given, and what it reads."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--production", help="The production's name; it is sealed in the log.")
@click.option("--hub", help="The hub's own host name, chosen once, such as hub.set.")
@click.option("--people", type=click.Path(path_type=Path), help="CSV: label, name, roles, officer.")
@click.option("--tls", type=click.Choice(TLS_MODES), help="demo: this machine only. own: your certificate. local-ca: an authority for the hub's name alone.")  # fmt: skip
@click.option(
    "--certificate", type=click.Path(path_type=Path), help="With --tls own: the certificate, PEM, with its chain."
)
@click.option("--key", type=click.Path(path_type=Path), help="With --tls own: its key, PEM.")
@click.option(
    "--rulebook",
    "rulebooks",
    multiple=True,
    default=("us_generic",),
    show_default=True,
    help="Rulebooks beside the core.",
)
@click.option("--port", type=click.IntRange(1, 65_535), default=8443, show_default=True, help="Port of the hub.")
@click.option("--drill", is_flag=True, help="A drill: the same screens, keys and log of its own, DRILL on everything.")
@click.option("--emergency-number", "number", default="", help="For the emergency card.")
@click.option("--where", default="", help="Where the set is, for the emergency card.")
@click.option("--medic", default="", help="How the medic is reached, for the emergency card.")
@click.option("--care", default="", help="Whom to ask for care after an incident; shown with it.")
@click.option("--photos", type=click.Choice(PHOTOS), default="off", show_default=True, help="offered: a photo may be signed with what it shows; nobody has to. off: none is taken.")  # fmt: skip
@click.option("--send-to", multiple=True, help="A folder off this machine that gets the checkpoint of a freeze.")
@click.option("--cosigner", "cosigners", type=click.Path(path_type=Path), multiple=True, help="The key (vkey) of a machine elsewhere that will remember the log.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def init(
    folder: Path,
    certificate: Path | None,
    key: Path | None,
    as_json: bool,  # a flag of the command line
    **asked: Any,  # noqa: ANN401  # the fields of Wanted, as click read them
) -> None:
    """Begin a production in the new FOLDER: keys, ledger, crew list, join cards, certificates.

    What is not given is asked for: the name, the hub, the people, how phones reach it.
    """
    answered = _answered(asked)
    people = answered.pop("people")
    answered["cosigners"] = tuple(_vkey_in(path) for path in answered["cosigners"])
    wanted = Wanted(**answered)
    crew = read_crew(people)
    if wanted.tls == "own" and (certificate is None or key is None):
        raise click.UsageError("--tls own needs --certificate and --key.")
    begun = begin_production(folder, wanted, crew)
    try:
        if wanted.tls == "local-ca":
            make_local_ca(folder / "tls", host=wanted.hub)
        elif certificate is not None and key is not None:
            take_own(folder / "tls", certificate=certificate, key=key, host=wanted.hub)
    except BadCertificate:
        # Nothing was recorded yet but the beginning: the corrected command must find its place free.
        shutil.rmtree(folder)
        raise
    if as_json:
        body = {
            "folder": str(folder), "log": begun.settings.log, "entries": begun.entries, "drill": wanted.drill, "tls": wanted.tls,
            "cards": {label: str(path) for label, path in begun.cards}, "officers": [str(path) for path in begun.officers],
        }  # fmt: skip
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
        return
    click.echo(f"{begun.settings.production}: log {begun.settings.log}, {begun.entries} entries, {len(crew)} people.")
    click.echo(f"Officers' keys: {folder}/officers. Hand each to its officer and take it off this machine.")
    click.echo(f"Join cards to print: {folder}/cards ({len(begun.cards)}). Each works once.")
    click.echo(f"Photos: {wanted.photos} (photos in {folder}/hub.toml; the set screens say it).")
    click.echo(f"Print the anchor and keep it apart: coldcheck genesis {folder}/ledger.coldcheck")
    click.echo(f"Then: coldcheck doctor {folder}; coldcheck hub {folder}")


def _vkey_in(path: Path) -> str:
    """The cosigner's key in a file. Raises UsageError or BadKey."""
    from coldcheck.proof.cosign import CosignerVerifier

    try:
        return CosignerVerifier.from_vkey(path.read_text(encoding="ascii").strip()).vkey
    except (OSError, UnicodeDecodeError) as problem:
        raise click.UsageError(f"{path} holds no cosigner's key ({problem}).") from problem


def _answered(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, with an answer to each question that was left. Raises UsageError when nobody answers."""
    given = dict(asked)
    missing = [name for name in _ASKED if given[name] is None]
    try:
        for name in missing:
            question, kind = _ASKED[name]
            given[name] = click.prompt(question, type=kind)
    except click.Abort as nobody:
        if sys.stdin.isatty():
            raise
        flags = ", ".join(f"--{name}" for name in missing)
        raise click.UsageError(
            f"init asks for what it was not given, and nobody is here to answer. Give {flags}, such as: coldcheck init SET "
            '--production "Salt Flats" --hub hub.set --people crew.csv --tls demo.'
        ) from nobody
    return given


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--host", default="0.0.0.0", show_default=True, help="Address to listen on.")  # noqa: S104  # a hub is for its set
@click.option(
    "--status-port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port of the plain pages."
)
@click.option(
    "--seen", "seen", type=click.Path(path_type=Path), multiple=True, help="A seal or checkpoint of this log."
)
def hub(folder: Path, host: str, status_port: int, seen: tuple[Path, ...]) -> None:
    """Serve the production in FOLDER until it is told to end.

    Before it signs, it compares its ledger with everything that is known of the log elsewhere.
    """
    from coldcheck.station.commands_epoch import read_note
    from coldcheck.station.live_hub import serve_production  # init needs no web parts

    def ready(addresses: tuple[str, ...]) -> None:
        for address in addresses:
            click.echo(f"Board: {address}/board")
        click.echo("Ctrl-C ends it.")

    serve_production(
        folder,
        host=host,
        status_port=status_port,
        ready=ready,
        shown=tuple(read_note(path) for path in seen),
        told=click.echo,
    )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(folder: Path, as_json: bool) -> None:  # a flag of the command line
    """Look the production in FOLDER over: ledger, disk, name, certificate, and what will work on which phone."""
    from coldcheck.station.doctor import examine

    found = examine(folder)
    if as_json:
        body = {
            "ok": found.ok,
            "checks": [{"check": one.check, "ok": one.ok, "sentence": one.sentence} for one in found.checks],
            "phones": [{"phone": phone, "works": works, "why": why} for phone, works, why in found.phones],
        }
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
    else:
        for one in found.checks:
            click.echo(f"{'ok  ' if one.ok else 'LOOK'}  {one.check}: {one.sentence}")
        click.echo("")
        for phone, works, why in found.phones:
            click.echo(f"{phone}: {works} {why}")
    if not found.ok:
        raise click.exceptions.Exit(1)
