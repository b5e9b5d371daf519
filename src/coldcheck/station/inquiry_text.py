"""The inquiry as JSON and as lines for a terminal: the same shape for everybody, no figure about a person.

A `Desk` is one ledger opened at one size: the picture, what was filed, and the words that the side table still opens.
Words that were erased read "(erased)"; their commitment stays.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from coldcheck.custody import acts as a
from coldcheck.custody.claims import (
    ClaimRow,
    Matrix,
    accounts_of,
    clashes_of,
    confirmed_apart,
    matrix_of,
    moment_of,
    roots_of,
    said_at,
    speaker_of,
)
from coldcheck.custody.compare import WORDS, Cell, Shown
from coldcheck.custody.enrolment import signed_how
from coldcheck.custody.matter import Filed, Files, files_of
from coldcheck.custody.picture import Picture, doubt_of
from coldcheck.custody.registers import (
    Asked,
    Exhibit,
    Freeze,
    adopted,
    exhibits_of,
    freeze_of,
    knowledge_of,
    questions_of,
)
from coldcheck.custody.spoken import TABLES, say_act
from coldcheck.custody.things import Id
from coldcheck.custody.tongues import ENGLISH, Tongue
from coldcheck.proof.checkpoint import read_checkpoint_text
from coldcheck.proof.note import parse_note
from coldcheck.proof.sealed import Sealed
from coldcheck.station.answer_text import doubted_by, label_of
from coldcheck.station.record import replay
from coldcheck.station.store import NoLedger
from coldcheck.station.store_sqlite import SqliteStore, read_ledger

Json = dict[str, Any]
ERASED: Final = "(erased)"
REACH_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "signed_within": "signed other entries meanwhile: a device of theirs was in reach",
        "signed_before_and_after": "signed before and after, not meanwhile",
        "signed_before": "signed before, never after",
        "signed_after": "signed after, never before",
        "never_signed": "never signed anything here",
    }
)
ASKED_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accounts_differ": "Which account of {v0} is so? The reports of it differ.",
        "gap": "Where did {v0} come from? The chain ends at a gap.",
        "stop_open": "What was it? The stop of entry #{v0} ({v1}{v2}) is open.",
        "word_meaning": "What was meant by “{v0}” in {v1}? The word is kept as it was spoken, and nobody noted its meaning.",
        "count_off": "What is in {v0}? Counted: {v1}; by the record: {v2}.",
        "lot_short": "Where are {v1} rounds of {v0}? They came, and no entry says what became of them.",
        "lot_over": "Where did {v1} rounds of {v0} come from? More lie here than came by any receipt.",
    }
)
ANSWER_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accounts_differ": "an entry by its doer, or an exhibit, that each account can be held against",
        "gap": "a receipt signed by both sides from before the gap, or who had it then",
        "stop_open": "what was found, entered by who examined it; the stop itself ends only by its signed lifts",
        "count_off": "two counts by two people that agree with each other and with the record",
        "lot_short": "an entry of where they are or how they were lost, and counts that agree with it",
        "lot_over": "a receipt signed by both sides, or an entry of where they came from",
        "word_meaning": "the speaker's own word for what he meant, in a reply, an interview or a later account",
    }
)


UNNAMED_WORDS: Final[Mapping[a.Unnamed, str]] = MappingProxyType(
    {
        a.Unnamed.NOT_SAID: "",
        a.Unnamed.KEPT_BACK: "the source keeps the name back",
        a.Unnamed.ASKED_NOT_TO_BE: "asked not to be named",
        a.Unnamed.FOR_AN_OFFICE: "speaks for an office",
        a.Unnamed.PROTECTED: "the name is protected by law or by a court",
        a.Unnamed.NOT_KNOWN: "the source does not know who it was",
    }
)


_TURNS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that no page shows and that make a reader see words in another order than they stand."""
AROUND: Final = 60
"""Characters shown before and behind words that are cut out of a paragraph."""


