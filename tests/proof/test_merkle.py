"""The tree: roots against the plain definition, and proofs that hold for one thing only."""

import hashlib
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldcheck.proof.merkle import (
    EMPTY_ROOT,
    BadProof,
    ForkedLog,
    Frontier,
    NodeReader,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "merkle.json").read_bytes())
EDGE_SIZES = (255, 256, 257)


def leaf(index: int) -> bytes:
    return f"leaf {index}".encode()


def definition_root(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962 section 2.1, as slow as it reads."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = definition_root(leaves[:split]), definition_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


class StoredTree:
    """Nodes in a dictionary; asking for a subtree that is not complete yet is an error, as in a real store."""

    def __init__(self, size: int) -> None:
        self.frontier = Frontier()
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.roots = [EMPTY_ROOT]
        for index in range(size):
            for node in self.frontier.append(leaf(index)):
                assert (node.level, node.index) not in self.nodes
                self.nodes[node.level, node.index] = node.hash
            self.roots.append(self.frontier.root())

    def reader_at(self, tree_size: int) -> NodeReader:
        def read(level: int, index: int) -> bytes:
            assert (index + 1) << level <= tree_size, "a node beyond the tree was read"
            return self.nodes[level, index]

        return read


TREE = StoredTree(300)


@pytest.mark.parametrize("size", [*range(41), *EDGE_SIZES])
def test_every_way_to_the_root_agrees_with_the_definition(size: int) -> None:
    expected = definition_root([leaf(index) for index in range(size)])
    assert TREE.roots[size] == expected
    assert tree_root(size, TREE.reader_at(size)) == expected
    assert Frontier.read_back(size, TREE.reader_at(size)).root() == expected


@pytest.mark.parametrize("vector", VECTORS["roots"], ids=lambda vector: f"size {vector['size']}")
def test_a_root_vector_is_reproduced(vector: dict[str, str]) -> None:
    size = int(vector["size"])
    frontier = Frontier()
    for data in VECTORS["leaves"][:size]:
        frontier.append(bytes.fromhex(data))
    assert frontier.root().hex() == vector["root"]


@pytest.mark.parametrize("vector", VECTORS["published_roots"], ids=lambda vector: f"size {vector['size']}")
def test_a_root_published_with_certificate_transparency_is_reproduced(vector: dict[str, str]) -> None:
    frontier = Frontier()
    for data in VECTORS["published_leaves"][: int(vector["size"])]:
        frontier.append(bytes.fromhex(data))
    assert frontier.root().hex() == vector["root"]


@pytest.mark.parametrize("vector", VECTORS["inclusion"])
def test_an_inclusion_vector_holds(vector: dict[str, int | list[str]]) -> None:
    index, size = vector["entry"], vector["size"]
    assert isinstance(index, int)
    assert isinstance(size, int)
    assert isinstance(vector["proof"], list)
    proof = [bytes.fromhex(text) for text in vector["proof"]]
    leaves = [bytes.fromhex(text) for text in VECTORS["leaves"]]
    verify_inclusion(
        entry_index=index, tree_size=size, leaf=leaves[index], proof=proof, root=definition_root(leaves[:size])
    )


@pytest.mark.parametrize("vector", VECTORS["consistency"])
def test_a_consistency_vector_holds(vector: dict[str, int | list[str]]) -> None:
    old, new = vector["old_size"], vector["new_size"]
    assert isinstance(old, int)
    assert isinstance(new, int)
    assert isinstance(vector["proof"], list)
    leaves = [bytes.fromhex(text) for text in VECTORS["leaves"]]
    verify_consistency(
        old_size=old,
        new_size=new,
        old_root=definition_root(leaves[:old]),
        new_root=definition_root(leaves[:new]),
        proof=[bytes.fromhex(text) for text in vector["proof"]],
    )


@pytest.mark.parametrize("size", [*range(1, 41), *EDGE_SIZES])
def test_every_entry_of_a_tree_has_a_proof_that_verifies(size: int) -> None:
    for index in range(size):
        proof = inclusion_proof(entry_index=index, tree_size=size, read=TREE.reader_at(size))
        verify_inclusion(entry_index=index, tree_size=size, leaf=leaf(index), proof=proof, root=TREE.roots[size])


@pytest.mark.parametrize("size", [*range(1, 21), 33])
def test_a_proof_for_one_entry_fails_for_every_other(size: int) -> None:
    for index in range(size):
        proof = inclusion_proof(entry_index=index, tree_size=size, read=TREE.reader_at(size))
        for other in set(range(size)) - {index}:
            for place, data in ((other, index), (index, other), (other, other)):
                with pytest.raises(BadProof):
                    verify_inclusion(
                        entry_index=place, tree_size=size, leaf=leaf(data), proof=proof, root=TREE.roots[size]
                    )


@pytest.mark.parametrize("new_size", [*range(41), *EDGE_SIZES])
def test_every_older_tree_is_shown_to_be_the_beginning(new_size: int) -> None:
    for old_size in range(new_size + 1):
        proof = consistency_proof(old_size=old_size, new_size=new_size, read=TREE.reader_at(new_size))
        verify_consistency(
            old_size=old_size,
            new_size=new_size,
            old_root=TREE.roots[old_size],
            new_root=TREE.roots[new_size],
            proof=proof,
        )


@pytest.mark.parametrize("new_size", [2, 3, 7, 8, 13, 32, 33])
def test_a_consistency_proof_fails_for_any_other_root_or_size(new_size: int) -> None:
    for old_size in range(1, new_size):
        proof = consistency_proof(old_size=old_size, new_size=new_size, read=TREE.reader_at(new_size))
        for other in set(range(1, new_size)) - {old_size}:
            for claimed_size, claimed_root in ((other, old_size), (old_size, other), (other, other)):
                with pytest.raises(BadProof):
                    verify_consistency(
                        old_size=claimed_size,
                        new_size=new_size,
                        old_root=TREE.roots[claimed_root],
                        new_root=TREE.roots[new_size],
                        proof=proof,
                    )
        with pytest.raises(BadProof):
            verify_consistency(
                old_size=old_size,
                new_size=new_size,
                old_root=TREE.roots[old_size],
                new_root=TREE.roots[new_size + 1],
                proof=proof,
            )


def broken(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """The proof with one piece lost, doubled, flipped or cut short, at every place, and with one piece too many."""
    several = [(*proof, bytes(32)), (bytes(32), *proof)]
    for at, piece in enumerate(proof):
        flipped = bytes([piece[0] ^ 1]) + piece[1:]
        several += [
            proof[:at] + proof[at + 1 :],
            (*proof[: at + 1], *proof[at:]),
            (*proof[:at], flipped, *proof[at + 1 :]),
            (*proof[:at], piece[:-1], *proof[at + 1 :]),
        ]
    return several


def test_the_proof_of_the_next_leaf_is_its_inclusion_proof() -> None:
    frontier = Frontier()
    for size in range(1, 70):
        proof = frontier.proof_of_next()
        frontier.append(leaf(size - 1))
        assert proof == inclusion_proof(entry_index=size - 1, tree_size=size, read=TREE.reader_at(size))
        verify_inclusion(entry_index=size - 1, tree_size=size, leaf=leaf(size - 1), proof=proof, root=frontier.root())


@pytest.mark.parametrize("size", [1, 2, 3, 6, 8, 11, 257])
def test_a_damaged_inclusion_proof_is_refused(size: int) -> None:
    for index in range(0, size, 1 + size // 20):
        proof = inclusion_proof(entry_index=index, tree_size=size, read=TREE.reader_at(size))
        for damaged in broken(proof):
            with pytest.raises(BadProof):
                verify_inclusion(
                    entry_index=index, tree_size=size, leaf=leaf(index), proof=damaged, root=TREE.roots[size]
                )


@pytest.mark.parametrize(
    ("old_size", "new_size"), [(0, 5), (5, 5), (1, 2), (2, 3), (3, 7), (4, 7), (4, 8), (6, 8), (255, 257), (256, 257)]
)
def test_a_damaged_consistency_proof_is_refused(old_size: int, new_size: int) -> None:
    proof = consistency_proof(old_size=old_size, new_size=new_size, read=TREE.reader_at(new_size))
    for damaged in broken(proof):
        with pytest.raises(BadProof):
            verify_consistency(
                old_size=old_size,
                new_size=new_size,
                old_root=TREE.roots[old_size],
                new_root=TREE.roots[new_size],
                proof=damaged,
            )


def test_equal_sizes_with_different_roots_are_a_fork() -> None:
    with pytest.raises(ForkedLog):
        verify_consistency(old_size=7, new_size=7, old_root=TREE.roots[7], new_root=TREE.roots[8], proof=())


def test_a_shorter_log_never_continues_a_longer_one() -> None:
    with pytest.raises(BadProof):
        consistency_proof(old_size=8, new_size=7, read=TREE.reader_at(8))
    with pytest.raises(BadProof):
        verify_consistency(old_size=8, new_size=7, old_root=TREE.roots[8], new_root=TREE.roots[7], proof=())


def test_a_made_up_root_for_the_empty_tree_is_refused() -> None:
    with pytest.raises(BadProof):
        verify_consistency(old_size=0, new_size=3, old_root=bytes(32), new_root=TREE.roots[3], proof=())


@pytest.mark.parametrize(("entry_index", "tree_size"), [(-1, 5), (5, 5), (0, 0), (0, -1)])
def test_an_entry_outside_the_tree_has_no_proof(entry_index: int, tree_size: int) -> None:
    with pytest.raises(BadProof):
        inclusion_proof(entry_index=entry_index, tree_size=tree_size, read=TREE.reader_at(5))
    with pytest.raises(BadProof):
        verify_inclusion(entry_index=entry_index, tree_size=tree_size, leaf=leaf(0), proof=(), root=TREE.roots[1])


def test_an_inner_node_cannot_pose_as_a_leaf() -> None:
    left, right = leaf_hash(leaf(0)), leaf_hash(leaf(1))
    with pytest.raises(BadProof):
        verify_inclusion(
            entry_index=0, tree_size=1, leaf=left + right, proof=(), root=node_hash(left=left, right=right)
        )


@given(st.lists(st.binary(max_size=8), max_size=60), st.integers(0, 60))
def test_a_frontier_read_back_goes_on_as_if_never_stopped(leaves: list[bytes], stop: int) -> None:
    stop = min(stop, len(leaves))
    whole = Frontier()
    nodes = {(node.level, node.index): node.hash for data in leaves for node in whole.append(data)}
    resumed = Frontier.read_back(stop, lambda level, index: nodes[level, index])
    for data in leaves[stop:]:
        resumed.append(data)
    assert (resumed.size, resumed.root()) == (whole.size, whole.root())
    assert whole.root() == definition_root(leaves)


def test_each_size_has_its_own_root() -> None:
    assert len(set(TREE.roots)) == len(TREE.roots)
    assert all(len(before) == len(after) == 32 for before, after in pairwise(TREE.roots))


@pytest.mark.parametrize("size", [*range(18), 255, 256, 257, 513])
def test_the_root_level_by_level_is_that_of_the_definition(size: int) -> None:
    leaves = [leaf(index) for index in range(size)]
    assert root_of([leaf_hash(one) for one in leaves]) == definition_root(leaves)
