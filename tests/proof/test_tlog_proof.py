"""Proof files: one entry, one place, one form."""

import pytest

from coldcheck.proof.checkpoint import Checkpoint, sign_checkpoint
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import BadProof, Frontier, tree_root
from coldcheck.proof.note import BadSignature, LogKey
from coldcheck.proof.tlog_proof import TlogProof, make_proof, read_proof, verify_proof

LOG = LogKey.from_seed(name="hub-1/TEST/e0", seed=bytes(32))
SIZES = (1, 2, 3, 7, 8, 255, 256, 257)


def entry_of(index: int) -> bytes:
    return b"entry %d\n" % index


class Tree:
    def __init__(self, size: int) -> None:
        frontier = Frontier()
        self.size = size
        self.nodes = {
            (node.level, node.index): node.hash for index in range(size) for node in frontier.append(entry_of(index))
        }
        root = tree_root(size, self.read)
        self.checkpoint = sign_checkpoint(Checkpoint(origin=LOG.name, size=size, root=root), LOG)

    def read(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def proof(self, index: int) -> TlogProof:
        return make_proof(entry_index=index, tree_size=self.size, read_node=self.read, checkpoint=self.checkpoint)


TREE = Tree(13)


@pytest.mark.parametrize("size", SIZES)
def test_every_entry_is_proven_by_its_file_alone(size: int) -> None:
    tree = Tree(size)
    for index in range(size):
        proof = read_proof(tree.proof(index).encoded())
        assert proof == tree.proof(index)
        assert verify_proof(proof, entry=entry_of(index), log=LOG.verifier).size == size


def test_a_proof_for_another_entry_is_refused() -> None:
    for index in range(TREE.size):
        for other in range(TREE.size):
            if other == index:
                continue
            with pytest.raises(BadProof):
                verify_proof(TREE.proof(index), entry=entry_of(other), log=LOG.verifier)
            moved = TlogProof(
                entry_index=other, hashes=TREE.proof(index).hashes, checkpoint=TREE.checkpoint, extra=None
            )
            with pytest.raises(BadProof):
                verify_proof(moved, entry=entry_of(index), log=LOG.verifier)


def test_a_proof_under_another_logs_key_is_refused() -> None:
    foreign = LogKey.from_seed(name=LOG.name, seed=b"\x01" * 32)
    with pytest.raises(BadSignature):
        verify_proof(TREE.proof(3), entry=entry_of(3), log=foreign.verifier)


def test_every_changed_bit_of_a_proof_file_is_refused() -> None:
    good = TREE.proof(5).encoded()
    for offset in range(len(good)):
        for bit in (0, 3, 7):
            bad = good[:offset] + bytes([good[offset] ^ 1 << bit]) + good[offset + 1 :]
            with pytest.raises(ColdcheckError):
                verify_proof(read_proof(bad), entry=entry_of(5), log=LOG.verifier)


def test_extra_words_travel_and_vouch_for_nothing() -> None:
    plain = TREE.proof(5)
    more = TlogProof(entry_index=5, hashes=plain.hashes, checkpoint=plain.checkpoint, extra=b"from the set")
    read = read_proof(more.encoded())
    assert read.extra == b"from the set"
    assert verify_proof(read, entry=entry_of(5), log=LOG.verifier).size == TREE.size


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"index 5", b"index 05"),
        (b"index 5", b"index +5"),
        (b"index 5", b"index 9007199254740992"),
        (b"index 5\n", b""),
        (b"@v1", b"@v2"),
        (b"index 5\n", b"extra AA\nindex 5\n"),
        (b"index 5\n", b"index 5\nAAAA\n"),
        (b"index 5\n", b"index 5\n" + 64 * (43 * b"A" + b"=\n")),
    ],
)
def test_a_file_of_another_form_is_refused(old: bytes, new: bytes) -> None:
    good = TREE.proof(5).encoded()
    assert old in good
    with pytest.raises(BadProof):
        verify_proof(read_proof(good.replace(old, new)), entry=entry_of(5), log=LOG.verifier)