def plain_marks(words: str) -> str:
    """`words` with every mark that turns their order shown as what it is: "⟨U+202E⟩"."""
    return _TURNS.sub(lambda mark: f"⟨U+{ord(mark[0]):04X}⟩", words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One ledger at one size: what is in it, what was filed, and how sealed words are opened."""

    picture: Picture
    files: Files
    root: str
    log: str
    checkpoint: bytes
    open_words: Callable[[str], str]
    paper: Callable[[str], bytes | None]
    photo: Callable[[str], bytes | None]
    """The bytes of a picture by its hash."""
    tongue: Tongue = ENGLISH
    """The language of what is worded here; other people's words stay as they are."""

    def words(self, sealed: Sealed) -> str:
        """The words, or "(erased)" when their opening is gone."""
        words = self.open_words(sealed.commitment)
        return self.tongue.say(ERASED) if words == ERASED else plain_marks(words)

    def label(self, thing: Id) -> str:
        """The label of anything filed or recorded; the id itself where it has none, and "the hub" for what opened the log."""
        for known in (
            self.files.claims, self.files.statements, self.files.sources, self.files.questions, self.files.exhibits,
            self.files.requests, self.files.matters, self.files.interviews,
        ):  # fmt: skip
            filed = known.get(thing)
            if filed is not None:
                return self._filed_label(thing, filed)
        picture = self.picture
        opened = picture.journal[0].by if picture.journal else ""
        if thing == opened and thing not in picture.persons:
            return self.tongue.say("the hub")
        return label_of(picture, thing, tongue=self.tongue)

    def _filed_label(self, thing: Id, filed: Filed[Any]) -> str:
        """Its label, with its entry where something else had that label first: two things never read as one."""
        label = plain_marks(str(filed.act.label))
        if not label or self.picture.labels.get(label, thing) == thing:
            return label or thing
        return f"{label} (#{filed.entry_index})"

    # What `spoken.say_act` asks for.

    def label_of(self, thing: Id) -> str:
        """As `label`."""
        return self.label(thing)

    def words_of(self, sealed: Sealed) -> str:
        """As `words`."""
        return self.words(sealed)

    def id_of(self, label: str, letters: str) -> Id:
        """The id behind a label; a desk reads no phrases, so an unknown label is its own id."""
        found = self.picture.labels.get(label, label)
        return found if found[0] in letters else label

    def round_at(self, thing: Id, cell: str) -> Id:
        """The round in a cell."""
        return self.picture.lying.get((thing, cell), "")

    def mint(self, letter: str) -> Id:
        """Nothing is made here."""
        raise AssertionError(letter)

    def seal(self, field: str, words: str) -> Sealed:
        """Nothing is sealed here."""
        raise AssertionError(field, words)


def open_desk(ledger: Path, *, size: int | None = None) -> tuple[Desk, SqliteStore]:
    """The desk of a ledger as of `size` entries (all without it), and its store to close. Raises NoLedger."""
    store = read_ledger(ledger)
    try:
        store.hold_still()
        count = store.entry_count()
        wanted = count if size is None else size
        if not 0 < wanted <= count:
            raise NoLedger(f"{ledger} has {count} entries; a checkpoint of {wanted} is not in it.")  # noqa: TRY301
        picture = replay(islice(store.entries(), wanted))
        return desk_over(picture, store), store
    except BaseException:
        store.close()
        raise


def desk_over(picture: Picture, store: SqliteStore) -> Desk:
    """The desk of a picture that was replayed from the first entries of `store`."""
    signed = store.checkpoint(picture.size)

    def words(commitment: str) -> str:
        opening = store.opening(commitment)
        return opening.value if opening is not None else ERASED

    return Desk(
        picture=picture,
        files=files_of(picture),
        root=read_checkpoint_text(parse_note(signed).text).root.hex(),
        log=store.meta("log"),
        checkpoint=signed,
        open_words=words,
        paper=store.apart,
        photo=store.photo,
    )


# --- the matrix ----------------------------------------------------------------------------------------------------


def matrix_json(desk: Desk, matrix: Matrix | None = None) -> Json:
    """The matrix with its checkpoint: enough, with the ledger, to compute every cell again."""
    matrix = matrix or matrix_of(desk.picture, desk.files)
    return {
        "checkpoint": {"log": desk.log, "size": matrix.size, "root": desk.root},
        "questions": [
            {
                "question": desk.label(group.topic) if group.topic else "",
                "text": _topic_words(desk, group.topic),
                "claims": [claim_json(desk, row) for row in group.rows],
            }
            for group in matrix.groups
        ],
        "contradictions": [
            {
                "claims": [desk.label(pair.first), desk.label(pair.second)],
                "same_person": pair.same_person,
                "found": desk.tongue.say("by the patterns")
                if pair.by_hand is None
                else desk.tongue.say("by a person, entry {entry}", entry=pair.by_hand),
            }
            for pair in matrix.contradictions
        ],
        "disputed": [
            {
                "row": each.row,
                "accounts": [
                    {"account": name, "entries": list(entries), "words": _entry_words(desk, entries)}
                    for name, entries in each.accounts
                ],
            }
            for each in matrix.disputed
        ],
    }


def _topic_words(desk: Desk, topic: Id) -> str:
    filed = desk.files.questions.get(topic)
    return desk.words(filed.act.text) if filed is not None else desk.tongue.say("On no question of the register")


def _entry_words(desk: Desk, entries: tuple[int, ...]) -> list[str]:
    picture = desk.picture
    return [
        say_act(done.act, desk, tongue=desk.tongue)
        for entry in entries
        for done in picture.journal[picture.entry_acts[entry] : _end_of(picture, entry)]
    ]


def _end_of(picture: Picture, entry: int) -> int:
    return picture.entry_acts[entry + 1] if entry + 1 < picture.size else len(picture.journal)


def claim_json(desk: Desk, row: ClaimRow) -> Json:
    """One claim: its words and their place, who says it through whom, the record's column, the others'."""
    act = row.claim.act
    return {
        "claim": desk.label(act.ref),
        "ref": act.ref,
        "entry": row.claim.entry_index,
        "worded_by": desk.label(row.claim.by),
        "doubted": filed_doubts(desk, row.claim.entry_index),
        "asked": [pattern_words(desk, pattern) for pattern in act.patterns],
        "proposition": desk.words(act.proposition),
        "denied": act.denied,
        "stance": act.stance.value,
        "knowledge": act.knowledge.value,
        "heard": heard_words(row, tongue=desk.tongue),
        "chain": [desk.label(person) for person in act.chain],
        "statement": statement_json(desk, row.statement),
        "record": cell_json(desk, row.cell),
        "same": [desk.label(ref) for ref in row.same],
        "otherwise": [desk.label(ref) for ref in row.otherwise],
        "named": [
            {"person": desk.label(person), "id": person, "reply": desk.tongue.word(state, "value")}
            for person, state in row.named
        ],
        "terms": [{"term": term.term, "meaning": term.meaning} for term in act.terms],
        "said": said_at(desk.files, act).removesuffix("~"),
    }


def pattern_words(desk: Desk, pattern: a.PatternRow) -> str:
    """What the record is asked beside a claim: which act, about what, with what as claimed, from when to when, and where."""
    say = desk.tongue.say

    def fields(rows: Iterable[a.FieldRow]) -> str:
        return ", ".join(f"{desk.tongue.word(row.name, 'field')} {desk.label(row.value)}" for row in rows)

    about, wanted = fields(pattern.fixed), fields(pattern.wanted)
    window = say("at any time")
    if pattern.entries:
        window = say("entries #{first} to #{last}", first=pattern.entries[0], last=pattern.entries[-1])
    elif pattern.when.start:
        window = say("from {start} to {end}", start=pattern.when.start, end=pattern.when.end or pattern.when.start)
    parts = [say("as claimed: {fields}", fields=wanted), window] if wanted else [window]
    parts += [say("at {place}", place=desk.label(pattern.place))] if pattern.place else []
    return "; ".join([desk.tongue.word(pattern.act_name, "act") + (f": {about}" if about else ""), *parts])


def filed_doubts(desk: Desk, entry_index: int) -> str:
    """What stands behind something filed that another entry doubts, "" where none does. It stays where it was filed."""
    return doubt_words(desk, doubt_of(desk.picture, entry_index))


def signed_with(desk: Desk, entry_index: int) -> str:
    """The class of the key that signed an entry, in the words of the pack's table of signatures."""
    how = signed_how(desk.picture, entry_index)
    since = f", {how.seconds} s after the passkey" if how.seconds is not None else ""
    return {"passkey": "own passkey"}.get(how.key_class, how.key_class) + since


def heard_words(row: ClaimRow, *, tongue: Tongue = ENGLISH) -> str:
    """How many mouths it came through, always said."""
    if row.depth == 0:
        is_first = row.statement is not None and row.statement.act.speaker
        return tongue.say("first hand" if is_first else "told by the source alone")
    return tongue.say("through 1 other") if row.depth == 1 else tongue.say("through {count} others", count=row.depth)


def statement_json(desk: Desk, filed: Filed[a.StatementRecorded] | None) -> Json | None:
    """A statement with its spans, source and hash, and the words as they stand in the source."""
    if filed is None:
        return None
    act = filed.act
    source = desk.files.sources.get(act.source)
    confirmed = [desk.label(each.by) for each in desk.files.confirmations if each.act.statement == act.ref]
    shape: Json = {
        "statement": desk.label(act.ref),
        "entry": filed.entry_index,
        "doubted": filed_doubts(desk, filed.entry_index),
        "speaker": desk.label(act.speaker)
        if act.speaker
        else desk.words(act.speaker_words) or desk.tongue.say("not named"),
        "unnamed": desk.tongue.say(UNNAMED_WORDS[act.unnamed]) if UNNAMED_WORDS[act.unnamed] else "",
        "on_behalf_of": desk.label(act.on_behalf_of)
        if act.on_behalf_of
        else ", ".join(desk.words(each) for each in act.on_behalf_words),
        "kind": act.kind.value,
        "cue": desk.words(act.cue),
        "addressee": desk.words(act.addressee),
        "outlet": desk.words(act.outlet),
        "source": (desk.label(act.source) if source.act.label else "") if source is not None else "",
        "paragraph": act.paragraph,
        "court": court_json(desk, source.act) if source is not None else [],
        "speaks_of": desk.label(act.speaks_of) if act.speaks_of else "",
        "sha256": source.act.sha256 if source is not None else "",
        "spans": [[span.start, span.end] for span in act.spans],
        "words": quoted(desk, act, source),
        "in_context": in_context(desk, act, source),
        "also_as": [label for label, _speaker in _filed_too(desk, act)],
        "times": [
            {"of": row.of.value, "words": desk.words(row.words), "start": row.when.start, "end": row.when.end}
            for row in act.times
        ],
        "nested_in": desk.label(act.nested_in) if act.nested_in else "",
        "rendering_of": desk.label(act.rendering_of) if act.rendering_of else "",
        "suggested_by": act.suggested_by or desk.tongue.say("by hand"),
        "confirmed_by": [desk.label(filed.by), *confirmed],
        "confirmed_apart": confirmed_apart(desk.files, act.ref),
    }
    return {
        **shape,
        "also": also_words(desk, act),
        "cited": cited(shape, tongue=desk.tongue),
        "times_line": times_line(shape, tongue=desk.tongue),
    }


def court_json(desk: Desk, source: a.SourceFiled) -> list[Json]:
    """What a court paper is cited by; nothing for any other source, or where nobody said."""
    return [
        {
            "court": desk.words(row.court),
            "number": desk.words(row.number),
            "affiant": desk.label(row.affiant) if row.affiant else desk.words(row.affiant_words),
            "sworn": row.sworn.start,
        }
        for row in source.court
    ]


def cited(said: Json, *, tongue: Tongue = ENGLISH) -> str:
    """Where a statement stands, as a court cites it: source, its number and affiant, the paragraph; "" without a source."""
    parts = [
        said["source"],
        *(tongue.say("no. {number}", number=row["number"]) for row in said["court"] if row["number"]),
    ]
    parts += [row["court"] for row in said["court"] if row["court"]]
    parts += [
        tongue.say("sworn by {who} {day}", who=row["affiant"], day=row["sworn"]).strip()
        for row in said["court"]
        if row["affiant"]
    ]
    parts += [tongue.say("paragraph {number}", number=said["paragraph"])] if said["paragraph"] else []
    return ", ".join(part for part in parts if part)


def times_line(said: Json, *, tongue: Tongue = ENGLISH) -> str:
    """The times of a statement as they were worked out, each with the words it came from: "said 2021-11-30 (Tuesday)"."""
    out = []
    for row in said["times"]:
        one_day = row["start"] == row["end"]
        days = row["start"] if one_day else tongue.say("{start} to {end}", start=row["start"], end=row["end"])
        line = f"{tongue.word(row['of'], 'value')} {days or tongue.say('no day known')}"
        out.append(line + (f" (“{row['words']}”)" if row["words"] else ""))
    return "; ".join(out)


def quoted(desk: Desk, act: a.StatementRecorded, source: Filed[a.SourceFiled] | None) -> list[str]:
    """The words of each span, cut from the bytes as stored; empty where the bytes lie elsewhere or do not reach."""
    text = _text_of(desk, source)
    return [plain_marks(text[span.start : span.end]) for span in act.spans if span.start < span.end <= len(text)]


def _text_of(desk: Desk, source: Filed[a.SourceFiled] | None) -> str:
    """The text of a source, "" where its bytes are not here or are no text."""
    content = desk.paper(source.act.sha256) if source is not None else None
    try:
        return content.decode("utf-8") if content is not None else ""
    except UnicodeDecodeError:
        return ""


def in_context(desk: Desk, act: a.StatementRecorded, source: Filed[a.SourceFiled] | None) -> str:
    """The words with what stands around and between them in brackets: a "not" before them is seen. "" without the bytes."""
    text = _text_of(desk, source)
    spans = [span for span in act.spans if span.start < span.end <= len(text)]
    if not spans:
        return ""
    out, first, last = "", spans[0].start, spans[-1].end
    before = text[text.rfind("\n", 0, first) + 1 : first]
    if before.strip():
        out = f"[{before if len(before) <= AROUND else f'… {before[-AROUND:]}'}] "
    for number, span in enumerate(spans):
        between = text[spans[number - 1].end : span.start] if number else ""
        if number:
            out += f" [{between.strip()}] " if len(between) <= AROUND else " … "
        out += text[span.start : span.end]
    ends = text.find("\n", last)
    behind = text[last : ends if ends >= 0 else len(text)].rstrip("\r")
    if behind.strip():
        out += f" [{behind if len(behind) <= AROUND else f'{behind[:AROUND]} …'}]"
    return plain_marks(out)


def _filed_too(desk: Desk, act: a.StatementRecorded) -> Iterator[tuple[str, str]]:
    """Label and speaker of every other statement that has some of the same words, neither being told inside the other."""
    for ref, other in desk.files.statements.items():
        if ref == act.ref or other.act.source != act.source or ref == act.nested_in or other.act.nested_in == act.ref:
            continue
        if any(one.start < two.end and two.start < one.end for one in act.spans for two in other.act.spans):
            speaker = desk.label(other.act.speaker) if other.act.speaker else desk.words(other.act.speaker_words)
            yield desk.label(ref), speaker or "nobody named"


def also_words(desk: Desk, act: a.StatementRecorded) -> str:
    """Which other statements have some of the same words, and whose they are filed as there; "" for none."""
    return "; ".join(f"these words stand in {label} too, filed as {who}'s" for label, who in _filed_too(desk, act))


def cell_json(desk: Desk, cell: Cell) -> Json:
    """The record's column with everything it rests on."""
    return {
        "result": cell.result.value,
        "words": cell_words(cell, tongue=desk.tongue),
        "possible": cell.possible,
        "basis": cell.basis,
        "supporting": [shown_json(desk, each) for each in cell.supporting],
        "differing": [shown_json(desk, each) for each in cell.differing],
        "own": [shown_json(desk, each) for each in cell.own],
        "coverage": [
            {
                "subject": each.subject,
                "place": desk.label(each.place),
                "opened_entry": each.opened_entry,
                "closed_entry": each.closed_entry,
            }
            for each in cell.coverage
        ],
        "could_have_entered": [
            {"person": desk.label(each.person), "devices": desk.tongue.say(REACH_WORDS[each.reach])}
            for each in cell.could
        ],
        "size": cell.size,
    }


def cell_words(cell: Cell, *, tongue: Tongue = ENGLISH) -> str:
    """The result as it is shown: "possible" before it for uncertain times, "by report only" behind it."""
    words = tongue.say(WORDS[cell.result])
    told = tongue.say("{label}, by report only", label=words) if cell.basis == "reported" else words
    return tongue.say("possible: {words}", words=told) if cell.possible and cell.basis else told


def doubt_words(desk: Desk, doubted_entry: int | None) -> str:
    """What stands behind an entry that another one doubts, "" where none does."""
    if doubted_entry is None:
        return ""
    return f"; {doubted_by(desk.picture, doubted_entry, tongue=desk.tongue)} #{doubted_entry}"


def shown_json(desk: Desk, shown: Shown) -> Json:
    """One entry beside a claim, in words that never say that anybody did it."""
    say, by = desk.tongue.say, desk.label(shown.by)
    if shown.reported:
        of = desk.label(shown.of) if shown.of else say("somebody not named")
        head = say("#{entry} shows a report by {by}, of {of}", entry=shown.entry_index, by=by, of=of)
    else:
        head = say("#{entry} shows an entry by {by}", entry=shown.entry_index, by=by)
    told = say(", on a phone that {who} held out", who=desk.label(shown.held_out_by)) if shown.held_out_by else ""
    if shown.refused:
        told += say(", refused")
    frozen = desk.picture.frozen_entry
    if frozen is not None and shown.entry_index > frozen:
        told += say(", entered after everything was frozen at #{entry}", entry=frozen)
    told += doubt_words(desk, shown.doubted_entry)
    return {
        "entry": shown.entry_index,
        "signed_by": desk.label(shown.by),
        "of": desk.label(shown.of) if shown.of else "",
        "reported": shown.reported,
        "sources": list(shown.sources),
        "when": shown.when,
        "doubted_entry": shown.doubted_entry,
        "refused": shown.refused,
        "held_out_by": desk.label(shown.held_out_by) if shown.held_out_by else "",
        "words": head + told,
    }


def matrix_lines(desk: Desk) -> Iterator[str]:
    """The matrix for a terminal."""
    shape = matrix_json(desk)
    yield f"Beside the record at #{shape['checkpoint']['size']}, root {desk.root[:16]} ..."
    for group in shape["questions"]:
        yield ""
        yield group["text"]
        for claim in group["claims"]:
            who = claim["statement"]["speaker"] if claim["statement"] else "not named"
            no = "denies: " if claim["denied"] else ""
            yield f"  {claim['claim']}  {who} ({claim['heard']}), {no}{claim['proposition'] or claim['stance']}{claim['doubted']}"
            for asked in claim["asked"]:
                yield f"      asked of the record: {asked}"
            yield f"      {claim['record']['words']}" + "".join(
                f"\n      {side}: {each['words']}"
                for side, rows in (("for", "supporting"), ("otherwise", "differing"), ("own", "own"))
                for each in claim["record"][rows]
            )
            if claim["otherwise"]:
                yield f"      other accounts: otherwise {', '.join(claim['otherwise'])}"
    yield ""
    yield f"{len(shape['contradictions'])} pairs of claims cannot both be so; reports differ on " + (
        ", ".join(each["row"] for each in shape["disputed"]) or "nothing"
    )


# --- the other views -----------------------------------------------------------------------------------------------


def person_json(desk: Desk, person: Id) -> Json:
    """One person's accounts over time, in the one layout there is."""
    rows = {row.claim.act.ref: row for group in matrix_of(desk.picture, desk.files).groups for row in group.rows}
    return {
        "person": desk.label(person),
        "accounts": [claim_json(desk, rows[claim.act.ref]) for claim in accounts_of(desk.files, person)],
    }


def moment_json(desk: Desk, when: a.Interval) -> Json:
    """Every entry and every claim around a time."""
    done, claims = moment_of(desk.picture, desk.files, when)
    rows = {row.claim.act.ref: row for group in matrix_of(desk.picture, desk.files).groups for row in group.rows}
    return {
        "from": when.start,
        "to": when.end,
        "entries": [
            {
                "entry": each.entry_index,
                "signed_by": desk.label(each.by),
                "at": each.at,
                "words": say_act(each.act, desk, tongue=desk.tongue),
            }
            for each in done
        ],
        "claims": [claim_json(desk, rows[claim.act.ref]) for claim in claims],
    }


def roots_json(desk: Desk) -> list[Json]:
    """The witnesses behind what several claims say."""
    return [
        {
            "says": desk.words(desk.files.claims[group.claims[0]].act.proposition),
            "claims": [desk.label(ref) for ref in group.claims],
            "witnesses": [
                {
                    "person": desk.label(root.witness),
                    "claims": [desk.label(ref) for ref in root.claims],
                    "first_said": root.first_said,
                    "others_had_told_it_before": [desk.label(who) for who in root.told_before_by],
                }
                for root in group.roots
            ],
            "tied": [
                {
                    "claims": [desk.label(tie.act.first), desk.label(tie.act.second)],
                    "by": desk.label(tie.by),
                    "reason": desk.words(tie.act.reason),
                    "entry": tie.entry_index,
                    "doubted": filed_doubts(desk, tie.entry_index),
                }
                for tie in desk.files.ties
                if tie.act.tie is a.Tie.SAME and {tie.act.first, tie.act.second} <= set(group.claims)
            ],
        }
        for group in roots_of(desk.files)
    ]


def terms_json(desk: Desk) -> list[Json]:
    """Words of the trade that are used with more than one meaning."""
    return [
        {
            "term": clash.term,
            "meanings": [
                {
                    "meaning": desk.tongue.word(meaning, "value"),
                    "claims": [{"claim": desk.label(ref), "speaker": _speaker_words(desk, ref)} for ref in refs],
                }
                for meaning, refs in clash.meanings
            ],
        }
        for clash in clashes_of(desk.files)
    ]


def _speaker_words(desk: Desk, ref: Id) -> str:
    claim = desk.files.claims[ref].act
    speaker = speaker_of(desk.files, claim)
    said = desk.files.statements.get(claim.statement)
    return desk.label(speaker) if speaker else desk.words(said.act.speaker_words) if said is not None else ""


def speakers_json(desk: Desk) -> dict[str, str]:
    """Whose words each claim rests on, by the claim's label: "otherwise: K-2" alone tells a reader nothing."""
    return {desk.label(ref): _speaker_words(desk, ref) or desk.tongue.say("not named") for ref in desk.files.claims}


def says_json(desk: Desk, claims: Iterable[Json]) -> dict[int, str]:
    """What each entry beside these claims says, in the words of the set; of a long sheet only its beginning."""
    entries = {
        each["entry"]
        for claim in claims
        for side in ("supporting", "differing", "own")
        for each in claim["record"][side]
    }
    out: dict[int, str] = {}
    for entry in sorted(entries):
        words = _entry_words(desk, (entry,))
        out[entry] = "; ".join(words[:_MOST_SAID]) + (" …" if len(words) > _MOST_SAID else "")
    return out


_MOST_SAID: Final = 3


def counts_json(desk: Desk) -> dict[str, int]:
    """How much is filed, and how many questions stand: of things, never of a person."""
    register = questions_of(desk.picture, desk.files)
    return {
        "claims": len(desk.files.claims),
        "sources": len(desk.files.sources),
        "open": register.open_count,
        "answered": len(register.questions) - register.open_count,
    }


def questions_json(desk: Desk) -> Json:
    """The question register with its count."""
    register = questions_of(desk.picture, desk.files)
    return {
        "open": register.open_count,
        "questions": [_question_json(desk, asked) for asked in register.questions],
    }


def _question_json(desk: Desk, asked: Asked) -> Json:
    filed = desk.files.questions.get(asked.ref)
    raised = ""
    if asked.gist in ASKED_WORDS:
        values = {f"v{number}": value for number, value in enumerate(_asked_values(desk, asked))}
        raised = desk.tongue.say(ASKED_WORDS[asked.gist], **values)
    answers = ANSWER_WORDS.get(asked.gist, "")
    return {
        "question": desk.label(asked.ref) if asked.ref else "",
        "text": desk.words(filed.act.text) if filed is not None else raised,
        "origin": asked.origin.value,
        "state": _state_words(desk, asked),
        "open": asked.is_open,
        "owner": desk.label(asked.owner) if asked.owner else desk.tongue.say("nobody yet"),
        "due": asked.due,
        "would_answer": desk.words(filed.act.would_answer)
        if filed is not None
        else desk.tongue.say(answers)
        if answers
        else "",
        "entry": asked.entry_index,
        "refs": [desk.label(ref) for ref in asked.refs],
        "answered_by": [desk.label(ref) for ref in asked.answer_refs],
    }


UNMET_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"rests_on_nothing": "it names nothing of this log", "still_asked": "the record still asks"}
)


