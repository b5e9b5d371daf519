"""The questions as commands: status, ask, trace, recall, access. They read a ledger and change nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import click

from coldcheck.custody import wording
from coldcheck.custody.answers import ORIGIN, Answer, answer, known_question, questions
from coldcheck.custody.calibres import compared_with_all
from coldcheck.custody.inspections import what_rested_on
from coldcheck.custody.last_verified import last_verified
from coldcheck.custody.origin_kinds import hypotheses_of
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id
from coldcheck.custody.trace import access_to_item, origin_of
from coldcheck.custody.trace_rings import recall_across, recall_of
from coldcheck.custody.views import board_of, card_of
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station import answer_text
from coldcheck.station.day_text import rested_lines
from coldcheck.station.ledger_files import picture_of
from coldcheck.station.store import StoreFailed
from coldcheck.station.things_by_name import item_of
from coldcheck.station.trace_pictures import chain_picture, recall_picture

if TYPE_CHECKING:
    from coldcheck.custody.origin_answer import FindAnswer
    from coldcheck.station.across import Record

_LEDGER: Final = click.option(
    "--ledger", "-l", required=True, type=click.Path(path_type=Path), help="The ledger file that play or the hub made."
)
_LEDGERS: Final = click.option(
    "--ledger", "-l", "ledgers", required=True, multiple=True, type=click.Path(path_type=Path),
    help="The ledger file; several for the records of several hubs or companies.",
)  # fmt: skip
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


_AT: Final = click.option(
    "--at",
    "at_entry",
    type=click.IntRange(min=0),
    help="As the record stood right after this entry (the newest without it).",
)
_SVG: Final = click.option(
    "--svg", type=click.Path(path_type=Path, dir_okay=False), help="Write the picture to this file as well."
)


def read_picture(ledger: Path, *, at_entry: int | None = None, may_be_empty: bool = False) -> Picture:
    """The picture of a ledger after an entry, and the file closed again. Raises NoLedger or NoEntryThere."""
    picture, store = picture_of(ledger, at_entry=at_entry, may_be_empty=may_be_empty)
    store.close()
    return picture


def _print_json(value: Any) -> None:  # noqa: ANN401  # any JSON value
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


@click.command()
@click.argument("gun", required=False)
@_LEDGER
@_JSON
@_AT
def status(gun: str | None, ledger: Path, as_json: bool, at_entry: int | None) -> None:  # a flag of the command line
    """What the record says of GUN (its label or id), as of the last entry or of any past one.

    Without GUN: the words of every gun, a line each (as JSON, the list of their cards).
    """
    picture = read_picture(ledger, at_entry=at_entry)
    if gun is None:
        _print_every_card(picture, as_json=as_json)
        return
    card = card_of(picture, item_of(picture, gun, letters="g"), now=picture.now)
    if as_json:
        _print_json(answer_text.card_json(card))
        return
    for line in answer_text.card_lines(picture, card):
        click.echo(line)


def _print_every_card(picture: Picture, *, as_json: bool) -> None:
    cards = board_of(picture, now=picture.now)
    if as_json:
        _print_json([answer_text.card_json(card) for card in cards])
        return
    for card in cards:
        click.echo(answer_text.card_headline(picture, card))
    if not cards:
        click.echo(f"No gun is in this record (as of entry {picture.size - 1}).")


@click.command()
@click.argument("question", required=False)
@_LEDGER
@_JSON
@click.option("--all", "every", is_flag=True, help="Answer the whole list of questions.")
def ask(question: str | None, ledger: Path, as_json: bool, every: bool) -> None:  # flags of the command line
    """Ask one of the questions the record knows; without one, or with another, the list is printed."""
    known = known_question(question) if question else None
    if known is None and not every:
        _print_questions(question)
        return
    picture = read_picture(ledger, may_be_empty=True)
    asked = questions() if every else (known or ORIGIN,)
    told = [answer(picture, each) for each in asked]
    if as_json:
        shapes = [_with_figures(picture, each) for each in told]
        _print_json(shapes if every else shapes[0])
        return
    for each in told:
        for line in answer_text.answer_lines(picture, each):
            click.echo(line)
        for line in _find_lines(picture, each):
            click.echo(line)


def _finds(picture: Picture, told: Answer) -> "tuple[FindAnswer, ...]":
    """How each find of an answer can have come in; numpy is read in only when there is one."""
    if told.question != ORIGIN or not told.origins:
        return ()
    from coldcheck.custody.origin_answer import MODEL, answer_find

    return tuple(answer_find(picture, origin.round_id, model=MODEL) for origin in told.origins)


def _find_lines(picture: Picture, told: Answer) -> Iterator[str]:
    finds = _finds(picture, told)
    if finds:
        from coldcheck.station import origin_text

        for find in finds:
            yield from origin_text.find_lines(picture, find, stories=False)


def _with_figures(picture: Picture, told: Answer) -> answer_text.Json:
    """An answer as JSON; each find with its figures, and those of the first one that has any in `hypotheses` too."""
    shape = answer_text.answer_json(picture, told)
    finds = _finds(picture, told)
    if not finds:
        return shape
    from coldcheck.station import origin_text

    shape["finds"] = [origin_text.find_json(picture, find) for find in finds]
    shown = next((find for find in finds if find.basis == "record"), finds[0])
    shape["hypotheses"] = [origin_text.story_json(story) for story in shown.stories]
    return shape


def _print_questions(question: str | None) -> None:
    """The closed list. An unknown question is bad use (exit 2), no question is a request for the list."""
    if question:
        click.echo(f'coldcheck: "{question}" is not a question this knows; ask one of these:', err=True)
    for known in questions():
        click.echo(f"  {known}", err=bool(question))
    if question:
        raise click.exceptions.Exit(2)


@click.command()
@click.argument("item")
@_LEDGERS
@_JSON
@_AT
@_SVG
def trace(
    item: str, ledgers: tuple[Path, ...], as_json: bool, at_entry: int | None, svg: Path | None
) -> None:  # command line
    """Follow ITEM back: a round (label, id or spot such as Tray-1/3), or a gun or container with all that lies in it."""
    if len(ledgers) > 1:
        _alone(at_entry, svg)
        _trace_across(item, ledgers, as_json=as_json)
        return
    picture = read_picture(ledgers[0], at_entry=at_entry)
    known = item_of(picture, item, letters="rgc")
    rounds = _rounds_of(picture, known)
    told = _traced(picture, item, known)
    origins = told.origins
    if svg is not None:
        write_pictures(svg, [chain_picture(picture, origin) for origin in origins])
    if as_json:
        _print_json(answer_text.answer_json(picture, told))
        return
    for line in answer_text.answer_lines(picture, told):
        click.echo(line)
    for rested in (what_rested_on(picture, each) for each in rounds):
        if rested is not None:
            for line in rested_lines(picture, rested):
                click.echo(line)


@click.command()
@click.argument("lot")
@_LEDGERS
@_JSON
@_AT
@_SVG
def recall(
    lot: str, ledgers: tuple[Path, ...], as_json: bool, at_entry: int | None, svg: Path | None
) -> None:  # command line
    """What LOT may have touched, in four rings."""
    if len(ledgers) > 1:
        _alone(at_entry, svg)
        _recall_across(lot, ledgers, as_json=as_json)
        return
    picture = read_picture(ledgers[0], at_entry=at_entry)
    known = item_of(picture, lot, letters="l")
    rings = recall_of(picture, known)
    if svg is not None:
        write_pictures(svg, [recall_picture(picture, rings, known)])
    if as_json:
        _print_json(answer_text.recall_json(picture, rings, known))
        return
    click.echo(answer_text.lot_line(picture, known))
    for title, items in (
        ("the lot itself", rings.lot),
        ("in a container with it at the same time", rings.together),
        ("reached through those, up to full tests by two", rings.closure),
        ("reached if no test is trusted", rings.closure_no_barriers),
    ):
        named = ", ".join(answer_text.label_of(picture, thing) for thing in items[:20])
        more = f" and {len(items) - 20} more" if len(items) > 20 else ""  # noqa: PLR2004  # a screenful
        click.echo(f"{title}: {len(items)}" + (f": {named}{more}" if items else ""))
    if not rings.came:
        click.echo(wording.LOT_NEVER_CAME)
    if rings.unrecorded:
        click.echo(
            f"{rings.unrecorded} rounds turned up where no entry put them: where they were between is in no ring"
        )


def _rounds_of(picture: Picture, known: Id) -> tuple[Id, ...]:
    """The round, or every round that lies in the thing."""
    return (known,) if known in picture.cartridges else tuple(picture.rounds_in.get(known, {}))


def _traced(picture: Picture, item: str, known: Id) -> Answer:
    """The chains of a round, or of all that lies in a thing."""
    origins = tuple(origin_of(picture, each) for each in _rounds_of(picture, known))
    standing = "recorded" if origins and all(origin.ends_at == "receipt" for origin in origins) else "not_recorded"
    return Answer(
        question=f"where did {item} come from?",
        standing=standing,  # type: ignore[arg-type]  # one of two of the four
        accounts=(),
        origins=origins,
        hypotheses=hypotheses_of(picture),
    )


def _alone(at_entry: int | None, svg: Path | None) -> None:
    """Nothing; an entry and a picture are of one ledger. Raises click.UsageError."""
    if at_entry is not None or svg is not None:
        raise click.UsageError("--at and --svg are of one ledger; name only one, or leave them away.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedAcross:
    """What several records say of one thing: as JSON has it, and in lines."""

    shape: dict[str, Any]
    lines: tuple[str, ...]


def traced_across(records: "tuple[Record, ...]", item: str, known: Id) -> TracedAcross:
    """Every record that knows the thing says its chain; one that knows only the round's lot says what it has of that."""
    from coldcheck.station import across

    knowing = [record for record in records if across.knows(record, known)]
    lots = {
        cartridge.lot
        for record in knowing
        for one in _rounds_of(record.picture, known)
        if (cartridge := record.picture.cartridges.get(one)) is not None and cartridge.lot
    }
    elsewhere = [record for record in records if record not in knowing]
    lot_lines = [line for record in elsewhere for lot in sorted(lots) for line in across.lot_lines(record, lot)]
    told = [(record, _traced(record.picture, item, known)) for record in knowing]
    lines = [
        line for record, each in told for line in (f"{record.name}:", *answer_text.answer_lines(record.picture, each))
    ]
    if elsewhere:
        lines += lot_lines or ["no other ledger of these tells of the round or its lot"]
    shapes = [{"ledger": record.name, **answer_text.answer_json(record.picture, each)} for record, each in told]
    return TracedAcross(
        shape={
            "question": f"where did {item} come from?", "item": known, "ledgers": shapes, "lot_elsewhere": lot_lines,
        },
        lines=tuple(lines),
    )  # fmt: skip


