"""Checkpoints: what the log signed, for this log only, in three lines."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldcheck.proof.checkpoint import (
    MAX_TREE_SIZE,
    BadCheckpoint,
    Checkpoint,
    open_checkpoint,
    read_checkpoint_text,
    sign_checkpoint,
)
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.merkle import EMPTY_ROOT
from coldcheck.proof.note import BadSignature, LogKey, LogVerifier, Note, format_note

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "checkpoint.json").read_bytes())
KEY = LogKey.from_seed(name="hub.example/demo/e1", seed=bytes(range(32)))
ROOT = bytes(range(32))
CHECKPOINT = Checkpoint(origin=KEY.name, size=7, root=ROOT)


@pytest.mark.parametrize("vector", VECTORS["signed"], ids=lambda vector: f"size {vector['size']}")
def test_a_checkpoint_vector_opens_and_is_reproduced(vector: dict[str, str]) -> None:
    data = bytes.fromhex(vector["note"])
    checkpoint = open_checkpoint(data, LogVerifier.from_vkey(vector["vkey"]))
    assert (checkpoint.origin, checkpoint.size) == (vector["origin"], int(vector["size"]))
    assert checkpoint.root.hex() == vector["root"]
    key = LogKey.from_seed(name=vector["origin"], seed=bytes.fromhex(vector["seed"]))
    assert sign_checkpoint(checkpoint, key) == data


@given(st.integers(1, MAX_TREE_SIZE), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_opens_as_it_was_signed(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin=KEY.name, size=size, root=root)
    assert open_checkpoint(sign_checkpoint(checkpoint, KEY), KEY.verifier) == checkpoint


def test_every_flipped_bit_of_a_checkpoint_is_found() -> None:
    signed = sign_checkpoint(CHECKPOINT, KEY)
    for at in range(8 * len(signed)):
        flipped = bytearray(signed)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(ColdcheckError):
            open_checkpoint(bytes(flipped), KEY.verifier)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"origin\n7\n",
        b"origin\n7\n%s\nextension\n",
        b"origin\n7\n%s\nextension",
        b"origin\n7\n%s",
        b"\n7\n%s\n",
        b"two words\n7\n%s\n",
        b"origin\n07\n%s\n",
        b"origin\n-7\n%s\n",
        b"origin\n+7\n%s\n",
        b"origin\n7 \n%s\n",
        b"origin\n\n%s\n",
        b"origin\n9007199254740992\n%s\n",
        b"origin\n\xd9\xa7\n%s\n",
        b"origin\n7\n%s \n",
        b"origin\n7\nAAAA\n",
        b"origin\n7\nnot base64\n",
        b"origin\n0\n%s\n",
        b"\xff\n7\n%s\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text: bytes) -> None:
    with pytest.raises(BadCheckpoint):
        read_checkpoint_text(text.replace(b"%s", b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="))


def test_the_empty_log_has_the_empty_root() -> None:
    empty = Checkpoint(origin=KEY.name, size=0, root=EMPTY_ROOT)
    assert open_checkpoint(sign_checkpoint(empty, KEY), KEY.verifier) == empty


def test_a_key_does_not_sign_for_another_origin() -> None:
    with pytest.raises(BadCheckpoint):
        sign_checkpoint(Checkpoint(origin="hub.example/demo/e2", size=7, root=ROOT), KEY)


def test_a_checkpoint_of_another_epoch_is_refused_even_when_signed() -> None:
    text = Checkpoint(origin="hub.example/demo/e2", size=7, root=ROOT).text()
    with pytest.raises(BadCheckpoint):
        open_checkpoint(format_note(Note(text=text, signatures=(KEY.sign(text),))), KEY.verifier)


def test_a_checkpoint_by_another_key_is_refused() -> None:
    other = LogKey.from_seed(name=KEY.name, seed=bytes(32))
    with pytest.raises(BadSignature):
        open_checkpoint(sign_checkpoint(CHECKPOINT, other), KEY.verifier)


def test_a_size_that_is_no_count_is_not_signed() -> None:
    for size in (-1, MAX_TREE_SIZE + 1, 0):
        with pytest.raises(BadCheckpoint):
            sign_checkpoint(Checkpoint(origin=KEY.name, size=size, root=ROOT), KEY)
