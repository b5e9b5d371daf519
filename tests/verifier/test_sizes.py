"""The sizes at which a tree gets another shape: the files of an export, and proofs between any two of them, by both."""

from itertools import combinations

import pytest

from coldcheck.proof.merkle import Frontier, consistency_proof, inclusion_proof, tree_root, verify_consistency
from coldcheck.proof.tiles import export_plan
from verifier.node import ask, hexed

SIZES = (1, 255, 256, 257, 65_536, 65_537)


def leaf(index: int) -> bytes:
    return b"entry %d" % index


@pytest.fixture(scope="module")
def nodes() -> dict[tuple[int, int], bytes]:
    frontier = Frontier()
    return {(node.level, node.index): node.hash for index in range(SIZES[-1]) for node in frontier.append(leaf(index))}


def test_both_name_the_same_files_at_every_size() -> None:
    answers = ask(*(("exportPaths", [size]) for size in SIZES))
    for size, answer in zip(SIZES, answers, strict=True):
        ours = {"checkpoint", "log.vkey", "keys.json", *(tile.path for tile in export_plan(size))}
        assert set(answer["value"]) == ours, size


def test_a_proof_joins_any_size_to_any_other_for_both(nodes: dict[tuple[int, int], bytes]) -> None:
    def read(level: int, index: int) -> bytes:
        return nodes[level, index]

    asked = []
    for old, new in combinations(SIZES, 2):
        proof = consistency_proof(old_size=old, new_size=new, read=read)
        old_root, new_root = tree_root(old, read), tree_root(new, read)
        verify_consistency(old_size=old, new_size=new, old_root=old_root, new_root=new_root, proof=proof)
        good = {
            "oldSize": old, "oldRoot": hexed(old_root), "newSize": new, "newRoot": hexed(new_root),
            "proof": [hexed(one) for one in proof],
        }  # fmt: skip
        asked += [("verifyConsistency", [good]), ("verifyConsistency", [{**good, "oldRoot": hexed(bytes(32))}])]
    for number, answer in enumerate(ask(*asked)):
        assert ("refused" in answer) == bool(number % 2)


def test_the_first_and_last_entries_are_proven_at_every_size_for_both(nodes: dict[tuple[int, int], bytes]) -> None:
    def read(level: int, index: int) -> bytes:
        return nodes[level, index]

    asked = []
    for size in SIZES:
        for index in {0, size // 2, size - 1}:
            proof = inclusion_proof(entry_index=index, tree_size=size, read=read)
            given = {
                "leaf": hexed(read(0, index)), "index": index, "size": size, "proof": [hexed(one) for one in proof],
                "root": hexed(tree_root(size, read)),
            }  # fmt: skip
            asked.append(("verifyInclusion", [given]))
    assert all("value" in answer for answer in ask(*asked))
