"""The set screens' interface over the wire: two people, two phones, and what neither may hear of the other too early."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from coldcheck.proof.checkpoint import read_checkpoint_text
from coldcheck.proof.merkle import verify_inclusion
from coldcheck.proof.note import parse_note
from coldcheck.station.lab.set_scene import served_day
from coldcheck.station.web.catalogue import words_in
from set_client import Wire

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_day(tmp_path_factory.mktemp("set")) as address:
        yield address


def phones(address: str) -> tuple[Wire, Wire]:
    return Wire(address=address, label="ARM"), Wire(address=address, label="AD1")


def test_two_halves_of_a_check_make_a_gun_that_is_shown_next(address: str) -> None:
    armorer, witness = phones(address)
    sheet = armorer.begin("Colt-2", other=witness.person)
    mine = armorer.half(sheet, {})
    assert mine["verdict"] == "admitted"
    assert mine["sheet"]["others_in"] is False
    theirs = witness.get(f"/api/set/sheets/{sheet['procedure']}?by={witness.person}")
    done = witness.half(theirs, {})
    assert (done["sheet"]["differ"], done["sheet"]["found"]) == ([], False)
    gun = armorer.gun("Colt-2")
    assert gun["can"][0]["do"] == "show"
    assert (gun["kind"], gun["reasons"], gun["answered"]) == ("loaded", ["NOT_CALLED"], True)


def test_where_two_halves_differ_is_said_only_when_both_are_in(address: str) -> None:
    armorer, witness = phones(address)
    sheet = armorer.begin("Colt-2", other=witness.person)
    armorer.half(sheet, {})
    theirs = witness.get(f"/api/set/sheets/{sheet['procedure']}?by={witness.person}")
    assert theirs["differ"] is None
    done = witness.half(theirs, {"3": "dummy"})
    assert done["sheet"]["differ"] == [{"about": "3", "first": "empty", "other": "dummy"}]
    assert armorer.gun("Colt-2")["kind"] == "loaded"


def began(sheet: dict[str, Any]) -> dict[str, Any]:
    return {"act": "sheet_began", "procedure": sheet["procedure"], "other": sheet["other"], "manner": sheet["manner"]}


def test_a_half_that_says_nothing_opens_nobody_elses(address: str) -> None:
    armorer, witness = phones(address)
    sheet = armorer.begin("Colt-2", other=witness.person)
    armorer.half(sheet, {"3": "dummy"})
    name = f"/api/set/sheets/{sheet['procedure']}?by={witness.person}"
    assert witness.sign(began(witness.get(name))).get("sheet") is None
    assert witness.get(name)["differ"] is None
    # He still answers for himself, and only then hears where they differ.
    done = witness.half(witness.get(name), {})
    assert done["sheet"]["differ"] == [{"about": "3", "first": "dummy", "other": "empty"}]


def test_one_answer_of_six_opens_one_of_the_others_and_proves_nothing(address: str) -> None:
    armorer, witness = phones(address)
    sheet = armorer.begin("Colt-2", other=witness.person)
    armorer.half(sheet, {"3": "dummy", "5": "dummy"})
    theirs = witness.get(f"/api/set/sheets/{sheet['procedure']}?by={witness.person}")
    one = {"act": "answered", "gun": sheet["gun"], "answers": [{"position": "3", "holds": "empty", "ms": 0}]}
    witness.sign(began(theirs), one)
    differ = witness.get(f"/api/set/sheets/{sheet['procedure']}?by={witness.person}")["differ"] or []
    assert [row["first"] for row in differ if row["about"] != "3"].count("dummy") == 0
    assert armorer.gun("Colt-2")["kind"] == "loaded"


def test_nobody_else_ends_the_sheet_of_two_by_beginning_another(address: str) -> None:
    armorer, witness = phones(address)
    master, camera = (Wire(address=address, label=label) for label in ("PM", "CAM"))
    sheet = armorer.begin("Colt-2", other=witness.person)
    gun, name = sheet["gun"], f"/api/set/sheets/{sheet['procedure']}?by={witness.person}"
    for outsider in (master, camera):
        assert "Two people are answering this gun" in outsider.begin("Colt-2", other=witness.person)["sentence"]
        # Nor by saying so under his own name, though that is in the record then.
        outsider.sign({"act": "sheet_ended", "procedure": sheet["procedure"], "gun": gun})
    # Nor by taking one of the two's name on another device.
    master.label, master_device = "ARM", master.label
    said = master.post(
        "/api/set/sheets", begin_body(sheet, by=armorer.person, other=witness.person, device=master_device)
    )
    assert "Two people are answering this gun" in said["sentence"]
    armorer.half(sheet, {})
    assert witness.half(witness.get(name), {})["sheet"]["differ"] == []


def begin_body(sheet: dict[str, Any], *, by: str, other: str, device: str) -> dict[str, Any]:
    return {
        "by": by, "other": other, "gun": sheet["gun"], "kind": "check", "manner": "answers_not_shown",
        "device": device, "rounds": [],
    }  # fmt: skip


def test_who_has_the_gun_ends_a_sheet_and_the_two_see_who_did(address: str) -> None:
    armorer, witness = phones(address)
    master = Wire(address=address, label="PM")
    sheet = master.begin("Colt-2", other=witness.person)
    assert "sheet_ended" not in str(Wire(address=address, label="CAM").gun("Colt-2")["can"])
    ending = next(one for one in armorer.gun("Colt-2")["can"] if one["do"] == "end_sheet")
    done = armorer.sign({"act": "sheet_ended", "procedure": ending["procedure"], "gun": sheet["gun"]})
    for phone in (master, witness):
        seen = phone.get(f"/api/set/sheets/{sheet['procedure']}?by={phone.person}")
        assert seen["ended"] == {"role": "armorer", "entry": done["entry"]}
        assert seen["differ"] is None
    finish(armorer, witness)


def test_a_half_in_the_record_is_ended_before_another_begins_and_stays_closed(address: str) -> None:
    armorer, witness = phones(address)
    sheet = armorer.begin("Colt-2", other=witness.person)
    half = armorer.half(sheet, {"3": "dummy"})
    assert "Two people are answering this gun" in armorer.begin("Colt-2", other=witness.person)["sentence"]
    witness.heard.clear()
    witness.sign({"act": "sheet_ended", "procedure": sheet["procedure"], "gun": sheet["gun"]})
    seen = witness.get(f"/api/set/sheets/{sheet['procedure']}?by={witness.person}")
    assert (seen["ended"]["role"], seen["differ"], seen["others_in"]) == ("first_ad", None, True)
    with urlopen(f"{address}/office/ledger.json", timeout=10) as reply:  # noqa: S310  # our own hub
        rows = [row for row in json.loads(reply.read())["rows"] if row["entry"] == half["entry"]]
    assert rows
    assert "dummy" not in json.dumps(rows)
    assert b'"dummy"' not in b"".join(data for data in witness.heard if b'"guns"' not in data)
    finish(armorer, witness)
    # The half that nobody answered is in nobody's way any more.
    assert armorer.gun("Colt-2")["can"][0]["do"] == "show"


def finish(armorer: Wire, witness: Wire) -> None:
    """Both answer a sheet of their own to its end."""
    sheet = armorer.begin("Colt-2", other=witness.person)
    armorer.half(sheet, {})
    done = witness.half(witness.get(f"/api/set/sheets/{sheet['procedure']}?by={witness.person}"), {})
    assert done["sheet"]["differ"] == []


def everything_the_second_hears(folder: Path, holds: dict[str, str]) -> list[str]:
    """Every answer the witness's phone can get while only the armorer's half is in, without what chance and clock make."""
    with served_day(folder) as address:
        armorer, witness = phones(address)
        sheet = armorer.begin("Colt-2", other=witness.person)
        first = armorer.half(sheet, holds)
        assert first["verdict"] == "admitted"
        witness.heard.clear()
        by, name = witness.person, sheet["procedure"]
        witness.view()
        witness.get(f"/api/set/sheets/{name}?by={by}")
        witness.get(f"/api/set/sheets/{name}?by=p0000000000AA")
        witness.get("/api/set/sheets/sheet-none")
        witness.post(f"/api/set/sheets/{name}/restart", {"by": by})
        witness.post("/api/set/entries", {"line1": "{}\n", "signature": None, "openings": [], "delivered": "live"})
        # The armorer's own act, sent again by somebody who does not have its bytes.
        witness.sign({"act": "asked_to_see", "gun": sheet["gun"]}, id=armorer.last_id)
        with urlopen(f"{address}/board", timeout=10) as reply:  # noqa: S310  # our own hub
            board = re.findall(r'class="(?:word|fact|why)[^>]*>.*', reply.read().decode())
        return [*(json.dumps(without_chance(json.loads(data)), sort_keys=True) for data in witness.heard), *board]


CHANCE = {"procedure", "order", "clock", "after", "prev", "checkpoint", "proof", "hash", "build", "note"}
"""What follows from chance or the time; `note` is the asker's own entry, and empty for any other (next test)."""


