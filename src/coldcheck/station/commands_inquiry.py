"""`coldcheck inquiry`: claims beside the record, and the registers of a matter. They read a ledger and change nothing."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import click

_LEDGER: Final = click.option(
    "--ledger", "-l", required=True, type=click.Path(path_type=Path), help="The ledger file that play or the hub made."
)
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_AT: Final = click.option("--at", "size", type=click.IntRange(min=1), default=None, help="As of this many entries.")


@click.group()
def inquiry() -> None:
    """What was said beside what was recorded, and what is still open."""


@inquiry.command()
@_LEDGER
@_AT
@_JSON
def matrix(ledger: Path, size: int | None, as_json: bool) -> None:
    """Every claim beside the record, grouped by question."""
    from coldcheck.station import inquiry_text as text

    desk, store = text.open_desk(ledger, size=size)
    with closing(store):
        if as_json:
            _print(text.matrix_json(desk))
            return
        for line in text.matrix_lines(desk):
            click.echo(line)


@inquiry.command()
@click.argument("name")
@_LEDGER
@_AT
def person(name: str, ledger: Path, size: int | None) -> None:
    """NAME's accounts over time (a label), as JSON."""
    from coldcheck.station import inquiry_text as text
    from coldcheck.station.things_by_name import item_of

    desk, store = text.open_desk(ledger, size=size)
    with closing(store):
        _print(text.person_json(desk, item_of(desk.picture, name, letters="p")))


@inquiry.command()
@click.argument("start")
@click.argument("end", required=False)
@_LEDGER
@_AT
def moment(start: str, end: str | None, ledger: Path, size: int | None) -> None:
    """Everything recorded and claimed between START and END (UTC, such as 2021-10-21T13:00), as JSON."""
    from coldcheck.custody.acts import Interval
    from coldcheck.station import inquiry_text as text

    desk, store = text.open_desk(ledger, size=size)
    with closing(store):
        _print(text.moment_json(desk, Interval(start=start, end=end or start)))


@inquiry.command()
@click.argument(
    "what", type=click.Choice(["roots", "terms", "questions", "freeze", "exhibits", "knowledge", "registers"])
)
@_LEDGER
@_AT
def show(what: str, ledger: Path, size: int | None) -> None:
    """One of the views and registers, as JSON."""
    from coldcheck.station import inquiry_text as text

    views = {
        "roots": text.roots_json,
        "terms": text.terms_json,
        "questions": text.questions_json,
        "freeze": text.freeze_json,
        "exhibits": text.exhibits_json,
        "knowledge": text.knowledge_json,
        "registers": text.registers_json,
    }
    desk, store = text.open_desk(ledger, size=size)
    with closing(store):
        _print(views[what](desk))


def _print(value: Any) -> None:  # noqa: ANN401  # any JSON value
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


@inquiry.command()
@_LEDGER
@click.option("--port", type=click.IntRange(0, 65_535), default=8010, show_default=True)
@click.option("--care", default="the production's care contact", help="Whom to ask for care, shown with the incident.")
def serve(ledger: Path, port: int, care: str) -> None:
    """Serve the inquiry's pages to this machine until somebody ends it."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    from coldcheck.station.demo_hub import listen
    from coldcheck.station.inquiry_text import open_desk
    from coldcheck.station.web.html import HERE
    from coldcheck.station.web.inquiry_pages import inquiry_routes

    _desk, store = open_desk(ledger)
    store.close()
    app = Starlette(
        routes=[*inquiry_routes(ledger, care=care), Mount("/static", StaticFiles(directory=HERE / "static"))]
    )
    listening = listen("127.0.0.1", port)
    click.echo(f"Inquiry: http://127.0.0.1:{listening.getsockname()[1]}/inquiry (Ctrl-C ends it)")
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", ws="none", server_header=False)
    uvicorn.Server(config).run(sockets=[listening])
