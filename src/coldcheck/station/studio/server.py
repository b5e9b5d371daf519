"""A connection to the PostgreSQL server that keeps a studio's tables; psycopg is imported only when one is configured."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.store import StoreFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

POSTGRES: Final = "COLDCHECK_STUDIO_POSTGRES"
"""The environment variable with libpq's words for the server, such as "host=/run/postgresql dbname=studio"."""


class MissingPart(ColdcheckError):
    """psycopg is needed for a studio in PostgreSQL, and is not installed. Install requirements/studio.txt."""


@contextmanager
def open_server(words: str) -> "Iterator[Connection[tuple[object, ...]]]":
    """The server that libpq finds by these words. Raises MissingPart or StoreFailed, in one sentence without its password."""
    try:
        import psycopg  # noqa: PLC0415  # only a studio in PostgreSQL needs it
    except ImportError as problem:
        raise MissingPart(
            f"psycopg is not installed; install requirements/studio.txt, or unset {POSTGRES}."
        ) from problem
    try:
        with psycopg.connect(words, autocommit=True) as server:
            yield server
    except psycopg.Error as problem:
        why = next(iter(str(problem).strip().splitlines()), type(problem).__name__)
        raise StoreFailed(
            f"PostgreSQL as {POSTGRES} names it: {why}; mend that, or unset it to use files."
        ) from problem