def test_the_receipt_proves_the_signers_own_act_and_gives_nobody_anothers(address: str) -> None:
    armorer, witness = phones(address)
    sheet = armorer.begin("Colt-2", other=witness.person)
    mine = armorer.half(sheet, {})
    head = read_checkpoint_text(parse_note(mine["checkpoint"].encode()).text)
    assert armorer.last_id in mine["note"].split("\n")[0]
    verify_inclusion(
        entry_index=mine["entry"], tree_size=head.size, leaf=mine["note"].encode(),
        proof=[bytes.fromhex(one) for one in mine["proof"]], root=head.root,
    )  # fmt: skip
    # Another's id over bytes of one's own: whatever is answered, his entry is not in it.
    said = witness.sign({"act": "asked_to_see", "gun": sheet["gun"]}, id=armorer.last_id)
    assert said.get("note", "") == ""
    assert mine["note"].split("\n")[0] not in json.dumps(said)
    armorer.sign({"act": "sheet_ended", "procedure": sheet["procedure"], "gun": sheet["gun"]})


def without_chance(value: Any) -> Any:
    match value:
        case dict():
            return {
                key: without_chance(inner)
                for key, inner in value.items()
                if key not in CHANCE and not (key == "sheet" and isinstance(inner, str))
            }
        case list():
            return [without_chance(inner) for inner in value]
        case _:
            return value