def _trace_across(item: str, ledgers: tuple[Path, ...], *, as_json: bool) -> None:
    from coldcheck.station import across

    records = across.read_records(ledgers)
    told = traced_across(records, item, across.item_across(records, item, letters="rgc"))
    if as_json:
        _print_json(told.shape)
        return
    for line in told.lines:
        click.echo(line)


def _recall_across(lot: str, ledgers: tuple[Path, ...], *, as_json: bool) -> None:
    from coldcheck.station import across

    records = across.read_records(ledgers)
    known = across.item_across(records, lot, letters="l")
    rings = recall_across(tuple(record.picture for record in records), known)
    if as_json:
        _print_json(across.recall_json(records, rings, known))
        return
    for line in across.recall_lines(records, rings, known):
        click.echo(line)


class NothingToDraw(ColdcheckError):
    """There is no chain to draw: nothing identified lies there. Name a round, or leave --svg away."""


def write_pictures(path: Path, pictures: list[str]) -> None:
    """Nothing; one file a picture: the first under this name, the others numbered. Raises NothingToDraw, StoreFailed."""
    if not pictures:
        raise NothingToDraw("No round with an identity lies there, so there is no chain to draw; name a round.")
    for number, picture in enumerate(pictures, start=1):
        target = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        try:
            target.write_text(picture, encoding="utf-8")
        except OSError as problem:
            raise StoreFailed(f"{target} cannot be written: {problem.strerror}; name another file.") from problem


