"""A time-stamp (RFC 3161) over the signature of a PDF, from an authority that somebody names; without one, none is asked.

Promises: nothing is asked of any network unless an address is given; what is sent is a hash, never a word of the pack; a
token is taken only if it answers the very question. Does not do: say that an authority is to be trusted. A reader compares its
certificate with one he knows, as with the key of the signature itself.
"""

import asyncio
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from coldcheck.station.pack.printed import NoTimeStamp

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_PATIENCE_S: Final = 20.0
_MOST_BYTES: Final = 200_000
_STAMPED: Final = "signature_time_stamp_token"


class Authority(TimeStamper):
    """A time-stamp authority at an address: one question over HTTP for one token."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # theirs
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer of the authority. Raises NoTimeStamp."""
        return tsp.TimeStampResp.load(await asyncio.to_thread(self._ask, req.dump()))

    def _ask(self, question: bytes) -> bytes:
        if urlsplit(self.url).scheme not in {"http", "https"}:
            raise NoTimeStamp(f"{self.url} is no address of a time-stamp authority; it begins with https://.")
        headers = {"Content-Type": "application/timestamp-query"}
        request = urllib.request.Request(self.url, question, headers)  # noqa: S310  # the scheme was looked at above
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE_S) as reply:  # noqa: S310  # as above
                return bytes(reply.read(_MOST_BYTES))
        except (OSError, urllib.error.URLError) as problem:
            raise NoTimeStamp(f"The time-stamp authority at {self.url} gave no answer ({problem}).") from problem


def stamp_in(signature: "EmbeddedPdfSignature") -> tuple[Any, str] | None:
    """The certificate of the authority whose token is in a signature, and whose it is when, in words; None without one."""
    attributes = signature.signer_info["unsigned_attrs"]
    for attribute in attributes or ():
        if attribute["type"].native != _STAMPED:
            continue
        signed = attribute["values"][0]["content"]
        info = signed["encap_content_info"]["content"].parsed
        signer = signed["signer_infos"][0]["sid"].chosen
        for each in signed["certificates"]:
            certificate = each.chosen
            if certificate.serial_number == signer["serial_number"].native:
                when = info["gen_time"].native.isoformat().replace("+00:00", "Z")
                return certificate, f"{when}, by {certificate.subject.human_friendly}"
    return None
