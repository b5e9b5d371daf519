"""`coldcheck studio`: the records of several productions in one folder, an index over them, and the questions across them.

The folder's logs are the record, byte for byte; index and tables are a cache that `rebuild` makes again from them.
Exit 1: `rebuild --check` found another index than the one that was kept.
"""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.studio.server import POSTGRES, open_server

if TYPE_CHECKING:
    from coldcheck.custody.trace_walks import Back, Held, Walks
    from coldcheck.station.studio.folder import Built

_FOLDER: Final = click.argument("folder", type=click.Path(path_type=Path))
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class UnknownThing(ColdcheckError):
    """No record of the studio knows a thing by that label or id. Ask `coldcheck studio show FOLDER` which there are."""


@click.group()
def studio() -> None:
    """Several productions at once: keep their records and an index over them, and ask across companies.

    FOLDER holds a copy of each log. With the environment variable COLDCHECK_STUDIO_POSTGRES (libpq's words for a server)
    the index lies in its tables too, and is read from there; without it, in files of FOLDER.
    """


@studio.command()
@_FOLDER
@click.argument("records", nargs=-1, type=click.Path(path_type=Path))
@_JSON
def keep(folder: Path, records: tuple[Path, ...], as_json: bool) -> None:  # a flag of the command line
    """Take RECORDS (ledgers, exports, bundles) into FOLDER, each verified, and bring the index up to them."""
    from coldcheck.station.studio.folder import build, take_in

    if not records:
        raise click.UsageError("Name at least one ledger, export or bundle to take in.")
    taken = [take_in(folder, path) for path in records]
    built = build(folder, write=True)
    written = _keep_tables(built)
    shape = _shape(built) | {
        "taken": [{"log": each.log, "entries": each.entries, "root": each.root, "new": each.new} for each in taken],
        "postgres": written,
    }
    if as_json:
        _print(shape)
        return
    for each in taken:
        click.echo(f"{each.log}: {each.entries} entries, {each.new} of them new, root {each.root}")
    _say_built(built)
    if written is not None:
        click.echo(f"tables: {written['written']} rows written{', all of them anew' if written['rebuilt'] else ''}")


@studio.command()
@_FOLDER
@_JSON
def show(folder: Path, as_json: bool) -> None:  # a flag of the command line
    """What FOLDER holds: its logs, and the index as it was kept."""
    built = _index(folder)
    if as_json:
        _print(_shape(built))
        return
    for log, (entries, root) in built.logs.items():
        click.echo(f"{log}: {entries} entries, root {root}")
    _say_built(built)


@studio.command()
@_FOLDER
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the index that was kept is another.")
@_JSON
def rebuild(folder: Path, check: bool, as_json: bool) -> None:  # flags of the command line
    """Verify every log of FOLDER and make the index from nothing but them: the same digest, or it says so."""
    from coldcheck.station.studio.folder import build

    built = build(folder, write=not check)
    same = built.same
    if check and os.environ.get(POSTGRES):
        same = bool(same) and _table_digest() == built.digest
    elif not check:
        _keep_tables(built)
    if as_json:
        _print(_shape(built) | {"same": same, "written": not check})
    else:
        _say_built(built)
        told = {None: "there was no index before", True: "the same as was kept", False: "another than was kept"}[same]
        click.echo(f"{told}{'; nothing was written' if check else ''}")
    if check and not same:
        sys.exit(1)


@studio.command()
@click.argument("lot")
@_FOLDER
@_JSON
def recall(lot: str, folder: Path, as_json: bool) -> None:  # a flag of the command line
    """What LOT may have touched in any of the records, in four rings; asked of each record, in no order between them."""
    from coldcheck.custody.trace_rings import recall_across
    from coldcheck.station import across
    from coldcheck.station.studio.folder import read_records

    records = read_records(folder)
    known = across.item_across(records, lot, letters="l")
    rings = recall_across(tuple(record.picture for record in records), known)
    if as_json:
        _print(across.recall_json(records, rings, known))
        return
    for line in across.recall_lines(records, rings, known):
        click.echo(line)


