"""What a pack holds, as plain data: its sections in order, its data files, and the list of what it withholds.

Promises: the same ledger, size and choices give the same parts, byte for byte; everything withheld is on the list with
number, kind, size and reason; no exhibit is left out of the register, whatever was judged of it. Does not do: write,
render or sign; hold analysis or hypotheses, which are a part of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from coldcheck.custody import acts as a
from coldcheck.custody.answers import guns_in_question
from coldcheck.custody.claims import matrix_of
from coldcheck.custody.phrases import print_phrase
from coldcheck.custody.picture import Picture, Step
from coldcheck.custody.registers import freeze_of
from coldcheck.custody.strip import strips_of
from coldcheck.custody.trace import Origin, live_finds, origin_of
from coldcheck.custody.trace_rings import recall_of
from coldcheck.proof.errors import ColdcheckError
from coldcheck.station import inquiry_text as text
from coldcheck.station.answer_text import holder_text, spot_text
from coldcheck.station.inquiry_text import Desk, Json
from coldcheck.station.pack.case_export import case_json
from coldcheck.station.pack.pictures import ALL, LEAST_DIGITS, given_photos, named_photos, photos_json, reason_of
from coldcheck.station.record import sealed_in
from coldcheck.station.strip_svg import printed_svg
from coldcheck.station.strip_text import clock, headline, void_text
from coldcheck.station.trace_pictures import chain_picture, printed_picture, recall_picture

MOST_PRINTED: Final = 3_000
"""Entries printed in the time line; the log beside the PDF has all of them, and the section says which it leaves out."""
SIGNATURES: Final = (
    ("own passkey", "the holder's passkey signed, and the device verified him", "that he looked, or that it is so"),
    ("unlocked", "a device key, within seconds of a passkey", "that the same person still held the device"),
    ("device", "a key that cannot leave one device", "who held the device"),
    ("attended", "a viewer or receiver on another's phone", "who the viewer was, beyond what the holder signed"),
    ("demo", "a scripted key", "anything about anybody"),
    ("report", "no key: others report what this person did", "that he did it"),
    ("hub", "the hub's own acting key", "anything a person did"),
    ("this PDF", "one P-256 key over the whole file", "who holds that key, unless its certificate is known to you"),
)
GAPS: Final = "Gaps in recording"
HOW_TO_VERIFY: Final = (
    "1. Copy this folder. Work on the copy. Nothing below needs our software except line 8.",
    "2. Hash every file: sha256sum -c manifest-sha256.txt, and the same with tagmanifest-sha256.txt. No file may be left over.",
    "3. Open pack.pdf in a reader that checks signatures, or run pdfsig pack.pdf: one signature, over the whole document.",
    "4. Compare the hash of manifest-sha256.txt with the one in the box on page 1: that ties this folder to the signature.",
    "5. data/log is a log in C2SP tlog-tiles form. Any stock reader computes the root from the tiles: compare it with page 1.",
    "6. Compare data/log/log.vkey with the key that was printed when the production was opened; then no entry can be other.",
    "7. An opening in data/openings.json fits its commitment: SHA-256 over the tag, salt, field and value of docs/format.md.",
    "8. coldcheck verify FOLDER does 2 to 7, computes every comparison and sets these pages again; node verifier/cli.mjs FOLDER does 2, 5 and 7.",
    "9. data/withheld.json lists what you were not given: number, kind, size, reason, who decided, how to ask for it.",
    "10. data/exhibits.json is numbered without a hole and computed from the log: what was judged not similar is in it too.",
)


class UnknownLabel(ColdcheckError):
    """Something to withhold is not in this ledger, so nothing would be withheld. The sentence names it."""


class LeftOpen(ColdcheckError):
    """What is withheld would be given elsewhere in the pack. The sentence names both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """One thing a recipient does not get. `commitment` is what the log holds of it, or the hash of a source."""

    number: int
    kind: str
    entry_index: int
    commitment: str
    size_bytes: int
    reason: str
    decided_by: str
    ask: str

    def plain(self) -> Json:
        """As it stands in withheld.json."""
        return {
            "number": self.number, "kind": self.kind, "entry": self.entry_index, "commitment": self.commitment,
            "size_bytes": self.size_bytes, "reason": self.reason, "decided_by": self.decided_by, "ask": self.ask,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What one recipient gets: the labels that are withheld with a reason each, and who decided."""

    incident: str
    audience: str
    withhold: tuple[tuple[str, str], ...]
    decided_by: str
    ask: str


def withheld_of(desk: Desk, choices: Choices) -> tuple[Withheld, ...]:
    """Everything withheld: in the order of entry names of people, shielded descriptions and what was chosen, then photos.

    With a source go what was taken out of it and its statements, with a statement its claims; one entry is named "#12".
    Raises UnknownLabel, and LeftOpen for a statement whose source is given, or for a text taken out of one that is.
    """
    _verify_known(desk, dict(choices.withhold))
    reasons = _with_what_repeats_it(desk, dict(choices.withhold))
    out: list[Withheld] = []
    seen: set[str] = set()
    for done in desk.picture.journal:
        act = done.act.told if isinstance(done.act, a.Reported) else done.act
        why = _reason(act, reasons, done.entry_index)
        names = () if why is None else sealed_in(act)
        for sealed in names:
            if sealed.commitment not in seen:
                seen.add(sealed.commitment)
                size = len(desk.words(sealed).encode())
                out.append(
                    _withheld(len(out), a.wire_name(type(act)), done.entry_index, sealed.commitment, size, why, choices)
                )
        if why is not None and isinstance(act, a.SourceFiled):
            out.append(_withheld(len(out), "source", done.entry_index, act.sha256, act.size_bytes, why, choices))
    for done, photo in named_photos(desk.picture):
        why = reason_of(photo, reasons)
        if why is not None and photo.sha256 not in seen:
            seen.add(photo.sha256)
            size = len(desk.photo(photo.sha256) or b"")
            out.append(_withheld(len(out), "photo", done.entry_index, photo.sha256, size, why, choices))
    return tuple(out)


def _withheld(
    count: int, kind: str, entry: int, commitment: str, size: int, why: str | None, choices: Choices
) -> Withheld:
    return Withheld(
        number=count + 1, kind=kind, entry_index=entry, commitment=commitment, size_bytes=size, reason=why or "",
        decided_by=choices.decided_by, ask=choices.ask,
    )  # fmt: skip


def _verify_known(desk: Desk, reasons: Mapping[str, str]) -> None:
    """Nothing, if everything to withhold is there. A slip of the pen must not give away what was meant to be kept."""
    known = {ALL, *(f"#{entry}" for entry in range(desk.picture.size))}
    for done in desk.picture.journal:
        act = done.act.told if isinstance(done.act, a.Reported) else done.act
        known |= {str(getattr(act, "label", "")), str(getattr(act, "ref", ""))}
    photos = [act.sha256 for _done, act in named_photos(desk.picture)]
    for label in reasons:
        is_photo = len(label) >= LEAST_DIGITS and any(digest.startswith(label) for digest in photos)
        if (label not in known and not is_photo) or not label:
            raise UnknownLabel(
                f'"{label}" is nothing that this ledger could withhold; name a label, an entry as #12, or a photo.'
            )


def _reason(act: a.Act, reasons: Mapping[str, str], entry_index: int) -> str | None:
    if isinstance(act, a.PersonEnrolled | a.OfficerNamed | a.CrewListed):
        return "names of people: roles are enough to read this pack"
    if isinstance(act, a.ExhibitFiled) and act.shielded:
        return "injury material: shown on request only"
    label, ref = str(getattr(act, "label", "")), str(getattr(act, "ref", ""))
    return next((reasons[name] for name in (label, ref, f"#{entry_index}") if name and name in reasons), None)


def _with_what_repeats_it(desk: Desk, reasons: dict[str, str]) -> dict[str, str]:
    """The reasons by label or id, and those of whatever says the same words again."""
    files = desk.files
    for paper in files.sources.values():
        name, whole = _name_of(paper.act), files.sources.get(paper.act.derived_from)
        if whole is None:
            continue
        if _name_of(whole.act) in reasons:
            reasons.setdefault(name, reasons[_name_of(whole.act)])
        elif name in reasons and desk.paper(whole.act.sha256) is not None:
            raise LeftOpen(
                f"{name} was taken out of {_name_of(whole.act)}, which this pack gives: withhold {_name_of(whole.act)} as well."
            )
    for filed in files.statements.values():
        name, source = filed.act.label or filed.act.ref, files.sources.get(filed.act.source)
        told_in = source.act.label or source.act.ref if source is not None else ""
        if told_in in reasons:
            reasons.setdefault(name, reasons[told_in])
        elif name in reasons and source is not None and desk.paper(source.act.sha256) is not None:
            raise LeftOpen(
                f"The words of {name} stand in {told_in}, which this pack gives: withhold {told_in} as well."
            )
    for claim in files.claims.values():
        said = files.statements.get(claim.act.statement)
        stands_in = said.act.label or said.act.ref if said is not None else ""
        if stands_in in reasons:
            reasons.setdefault(claim.act.label or claim.act.ref, reasons[stands_in])
    return reasons


def _name_of(act: a.SourceFiled) -> str:
    return act.label or act.ref


def redacted(desk: Desk, withheld: Iterable[Withheld]) -> Desk:
    """The desk as the recipient sees it: what is withheld reads as its number on the list."""
    numbers = {each.commitment: each.number for each in withheld}

    def words(commitment: str) -> str:
        number = numbers.get(commitment)
        return f"(withheld, item {number})" if number is not None else desk.open_words(commitment)

    return replace(
        desk,
        open_words=words,
        paper=lambda digest: None if digest in numbers else desk.paper(digest),
        photo=lambda digest: None if digest in numbers else desk.photo(digest),
    )


# --- what anybody can compute again --------------------------------------------------------------------------------


def comparison_json(desk: Desk) -> Json:
    """Every result with its entries and coverage, without a word that is sealed: the log alone gives it again."""
    matrix = matrix_of(desk.picture, desk.files)
    return {
        "checkpoint": {"log": desk.log, "size": matrix.size, "root": desk.root},
        "claims": [
            {"claim": row.claim.act.ref, "entry": row.claim.entry_index, **text.cell_json(desk, row.cell)}
            for group in matrix.groups
            for row in group.rows
        ],
        "contradictions": [[pair.first, pair.second] for pair in matrix.contradictions],
        "disputed": [
            {"row": each.row, "accounts": [[name, list(entries)] for name, entries in each.accounts]}
            for each in matrix.disputed
        ],
    }


def exhibits_register(desk: Desk) -> list[Json]:
    """The register of exhibits without sealed words: number, entry, what was judged. The log alone gives it again."""
    return [
        {
            name: row[name]
            for name in ("number", "exhibit", "entry", "item", "shielded", "judged", "judged_entry", "custody")
        }
        for row in text.exhibits_json(desk)
    ]


def data_files(desk: Desk, withheld: tuple[Withheld, ...]) -> dict[str, Any]:
    """The data of the pack by file name, as the recipient gets it."""
    hidden = {each.commitment for each in withheld}
    matrix = text.matrix_json(desk)
    return {
        "comparison.json": comparison_json(desk),
        "exhibits.json": exhibits_register(desk),
        "exhibits_words.json": text.exhibits_json(desk),
        "matrix.json": matrix,
        "questions.json": text.questions_json(desk),
        "knowledge.json": text.knowledge_json(desk),
        "freeze.json": text.freeze_json(desk),
        "registers.json": text.registers_json(desk),
        "roots.json": text.roots_json(desk),
        "terms.json": text.terms_json(desk),
        "case.jsonld": case_json(desk),
        "photos.json": photos_json(
            desk, {each.commitment: each.number for each in withheld}, given_photos(desk, hidden)
        ),
        "withheld.json": [each.plain() for each in withheld],
        "statements.json": [text.statement_json(desk, filed) for filed in desk.files.statements.values()],
        "sources.json": [
            {
                "source": filed.act.label,
                "sha256": filed.act.sha256,
                "size_bytes": filed.act.size_bytes,
                "media": filed.act.media,
                "title": desk.words(filed.act.title),
                "struck": [[span.start, span.end] for span in filed.act.struck],
                "filed_by": desk.label(filed.by),
                "entry": filed.entry_index,
                "court": text.court_json(desk, filed.act),
                "here": desk.paper(filed.act.sha256) is not None,
                "withheld": filed.act.sha256 in hidden,
            }
            for filed in desk.files.sources.values()
        ],
    }


def papers_of(desk: Desk) -> Iterator[tuple[str, bytes]]:
    """The bytes of every source that is here and given, under its hash."""
    for filed in desk.files.sources.values():
        content = desk.paper(filed.act.sha256)
        if content is not None:
            yield filed.act.sha256, content


# --- what is printed -----------------------------------------------------------------------------------------------


def document(desk: Desk, choices: Choices, withheld: tuple[Withheld, ...], strips: list[Json]) -> Json:
    """The printed part, as texts for the template: page one, then the sections in their order."""
    return {
        "title": "Evidence pack",
        "facts": [
            ["matter", _matter_named(desk, choices.incident)],
            ["for", text.plain_marks(" ".join(choices.audience.split()))],
            ["log", desk.log],
            ["entries", str(desk.picture.size)],
            ["root", desk.root],
            ["withheld", f"{len(withheld)} items, listed by number"],
        ],
        "strips": strips,
        "chains": [_chain(desk, origin_of(desk.picture, each)) for each in live_finds(desk.picture)],
        "recalls": list(_recalls(desk)),
        "sections": [_section(*each) for each in _sections(desk, choices, withheld)],
        "howto": list(HOW_TO_VERIFY),
    }


def _matter_named(desk: Desk, incident: str) -> str:
    """The label of the matter; of a freeze nobody opened a matter about, that and its entry."""
    known = incident in {filed.act.label for filed in desk.files.matters.values()}
    return incident if known or not incident.isdigit() else f"freeze of entry #{incident}; no matter was opened"


def _section(title: str, note: str, head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> Json:
    cells = [[text.plain_marks(str(cell)) for cell in row] for row in rows]
    # Under this title "None." would read as if nothing were missing; behind "No ..." it would deny that.
    nothing = "" if title == GAPS or note.startswith("No ") else " None."
    return {"title": title, "note": note, "head": list(head), "rows": cells, "nothing": nothing}


_Section = tuple[str, str, tuple[str, ...], Iterable[Iterable[object]]]


def _sections(desk: Desk, choices: Choices, withheld: tuple[Withheld, ...]) -> Iterator[_Section]:
    """The sections in the order of the trade: scope first, how to verify last (it has a page of its own)."""
    picture = desk.picture
    yield from _scope(desk)
    people = sorted(picture.persons.values(), key=lambda person: person.person)
    yield (
        "Persons and roles", "By role and label, in the order of their ids.", ("label", "roles", "key class", "entry"),
        ((p.label, ", ".join(map(plain_words, sorted(p.roles))), p.key_class, f"#{p.entry_index}") for p in people),
    )  # fmt: skip
    yield "Places and things", "", ("id", "label", "what", "entry"), _things(desk)
    yield (
        "Time line",
        _left_out(picture),
        ("entry", "time", "signed by, with what key", "what the entry says", "verdict"),
        _time_line(desk),
    )
    yield (
        "Custody chains",
        "As recorded; a report is not the doer's word.",
        ("thing", "entry", "time", "where or who", "signed by"),
        _custody(desk),
    )
    statements = [text.statement_json(desk, filed) or {} for filed in desk.files.statements.values()]
    yield (
        "Sources",
        "Every paper under its hash, byte for byte. What was struck out as no part of it is kept in its bytes; a passage set aside holds no statement by the word of whoever set it aside.",
        (
            "source",
            "what it is",
            "published, how it came",
            "SHA-256, bytes",
            "struck out",
            "filed and read by",
            "entry",
        ),
        _papers(desk),
    )
    yield (
        "Statements", _confirmation(desk), ("no.", "speaker", "where it stands", "the words", "how, to whom, when", "confirmed by"),
        (
            (s["statement"], _speaker(s), f"{s['cited']}, characters {', '.join(f'{first} to {past}' for first, past in s['spans'])}",
             s["in_context"] or "(not here)", _told(s), ", ".join(s["confirmed_by"]) + ("" if s["confirmed_apart"] else " (only by whom it is about)") + s["doubted"] + (f"; {s['also']}" if s["also"] else ""))
            for s in statements
        ),
    )  # fmt: skip
    yield (
        "Claims beside the record",
        f"Computed at entry {picture.size}, root {desk.root}. A result is of what the record was asked, which stands beside it, and not of the claim's words: who put the claim and what was asked into words is named with the claim.",
        ("claim", "who, heard how", "asked of the record", "the record", "what it rests on", "other accounts"),
        _claims(desk),
    )
    yield (
        "Open questions",
        f"{text.questions_json(desk)['open']} open. A question the record raises stands until an act of its own answers it.",
        ("question", "raised by", "state", "owner", "due", "what would answer it"),
        (
            (
                f"{q['question']}: {q['text']}" if q["question"] else q["text"],
                f"{q['origin']}, #{q['entry']}",
                q["state"],
                q["owner"],
                q["due"],
                q["would_answer"],
            )
            for q in text.questions_json(desk)["questions"]
        ),
    )
    yield from _registers(desk)
    exhibits = text.exhibits_json(desk)
    yield (
        "Exhibits",
        "All of them, in the order of filing.",
        ("no.", "exhibit", "what", "seal, agency's number", "derived", "viewed by", "judged", "custody lines"),
        (
            (
                e["number"],
                f"{e['exhibit']} ({e['item']}), filed by {e['filed_by']}{e['doubted']}",
                e["description"],
                ", ".join(filter(None, (e["seal"], e["agency_number"]))),
                _derived(e),
                "; ".join(f"{v['person']} {v['at']}, {plain_words(v['purpose'])}" for v in e["viewed_by"])
                or "nobody entered",
                e["judged"] + (f", by {e['judged_by']}" if e["judged_by"] else ""),
                len(e["custody"]),
            )
            for e in exhibits
        ),
    )
    photos = photos_json(desk, {w.commitment: w.number for w in withheld}, given_photos(desk, ()))
    yield (
        "Photos",
        "Every picture that a signed act names. None proves anything, and nothing looked at what is in one.",
        ("entry", "of", "by", "how", "cut into", "SHA-256", "its bytes"),
        (
            (f"#{p['entry']}", p["item"], p["by"], p["capture"], len(p["cells"]), p["sha256"][:16], p["bytes"])
            for p in photos
        ),
    )
    yield (
        GAPS,
        "Listed is where recording was assured. Everything else is a gap: silence there says nothing."
        if picture.coverage
        else "Recording is assured nowhere in this log: wherever it is silent, that says nothing.",
        ("subject", "place", "from", "to"),
        (
            (
                c.subject,
                desk.label(c.place),
                f"#{c.opened_entry}",
                f"#{c.closed_entry}" if c.closed_entry is not None else "goes on",
            )
            for c in picture.coverage
        ),
    )
    yield (
        "Who knew what",
        "Alike for every role.",
        ("entry", "who", "what", "about"),
        ((f"#{k['entry']}", k["who"], k["what"], plain_words(k["about"])) for k in text.knowledge_json(desk)),
    )
    yield (
        "Withheld from this copy",
        f"Reasons, who decided and whom to ask are the words of whoever made this pack. Decided, so they say, by {choices.decided_by.rstrip('.')}.",
        ("no.", "kind", "entry", "bytes", "reason", "ask"),
        ((w.number, _kind_words(w), f"#{w.entry_index}", w.size_bytes, w.reason, w.ask) for w in withheld),
    )
    yield (
        "What each signature is, and what it does not prove",
        "",
        ("class", "what signed", "does not prove"),
        SIGNATURES,
    )
    yield from _forms(desk)


def _scope(desk: Desk) -> Iterator[_Section]:
    freeze = text.freeze_json(desk)
    matters = text.registers_json(desk)["matters"]
    yield (
        "Scope and hold",
        "Kind and status change without touching what was filed." if matters else "No matter was opened.",
        ("matter", "kind", "status", "when", "by which source", "entered by", "entry"),
        (
            (
                m["title"],
                plain_words(s["kind"]),
                plain_words(s["status"]),
                s["when"] or "no day named",
                s["source"] or "no source named",
                s["by"] + s["doubted"],
                f"#{s['entry']}",
            )
            for m in matters
            for s in m["states"]
        ),
    )
    if freeze is not None:
        head = f"Held since entry #{freeze['entry']} ({freeze['cause']}). Release still needs: {', '.join(map(plain_words, freeze['release_still_needs']))}."
        yield (
            "Treat as live, secure these",
            head,
            ("thing", "why", "entry"),
            ((each["item"], each["why"], f"#{each['entry']}") for each in freeze["treat_as_live"]),
        )
        yield (
            "Muster",
            "Every gun and container by the record.",
            ("thing", "where", "who or where", "last agreed count", "could reach it since"),
            (
                (
                    m["item"],
                    m["where"],
                    m["who_or_where"] + m["told"],
                    m["last_agreed_count"] or "none",
                    ", ".join(m["could_reach_it_since"]),
                )
                for m in freeze["muster"]
            ),
        )
        yield (
            "Places held",
            "Every place known when everything was frozen: what lay there and who had said he was there, by the record.",
            ("place", "what lay there", "who had said he was there", "entries since that name it"),
            (
                (
                    p["place"],
                    ", ".join(p["lay_there"]),
                    ", ".join(p["said_to_be_there"]),
                    _entries(p["entries_since_the_freeze"]),
                )
                for p in freeze["places"]
            ),
        )
        yield (
            "Keys held",
            "Every key that could sign then. One that is taken back or changed since stands here with the entry that did it.",
            ("key", "whose", "class", "taken back or changed since"),
            ((k["key"], k["person"], k["class"], _entries(k["changed_since_the_freeze"])) for k in freeze["keys"]),
        )


def _derived(exhibit: Json) -> str:
    """What an exhibit was made from, and what was made from it."""
    parts = [f"from {exhibit['derived_from']}"] if exhibit["derived_from"] else []
    parts += [f"made from it: {', '.join(exhibit['derived'])}"] if exhibit["derived"] else []
    return "; ".join(parts)


def _entries(entries: list[int]) -> str:
    return ", ".join(f"#{entry}" for entry in entries) or "none"


def _things(desk: Desk) -> Iterator[tuple[object, ...]]:
    picture = desk.picture
    for gun in picture.guns.values():
        yield gun.gun, gun.label, f"gun, {gun.calibre}, serial {gun.serial}", f"#{gun.entry_index}"
    for box in picture.containers.values():
        yield box.container, box.label, box.kind.value, f"#{box.entry_index}"
    for lot in picture.lots.values():
        yield lot.lot, lot.label, "lot", ""
    for place in picture.places.values():
        yield place.place, place.label, place.place_class.value, f"#{place.entry_index}"


def _printed_from(picture: Picture) -> int:
    return max(0, picture.size - MOST_PRINTED)


def _left_out(picture: Picture) -> str:
    first = _printed_from(picture)
    return "" if not first else f"Entries #0 to #{first - 1} are in the log beside this and not printed."


def _time_line(desk: Desk) -> Iterator[tuple[object, ...]]:
    first = _printed_from(desk.picture)
    for done in desk.picture.journal:
        if done.entry_index < first:
            continue
        # What the inquiry filed stands in sections of its own.
        words = (
            f"files {a.wire_name(type(done.act)).replace('_', ' ')}"
            if isinstance(done.act, a.INQUIRY_ACTS)
            else print_phrase(done.act, desk)
        )
        said = done.verdict + text.filed_doubts(desk, done.entry_index)
        yield (
            f"#{done.entry_index}",
            done.at,
            f"{desk.label(done.by)}, {text.signed_with(desk, done.entry_index)}",
            words,
            said,
        )


def plain_words(word: str) -> str:
    """A word of the wire as people say it: "first_ad" is the first assistant director."""
    return {"first_ad": "first assistant director", "second_ad": "second assistant director"}.get(
        word, word.replace("_", " ")
    )


_KINDS: Final = {
    "person_enrolled": "name of a person",
    "officer_named": "name of an officer",
    "crew_listed": "name on a crew list",
    "source_filed": "title or other words of a source",
    "source": "bytes of a source",
    "statement_recorded": "words about a statement",
    "claim_made": "proposition of a claim",
    "exhibit_filed": "description of an exhibit",
}


def _kind_words(withheld: Withheld) -> str:
    """What kind of thing is withheld; a field that was left empty by who filed it says so."""
    kind = _KINDS.get(withheld.kind, plain_words(withheld.kind))
    return kind if withheld.size_bytes else f"{kind} (left empty)"


def _custody(desk: Desk) -> Iterator[tuple[object, ...]]:
    picture = desk.picture
    things = [*sorted(guns_in_question(picture)), *(e.act.item for e in desk.files.exhibits.values())]
    for thing in dict.fromkeys(things):
        for held in picture.custody.get(thing, ()):
            told = " (reported)" if held.reported else ""
            who = f"{held.hold.value} {desk.label(held.who) if held.who else ''}".strip()
            doubts = text.filed_doubts(desk, held.entry_index)
            yield desk.label(thing), f"#{held.entry_index}", held.at, who, desk.label(held.signer) + told + doubts


def _speaker(said: Json) -> str:
    """Who says it, for whom, and why he has no name."""
    for_whom = f", for {said['on_behalf_of']}" if said["on_behalf_of"] else ""
    return f"{said['speaker']}{for_whom}" + (f" ({said['unnamed']})" if said["unnamed"] else "")


def _told(said: Json) -> str:
    """How it was said, to whom, where it came out, of what other source it speaks, and the times with their words."""
    parts = [f"“{said['cue']}”" if said["cue"] else said["kind"]]
    parts += [f"to {said['addressee']}"] if said["addressee"] else []
    parts += [f"in {said['outlet']}"] if said["outlet"] else []
    parts += [f"speaks of {said['speaks_of']}"] if said["speaks_of"] else []
    parts += [f"told inside {said['nested_in']}"] if said["nested_in"] else []
    parts += [f"another printing of {said['rendering_of']}"] if said["rendering_of"] else []
    return "; ".join((*parts, said["times_line"])).removesuffix("; ")


def _papers(desk: Desk) -> Iterator[tuple[object, ...]]:
    files = desk.files
    for ref, filed in files.sources.items():
        act = filed.act
        struck = sum(span.end - span.start for span in act.struck)
        ranges = ", ".join(f"{span.start} to {span.end}" for span in act.struck)
        aside: dict[str, int] = {}
        for each in files.passages:
            if each.act.source == ref:
                who = desk.label(each.by)
                aside[who] = aside.get(who, 0) + len(each.act.spans)
        read = "".join(f"; {who}: {count} passages set aside" for who, count in aside.items())
        out_of = f"; out of {desk.label(act.derived_from)}" if act.derived_from else ""
        outlet = desk.words(act.outlet)
        yield (
            desk.label(ref),
            ", ".join(filter(None, (plain_words(act.kind.value), desk.words(act.title), outlet))) + out_of,
            ", ".join(filter(None, (act.published.start or "no day named", plain_words(act.how)))),
            f"{_hash(act.sha256)}, {act.size_bytes}, {'here' if desk.paper(act.sha256) is not None else 'not here'}",
            f"{struck} characters, {ranges}" if struck else "nothing",
            desk.label(filed.by) + read + text.filed_doubts(desk, filed.entry_index),
            f"#{filed.entry_index}",
        )


def _claims(desk: Desk) -> Iterator[tuple[object, ...]]:
    for group in text.matrix_json(desk)["questions"]:
        for claim in group["claims"]:
            who = claim["statement"]["speaker"] if claim["statement"] else "not named"
            others = f"otherwise: {', '.join(claim['otherwise'])}" if claim["otherwise"] else ""
            said = f"{claim['claim']}: {'denies: ' if claim['denied'] else ''}{claim['proposition'] or claim['stance']}"
            put = (
                f" (out of {claim['statement']['statement']}, put by {claim['worded_by']})"
                if claim["statement"]
                else ""
            )
            asked = "; and ".join(claim["asked"]) or "nothing"
            rests = "; ".join(_rests_on(claim["record"])) or "nothing"
            yield (
                said + put + claim["doubted"],
                f"{who}, {claim['heard']}",
                asked,
                claim["record"]["words"],
                rests,
                others,
            )


def _rests_on(record: Json) -> Iterator[str]:
    """What a result rests on: entries for it, against it and the claimant's own, coverage, and who could have entered it."""
    for side, head in (("supporting", "for it"), ("differing", "otherwise"), ("own", "his own")):
        if record[side]:
            yield f"{head}: {', '.join(each['words'] for each in record[side])}"
    for each in record["coverage"]:
        closed = f"#{each['closed_entry']}" if each["closed_entry"] is not None else "now"
        yield f"recording was on for {each['subject']} at {each['place']} from #{each['opened_entry']} to {closed}"
    if record["could_have_entered"]:
        could = "; ".join(f"{each['person']}, {each['devices']}" for each in record["could_have_entered"])
        yield f"could have entered it: {could}"


def _confirmation(desk: Desk) -> str:
    if not desk.files.statements:
        return "No statement was filed."
    versions = sorted({filed.act.suggested_by for filed in desk.files.statements.values()} - {""})
    return (
        f"{len(desk.files.statements)} statements. Suggested by {', '.join(versions) or 'nobody, marked by hand'}; a person"
        " confirmed each. In brackets stands what is around the words in their paragraph."
    )


def _registers(desk: Desk) -> Iterator[_Section]:
    shape = text.registers_json(desk)
    rows: list[tuple[object, ...]] = []
    rows += [
        ("notice", f"{n['fact']} to {n['to']}", f"by {n['by']}{n['doubted']}", n["when"], f"#{n['entry']}")
        for n in shape["notices"]
    ]
    rows += [("asked", n["person"], n["regarding"], f"asked by {n['by']}", f"#{n['entry']}") for n in shape["asked"]]
    rows += [
        (
            "reply",
            f"{n['person']}, as told by {n['by']}" if n["as_told"] else n["person"],
            n["regarding"],
            f"{n['reply']}{': ' if n['words'] else ''}{n['words']}{n['doubted']}",
            f"#{n['entry']}",
        )
        for n in shape["replies"]
    ]
    rows += [
        (
            "pack",
            n["audience"],
            f"{n['withheld']} withheld, of {n['matter']}, entered by {n['by']}",
            f"{n['at']}, at {n['checkpoint']} entries",
            f"#{n['entry']}",
        )
        for n in shape["packs"]
    ]
    others = "" if shape["packs"] else "No other pack of this matter is entered in this log."
    yield "Notices, replies, requests, other packs", others, ("kind", "who", "what", "answer or time", "entry"), rows
    yield (
        "Requests of agencies",
        "What was asked for and what came back, each answer at the checkpoint it was given at. A request without an answer stands open.",
        ("request", "agency", "what was asked for, due", "answer", "handed over", "at entries", "receipt", "entry"),
        _requests(shape["requests"]),
    )
    yield (
        "Interviews",
        "Who was there, from when to when with its breaks, and which recording and transcript by their hashes. Nobody adopted what he did not sign.",
        ("interview", "people", "when", "breaks", "recording, SHA-256", "transcript, SHA-256", "adopted by", "entry"),
        (
            (
                n["interview"], ", ".join(n["people"]), " to ".join(filter(None, n["when"])),
                "; ".join(" to ".join(pause) for pause in n["breaks"]) or "none", _hash(n["recording"]),
                _hash(n["transcript"]), _adopted(n), f"#{n['entry']}",
            )
            for n in shape["interviews"]
        ),
    )  # fmt: skip
    yield (
        "Reply slots",
        "Everybody whom a claim names may answer it; declining is an answer, and who was not asked stands as not asked.",
        ("person", "not asked", "asked, no answer yet", "answered", "declined"),
        _replies(desk),
    )


def _adopted(interview: Json) -> str:
    """Who adopted an interview by his own act; of whom it is only told stands behind, with who told it."""
    signed = ", ".join(interview["adopted_by"]) or "nobody"
    told = ", ".join(interview["adopted_as_told"])
    as_told = f"; told by {interview['by']} and not signed: {told}" if told else ""
    return f"{signed}{as_told}{interview['doubted']}"


def _hash(digest: str) -> str:
    """A hash in four parts, so that a narrow column can break it; "none" where there is none."""
    return " ".join(digest[at : at + 16] for at in range(0, len(digest), 16)) or "none"


def _requests(requests: list[Json]) -> Iterator[tuple[object, ...]]:
    """One row an answer, or one for a request that has none yet."""
    for n in requests:
        asked = n["request"], n["agency"], f"{n['wanted']}, due {n['due'] or 'no day'}"
        for each in n["answers"]:
            given = ", ".join(each["handed_over"])
            yield (
                *asked,
                plain_words(each["answer"]),
                given,
                each["at_checkpoint"],
                each["receipt"],
                f"#{each['entry']}, by {each['by']}",
            )
        if not n["answers"]:
            yield *asked, "no answer yet", "", "", "", f"#{n['entry']}, by {n['by']}"


def _replies(desk: Desk) -> Iterator[tuple[object, ...]]:
    """One row a person named in a claim: which claims he was asked about, and what came back."""
    slots: dict[str, dict[str, list[str]]] = {}
    for group in text.matrix_json(desk)["questions"]:
        for claim in group["claims"]:
            for slot in claim["named"]:
                slots.setdefault(slot["person"], {}).setdefault(slot["reply"], []).append(claim["claim"])
    for person, states in sorted(slots.items()):
        not_asked, asked, declined = (", ".join(states.get(state, ())) for state in _SLOT_STATES)
        answered = ", ".join(
            each + (" (as told by another)" if state.endswith(" as told") else "")
            for state, claims in states.items()
            if state not in _SLOT_STATES and not state.startswith("declined")
            for each in claims
        )
        told = ", ".join(states.get("declined as told", ()))
        as_told = f"{told} (as told by another)" if told else ""
        yield person, not_asked, asked, answered, "; ".join(each for each in (declined, as_told) if each)


_SLOT_STATES: Final = ("not asked", "asked", "declined")


def _forms(desk: Desk) -> Iterator[_Section]:
    """Custody forms to fill in by hand, and the drafts of the two certificates."""
    rows = [(e["exhibit"], e["description"], e["seal"], "", "", "", "") for e in text.exhibits_json(desk)]
    head = (
        "item",
        "description",
        "seal",
        "released by, signature",
        "received by, signature",
        "date, time, purpose",
        "condition",
    )
    yield (
        "Custody form (to be continued by hand)",
        "A line without a signature is a gap, and is shown as one.",
        head,
        rows,
    )
    yield (
        "Draft certificates",
        "Drafts, not reviewed by counsel; the signer fills in who he is.",
        ("certificate", "text"),
        (
            (
                "record of a regularly conducted activity",
                "I am responsible for this record. Its entries were made at or near the time by the people who signed them, or by the system, in the regular course of the production; making them was a regular practice.",
            ),
            (
                "data copied from an electronic device",
                f"This folder was copied by a process of digital identification: each file has the SHA-256 listed, and the log has root {desk.root} at {desk.picture.size} entries.",
            ),
        ),
    )


def _chain(desk: Desk, origin: Origin) -> Json:
    picture = desk.picture
    steps = [
        f"#{step.entry_index}  {step.act.replace('_', ' ')}{' (reported)' if step.reported else ''}: "
        f"{spot_text(picture, step.start) or 'not said'} → {spot_text(picture, step.end) or 'not said'}"
        for step in origin.chain
    ]
    if origin.gap is not None:
        start = f"#{origin.gap.from_entry}" if origin.gap.from_entry is not None else "the beginning"
        holder = holder_text(picture, origin.gap)
        end = f"GAP between {start} and #{origin.gap.to_entry}. Last recorded holder: {holder}. Recording: {origin.gap.recording}."
    else:
        assert origin.receipt is not None, "a chain without a gap ends at a receipt"
        end = f"Receipt signed by both sides: #{origin.receipt[0]} and #{origin.receipt[1]}."
    drawn = printed_picture(chain_picture(picture, origin))
    return {
        "thing": desk.label(origin.round_id),
        "steps": steps,
        "end": end,
        "gap": origin.gap is not None,
        "svg": drawn,
    }


def _recalls(desk: Desk) -> Iterator[Json]:
    """One drawing a lot that a live find belongs to: what to secure, in rings."""
    picture = desk.picture
    lots = dict.fromkeys(picture.cartridges[each].lot for each in live_finds(picture))
    for lot in lots:
        if lot:
            drawn = printed_picture(recall_picture(picture, recall_of(picture, lot), lot))
            yield {"lot": desk.label(lot), "svg": drawn}


# --- the strip of a gun's day --------------------------------------------------------------------------------------


def guns_of_incident(desk: Desk) -> tuple[str, ...]:
    """The guns of the freeze, then those that fired when nobody meant it: their strips stand on page one."""
    frozen = freeze_of(desk.picture, desk.files)
    acts = (done.act.told if isinstance(done.act, a.Reported) else done.act for done in desk.picture.journal)
    fired = [act.gun for act in acts if isinstance(act, a.Discharged) and not act.planned]
    return tuple(dict.fromkeys((*(frozen.guns if frozen is not None else ()), *fired)))


def strips_printed(steps: Iterable[Step], *, draft: str, first: tuple[str, ...] = ()) -> list[Json]:
    """One strip a gun, `first` ones before those in the order of registration: its last day, drawn for paper."""
    strips = strips_of(steps)
    order = {gun: place for place, gun in enumerate(first)}
    ranked = sorted(strips, key=lambda strip: order.get(strip.gun, len(order)))
    return [
        {
            "gun": f"{strip.word_name} ({strip.label})",
            "day": strip.on,
            "words": headline(strip),
            "marks": [
                *(
                    f"#{call.entry_index} {call.word} {clock(call.start_at)} to {clock(call.end_at)}"
                    for call in strip.calls
                ),
                *(f"#{void.entry_index} void {clock(void.at)}: {void_text(void)}" for void in strip.voids),
            ],
            "svg": printed_svg(strip, draft=draft),
        }
        for strip in ranked
    ]
