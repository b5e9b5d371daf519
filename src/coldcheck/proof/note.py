r"""Signed notes (C2SP signed-note): a text and the lines that sign it, and the Ed25519 keys of logs.

Promises: a note is read strictly, one note has one form, and `LogVerifier.verify` returns only if this very key signed
this very text. Public keys that would let a signature mean more than one thing are refused.

Does not do: people's signatures (see `keys`), and the meaning of a text (see `checkpoint` and `entry`). Reading a note
proves nothing yet: the text counts only after its signature was verified.

>>> key = LogKey.from_seed(name="hub.example/demo/e1", seed=bytes(32))
>>> text = b"first line\n"
>>> note = parse_note(format_note(Note(text=text, signatures=(key.sign(text),))))
>>> LogVerifier.from_vkey(key.vkey).verify(note)
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from coldcheck.proof.encoding import NotCanonical, from_base64, from_hex, to_base64
from coldcheck.proof.errors import ColdcheckError

ED25519: Final = b"\x01"
"""The signature type of a log's key, before its 32 public bytes."""
KEY_ID_BYTES: Final = 4
SEED_BYTES: Final = 32
PUBLIC_BYTES: Final = 32
MAX_NOTE_BYTES: Final = 1_000_000
MAX_SIGNATURES: Final = 100

_DASH: Final = "\u2014 "
_CONTROL: Final = bytes(set(range(0x20)) - {0x0A})
_ED25519_PRIME: Final = 2**255 - 19
# The y coordinates of the eight points of small order: a "signature" by such a key fits many texts.
_SMALL_ORDER: Final = frozenset(
    (
        0,
        1,
        _ED25519_PRIME - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    )
)


class BadNote(ColdcheckError):
    """Bytes are not a well-formed signed note. Remedy: fetch the note again; a note is never repaired."""


class BadKey(ColdcheckError):
    """A key, key name or vkey is malformed or weak. Remedy: copy it again from where it was first printed."""


class BadSignature(ColdcheckError):
    """A signature is missing or does not fit. Remedy: treat the text as if nobody had said it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """One line under a note: who claims to sign (`name` and the 4-byte `key_id`), and the signature's bytes."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text, newline at the end included, and its signature lines in order."""

    text: bytes
    signatures: tuple[SignatureLine, ...]


def key_id(*, name: str, kind: bytes, public_bytes: bytes) -> bytes:
    """The 4 bytes that name a key in a signature line; `kind` is the type byte, with our tag after a 0xff."""
    return sha256(name.encode() + b"\n" + kind + public_bytes).digest()[:KEY_ID_BYTES]


def is_key_name(name: str) -> bool:
    """Whether `name` can stand in a signature line: not empty, printable, without spaces and plus signs."""
    # isprintable keeps out every space but U+0020, and also invisible marks, which would print as another name.
    return bool(name) and name.isprintable() and "+" not in name and " " not in name


def parse_note(data: bytes) -> Note:
    """The note that `data` spells, byte for byte. Raises BadNote and says what is wrong."""
    if len(data) > MAX_NOTE_BYTES:
        raise BadNote(f"This note has {len(data)} bytes; more than {MAX_NOTE_BYTES} are not read.")
    if len(data.translate(None, _CONTROL)) != len(data):
        raise BadNote("This note holds a control character other than a newline.")
    split = data.rfind(b"\n\n")
    if split < 0:
        raise BadNote("This note has no blank line between its text and its signatures.")
    text, lines = data[: split + 1], data[split + 2 :]
    if not text.strip(b"\n") or lines[-1:] != b"\n":
        raise BadNote("This note has no text, no signatures, or its last line is cut short.")
    try:
        text.decode("utf-8")
        signatures = _read_lines(lines.decode("utf-8")[:-1].split("\n"))
    except UnicodeDecodeError as error:
        raise BadNote("This note is not UTF-8 text.") from error
    return Note(text=text, signatures=signatures)


def _read_lines(lines: list[str]) -> tuple[SignatureLine, ...]:
    if len(lines) > MAX_SIGNATURES:
        raise BadNote(f"This note has {len(lines)} signature lines; more than {MAX_SIGNATURES} are not read.")
    signatures = tuple([_read_line(line) for line in lines])
    if len(lines) > 1 and len({(line.name, line.key_id) for line in signatures}) != len(lines):
        raise BadNote("This note carries two signatures of one key.")
    return signatures


def _read_line(line: str) -> SignatureLine:
    name, space, blob = line[len(_DASH) :].partition(" ")
    if not line.startswith(_DASH) or not space or not is_key_name(name):
        raise BadNote(f"The signature line {line!r} is not: em dash, space, key name, space, base64.")
    try:
        decoded = from_base64(blob)
    except NotCanonical as error:
        raise BadNote(f"The signature line of {name} is not written in strict base64.") from error
    if len(decoded) <= KEY_ID_BYTES:
        raise BadNote(f"The signature line of {name} holds no signature.")
    return SignatureLine(name=name, key_id=decoded[:KEY_ID_BYTES], signature=decoded[KEY_ID_BYTES:])