def _state_words(desk: Desk, asked: Asked) -> str:
    """The state of a question with whoever said so, and why it is open all the same where it is."""
    say = desk.tongue.say
    by = say(", by {who}", who=desk.label(asked.answered_by)) if asked.answered_by else ""
    unmet = say("; open: {why}", why=say(UNMET_WORDS[asked.unmet])) if asked.unmet else ""
    return desk.tongue.word(asked.state.value, "value") + by + unmet


def _asked_values(desk: Desk, asked: Asked) -> tuple[str, ...]:
    """What stands in the places of a question that the record raises: labels, the reason of a stop in words."""
    if asked.gist != "stop_open":
        return tuple(desk.label(value) for value in asked.values)
    entry, reason, thing = asked.values
    return entry, desk.tongue.word(reason, "value", "kind"), f", {desk.label(thing)}" if thing else ""


def freeze_json(desk: Desk) -> Json | None:
    """The freeze that stands, or None."""
    freeze = freeze_of(desk.picture, desk.files)
    return None if freeze is None else _freeze_json(desk, freeze)


def _freeze_json(desk: Desk, freeze: Freeze) -> Json:
    return {
        "entry": freeze.entry_index,
        "cause": desk.tongue.word(freeze.cause, "value", "kind"),
        "by_itself": freeze.by_itself,
        "treat_as_live": [
            {"item": desk.label(each.item), "why": desk.tongue.word(each.why, "value"), "entry": each.entry_index}
            for each in freeze.secure
        ],
        "muster": [
            {
                "item": desk.label(each.item),
                "where": each.hold.value,
                "who_or_where": desk.label(each.who) if each.who else "",
                "told": (" (by report only)" if each.reported and each.who else "")
                + doubt_words(desk, each.doubted_entry),
                "last_agreed_count": each.counted_entry,
                "could_reach_it_since": sorted({desk.label(reach.person) for reach in each.reached}),
                "entries_since_the_freeze": list(each.since_freeze),
            }
            for each in freeze.muster
        ],
        "places": [
            {
                "place": desk.label(each.place),
                "lay_there": [desk.label(item) for item in each.things],
                "said_to_be_there": sorted(desk.label(person) for person in each.people),
                "entries_since_the_freeze": list(each.since_freeze),
            }
            for each in freeze.places
        ],
        "keys": [
            {
                "key": each.key,
                "person": desk.label(each.person),
                "class": each.key_class,
                "changed_since_the_freeze": list(each.since_freeze),
            }
            for each in freeze.keys
        ],
        "checkpoint_sent_off": [
            {"size": each.act.size, "root": each.act.root, "way": each.act.way, "entry": each.entry_index}
            for each in freeze.sent_off
        ],
        "release_still_needs": [role.value for role in freeze.missing_release],
    }


