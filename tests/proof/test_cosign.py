"""Cosigners: what they sign, and the ways somebody could make them sign or forget."""

from hashlib import sha256

import pytest

from coldcheck.proof.checkpoint import BadCheckpoint, Checkpoint, sign_checkpoint
from coldcheck.proof.cosign import (
    Answer,
    BadRequest,
    CosignerKey,
    CosignerVerifier,
    Fork,
    Remembered,
    Request,
    answer,
    read_request,
    verify_fork,
    with_lines,
)
from coldcheck.proof.merkle import BadProof, Frontier, Node, consistency_proof, tree_root
from coldcheck.proof.note import BadKey, BadNote, BadSignature, LogKey, LogVerifier, SignatureLine, parse_note

LOG = LogKey.from_seed(name="hub-1/TEST/e0", seed=bytes(32))
PHONE = CosignerKey.from_seed(name="phone.example/7", seed=b"\x07" * 32)
AT_S = 1_772_438_400


class Tree:
    """A log of any length; `other` after a place makes another history from there on."""

    def __init__(self, size: int, *, other_from: int = 1 << 30) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        frontier = Frontier()
        for index in range(size):
            leaf = b"%d%s" % (index, b" other" if index >= other_from else b"")
            nodes: tuple[Node, ...] = frontier.append(leaf)
            self.nodes |= {(node.level, node.index): node.hash for node in nodes}

    def read(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def checkpoint(self, size: int, *, key: LogKey = LOG) -> bytes:
        root = tree_root(size, self.read)
        return sign_checkpoint(Checkpoint(origin=key.name, size=size, root=root), key)

    def request(self, old_size: int, size: int) -> bytes:
        proof = consistency_proof(old_size=old_size, new_size=size, read=self.read) if old_size else ()
        return Request(old_size=old_size, proof=tuple(proof), checkpoint=self.checkpoint(size)).encoded()


TREE = Tree(40)


def ask(body: bytes, *, last: Remembered | None = None, key: CosignerKey | None = PHONE) -> Answer:
    memory = {} if last is None else {LOG.name: last}
    return answer(body, memory=memory, logs=[LOG.verifier], key=key, at_s=AT_S)


def remembered(size: int, tree: Tree = TREE) -> Remembered:
    note = tree.checkpoint(size)
    return Remembered(checkpoint=Checkpoint(origin=LOG.name, size=size, root=tree_root(size, tree.read)), note=note)


def test_a_cosigned_checkpoint_carries_the_time_and_is_still_the_logs() -> None:
    said = ask(TREE.request(0, 7))
    assert said.status == 200
    note = parse_note(TREE.checkpoint(7) + said.body)
    line = PHONE.verifier.line_of(note)
    assert line is not None
    assert PHONE.verifier.verify(note.text, line) == AT_S
    LOG.verifier.verify(note)


def test_the_message_is_two_lines_and_the_checkpoint() -> None:
    text = parse_note(TREE.checkpoint(7)).text
    line = PHONE.sign(text, at_s=AT_S)
    by_hand = b"cosignature/v1\ntime 1772438400\n" + text
    PHONE.verifier._public_key.verify(line.signature[8:], by_hand)
    assert line.signature[:8] == AT_S.to_bytes(8)
    own_id = sha256(b"phone.example/7\n\x04" + PHONE.verifier.public_bytes).digest()[:4]
    assert line.key_id == own_id


def test_the_published_key_of_another_cosigner_reads() -> None:
    """A witness's vkey as it stands in the tests of another implementation of this format."""
    vkey = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
    assert CosignerVerifier.from_vkey(vkey).vkey == vkey


@pytest.mark.parametrize("size", [7, 8, 9, 16, 33, 40])
def test_it_goes_on_from_every_size_it_remembers(size: int) -> None:
    for old in range(1, size + 1):
        said = ask(TREE.request(old, size), last=remembered(old))
        assert said.status == 200, (old, said.body)
        assert said.remember is not None
        assert said.remember.checkpoint.size == size


def test_a_device_without_ed25519_demands_the_proof_and_keeps_the_checkpoint() -> None:
    said = ask(TREE.request(7, 9), last=remembered(7), key=None)
    assert (said.status, said.body) == (200, b"")
    assert said.remember == remembered(9)
    forked = Tree(9, other_from=3)
    assert ask(forked.request(7, 9), last=remembered(7), key=None).fork is not None


def test_a_fork_at_every_place_is_not_signed_and_comes_back_as_evidence() -> None:
    for other_from in range(16):
        forked = Tree(20, other_from=other_from)
        said = ask(forked.request(16, 20), last=remembered(16))
        assert said.status == 422
        assert said.fork == Fork(kept=TREE.checkpoint(16), other=forked.checkpoint(20))
        assert said.remember is None


def test_two_roots_of_one_size_are_a_fork_that_two_texts_show() -> None:
    forked = Tree(16, other_from=15)
    said = ask(forked.request(0, 16), last=remembered(16))
    assert said.status == 409
    assert said.fork is not None
    assert "forked" in verify_fork(said.fork, LOG.verifier)


def test_a_fork_is_no_evidence_when_the_log_did_not_sign_both() -> None:
    other = LogKey.from_seed(name=LOG.name, seed=b"\x01" * 32)
    made_up = Fork(kept=TREE.checkpoint(7), other=Tree(7, other_from=1).checkpoint(7, key=other))
    with pytest.raises(BadSignature):
        verify_fork(made_up, LOG.verifier)
    with pytest.raises(BadProof):
        verify_fork(Fork(kept=TREE.checkpoint(7), other=TREE.checkpoint(8)), LOG.verifier)


def test_a_rollback_is_answered_with_the_size_that_was_seen() -> None:
    said = ask(TREE.request(0, 5), last=remembered(9))
    assert (said.status, said.body, said.fork, said.remember) == (409, b"9\n", None, None)
    assert ask(TREE.request(5, 5), last=remembered(9)).status == 409


def test_a_foreign_log_and_a_foreign_key_are_refused() -> None:
    foreign = LogKey.from_seed(name="hub-2/TEST/e0", seed=bytes(32))
    stolen_name = LogKey.from_seed(name=LOG.name, seed=b"\x01" * 32)
    for key, status in ((foreign, 404), (stolen_name, 403)):
        body = Request(old_size=0, proof=(), checkpoint=TREE.checkpoint(7, key=key)).encoded()
        assert ask(body).status == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        TREE.checkpoint(7),
        TREE.request(0, 7).replace(b"old 0", b"old 00"),
        TREE.request(0, 7).replace(b"old 0", b"old -1"),
        TREE.request(0, 7).replace(b"old 0", b"Old 0"),
        TREE.request(0, 7).replace(b"old 0\n", b"old 0\nAAAA\n"),
        TREE.request(0, 7).replace(b"old 0\n", b"old 0\n" + 64 * (43 * b"A" + b"=\n")),
        TREE.request(0, 7).replace(b"old 0", b"old 8"),
        TREE.request(0, 7)[:-2],
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    assert ask(body).status == 400


def test_a_proof_from_nothing_is_empty() -> None:
    body = TREE.request(0, 7).replace(b"old 0\n", b"old 0\n" + 43 * b"A" + b"=\n")
    assert ask(body).status == 422


def test_a_request_reads_back_as_it_was_written() -> None:
    body = TREE.request(9, 30)
    assert read_request(body).encoded() == body
    with pytest.raises(BadRequest):
        read_request(b"old 1\n\xff\n\nx")


# --- key confusion: one purpose a key -------------------------------------------------------------------------------


def test_a_logs_key_is_no_cosigners_and_a_cosigners_no_logs() -> None:
    with pytest.raises(BadKey, match="key confusion"):
        CosignerVerifier.from_vkey(LOG.vkey)
    with pytest.raises(BadKey):
        LogVerifier.from_vkey(PHONE.vkey)


def test_a_logs_line_does_not_pass_as_a_cosignature_of_the_same_key() -> None:
    seed = bytes(32)
    log, cosigner = LogKey.from_seed(name="twin/x/e0", seed=seed), CosignerKey.from_seed(name="twin/x/e0", seed=seed)
    text = Checkpoint(origin="twin/x/e0", size=1, root=bytes(32)).text()
    as_log = log.sign(text)
    for line in (as_log, SignatureLine(name=as_log.name, key_id=cosigner.verifier.key_id, signature=as_log.signature)):
        with pytest.raises(BadSignature):
            cosigner.verifier.verify(text, line)


def test_a_cosigner_signs_nothing_but_checkpoints() -> None:
    for text in (b"hello\n", b'{"v":1}\n', b"a\n1\nAAAA\n"):
        with pytest.raises(BadCheckpoint):
            PHONE.sign(text, at_s=AT_S)


def test_every_bit_of_a_line_counts() -> None:
    text = parse_note(TREE.checkpoint(7)).text
    line = PHONE.sign(text, at_s=AT_S)
    for offset in range(len(line.signature)):
        data = bytearray(line.signature)
        data[offset] ^= 1 << offset % 8
        with pytest.raises(BadSignature):
            PHONE.verifier.verify(text, SignatureLine(name=line.name, key_id=line.key_id, signature=bytes(data)))
    with pytest.raises(BadSignature):
        PHONE.verifier.verify(text, SignatureLine(name=line.name, key_id=line.key_id, signature=line.signature[8:]))
    with pytest.raises(BadSignature):
        PHONE.sign(text, at_s=2**63)


def test_a_cosigners_key_with_a_changed_letter_or_weak_is_refused() -> None:
    good = PHONE.vkey
    for bad in (good.replace("phone", "fone"), good[:-1] + "!", "x+00000000+BA==", good.partition("+")[0]):
        with pytest.raises(BadKey):
            CosignerVerifier.from_vkey(bad)
    with pytest.raises(BadKey):
        CosignerVerifier.from_public(name="x", public_bytes=bytes(32))


def test_lines_are_added_once_and_not_without_end() -> None:
    note = TREE.checkpoint(7)
    line = PHONE.sign(parse_note(note).text, at_s=AT_S)
    once = with_lines(note, [line])
    assert with_lines(once, [line]) == once
    many = [SignatureLine(name=f"n{number}", key_id=b"abcd", signature=b"s") for number in range(100)]
    with pytest.raises(BadNote):
        with_lines(note, many)