def format_signatures(signatures: tuple[SignatureLine, ...]) -> bytes:
    """The signature lines as they stand under the blank line."""
    lines = [f"{_DASH}{line.name} {to_base64(line.key_id + line.signature)}\n" for line in signatures]
    return "".join(lines).encode()


def format_note(note: Note) -> bytes:
    """The bytes of a note. Raises BadNote if no reader could get the same note back."""
    data = note.text + b"\n" + format_signatures(note.signatures)
    # The cheapest complete check is to read it: a name with a space or a text without its newline would not survive.
    if parse_note(data) != note:
        raise BadNote("This note cannot be written: its text must end in a newline and every name must be one word.")
    return data


def _split_vkey(vkey: str) -> tuple[str, bytes]:
    """The name and the typed key of a vkey text, with the key id verified."""
    # The name has no plus and hex has none; base64 may, so only the first two count.
    name, id_text, key_text = (*vkey.split("+", 2), "", "")[:3]
    try:
        claimed_id, typed_key = from_hex(id_text, size_bytes=KEY_ID_BYTES), from_base64(key_text)
    except NotCanonical as error:
        raise BadKey(f"{vkey!r} is not a verifier key: name+8 hex digits+base64.") from error
    if not is_key_name(name) or not vkey.isascii():
        raise BadKey(f"{vkey!r} is not a verifier key: its name is empty or has spaces or letters beyond ASCII.")
    if typed_key[:1] != ED25519 or len(typed_key) != 1 + PUBLIC_BYTES:
        raise BadKey(f"The verifier key of {name} is not an Ed25519 key.")
    if key_id(name=name, kind=ED25519, public_bytes=typed_key[1:]) != claimed_id:
        raise BadKey(f"The verifier key of {name} has a key id that is not its own: one of its letters was changed.")
    return name, typed_key[1:]


def _refuse_weak(public_bytes: bytes) -> None:
    if len(public_bytes) != PUBLIC_BYTES:
        raise BadKey(f"An Ed25519 public key has {PUBLIC_BYTES} bytes, this one {len(public_bytes)}.")
    y = int.from_bytes(public_bytes, "little") & (2**255 - 1)
    if y >= _ED25519_PRIME or y in _SMALL_ORDER:
        raise BadKey("This Ed25519 key is a point of small order or is not written the one way: it proves nothing.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogVerifier:
    """What an outsider needs to verify a log's signatures: its name and public key."""

    name: str
    public_bytes: bytes
    key_id: bytes
    _public_key: Ed25519PublicKey = field(repr=False, compare=False)

    @classmethod
    def from_vkey(cls, vkey: str) -> "LogVerifier":
        """The verifier that a vkey text describes. Raises BadKey."""
        name, public_bytes = _split_vkey(vkey)
        return cls.from_public(name=name, public_bytes=public_bytes)

    @classmethod
    def from_public(cls, *, name: str, public_bytes: bytes) -> "LogVerifier":
        """The verifier of the log `name` with these 32 public bytes. Raises BadKey for a weak key or a bad name."""
        if not is_key_name(name) or not name.isascii():
            raise BadKey(f"{name!r} is no name for a log's key: ASCII without spaces and plus signs is.")
        _refuse_weak(public_bytes)
        return cls(
            name=name,
            public_bytes=public_bytes,
            key_id=key_id(name=name, kind=ED25519, public_bytes=public_bytes),
            _public_key=Ed25519PublicKey.from_public_bytes(public_bytes),
        )

    @property
    def vkey(self) -> str:
        """The one-line text of this verifier: name, key id in hex, type and key in base64."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(ED25519 + self.public_bytes)}"

    def verify(self, note: Note) -> None:
        """Nothing if this key signed the note's text; raises BadSignature if it did not, or if its line is wrong."""
        own = [line for line in note.signatures if (line.name, line.key_id) == (self.name, self.key_id)]
        if len(own) != 1:
            raise BadSignature(f"This note does not carry exactly one signature by {self.name} with this key.")
        try:
            self._public_key.verify(own[0].signature, note.text)
        except InvalidSignature as error:
            raise BadSignature(f"The signature by {self.name} does not fit this text.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKey:
    """A log's private key. It signs checkpoints and nothing else."""

    verifier: LogVerifier
    _private_key: Ed25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, *, name: str, seed: bytes) -> "LogKey":
        """The key of the log `name` from its 32-byte RFC 8032 private seed. Raises BadKey."""
        if len(seed) != SEED_BYTES:
            raise BadKey(f"A log's private seed has {SEED_BYTES} bytes, this one {len(seed)}.")
        private_key = Ed25519PrivateKey.from_private_bytes(seed)
        public_bytes = private_key.public_key().public_bytes_raw()
        return cls(verifier=LogVerifier.from_public(name=name, public_bytes=public_bytes), _private_key=private_key)

    @property
    def name(self) -> str:
        """The name that stands in its signature lines."""
        return self.verifier.name

    @property
    def vkey(self) -> str:
        """The text to print and to hand to everyone who verifies."""
        return self.verifier.vkey

    def sign(self, text: bytes) -> SignatureLine:
        """The signature line over `text`, newline at the end included."""
        return SignatureLine(name=self.name, key_id=self.verifier.key_id, signature=self._private_key.sign(text))