def exhibits_json(desk: Desk) -> list[Json]:
    """The register of exhibits, whole and in the order of filing."""
    return [_exhibit_json(desk, number, each) for number, each in enumerate(exhibits_of(desk.picture, desk.files), 1)]


def _exhibit_json(desk: Desk, number: int, exhibit: Exhibit) -> Json:
    act = exhibit.filed.act
    return {
        "number": number,
        "exhibit": desk.label(act.ref),
        "entry": exhibit.filed.entry_index,
        "filed_by": desk.label(exhibit.filed.by),
        "doubted": filed_doubts(desk, exhibit.filed.entry_index),
        "item": desk.label(act.item),
        "description": desk.tongue.say("(shielded: ask for it)") if act.shielded else desk.words(act.description),
        "shielded": act.shielded,
        "seal": act.seal,
        "agency_number": desk.words(act.agency_number),
        "derived_from": desk.label(act.derived_from) if act.derived_from else "",
        "derived": [desk.label(ref) for ref in exhibit.derived],
        "judged": desk.tongue.word(exhibit.relevance.value, "value"),
        "judged_entry": exhibit.judged_entry,
        "judged_by": desk.label(exhibit.judged_by) if exhibit.judged_by else "",
        "viewed_by": [
            {"person": desk.label(each.by), "at": each.at, "purpose": each.act.purpose} for each in exhibit.viewings
        ],
        "custody": [
            {
                "entry": held.entry_index,
                "at": held.at,
                "where": held.hold.value,
                "who_or_where": desk.label(held.who) if held.who else "",
                "signed_by": desk.label(held.signer),
                "reported": held.reported,
                "doubted": filed_doubts(desk, held.entry_index),
            }
            for held in exhibit.custody
        ],
    }