@click.command()
@click.argument("calibre")
@_LEDGER
@_JSON
@click.option("--part", type=click.Choice(["projectile", "case"]), default="projectile", help="What was found.")
def compare(calibre: str, ledger: Path, as_json: bool, part: Literal["projectile", "case"]) -> None:  # command line
    """A found projectile or case of CALIBRE beside every gun and lot: possible, impossible or unknown."""
    picture = read_picture(ledger, may_be_empty=True)
    rows = compared_with_all(picture, calibre, part=part)
    nothing_fits = all(row.fit == "impossible" for row in rows)
    if as_json:
        _print_json({"found": calibre, "part": part, "as_of_entry": picture.size - 1, "nothing_fits": nothing_fits, "compared": [
            {"thing": row.thing, "label": answer_text.label_of(picture, row.thing), "calibre": row.calibre or None,
             "fit": row.fit, "why": row.why, "entry": row.entry_index} for row in rows
        ]})  # fmt: skip
        return
    for row in rows:
        written = row.calibre or "no calibre recorded"
        click.echo(f"{row.fit:10}  {answer_text.label_of(picture, row.thing)} ({written}, entry {row.entry_index})")
    if not rows:
        click.echo("the record has no gun and no lot to compare it with")
    elif nothing_fits:
        click.echo("nothing on record fits it: how such a round came here is a gap since the beginning of the record")
    click.echo("possible is not a match: only an examination can say that; a calibre is a name, not a measurement")