@studio.command()
@click.argument("item")
@_FOLDER
@_JSON
def trace(item: str, folder: Path, as_json: bool) -> None:  # a flag of the command line
    """Where ITEM (a round's label or id) was, through every record, newest first; then what each record says of it."""
    from coldcheck.station import commands_ask
    from coldcheck.station.across import item_across
    from coldcheck.station.studio.folder import number_named, read_records

    records = read_records(folder)
    known = item_across(records, item, letters="rgc")
    built = _index(folder)
    walks = _walks(built)
    number = number_named(built.names, known)
    back = walks.back(number, row=len(built.table.kind) - 1) if number >= 0 and known[0] == "r" else None
    stays = _stays_json(built, walks, back) if back is not None else []
    told = commands_ask.traced_across(records, item, known)
    if as_json:
        _print(told.shape | {"stays": stays, "begins": back.begins if back is not None else None})
        return
    if back is not None:
        click.echo(f"{item} through all records, newest first, in the order of the hubs' clocks:")
        for stay in stays:
            checks = f", {len(stay['checks'])} checks" if stay["checks"] else ""
            broken = "" if stay["joins"] else "; no entry says how it came there"
            click.echo(f"  {stay['where']}: {stay['from']} to {stay['until'] or 'the end'}{checks}{broken}")
        click.echo(f"  {_BEGINS[back.begins]}")
    for line in told.lines:
        click.echo(line)


@studio.command()
@click.argument("item")
@_FOLDER
@_JSON
def access(item: str, folder: Path, as_json: bool) -> None:  # a flag of the command line
    """Who could reach ITEM since its last full test, in any record, in the neutral order of names; never an act."""
    from coldcheck.station.studio.folder import name_of, number_named

    built = _index(folder)
    walks = _walks(built)
    number = number_named(built.names, item)
    if number < 0:
        raise UnknownThing(
            f'"{item}" is the label or id of nothing in these records; `coldcheck trace` knows spots too.'
        )
    last = len(built.table.kind) - 1
    since = max(walks.last_full_test(number, row=last), 0)
    spells = sorted(walks.access(number, start=since, stop=last + 1), key=lambda held: _who(built, held))
    rows = [
        {
            "who": _who(built, held),
            "how": held.how,
            "thing": name_of(built.names, held.thing),
            **_span(built, held.row, held.until),
        }
        for held in spells
    ]
    if as_json:
        _print({"item": item, "since": _cite(built, since), "access": rows})
        return
    click.echo(f"{item}, since {_cite(built, since)}:")
    for row in rows:
        click.echo(
            f"  {row['who'] or 'nobody named'}: {row['how'].replace('_', ' ')}, {row['thing']}, {row['from']} to {row['until'] or 'the end'}"
        )
    if not rows:
        click.echo("  who could reach it is not recorded")


