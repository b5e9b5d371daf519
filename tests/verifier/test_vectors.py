"""Every shared vector through the JavaScript verifier: what is accepted gives its value, what is rejected is refused."""

import hashlib
import json
from typing import Any

import pytest

from tracked import REPO
from verifier.node import ask, hexed, verify_files

VECTORS = REPO / "tests" / "vectors"


def vectors(name: str) -> Any:  # a vector file has a form of its own
    return json.loads((VECTORS / f"{name}.json").read_text())


def test_every_vector_file_is_tried_here() -> None:
    tried = {"checkpoint", "deliveries", "encoding", "entry", "export", "keys", "merkle", "note", "passkey", "sealed"}
    assert {path.stem for path in VECTORS.glob("*.json")} == tried


@pytest.mark.parametrize("size", [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 65_535, 1_000_000])
def test_its_sha256_is_the_one_everybody_has(size: int) -> None:
    data = bytes(i * 7 % 251 for i in range(size))
    assert ask(("sha256", [hexed(data)]))[0]["value"] == hexed(hashlib.sha256(data).digest())


def test_canonical_json_is_accepted_with_its_value() -> None:
    accepted = vectors("encoding")["accepted"]
    answers = ask(*(("readJson", [{"hex": case["bytes"]}]) for case in accepted))
    assert [answer.get("value") for answer in answers] == [case["value"] for case in accepted]
    assert not any("refused" in answer for answer in answers)


@pytest.mark.parametrize(
    ("vector", "function"), [("encoding", "readJson"), ("note", "readNote"), ("entry", "readEntry")]
)
def test_what_the_vectors_reject_is_refused_in_words(vector: str, function: str) -> None:
    rejected = vectors(vector)["rejected"]
    answers = ask(*((function, [{"hex": case["bytes"]}]) for case in rejected))
    let_through = [case["why"] for case, answer in zip(rejected, answers, strict=True) if "refused" not in answer]
    assert not let_through
    assert len(rejected) > 10


def test_a_repeated_key_and_a_float_are_refused_by_name() -> None:
    twice, number, mark = ask(
        ("readJson", [hexed(b'{"a":1,"a":1}')]), ("readJson", [hexed(b"1.0")]), ("readJson", [hexed(b"\xef\xbb\xbf1")])
    )
    assert 'the key "a" twice' in twice["refused"]
    assert "fraction" in number["refused"]
    assert "refused" in mark


def test_a_delivery_log_has_the_hash_that_its_entry_names_and_reads_line_by_line() -> None:
    for case in vectors("deliveries")["deliveries"]:
        data = bytes.fromhex(case["lines"])
        lines = data.split(b"\n")[:-1]
        hashed, *read = ask(("sha256", [hexed(data)]), *(("readJson", [hexed(line)]) for line in lines))
        assert (hashed["value"], len(lines)) == (hexed(bytes.fromhex(case["sha256"])), case["rows"])
        assert all(list(answer["value"]) == sorted(answer["value"]) for answer in read)


def test_signed_notes_verify_the_published_one_among_them() -> None:
    notes = vectors("note")
    cases = [*notes["signed"], *notes["published"]]
    for case, answer in zip(
        cases, ask(*(("verifyNote", [{"hex": case["note"]}, case["vkey"]]) for case in cases)), strict=True
    ):
        assert answer["value"]["fits"] is True
        if "text" in case:
            assert answer["value"]["text"] == bytes.fromhex(case["text"]).decode()


def test_checkpoints_open_with_their_size_and_root() -> None:
    cases = vectors("checkpoint")["signed"]
    answers = ask(*(("openCheckpoint", [{"hex": case["note"]}, case["vkey"]]) for case in cases))
    for case, answer in zip(cases, answers, strict=True):
        opened = answer["value"]
        assert (opened["origin"], opened["size"]) == (case["origin"], case["size"])
        assert opened["root"] == {"hex": case["root"]}


def test_acting_keys_have_their_ids_and_verify() -> None:
    cases = vectors("keys")["acting"]
    asked = [
        {"name": case["name"], "keyClass": case["class"], "publicBytes": {"hex": case["public"]},
         "signature": {"hex": case["signature"]}, "message": {"hex": case["line1"]}}
        for case in cases
    ]  # fmt: skip
    for case, answer in zip(cases, ask(*(("acting", [each]) for each in asked)), strict=True):
        assert answer["value"] == {"keyId": case["key_id"], "fits": True}


def passkeys_asked(cases: Any) -> tuple[tuple[str, list[object]], ...]:
    return tuple(
        ("passkey", [
            {"name": case["name"], "publicBytes": {"hex": case["public"]}, "signature": {"hex": case["signature"]},
             "line1": {"hex": case["line1"]}, "rp": case["rp"], "origins": case["origins"]}
        ])
        for case in cases
    )  # fmt: skip


def test_a_passkeys_assertion_verifies_over_its_own_line_alone() -> None:
    cases = vectors("passkey")["accepted"]
    for case, answer in zip(cases, ask(*passkeys_asked(cases)), strict=True):
        assert answer.get("value") == {"keyId": case["key_id"], "fits": True}, (case["why"], answer)