def knowledge_json(desk: Desk) -> list[Json]:
    """The knowledge record, one line an entry, alike for every role."""
    say = desk.tongue.say
    out: list[Json] = []
    for row in knowledge_of(desk.picture):
        what = desk.tongue.word(row.kind, "act")
        if row.told_by:
            what = say("reported by {who}: {what}", who=desk.label(row.told_by), what=what)
        if row.held_out_by:
            what += say(", on a phone that {who} held out", who=desk.label(row.held_out_by))
        said = desk.words(row.said) if row.said is not None else ""
        words = f": “{said}”" if said else ""
        out.append(
            {
                "entry": row.entry_index,
                "who": desk.label(row.who) if row.who else say("not said"),
                "what": what + doubt_words(desk, row.doubted_entry),
                "about": " ".join(desk.tongue.word(desk.label(word), *TABLES) for word in row.what.split()) + words,
            }
        )
    return out


def registers_json(desk: Desk) -> Json:
    """Notices, requests, interviews, first accounts, replies, and the packs that were made."""
    files = desk.files
    return {
        "matters": [_matter_json(desk, ref, filed) for ref, filed in files.matters.items()],
        "notices": [
            {
                "to": desk.label(n.act.to),
                "fact": n.act.fact,
                "by": desk.label(n.by),
                "when": n.act.when.start,
                "entry": n.entry_index,
                "doubted": filed_doubts(desk, n.entry_index),
            }
            for n in files.notices
        ],
        "asked": [
            {
                "person": desk.label(n.act.person),
                "regarding": desk.label(n.act.regarding),
                "by": desk.label(n.by),
                "entry": n.entry_index,
            }
            for n in files.asked
        ],
        "replies": [
            {
                "person": desk.label(n.act.person),
                "regarding": desk.label(n.act.regarding),
                "reply": n.act.reply.value,
                "words": desk.words(n.act.words),
                "by": desk.label(n.by),
                "as_told": n.by != n.act.person,
                "entry": n.entry_index,
                "doubted": filed_doubts(desk, n.entry_index),
            }
            for n in files.replies
        ],
        "requests": [
            {
                "request": n.act.label,
                "agency": desk.words(n.act.agency),
                "wanted": desk.words(n.act.wanted),
                "due": n.act.due,
                "by": desk.label(n.by),
                "entry": n.entry_index,
                "answers": [
                    {
                        "answer": each.act.reply.value,
                        "by": desk.label(each.by),
                        "at_checkpoint": each.act.size,
                        "receipt": desk.words(each.act.receipt),
                        "handed_over": [desk.label(part) for part in each.act.refs],
                        "entry": each.entry_index,
                    }
                    for each in files.request_answers
                    if each.act.request == ref
                ],
            }
            for ref, n in files.requests.items()
        ],
        "interviews": [
            {
                "interview": n.act.label,
                "people": [desk.label(person) for person in n.act.people],
                "when": [n.act.when.start, n.act.when.end],
                "breaks": [[pause.start, pause.end] for pause in n.act.breaks],
                "recording": n.act.recording,
                "transcript": n.act.transcript,
                "adopted_by": [desk.label(person) for person in adopted(files, n)[0]],
                "adopted_as_told": [desk.label(person) for person in adopted(files, n)[1]],
                "by": desk.label(n.by),
                "doubted": filed_doubts(desk, n.entry_index),
                "entry": n.entry_index,
            }
            for n in files.interviews.values()
        ],
        "first_accounts": [
            {
                "by": desk.label(n.by),
                "at": n.at,
                "sha256": n.act.sha256,
                "entry": n.entry_index,
                "opened": [
                    {"basis": each.act.basis, "by": desk.label(each.by), "entry": each.entry_index}
                    for each in files.opened_accounts
                    if each.act.regarding == ref
                ],
            }
            for ref, n in files.first_accounts.items()
        ],
        "packs": [
            {
                "matter": desk.label(n.act.regarding),
                "sha256": n.act.sha256,
                "checkpoint": n.act.size,
                "audience": n.act.audience,
                "withheld": n.act.withheld,
                "by": desk.label(n.by),
                "at": n.at,
                "entry": n.entry_index,
            }
            for n in files.packs
        ],
    }


def _matter_json(desk: Desk, ref: Id, filed: Filed[a.MatterOpened]) -> Json:
    changes = [each for each in desk.files.matter_changes if each.act.regarding == ref]
    states: list[tuple[a.MatterOpened | a.MatterChanged, int, Id]] = [(filed.act, filed.entry_index, filed.by)]
    states += [(each.act, each.entry_index, each.by) for each in changes]
    return {
        "matter": filed.act.label,
        "title": desk.words(filed.act.title),
        "states": [
            {
                "kind": act.kind.value,
                "status": act.status.value,
                "when": act.when.start,
                "source": desk.label(act.source) if act.source else "",
                "by": desk.label(by),
                "entry": entry,
                "doubted": filed_doubts(desk, entry),
            }
            for act, entry, by in states
        ],
    }
