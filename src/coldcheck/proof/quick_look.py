r"""The usual entry seen at one look: what an audit of a million entries needs of each, and not a word more.

`entry.read_entry` gives everything an entry says, and says what is wrong with one that does not read. An audit needs of nearly all
entries only whose key signed what, under which id, log and epoch. One pattern over the stored bytes sees the whole usual form,
and the passkey's bytes are compared with the ones that a browser writes.

Promises: what is seen here is what `read_entry` and `verify_author` would have found: an entry that is not of the usual form is not
judged here, and comes back as None. A passkey's bytes are taken as verified only where they are the usual ones byte for byte.

Does not do: say what is wrong; verify a signature.

>>> quick_look(b"{}\n") is None
True
"""

import re
from binascii import Error as NotBase64
from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Final, NamedTuple

import orjson

from coldcheck.proof.encoding import MAX_DEPTH, STRICT
from coldcheck.proof.entry import DELIVERIES, MAX_ENTRY_BYTES, VERDICTS, is_list_of
from coldcheck.proof.keys import RelyingParty
from coldcheck.proof.note import KEY_ID_BYTES

_WORD: Final = r"[!#-\[\]-~]{1,200}"
_KEY: Final = r"[!#-*,-\[\]-~]+"
_COUNT: Final = r"(?:0|[1-9][0-9]{0,14})"
_HASH: Final = r"[0-9a-f]{64}"
_INSTANT: Final = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?Z"
_ENTRY: Final = re.compile(
    (
        rf'(\{{"about":\["{_WORD}(?:","{_WORD})*"\],"acts":(\[.*\]),"after":(?:null|\{{"root":"{_HASH}","size":{_COUNT}\}})'
        rf',"at":"{_INSTANT}","by":"({_WORD})","id":"({_WORD})","key":"({_KEY})","log":"({_WORD})","prev":(?:null|"{_HASH}")'
        r',"v":1\}' "\n)"
        rf'\{{"at":"{_INSTANT}","boot":"{_WORD}","build":"{_WORD}","delivered":"(?:{"|".join(sorted(DELIVERIES))})"'
        rf',"epoch":({_COUNT}),"findings":(\[.*\]),"mono_ms":{_COUNT},"rules":"{_WORD}","v":1'
        rf',"verdict":"(?:{"|".join(sorted(VERDICTS))})"\}}' "\n\n\u2014 ([!-*,-~]+) ([0-9A-Za-z+/]{8,}={0,2})\n"
    ).encode()
)  # fmt: skip


class Look(NamedTuple):
    """What one entry of the usual form says of who signed it. `acts` is its list as it is written.

    A plain tuple: of these a million are made.
    """

    line1: bytes
    acts: bytes
    by: bytes
    entry_id: bytes
    key: bytes
    log: bytes
    epoch: bytes
    key_id: bytes
    signature: bytes


def quick_look(data: bytes) -> Look | None:
    """What an entry of the usual form says; None for one that has to be read piece by piece."""
    found = _ENTRY.fullmatch(data)
    if found is None or len(data) > MAX_ENTRY_BYTES:
        return None
    line1, acts, by, entry_id, key, log, epoch, findings, name, text = found.groups()
    if name != key or not _is_list(acts, "act") or (findings != b"[]" and not _is_list(findings, "rule")):
        return None
    try:
        typed = a2b_base64(text, strict_mode=True)
    except NotBase64:
        return None
    # Strict mode still ignores leftover bits; one value must have one text.
    if len(typed) <= KEY_ID_BYTES or text[-4:] != b2a_base64(typed[-(len(typed) % 3 or 3) :], newline=False):
        return None
    return _look((line1, acts, by, entry_id, key, log, epoch, typed[:KEY_ID_BYTES], typed[KEY_ID_BYTES:]))


_look: Final = partial(tuple.__new__, Look)


def _is_list(text: bytes, word: str) -> bool:
    """Whether `text` is the canonical form of a list of objects with this word each, and of nothing that could be a float."""
    if not text.isascii() or _MAYBE_FLOAT.search(text) or text.count(b"[") + text.count(b"{") >= MAX_DEPTH:
        return False
    try:
        value = orjson.loads(text)
        # orjson keeps the last of two equal keys and forgives spaces, order and escapes; the comparison forgives nothing.
        if type(value) is not list or not value or orjson.dumps(value, option=STRICT) != text:
            return False
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return False
    return is_list_of(value, word)


_MAYBE_FLOAT: Final = re.compile(rb"[:,\[]-?[0-9]+[.eE]")


# --- a passkey's bytes -----------------------------------------------------------------------------------------------

_SHORTEST: Final = 41
_USUAL_FLAGS: Final = frozenset((0x05, 0x0D, 0x1D))
"""User present and verified, nothing attested or extended; the backup bits as synced passkeys have them."""
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_HEAD: Final = b'{"type":"webauthn.get","challenge":"'
# r and s of 32 bytes, or of 31 as one in 128 is, behind a zero where the first bit is set; not of the numbers near 2^256, where the
# curve's order lies.
_NUMBER: Final = rb"(?:(?:\x20[\x01-\x7f]|\x21\x00(?!\xff\xff\xff\xff)[\x80-\xff]).{31}|(?:\x1f[\x01-\x7f]|\x20\x00[\x80-\xff]).{30})"
_USUAL_DER: Final = re.compile(rb"\x30[\x42-\x46]\x02" + _NUMBER + rb"\x02" + _NUMBER, re.DOTALL)


@dataclass(frozen=True, slots=True)
class UsualParty:
    """What the bytes of a passkey of this party usually are: the hash of its domain, and what ends the client data."""

    domain_hash: bytes
    tails: tuple[bytes, ...]

    @classmethod
    def of(cls, party: RelyingParty) -> "UsualParty":
        """The usual bytes of `party`."""
        ends = (b'","origin":"%s","crossOrigin":false}' % origin.encode() for origin in party.origins)
        return cls(sha256(party.rp_id.encode()).digest(), tuple(ends))


def usual_assertion(signature: bytes, line1: bytes, party: UsualParty) -> tuple[bytes, bytes] | None:
    """What a passkey signed and its DER signature, if its bytes are the usual ones over `line1`; None: look closer."""
    if (
        len(signature) < _SHORTEST
        or signature[:2] != b"\x00\x25"
        or signature[2:34] != party.domain_hash
        or signature[34] not in _USUAL_FLAGS
    ):
        return None
    # The lengths of the two stretches stand before them: 37 bytes of authenticator data, then the client data.
    begin = 41 + (signature[39] << 8) + signature[40]
    client, der = signature[41:begin], signature[begin:]
    if _USUAL_DER.fullmatch(der) is None or der[1] != len(der) - 2:
        return None
    head = _HEAD + b2a_base64(sha256(line1).digest(), newline=False).translate(_TO_URL, b"=")
    for tail in party.tails:
        if client == head + tail:
            return signature[2:39] + sha256(client).digest(), der
    return None
