"""The inquiry over a running hub: its pages behind a sign-in, papers in, statements out of them, first accounts.

One list of routes that a hub adds to its own; each part is a module beside this one.
"""

from pathlib import Path

from starlette.routing import BaseRoute

from coldcheck.station.door import Door
from coldcheck.station.web.inquiry_filing import Filing, filing_routes
from coldcheck.station.web.inquiry_guests import Guests, guest_routes
from coldcheck.station.web.inquiry_pages import InquiryPages, LiveDesk, routes_of
from coldcheck.station.web.inquiry_read_pages import account_routes, reading_routes
from coldcheck.station.web.set_api import DemoKeys
from coldcheck.station.web.trace_pages import trace_routes


def hub_inquiry_routes(
    ledger: Path, door: Door, *, care: str = "", key: str = "", demo_keys: DemoKeys | None = None
) -> list[BaseRoute]:
    """The routes of the inquiry and of traces over the hub that writes `ledger`.

    `key` is the office's, for which traces open too; `demo_keys` only in a demo.
    """
    guests = Guests(door=door, demo_keys=demo_keys)
    pages = InquiryPages(desk=LiveDesk(path=ledger), care=care, guests=guests)
    filing = Filing(guests=guests)
    return [
        *guest_routes(guests),
        *filing_routes(filing),
        *reading_routes(pages),
        *account_routes(ledger),
        *routes_of(pages),
        *trace_routes(door, key=key, guests=guests),
    ]
