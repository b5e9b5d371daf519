"""What the trust in a log begins with: the hash of entry 0 and the log's key, as the text of a printed code.

Promises: entry 0 was verified, every signature on it included, before its hash is given out.

Does not do: verify what follows (see `verify`), or draw.
"""

from dataclasses import dataclass
from pathlib import Path

from coldcheck.custody.acts import OfficerNamed
from coldcheck.proof.audit import BadRecord, verify_entry_bytes
from coldcheck.proof.encoding import Plain
from coldcheck.proof.merkle import leaf_hash
from coldcheck.station.record import acts_of
from coldcheck.station.store import NoLedger
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.verify import Book

TITLE = "coldcheck/genesis/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Genesis:
    """The anchor of one log: `leaf` is the leaf hash of entry 0 in hex; `officers` how many it names."""

    log: str
    leaf: str
    vkey: str
    officers: int

    @property
    def text(self) -> str:
        """What the code says: four lines, title, log, leaf hash, vkey."""
        return f"{TITLE}\n{self.log}\n{self.leaf}\n{self.vkey}\n"

    def plain(self) -> dict[str, Plain]:
        """The anchor as JSON has it."""
        return {
            "log": self.log,
            "genesis": self.leaf,
            "vkey": self.vkey,
            "officers": self.officers,
            "text": self.text,
        }


def read_genesis(ledger: Path) -> Genesis:
    """The anchor of a ledger file. Raises NoLedger, or what is wrong with entry 0."""
    store = read_ledger(ledger)
    try:
        if not store.entry_count():
            raise NoLedger(f"{ledger} holds no entry yet, so it has no beginning to print; record something first.")
        data, leaf = store.entry(0), store.leaf(0)
    finally:
        store.close()
    if leaf_hash(data) != leaf:
        raise BadRecord("Entry 0 does not have the hash that is stored for it; print from a copy that verifies.")
    book = Book(None)
    entry = verify_entry_bytes(data, entry_index=0, key_of=book.key_of)
    book.take(0, entry)
    assert book.vkey is not None, "taking entry 0 in sets the key"
    officers = sum(isinstance(act, OfficerNamed) for act in acts_of(entry.author))
    return Genesis(log=str(entry.author["log"]), leaf=leaf.hex(), vkey=book.vkey, officers=officers)
