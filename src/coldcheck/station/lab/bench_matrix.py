"""How long the claim-record matrix takes over a long record, beside one indexed SQL query a claim.

Promises: every claim is compared in full (support, own entries, other values, coverage, who could have entered it, the
claims of others); the peer only fetches the entries of each claim's gun and window. The picture is made in memory: its
replay is measured by `bench replay`.
"""

import sqlite3
from random import Random
from time import perf_counter_ns, process_time_ns
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.claims import matrix_of
from coldcheck.custody.picture import Coverage, Done, Picture
from coldcheck.custody.things import Id
from coldcheck.proof.encoding import opaque_id
from coldcheck.proof.sealed import Sealed
from coldcheck.station.lab.measured import Figures

TARGET_S: Final = 1.0
_GUNS: Final = 60
_PEOPLE: Final = 40
_NOTHING: Final = Sealed(commitment="0" * 64)


def bench_matrix(*, entries: int = 100_000, claims: int = 500, runs: int = 5) -> Figures:
    """Seconds for the whole matrix of `claims` claims over `entries` entries, best and worst of `runs`, and the peer's."""
    random = Random(7)
    picture = _record(random, entries)
    _file(random, picture, claims)
    ours: list[float] = []
    cpu: list[float] = []
    results: dict[str, int] = {}
    for _ in range(runs):
        began, worked = perf_counter_ns(), process_time_ns()
        matrix = matrix_of(picture)
        ours.append((perf_counter_ns() - began) / 1e9)
        cpu.append((process_time_ns() - worked) / 1e9)
        results = {}
        for row in (row for group in matrix.groups for row in group.rows):
            results[row.cell.result.value] = results.get(row.cell.result.value, 0) + 1
    peer_s = _peer(picture, entries)
    return {
        "entries": entries,
        "claims": claims,
        "best_s": round(min(ours), 3),
        "worst_s": round(max(ours), 3),
        "best_cpu_s": round(min(cpu), 3),
        "target_s": TARGET_S,
        "peer_s": round(peer_s, 3),
        "ratio": round(min(ours) / peer_s, 2),
        **{f"result_{name}": count for name, count in sorted(results.items())},
    }


def _name(letter: str, number: int) -> Id:
    return opaque_id(letter, number.to_bytes(32, "little"))


def _at(entry: int) -> str:
    minute = entry // 40
    return f"2026-{3 + minute // 40_320:02d}-{1 + minute // 1440 % 28:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:{entry % 40:02d}Z"


def _record(random: Random, entries: int) -> Picture:
    picture = Picture()
    for entry in range(entries):
        gun, one, two = (
            _name("g", entry % _GUNS),
            _name("p", random.randrange(_PEOPLE)),
            _name("p", random.randrange(_PEOPLE)),
        )
        act: a.Act = a.HandedOver(item=gun, to=two) if entry % 2 else a.PickedUp(item=gun)
        _add(picture, one, act, _at(entry))
    picture.coverage.append(Coverage(subject="guns", place="", opened_entry=0, closed_entry=entries - 1))
    return picture


def _add(picture: Picture, by: Id, act: a.Act, at: str) -> None:
    picture.entry_acts.append(len(picture.journal))
    picture.journal.append(Done(entry_index=picture.size, by=by, act=act, at=at, verdict="admitted"))
    picture.book.entry_keys.append("k" + by[1:])
    picture.size += 1


def _file(random: Random, picture: Picture, claims: int) -> None:
    last = picture.size
    for number in range(claims):
        speaker, topic = _name("p", random.randrange(_PEOPLE)), _name("s", 10_000_000 + number % 50)
        entry = random.randrange(1, last, 2)
        done = picture.journal[entry]
        assert isinstance(done.act, a.HandedOver)
        giver = done.by if number % 3 else _name("p", random.randrange(_PEOPLE))
        statement, claim = _name("s", 2 * number), _name("s", 2 * number + 1)
        _add(picture, speaker, _statement(statement, speaker), _at(last))
        pattern = a.PatternRow(
            act_name="handed_over",
            fixed=(a.FieldRow(name="item", value=done.act.item), a.FieldRow(name="to", value=done.act.to)),
            wanted=(a.FieldRow(name="by", value=giver),),
            slots=("by",),
            subject="guns",
            place="",
            when=a.Interval(start=_at(max(entry - 400, 0))[:16], end=_at(entry + 400)[:16]),
            entries=(),
            sure=True,
        )
        _add(picture, speaker, _claim(claim, statement, topic, pattern, denied=number % 5 == 0), _at(last))


def _statement(ref: Id, speaker: Id) -> a.StatementRecorded:
    return a.StatementRecorded(
        ref=ref, label="", source=_name("s", 20_000_000), spans=(), kind=a.StatementKind.DIRECT, speaker=speaker,
        speaker_words=_NOTHING, on_behalf_of="", cue=_NOTHING, addressee=_NOTHING, outlet=_NOTHING, times=(), nested_in="",
        rendering_of="", suggested_by="",
    )  # fmt: skip


def _claim(ref: Id, statement: Id, topic: Id, pattern: a.PatternRow, *, denied: bool) -> a.ClaimMade:
    return a.ClaimMade(
        ref=ref, label="", statement=statement, proposition=_NOTHING, denied=denied, stance=a.Stance.ASSERT, chain=(),
        knowledge=a.Knowledge.DID, terms=(), topic=topic, patterns=(pattern,),
    )  # fmt: skip


def _peer(picture: Picture, entries: int) -> float:
    """Seconds for one indexed query a claim in SQLite, in memory, without comparing what comes back."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE act (entry INTEGER, by TEXT, name TEXT, item TEXT, receiver TEXT, at TEXT)")
    database.executemany(
        "INSERT INTO act VALUES (?, ?, ?, ?, ?, ?)",
        (
            (done.entry_index, done.by, "handed_over", done.act.item, done.act.to, done.at)
            for done in picture.journal[:entries]
            if isinstance(done.act, a.HandedOver)
        ),
    )
    database.execute("CREATE INDEX about ON act (name, item, receiver, at)")
    patterns = [done.act.patterns[0] for done in picture.journal if isinstance(done.act, a.ClaimMade)]
    began = perf_counter_ns()
    for pattern in patterns:
        item, to = (field.value for field in pattern.fixed)
        database.execute(
            "SELECT entry, by FROM act WHERE name = 'handed_over' AND item = ? AND receiver = ? AND at BETWEEN ? AND ?",
            (item, to, pattern.when.start, pattern.when.end + "~"),
        ).fetchall()
    seconds = (perf_counter_ns() - began) / 1e9
    database.close()
    return seconds