def test_what_is_no_such_assertion_is_refused_or_does_not_fit() -> None:
    cases = vectors("passkey")["rejected"]
    for case, answer in zip(cases, ask(*passkeys_asked(cases)), strict=True):
        assert "refused" in answer or answer["value"]["fits"] is False, case["why"]


def test_sealed_values_have_their_commitments() -> None:
    cases = vectors("sealed")["sealed"]
    asked = [{"salt": {"hex": case["salt"]}, "field": case["field"], "value": case["value"]} for case in cases]
    answers = ask(*(("commitment", [each]) for each in asked))
    assert [answer["value"] for answer in answers] == [case["commitment"] for case in cases]


def test_roots_and_proofs_are_those_of_the_tree() -> None:
    tree = vectors("merkle")
    cases = [
        *((row, tree["leaves"]) for row in tree["roots"]),
        *((row, tree["published_leaves"]) for row in tree["published_roots"]),
    ]
    asked = (("rootOfLeaves", [[{"hex": leaf} for leaf in leaves[: row["size"]]]]) for row, leaves in cases)
    assert [answer["value"]["hex"] for answer in ask(*asked)] == [row["root"] for row, _ in cases]


def inclusion_asked(tree: Any, case: Any, *, entry: int) -> tuple[str, list[object]]:
    roots = {row["size"]: row["root"] for row in tree["roots"]}
    leaf = hashlib.sha256(b"\0" + bytes.fromhex(tree["leaves"][entry])).hexdigest()
    proof = [{"hex": node} for node in case["proof"]]
    return (
        "verifyInclusion",
        [{"leaf": {"hex": leaf}, "index": case["entry"], "size": case["size"], "proof": proof, "root": {"hex": roots[case["size"]]}}],
    )  # fmt: skip


def test_an_inclusion_proof_fits_its_entry_and_no_other() -> None:
    tree = vectors("merkle")
    right = ask(*(inclusion_asked(tree, case, entry=case["entry"]) for case in tree["inclusion"]))
    assert not [answer for answer in right if "refused" in answer]
    others = [(case, entry) for case in tree["inclusion"] for entry in range(20) if entry != case["entry"]]
    wrong = ask(*(inclusion_asked(tree, case, entry=entry) for case, entry in others))
    assert all("refused" in answer for answer in wrong)


def consistency_asked(tree: Any, case: Any, *, proof: list[str]) -> tuple[str, list[object]]:
    roots = {row["size"]: {"hex": row["root"]} for row in tree["roots"]}
    old, new = case["old_size"], case["new_size"]
    nodes = [{"hex": node} for node in proof]
    return (
        "verifyConsistency",
        [{"oldSize": old, "oldRoot": roots[old], "newSize": new, "newRoot": roots[new], "proof": nodes}],
    )


def test_a_consistency_proof_joins_two_trees_and_fails_when_changed() -> None:
    tree = vectors("merkle")
    right = ask(*(consistency_asked(tree, case, proof=case["proof"]) for case in tree["consistency"]))
    assert not [answer for answer in right if "refused" in answer]
    changed = [
        consistency_asked(tree, case, proof=proof)
        for case in tree["consistency"]
        for proof in (
            [*case["proof"], "00" * 32],
            case["proof"][:-1] if case["proof"] else ["00" * 32],
            ["00" * 32, *case["proof"][1:]],
        )
    ]
    assert all("refused" in answer for answer in ask(*changed))


def test_equal_sizes_with_different_roots_are_called_a_fork() -> None:
    asked = {"oldSize": 3, "oldRoot": {"hex": "11" * 32}, "newSize": 3, "newRoot": {"hex": "22" * 32}, "proof": []}
    assert "fork" in ask(("verifyConsistency", [asked]))[0]["refused"]


def test_entries_read_with_the_line_that_was_signed() -> None:
    cases = vectors("entry")["entries"]
    answers = ask(*(("readEntry", [{"hex": case["entry"]}]) for case in cases))
    for case, answer in zip(cases, answers, strict=True):
        line1 = bytes.fromhex(answer["value"]["line1"]["hex"])
        assert hashlib.sha256(line1).hexdigest() == case["line_hash"]
        assert [line["name"] for line in answer["value"]["signatures"]] == [who["name"] for who in case["signers"]]


def test_the_export_verifies_when_its_list_of_keys_is_taken_at_its_word() -> None:
    export = vectors("export")
    files = {path: bytes.fromhex(data) for path, data in export["files"].items()}
    (report,) = verify_files(files, listed=True)
    assert (report["ok"], report["entries"], report["root"]) == (True, export["size"], export["root"])


def test_the_same_export_is_refused_by_the_word_of_its_entries_which_enrol_nobody() -> None:
    files = {path: bytes.fromhex(data) for path, data in vectors("export")["files"].items()}
    (report,) = verify_files(files)
    assert report["first_bad"] == {
        "entry": 0,
        "reason": "Entry 0 does not open a production, so nothing says whose log this is.",
    }