@studio.command()
@_FOLDER
@click.option("--port", type=click.IntRange(0, 65_535), default=8020, show_default=True)
def serve(folder: Path, port: int) -> None:
    """Serve the questions as pages to this machine: /studio/back/ROUND, /studio/state/GUN, /studio/access/ITEM."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    from coldcheck.station.demo_hub import listen
    from coldcheck.station.studio.folder import name_of, number_named
    from coldcheck.station.web.html import HERE
    from coldcheck.station.web.studio_pages import StudioPages, studio_routes

    built = _index(folder)
    pages = StudioPages(
        walks=_walks(built), events=len(built.table.kind), name_of=lambda number: name_of(built.names, number),
        number_of=lambda name: number_named(built.names, name), cite=lambda row: _cite(built, row),
    )  # fmt: skip
    app = Starlette(routes=[*studio_routes(pages), Mount("/static", StaticFiles(directory=HERE / "static"))])
    listening = listen("127.0.0.1", port)
    click.echo(f"Studio: http://127.0.0.1:{listening.getsockname()[1]}/studio/back/ROUND (Ctrl-C ends it)")
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", ws="none", server_header=False)
    uvicorn.Server(config).run(sockets=[listening])


_BEGINS: Final = {
    "came_in": "before that it was in none of these records",
    "turned_up": "before that no entry says where it was",
    "never_placed": "no entry puts it anywhere",
}


def _index(folder: Path) -> "Built":
    """The kept index, out of the tables where they are configured. Raises StaleIndex and the like."""
    from coldcheck.station.studio.folder import Names, StaleIndex, read_index, whole_digest

    kept = read_index(folder)
    if not os.environ.get(POSTGRES):
        return kept
    from dataclasses import replace

    with open_server(os.environ[POSTGRES]) as server:
        from coldcheck.station.studio.store_studio import has_tables, read_back, read_texts

        if not has_tables(server):
            raise StaleIndex(f"The server has no studio tables; write them: coldcheck studio rebuild {folder}")
        table, names = read_back(server), Names.of(read_texts(server))
    if whole_digest(table, names) != kept.digest:
        raise StaleIndex(
            f"The tables are not of the logs in {folder}; write them anew: coldcheck studio rebuild {folder}"
        )
    return replace(kept, table=table, names=names)


def _table_digest() -> str:
    """The digest of what the tables hold, "" when they are not there."""
    from coldcheck.station.studio.folder import Names, whole_digest

    with open_server(os.environ[POSTGRES]) as server:
        from coldcheck.station.studio.store_studio import has_tables, read_back, read_texts

        return whole_digest(read_back(server), Names.of(read_texts(server))) if has_tables(server) else ""


def _keep_tables(built: "Built") -> dict[str, Any] | None:
    """What was written to the tables; None where no server is configured."""
    if not os.environ.get(POSTGRES):
        return None
    with open_server(os.environ[POSTGRES]) as server:
        from coldcheck.station.studio.store_studio import has_tables, make_tables
        from coldcheck.station.studio.store_studio import keep as keep_tables

        if not has_tables(server):
            make_tables(server)
        kept = keep_tables(server, built.table, built.names.texts())
    return {"written": kept.written, "rebuilt": kept.rebuilt, "digest": kept.digest}


def _walks(built: "Built") -> "Walks":
    from coldcheck.custody.trace_index import index_of, walks_of

    return walks_of(built.table, index_of(built.table))


def _cite(built: "Built", row: int) -> str:
    return built.names.cite(int(built.table.entry[row]))


def _span(built: "Built", start: int, until: int) -> dict[str, Any]:
    return {"from": _cite(built, start), "until": _cite(built, until) if until < len(built.table.kind) else None}


def _who(built: "Built", held: "Held") -> str:
    from coldcheck.station.studio.folder import name_of

    return name_of(built.names, held.who) if held.who >= 0 else ""


def _stays_json(built: "Built", walks: "Walks", back: "Back") -> list[dict[str, Any]]:
    from coldcheck.station.studio.folder import name_of

    out = []
    for stay in back.stays:
        holder = walks.holder(stay.spot)
        cell = f"/{name_of(built.names, stay.spot)}" if holder != stay.spot else ""
        where = f"{name_of(built.names, holder)}{cell}"
        checks = [_cite(built, row) for row in stay.checks]
        out.append({"where": where, **_span(built, stay.row, stay.until), "joins": stay.joins, "checks": checks})
    return out


def _shape(built: "Built") -> dict[str, Any]:
    return {
        "logs": {log: {"entries": entries, "root": root} for log, (entries, root) in built.logs.items()},
        "events": len(built.table.kind),
        "things": len(built.names.things),
        "digest": built.digest,
    }


def _say_built(built: "Built") -> None:
    click.echo(f"index: {len(built.table.kind)} events, {len(built.names.things)} things, digest {built.digest}")


def _print(value: Any) -> None:  # noqa: ANN401  # any JSON value
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
