"""`board` and `kiosk`: any past moment as the screens showed it, and a browser that shows nothing but the board."""

import json
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Final

import click

from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.web.pages import BoardView
from coldcheck.station.web.past import PastBoards, past_json, past_routes

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class MissingPart(ColdcheckError):
    """A program this needs is not installed. The sentence says which; install it, or open the address by hand."""


@click.command()
@click.option("--ledger", "-l", required=True, type=click.Path(path_type=Path), help="The ledger file to look into.")
@click.option(
    "--at", "entry", type=click.IntRange(min=0), default=None, help="The entry to stand at; the newest if none."
)
@click.option(
    "--after", "after_s", type=click.IntRange(min=0), default=0, help="Seconds after it, with nothing new since."
)
@click.option(
    "--serve", "port", type=click.IntRange(1, 65_535), default=None, help="Serve it with a slider at this port."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def board(ledger: Path, entry: int | None, after_s: int, port: int | None, as_json: bool) -> None:  # a flag
    """Show the board as it was right after an entry, marked PAST."""
    view = PastBoards(path=ledger).board(entry, after_s=after_s)
    if as_json:
        click.echo(json.dumps(past_json(view), indent=2, ensure_ascii=False))
        return
    for line in board_lines(view):
        click.echo(line)
    if port is not None:
        _serve(ledger, port, view.entries - 1)


def board_lines(view: BoardView) -> tuple[str, ...]:
    """The board as lines: PAST first, then one gun a line."""
    width = max((len(gun.name) for gun in view.guns), default=0)
    out = [f"DRILL. {view.past}" if view.mark == "drill" else view.past]
    for gun in view.guns:
        words = f"{gun.above} {gun.word}".strip()
        out.append(f"{gun.name:<{width}}  {words:<18} {gun.fact}; {gun.by or gun.who}; #{gun.entry}")
    return tuple(out)


def _serve(ledger: Path, port: int, entry: int) -> None:
    """Nothing, when somebody ended it. Serves the slider over `ledger`."""
    import uvicorn  # only who serves needs it
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    from coldcheck.station.demo_hub import listen
    from coldcheck.station.web.html import HERE

    app = Starlette(routes=[*past_routes(ledger), Mount("/static", StaticFiles(directory=HERE / "static"))])
    listening = listen("127.0.0.1", port)
    click.echo(f"PAST: http://127.0.0.1:{port}/board/past?at={entry} (Ctrl-C ends it)")
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none", server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.5)
    except KeyboardInterrupt:
        server.should_exit = True


@click.command()
@click.option("--url", default="http://localhost:8000/board", show_default=True, help="The address of the board.")
@click.option("--print", "only_print", is_flag=True, help="Print the command and start nothing.")
def kiosk(url: str, only_print: bool) -> None:  # a flag of the command line
    """Open the board on this machine's screen, full size, with no way out but the keyboard."""
    command = kiosk_command(url)
    if only_print:
        click.echo(" ".join(command))
        return
    found = shutil.which(command[0])
    if found is None:
        raise MissingPart(
            f"No browser of ours is installed here ({', '.join(BROWSERS)}); install chromium, or open {url} by hand."
        )
    subprocess.run([found, *command[1:]], check=False)  # noqa: S603  # a list of ours, no shell


def kiosk_command(url: str) -> tuple[str, ...]:
    """The command that shows `url` and nothing else: no bubbles after a crash, no sleep of the page in the background."""
    browser = next((name for name in BROWSERS if shutil.which(name)), BROWSERS[0])
    return (
        browser,
        "--kiosk",
        "--noerrdialogs",
        "--disable-session-crashed-bubble",
        "--disable-background-timer-throttling",
        "--disable-renderer-backgrounding",
        "--no-first-run",
        "--incognito",
        url,
    )