def test_no_answer_of_the_hub_depends_on_the_other_half_before_both_are_in(tmp_path: Path) -> None:
    heard = []
    for number, holds in enumerate(({}, {"3": "dummy", "5": "round"})):
        folder = tmp_path / str(number)
        folder.mkdir()
        heard.append(everything_the_second_hears(folder, holds))
    assert heard[0] == heard[1]
    assert not any(word in "".join(heard[0]) for word in ('"holds": "dummy"', '"answers"', '"cleared"'))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"gun": "g0000000000AA"}, "not in this production's record"),
        ({"other": ""}, "crew list"),
        ({"kind": "all_checked"}, "There is no sheet"),
        ({"manner": "telepathy"}, "in silence"),
        ({"kind": "prepare", "rounds": []}, "1 to 6 rounds"),
        ({"kind": "prepare", "rounds": [["c0000000000AA", "1"]]}, "no round in cell 1"),
    ],
)
def test_a_sheet_that_cannot_be_begun_is_one_sentence(address: str, change: dict[str, object], word: str) -> None:
    armorer, witness = phones(address)
    body = {
        "by": armorer.person, "other": witness.person, "gun": armorer.gun("Colt-2")["gun"], "kind": "check",
        "manner": "answers_not_shown", "device": "", "rounds": [],
    }  # fmt: skip
    said = armorer.post("/api/set/sheets", {**body, **change})
    assert word in said["sentence"]


def test_a_witness_who_is_the_first_person_is_told_to_find_another(address: str) -> None:
    armorer, _ = phones(address)
    assert "somebody else" in armorer.begin("Colt-2", other=armorer.person)["sentence"]


def test_a_witness_on_the_same_device_is_marked_on_the_sheet(address: str) -> None:
    armorer, witness = phones(address)
    sheet = armorer.begin("Colt-2", other=witness.person)
    seen = witness.get(f"/api/set/sheets/{sheet['procedure']}?by={witness.person}&device=ARM")
    assert (sheet["manner"], seen["manner"]) == ("answers_not_shown", "same_device")
    armorer.sign({"act": "sheet_ended", "procedure": sheet["procedure"], "gun": sheet["gun"]})


