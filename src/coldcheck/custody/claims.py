"""Claims beside the record and beside each other: the matrix and the other views of the inquiry.

Everybody stands in the same form, in the order of his id or of the entry, never by anything else. Contradictions come out
by themselves: two claims about one pattern that cannot both be so, and reports of one event that differ. Does not do:
weigh, rank or choose; a reader sees the words, the entries and the coverage.

    matrix_of(picture).groups[0].rows[0].cell.result  ->  Result.DIFFERS
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from coldcheck.custody import acts as a
from coldcheck.custody.compare import ActIndex, Cell, compare, index_of, span_of
from coldcheck.custody.matter import Filed, Files, files_of
from coldcheck.custody.picture import Done, Picture
from coldcheck.custody.things import Id

NOT_ASKED: Final = "not_asked"
AS_TOLD: Final = "_as_told"
"""Behind a reply that somebody else entered for him: whoever signed that stands by it, not he."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One claim in the matrix: the record's column, and the claims by others that say the same or otherwise."""

    claim: Filed[a.ClaimMade]
    statement: Filed[a.StatementRecorded] | None
    cell: Cell
    same: tuple[Id, ...]
    otherwise: tuple[Id, ...]
    depth: int
    named: tuple[tuple[Id, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The claims on one question, oldest first; `topic` is "" for those on none."""

    topic: Id
    rows: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two claims that cannot both be so; `by_hand` is the entry of a person's tie, None where the patterns show it."""

    first: Id
    second: Id
    same_person: bool
    by_hand: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """One event of which reports differ, with the entries of each account."""

    row: str
    accounts: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The whole comparison at one size of the log."""

    size: int
    groups: tuple[Group, ...]
    contradictions: tuple[Contradiction, ...]
    disputed: tuple[Disputed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A witness a claim rests on: the claims that lead back to him, and earlier tellings by others of the same."""

    witness: Id
    claims: tuple[Id, ...]
    first_said: str
    told_before_by: tuple[Id, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roots:
    """How many witnesses stand behind what several claims say; repetition adds none."""

    claims: tuple[Id, ...]
    roots: tuple[Root, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """One word with more than one meaning, and the claims that use each."""

    term: str
    meanings: tuple[tuple[str, tuple[Id, ...]], ...]


# --- the matrix ----------------------------------------------------------------------------------------------------


def matrix_of(picture: Picture, files: Files | None = None) -> Matrix:
    """Every claim beside the record as of `picture.size`, grouped by question in the order of filing."""
    files = files or files_of(picture)
    index = index_of(picture)
    pairs = tuple(_contradictions(files))
    opposed = _sides(pairs)
    agreed = _same(files)
    groups: dict[Id, list[ClaimRow]] = {topic: [] for topic in files.questions}
    for ref, claim in files.claims.items():
        row = _row(index, files, claim, same=agreed.get(ref, ()), otherwise=opposed.get(ref, ()))
        groups.setdefault(claim.act.topic, []).append(row)
    return Matrix(
        size=picture.size,
        groups=tuple(Group(topic=topic, rows=tuple(rows)) for topic, rows in groups.items() if rows),
        contradictions=pairs,
        disputed=disputed_of(picture),
    )


def _row(
    index: ActIndex, files: Files, claim: Filed[a.ClaimMade], *, same: tuple[Id, ...], otherwise: tuple[Id, ...]
) -> ClaimRow:
    said = files.statements.get(claim.act.statement)
    nested = 0
    inner = said
    seen: set[Id] = set()
    while inner is not None and inner.act.nested_in and inner.act.nested_in not in seen:
        seen.add(inner.act.nested_in)
        inner = files.statements.get(inner.act.nested_in)
        nested += 1
    return ClaimRow(
        claim=claim,
        statement=said,
        cell=compare(index, files, claim),
        same=same,
        otherwise=otherwise,
        depth=max(len(claim.act.chain), nested),
        named=tuple((person, reply_of(files, person, claim.act)) for person in people_in(claim.act)),
    )


def people_in(claim: a.ClaimMade) -> tuple[Id, ...]:
    """The people a claim's pattern names, in the order of their ids."""
    values = {row.value for pattern in claim.patterns for row in (*pattern.fixed, *pattern.wanted)}
    return tuple(sorted(value for value in values if a.ID_FORM.fullmatch(value) and value.startswith("p")))


def reply_of(files: Files, person: Id, claim: a.ClaimMade) -> str:
    """The state of `person`'s reply slot: not_asked, asked, replied, declined, corrected, or one of these as_told.

    His own reply stands over any that others entered for him; what he replies is his own word, and told by another it
    says so.
    """
    about = {claim.ref, claim.statement}
    replies = [filed for filed in files.replies if filed.act.person == person and filed.act.regarding in about]
    own = [filed for filed in replies if filed.by == person]
    if replies:
        last = (own or replies)[-1]
        return last.act.reply.value + (AS_TOLD if last.by != person else "")
    asked = any(filed.act.person == person and filed.act.regarding in about for filed in files.asked)
    return "asked" if asked else NOT_ASKED


def confirmed_apart(files: Files, statement: Id) -> bool:
    """Whether somebody confirmed the statement whom it is not about: neither its speaker nor a person its claims name."""
    said = files.statements.get(statement)
    if said is None:
        return False
    claims = (claim.act for claim in files.claims.values() if claim.act.statement == statement)
    own = {said.act.speaker, said.act.on_behalf_of, *(person for claim in claims for person in people_in(claim))}
    confirmers = {said.by, *(each.by for each in files.confirmations if each.act.statement == statement)}
    return bool(confirmers - own)


# --- claims beside claims ------------------------------------------------------------------------------------------


def speaker_of(files: Files, claim: a.ClaimMade) -> Id:
    """Who says it, or "" where the source names nobody the record knows."""
    said = files.statements.get(claim.statement)
    return said.act.speaker if said is not None else ""


def root_of(files: Files, claim: a.ClaimMade) -> Id:
    """The witness a claim goes back to: the innermost teller, else whom the speaker speaks for, else the speaker."""
    said = files.statements.get(claim.statement)
    if claim.chain:
        return claim.chain[-1]
    return (said.act.on_behalf_of or said.act.speaker) if said is not None else ""


def _key(pattern: a.PatternRow) -> tuple[object, ...]:
    return (pattern.act_name, frozenset(pattern.fixed), pattern.place)


def _meet(one: a.PatternRow, two: a.PatternRow) -> bool:
    """Whether the windows of two patterns touch; open ones touch everything."""
    if len(one.entries) == 2 and len(two.entries) == 2:  # noqa: PLR2004  # from and to
        return one.entries[0] <= two.entries[1] and two.entries[0] <= one.entries[1]
    (first, last), (start, end) = span_of(one.when), span_of(two.when)
    return first <= end and start <= last


def _by_key(files: Files) -> dict[tuple[object, ...], list[tuple[Filed[a.ClaimMade], a.PatternRow]]]:
    out: dict[tuple[object, ...], list[tuple[Filed[a.ClaimMade], a.PatternRow]]] = {}
    for claim in files.claims.values():
        if claim.act.stance in {a.Stance.QUESTION, a.Stance.DECLINE}:
            continue
        for pattern in claim.act.patterns:
            out.setdefault(_key(pattern), []).append((claim, pattern))
    return out


def _contradictions(files: Files) -> Iterator[Contradiction]:
    """Pairs of claims that cannot both be so, by their patterns or by a person's tie, each pair once."""
    seen: set[tuple[Id, Id]] = set()
    for about in _by_key(files).values():
        for (one, first), (two, second) in combinations(about, 2):
            pair = (one.act.ref, two.act.ref)
            if one is two or pair in seen or not _meet(first, second) or not _opposed(one.act, first, two.act, second):
                continue
            seen.add(pair)
            yield _pair(files, one.act, two.act, None)
    for tie in files.ties:
        known = (files.claims.get(tie.act.first), files.claims.get(tie.act.second))
        one_claim, two_claim = known
        pair = (tie.act.first, tie.act.second)
        if tie.act.tie is not a.Tie.CONTRADICTS or one_claim is None or two_claim is None or pair in seen:
            continue
        seen.add(pair)
        yield _pair(files, one_claim.act, two_claim.act, tie.entry_index)


def _pair(files: Files, one: a.ClaimMade, two: a.ClaimMade, by_hand: int | None) -> Contradiction:
    first, second = speaker_of(files, one), speaker_of(files, two)
    return Contradiction(first=one.ref, second=two.ref, same_person=bool(first) and first == second, by_hand=by_hand)


def _opposed(one: a.ClaimMade, first: a.PatternRow, two: a.ClaimMade, second: a.PatternRow) -> bool:
    """One denies what the other says, or they put different values into a field that can have one."""
    if one.denied and two.denied:
        return False
    said, other = _wanted(first), _wanted(second)
    if one.denied != two.denied:
        denied, asserted = (said, other) if one.denied else (other, said)
        return all(asserted.get(name) == value for name, value in denied.items())
    slots = set(first.slots) & set(second.slots)
    return any(name in said and name in other and said[name] != other[name] for name in slots)


def _wanted(pattern: a.PatternRow) -> dict[str, str]:
    return {field.name: field.value for field in pattern.wanted}


def _sides(pairs: Iterable[Contradiction]) -> Mapping[Id, tuple[Id, ...]]:
    out: dict[Id, list[Id]] = {}
    for pair in pairs:
        out.setdefault(pair.first, []).append(pair.second)
        out.setdefault(pair.second, []).append(pair.first)
    return {ref: tuple(others) for ref, others in out.items()}


def _same(files: Files) -> Mapping[Id, tuple[Id, ...]]:
    """For every claim the others that say the same, by pattern or by a person's tie."""
    out: dict[Id, dict[Id, None]] = {}
    for group in _alike(files):
        for ref in group:
            out.setdefault(ref, {}).update((other, None) for other in group if other != ref)
    return {ref: tuple(others) for ref, others in out.items()}


def _alike(files: Files) -> tuple[tuple[Id, ...], ...]:
    """Groups of two or more claims that say the same thing, in the order of filing."""
    said: dict[tuple[object, ...], dict[Id, None]] = {}
    for key, about in _by_key(files).items():
        for claim, pattern in about:
            said.setdefault((key, claim.act.denied, frozenset(pattern.wanted)), {})[claim.act.ref] = None
    groups = [list(group) for group in said.values() if len(group) > 1]
    groups += [
        [tie.act.first, tie.act.second]
        for tie in files.ties
        if tie.act.tie is a.Tie.SAME and tie.act.first in files.claims and tie.act.second in files.claims
    ]
    return tuple(tuple(group) for group in _merged(groups))


def _merged(groups: list[list[Id]]) -> list[list[Id]]:
    out: list[list[Id]] = []
    for group in groups:
        touching = [known for known in out if set(known) & set(group)]
        joined = list(dict.fromkeys(ref for known in (*touching, group) for ref in known))
        out = [known for known in out if known not in touching] + [joined]
    return out


# --- the record's own disputes -------------------------------------------------------------------------------------


def disputed_of(picture: Picture) -> tuple[Disputed, ...]:
    """Every reported event whose accounts differ, in the order of the first report, with the entries of each."""
    rows: dict[str, dict[str, list[Done]]] = {}
    for done in picture.journal:
        if isinstance(done.act, a.Reported) and done.act.grade is a.Grade.CONTRADICTORY:
            rows.setdefault(done.act.row, {}).setdefault(done.act.account, []).append(done)
    return tuple(
        Disputed(
            row=row,
            accounts=tuple((name, tuple(done.entry_index for done in told)) for name, told in accounts.items()),
        )
        for row, accounts in rows.items()
        if len({frozenset(_told(done) for done in told) for told in accounts.values()}) > 1
    )


def _told(done: Done) -> tuple[str, Id, str, str]:
    assert isinstance(done.act, a.Reported)
    return (a.act_hash(done.act.told), done.act.who, done.act.when.start, done.act.when.end)


# --- the other views -----------------------------------------------------------------------------------------------


def accounts_of(files: Files, person: Id) -> tuple[Filed[a.ClaimMade], ...]:
    """What one person is on record as saying, himself or through others, by when it was said, then by entry."""
    told = [
        claim
        for claim in files.claims.values()
        if person in {speaker_of(files, claim.act), root_of(files, claim.act)} - {""}
    ]
    return tuple(sorted(told, key=lambda claim: (said_at(files, claim.act), claim.entry_index)))


def said_at(files: Files, claim: a.ClaimMade) -> str:
    """When it was said at the earliest, else recorded, aired or published; "~" sorts the unknown last."""
    said = files.statements.get(claim.statement)
    times = {row.of: row.when.start for row in said.act.times if row.when.start} if said is not None else {}
    source = files.sources.get(said.act.source) if said is not None else None
    published = source.act.published.start if source is not None else ""
    return next((times[of] for of in a.TimeOf if of in times), published or "~")


def moment_of(
    picture: Picture, files: Files, when: a.Interval
) -> tuple[tuple[Done, ...], tuple[Filed[a.ClaimMade], ...]]:
    """All entries whose time, and all claims whose window, touches `when`. What the inquiry files has its own time."""
    first, last = span_of(when)
    done = tuple(
        each for each in picture.journal if not isinstance(each.act, a.INQUIRY_ACTS) and _touches(each, first, last)
    )
    claims = tuple(
        claim
        for claim in files.claims.values()
        if any(_around(picture, pattern, first, last) for pattern in claim.act.patterns)
    )
    return done, claims


def _touches(done: Done, first: str, last: str) -> bool:
    if not isinstance(done.act, a.Reported):
        return first <= done.at <= last
    start, end = span_of(done.act.when)
    return bool(start) and start <= last and first <= end


def _around(picture: Picture, pattern: a.PatternRow, first: str, last: str) -> bool:
    if len(pattern.entries) == 2:  # noqa: PLR2004  # from and to
        start, end = (picture.journal[picture.entry_acts[min(entry, picture.size - 1)]].at for entry in pattern.entries)
        return start <= last and first <= end
    start, end = span_of(pattern.when)
    return bool(start) and start <= last and first <= end


def roots_of(files: Files) -> tuple[Roots, ...]:
    """For every group of claims that say the same, the witnesses they go back to. Claims by nobody known have no root."""
    return tuple(Roots(claims=group, roots=tuple(_roots(files, group))) for group in _alike(files))


def _roots(files: Files, group: tuple[Id, ...]) -> Iterator[Root]:
    by_witness: dict[Id, list[a.ClaimMade]] = {}
    for ref in group:
        claim = files.claims[ref].act
        by_witness.setdefault(root_of(files, claim), []).append(claim)
    first_said = {who: min(said_at(files, claim) for claim in told) for who, told in by_witness.items() if who}
    for witness in sorted(first_said):
        # The day may be all that is known: only what was told on an earlier day counts as heard before.
        before = tuple(who for who in sorted(first_said) if first_said[who][:10] < first_said[witness][:10])
        yield Root(
            witness=witness,
            claims=tuple(claim.ref for claim in by_witness[witness]),
            first_said=first_said[witness].removesuffix("~"),
            told_before_by=before,
        )


def clashes_of(files: Files) -> tuple[Clash, ...]:
    """Every word of the trade that claims use with more than one meaning."""
    used: dict[str, dict[str, list[Id]]] = {}
    for ref, claim in files.claims.items():
        for row in claim.act.terms:
            # A meaning nobody noted is a question of the register, and no second meaning.
            if not row.meaning:
                continue
            used.setdefault(row.term, {}).setdefault(row.meaning, []).append(ref)
    return tuple(
        Clash(term=term, meanings=tuple((meaning, tuple(refs)) for meaning, refs in sorted(meanings.items())))
        for term, meanings in sorted(used.items())
        if len(meanings) > 1
    )