@click.command()
@click.argument("item")
@_LEDGER
@_JSON
@click.option(
    "--from",
    "from_entry",
    type=click.IntRange(min=0),
    default=None,
    help="First entry (its last full verification without it).",
)
@click.option("--to", "to_entry", type=click.IntRange(min=0), default=None, help="Last entry (the newest without it).")
def access(
    item: str, ledger: Path, as_json: bool, from_entry: int | None, to_entry: int | None
) -> None:  # command line
    """Who could reach ITEM since its last full verification, in the neutral order of ids, and when it was unattended."""
    picture = read_picture(ledger)
    thing = item_of(picture, item, letters="rgc")
    last = picture.size - 1 if to_entry is None else min(to_entry, picture.size - 1)
    verified = last_verified(picture, thing, until=last) if from_entry is None else None
    first = from_entry if from_entry is not None else verified or 0
    reach = access_to_item(picture, thing, from_entry=first, to_entry=last)
    shape = answer_text.access_json(picture, reach)
    if as_json:
        whole = {"item": thing, "from_entry": first, "to_entry": last, "last_full_verification": verified}
        _print_json(whole | {"people": shape["access"], "unattended": shape["unattended"], "locked": shape["locked"]})
        return
    since = f"its last full verification, entry {first}" if verified is not None else f"entry {first}"
    none = "; no full verification of it is recorded" if from_entry is None and verified is None else ""
    click.echo(f"{item} since {since}, up to entry {last}{none}")
    for person in shape["access"]:
        click.echo(
            f"{person['label']}: {person['how'].replace('_', ' ')}, entries {person['from_entry']} to {person['to_entry']}"
        )
    for span in shape["unattended"]:
        click.echo(
            f"unattended at {span['place'] or 'a place not recorded'}, entries {span['from_entry']} to {span['to_entry']}: anyone could"
        )
    if not shape["access"] and not shape["unattended"]:
        click.echo("who could reach it is not recorded")
