"""Mutated bytes to every reader of both programs: the same are taken and the same refused, and none of them crashes."""

from collections.abc import Callable
from random import Random

import pytest

from coldcheck.proof.cosign import CosignerVerifier
from coldcheck.proof.encoding import decode
from coldcheck.proof.entry import read_entry
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.note import LogVerifier, parse_note
from coldcheck.proof.tlog_proof import read_proof
from coldcheck.station.lab.soak_fuzz import _readers, mutated
from verifier.node import ask, hexed

INPUTS = 1_000


def _vkey(data: bytes) -> object:
    return LogVerifier.from_vkey(data.decode("ascii"))


def _cosigner(data: bytes) -> object:
    return CosignerVerifier.from_vkey(data.decode("ascii"))


PAIRS: tuple[tuple[str, str, Callable[[bytes], object]], ...] = (
    ("json", "readJson", decode),
    ("note", "readNote", parse_note),
    ("entry", "readEntry", read_entry),
    ("proof", "readProof", read_proof),
    ("vkey", "readVkey", _vkey),
    ("cosigner", "readCosignerVkey", _cosigner),
)


@pytest.mark.parametrize(("name", "theirs", "ours"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_both_programs_take_and_refuse_the_same_bytes(name: str, theirs: str, ours: Callable[[bytes], object]) -> None:
    readers = {reader.name: reader.good for reader in _readers()}
    dice = Random(name)  # repeatable, no secret
    inputs = [readers[name], *(mutated(readers[name], dice.choice([*readers.values()]), dice) for _ in range(INPUTS))]
    if name in {"vkey", "cosigner"}:
        inputs = [data for data in inputs if data.isascii()]
    asked = [(theirs, [data.decode("ascii") if name in {"vkey", "cosigner"} else hexed(data)]) for data in inputs]
    taken = 0
    for data, answer in zip(inputs, ask(*asked), strict=True):
        try:
            ours(data)
            is_taken = True
        except ColdcheckError:
            is_taken = False
        taken += is_taken
        assert ("value" in answer) == is_taken, (data, answer)
    assert 0 < taken < len(inputs)