def test_a_refusal_and_a_problem_are_said_in_the_phones_own_language(address: str) -> None:
    spanish = [Wire(address=address, label=label, language="es") for label in ("ARM", "AD1", "LEAD")]
    gun, words = spanish[0].gun("Colt-1")["gun"], words_in("es")
    call = {"gun": gun, "call": "COLD-EMPTY", "count": 0, "powder": ""}
    said = ({"act": "called", "scene": "S1"}, {"act": "announced"}, {"act": "acknowledged"})
    parts = [one.sign({**part, **call}) for one, part in zip(spanish, said, strict=True)]
    assert parts[-1]["verdict"] == "refused"
    missing = words.entries["found.answered_twice"].format(answered=0, positions=7)
    assert missing in {row["found"] for row in parts[-1]["findings"]}
    for row in parts[-1]["findings"]:
        assert row["needed"] in words.table("needed").values(), row
        assert row["who"] in words.table("who").values(), row
    for problem in (
        spanish[0].begin("Colt-1", other=spanish[0].person),
        spanish[0].post("/api/set/entries", {"line1": "x", "signature": None, "openings": [], "delivered": "live"}),
        spanish[0].sign({"act": "asked_to_see", "gun": gun}, log="elsewhere/000000000000"),
    ):
        assert problem["sentence"] in {*words.table("told").values(), *words.table("problem").values()}


def test_a_swapped_tag_ends_what_is_said_of_both_guns(address: str) -> None:
    armorer, witness = phones(address)
    sheet = armorer.begin("Colt-2", other=witness.person)
    armorer.half(sheet, {})
    witness.half(witness.get(f"/api/set/sheets/{sheet['procedure']}?by={witness.person}"), {})
    assert armorer.gun("Colt-2")["can"][0]["do"] == "show"
    # On the gun with Colt-1's tag stands Colt-2's number: nothing that was said of either counts.
    assert (
        armorer.sign({"act": "scanned", "gun": armorer.gun("Colt-1")["gun"], "serial": "SN-2"})["verdict"] == "admitted"
    )
    assert {armorer.gun(label)["kind"] for label in ("Colt-1", "Colt-2")} == {"loaded"}
    assert "V18" in armorer.gun("Colt-2")["reasons"]
    assert armorer.gun("Colt-2")["can"][0]["do"] != "show"


def test_two_taps_are_one_entry(address: str) -> None:
    armorer, _ = phones(address)
    line1 = armorer.line([{"act": "asked_to_see", "gun": armorer.gun("Rubber-1")["gun"]}])
    body: dict[str, object] = {"line1": line1, "signature": None, "openings": [], "delivered": "live"}
    first, second = armorer.post("/api/set/entries", body), armorer.post("/api/set/entries", body)
    assert (first["new"], second["new"]) == (True, False)
    assert first["entry"] == second["entry"]


def test_an_act_for_another_production_is_sent_to_its_own_hub(address: str) -> None:
    armorer, _ = phones(address)
    said = armorer.sign({"act": "asked_to_see", "gun": armorer.gun("Colt-1")["gun"]}, log="elsewhere/000000000000")
    assert "its own hub" in said["sentence"]


def test_the_hub_signs_for_nobody_else_than_who_acts(address: str) -> None:
    armorer, witness = phones(address)
    line1 = armorer.line([{"act": "asked_to_see", "gun": armorer.gun("Colt-1")["gun"]}], by=witness.person)
    said = armorer.post("/api/set/entries", {"line1": line1, "signature": None, "openings": [], "delivered": "live"})
    assert "signs for nobody" in said["sentence"]


def test_a_page_of_another_origin_cannot_send_a_form(address: str) -> None:
    armorer, _ = phones(address)
    said = armorer.post("/api/set/entries", b"line1=x", content_type="application/x-www-form-urlencoded")
    assert "Only the set screens" in said["sentence"]


def test_a_stale_page_that_posts_an_old_form_is_told_to_load_anew(address: str) -> None:
    armorer, _ = phones(address)
    said = armorer.post("/api/set/entries", {"acts": [], "person": "ARM"})
    assert "Load the screen anew" in said["sentence"]


def test_looking_writes_nothing(address: str) -> None:
    armorer, witness = phones(address)
    before = armorer.view()["after"]["size"]
    for phone in (armorer, witness):
        phone.view()
        phone.get("/api/set/hello")
    assert armorer.view()["after"]["size"] == before
