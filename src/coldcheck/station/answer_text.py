"""Answers, traces and cards in words for a terminal, and in the JSON shapes of the commands.

Nothing is decided here. Labels come from the picture; people appear by their label on set (ARM, AD1), which in a real
production is the role's short name and never a person's name.
"""

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from coldcheck.custody import wording
from coldcheck.custody.acts import KeyRevoked
from coldcheck.custody.answers import OUTSIDE, Account, Answer, answer
from coldcheck.custody.origin_kinds import Hypothesis
from coldcheck.custody.picture import Picture, acts_of_entry
from coldcheck.custody.spoken import TABLES
from coldcheck.custody.things import Finding, Hold, Id, Placement, Spot
from coldcheck.custody.tongues import ENGLISH, Tongue
from coldcheck.custody.trace import Access, Gap, Interval, Origin, Reach, Secure
from coldcheck.custody.trace_rings import Recall
from coldcheck.custody.views import Card

Json = dict[str, Any]
_STATES: Final = MappingProxyType({Hold.DISPUTED: "in disputed custody", Hold.UNKNOWN: "not recorded who had it"})
_MOST_NAMED: Final = 12
_MINUTE_S: Final = 60
_HOUR_S: Final = 3_600
_DAY_S: Final = 86_400


def label_of(picture: Picture, thing: str, *, tongue: Tongue = ENGLISH) -> str:
    """What people call a thing: its label, the label of a list of ids each, or the text itself."""
    if "," in thing:
        return ", ".join(label_of(picture, part, tongue=tongue) for part in thing.split(","))
    for known in (picture.persons, picture.guns, picture.containers, picture.lots, picture.places):
        if thing in known:
            return known[thing].label
    if thing in picture.cartridges:
        return picture.cartridges[thing].label or _where_it_lies(picture, thing, tongue)
    return thing


def _where_it_lies(picture: Picture, round_id: Id, tongue: Tongue) -> str:
    spot = picture.spots.get(round_id)
    return tongue.say("the round in {spot}", spot=spot_text(picture, spot)) if spot is not None else round_id


def spot_text(picture: Picture, spot: Spot | None) -> str:
    """A spot as people write it: Tray-1/3; "" for none."""
    if spot is None:
        return ""
    return f"{label_of(picture, spot.thing)}/{spot.cell}" if spot.cell else label_of(picture, spot.thing)


def cells_of(picture: Picture, rounds: list[Id], *, tongue: Tongue = ENGLISH) -> Iterator[str]:
    """Rounds without a label by where they lie, those in cells that follow each other as one: Tray-1/2 to 14."""
    lying: dict[Id, list[int]] = {}
    for one in rounds:
        spot = picture.spots.get(one)
        if spot is not None and spot.cell.isdigit():
            lying.setdefault(spot.thing, []).append(int(spot.cell))
        else:
            yield label_of(picture, one, tongue=tongue)
    for thing, cells in sorted(lying.items(), key=lambda item: natural(label_of(picture, item[0]))):
        cells.sort()
        begins = [cell for number, cell in enumerate(cells) if not number or cells[number - 1] != cell - 1]
        ends = [cell for number, cell in enumerate(cells) if cell == cells[-1] or cells[number + 1] != cell + 1]
        for first, last in zip(begins, ends, strict=True):
            begin = f"{label_of(picture, thing)}/{first}"
            yield begin if last == first else tongue.say("{start} to {end}", start=begin, end=last)


def natural(label: str) -> tuple[tuple[bool, int, str], ...]:
    """A sort key that puts Tray-1/2 before Tray-1/10."""
    parts = re.split(r"(\d+)", label)
    return tuple((part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts)


def duration_text(seconds: int | None, *, tongue: Tongue = ENGLISH) -> str:
    """A duration in the two largest units that fit; "time not recorded" for None."""
    if seconds is None:
        return tongue.say("time not recorded")
    days, rest = divmod(seconds, _DAY_S)
    hours, rest = divmod(rest, _HOUR_S)
    minutes, left = divmod(rest, _MINUTE_S)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (left, "s")]
    first = next((number for number, (amount, _unit) in enumerate(parts) if amount), len(parts) - 1)
    return " ".join(f"{amount} {unit}" for amount, unit in parts[first : first + 2] if amount) or "0 s"


def finding_text(picture: Picture, finding: Finding) -> str:
    """One finding in words: what was found, what is needed, who can do it, and which rule of which file and source."""
    rulebook = picture.rulebook
    rule = rulebook.rule(finding.rule) if rulebook is not None else None
    if rulebook is None or rule is None:
        return f"{finding.rule}: " + wording.sentence_of(finding, label=lambda thing: label_of(picture, thing))
    found = wording.found_of(finding, label=lambda thing: label_of(picture, thing))
    return wording.taught(rule, finding, file=rulebook.file_of(rule.id), draft=rulebook.draft, found=found)


def verdict_lines(picture: Picture, verdict: str, findings: tuple[Finding, ...]) -> Iterator[str]:
    """A verdict for the one who asked: one headline with every rule that is not met, then each finding by itself."""
    rules = ", ".join(dict.fromkeys(finding.rule for finding in findings))
    count = len({finding.rule for finding in findings})
    met = f": {count} {'rule is' if count == 1 else 'rules are'} not met ({rules})" if findings else ""
    yield f"{verdict[0].upper()}{verdict[1:]}{met}"
    for finding in findings:
        yield f"  {finding_text(picture, finding)}"


def rules_line(picture: Picture) -> str:
    """Which rulebooks are in force, and that they are a draft while nobody has reviewed them."""
    if picture.rulebook is None:
        return "rules: none in force"
    draft = f" ({picture.rulebook.draft})" if picture.rulebook.draft else ""
    return f"rules: {picture.rulebook.name}{draft}"


# --- answers -------------------------------------------------------------------------------------------------------


def account_line(picture: Picture, account: Account) -> str:
    """One account as a line: what was signed with its entry, or what is reported with sources and reported time."""
    values = {name: label_of(picture, value) for name, value in account.values}
    said = wording.account_text(account.gist, values, who=label_of(picture, account.who))
    if account.own:
        return f"{said}, entry {account.entry_index}{_doubt(picture, account)}"
    rival = f", account {account.name}" if account.name else ""
    when = account.when if account.when.strip(" to") else "time unknown"
    # What somebody told on a phone that he held out has no row and no papers.
    row = f"{account.row}, " if account.row else ""
    papers = f"{', '.join(account.sources)}; " if account.sources else ""
    at = f"entry {account.entry_index}{_doubt(picture, account)}"
    return f"reported: {said} ({row}{account.grade}{rival}; {papers}{when}; {at})"


def doubted_by(picture: Picture, entry_index: int, *, tongue: Tongue = ENGLISH) -> str:
    """What an entry did to the one it doubts, in words that its number follows."""
    revoked = any(isinstance(done.act, KeyRevoked) for done in acts_of_entry(picture, entry_index))
    if revoked:
        return tongue.say("signed with a key revoked as lost or in other hands by")
    return tongue.say("taken back, corrected or disputed by")


def _doubt(picture: Picture, account: Account) -> str:
    at = account.doubted_entry
    return "" if at is None else f" ({doubted_by(picture, at)} entry {at})"


def answer_lines(picture: Picture, told: Answer) -> Iterator[str]:
    """The whole answer for a terminal, line by line."""
    yield told.question[0].upper() + told.question[1:]
    if told.standing == "outside":
        yield "  " + wording.NO_RECORD_HOLDS[OUTSIDE[told.question]]
        return
    yield f"  {wording.STANDINGS[told.standing]}" + _as_of(picture) + f"; {rules_line(picture)}"
    if told.origins:
        for origin in told.origins:
            yield from origin_lines(picture, origin)
    else:
        for account in told.accounts:
            yield f"  - {account_line(picture, account)}"
        if not told.accounts:
            yield "  - no entry about it"
    if told.hypotheses:
        yield "  Kinds of story, none of which an incomplete record excludes (no person):"
        yield from story_lines(told.hypotheses)


def story_lines(stories: tuple[Hypothesis, ...], *, tongue: Tongue = ENGLISH) -> Iterator[str]:
    """Each kind of story with its entries, and what would decide it."""
    for story in stories:
        yield f"    {story.id} {tongue.say(wording.HYPOTHESES[story.kind])}{_entries(story.entries, tongue=tongue)}"
        decides = tongue.say(wording.DECIDING[story.kind])
        yield "       " + tongue.say("would decide it: {what}", what=decides)


def _as_of(picture: Picture) -> str:
    return f" (as of entry {picture.size - 1})" if picture.size else " (the record has no entry at all)"


def _entries(entries: tuple[int, ...], *, most: int = 8, tongue: Tongue) -> str:
    if not entries:
        return ""
    shown = ", ".join(map(str, entries[:most]))
    more = " " + tongue.say("and {count} more", count=len(entries) - most) if len(entries) > most else ""
    return ": " + tongue.say("entries {entries}", entries=shown) + more


def origin_lines(picture: Picture, origin: Origin, *, tongue: Tongue = ENGLISH) -> Iterator[str]:
    """The chain of one round, newest step first, its end, and what to secure."""
    yield f"  {label_of(picture, origin.round_id, tongue=tongue)} ({kind_text(origin, tongue=tongue)})"
    for step in origin.chain:
        yield "    " + _step_line(picture, step, tongue)
    if origin.receipt is not None:
        gave, got = origin.receipt
        yield "    " + tongue.say(
            "ends at a receipt: supplier's half entry {gave}, receiver's half entry {got}", gave=gave, got=got
        )
        if not origin.ever_proven:
            yield "    " + tongue.say("no test by two people stands between receipt and find")
    if origin.gap is not None:
        yield from _gap_lines(picture, origin.gap, tongue)
    if origin.secure_now:
        named = [
            f"{text} ({tongue.say(wording.SECURE[why])})"
            for text, why, _entry in secure_texts(picture, origin.secure_now, tongue=tongue)
        ]
        more = len(named) - _MOST_NAMED
        rest = "; " + tongue.say("and {count} more", count=more) if more > 0 else ""
        yield "    " + tongue.say("secure now: {what}", what="; ".join(named[:_MOST_NAMED]) + rest)


def kind_text(origin: Origin, *, tongue: Tongue) -> str:
    """What kind of round it was found or tested to be."""
    return tongue.word(origin.kind, *TABLES) if origin.kind else tongue.say("kind not established")


def secure_texts(
    picture: Picture, items: tuple[Secure, ...], *, tongue: Tongue = ENGLISH
) -> Iterator[tuple[str, str, int]]:
    """What to secure, why (a key of wording) and its entry, in their order; rounds in cells that follow each other as one."""
    for why, entry in dict.fromkeys((item.why, item.entry_index) for item in items):
        together = [item.item for item in items if (item.why, item.entry_index) == (why, entry)]
        in_cells = [one for one in together if _lies_unlabelled(picture, one) and picture.spots[one].cell.isdigit()]
        for one in together:
            if one not in in_cells:
                yield label_of(picture, one, tongue=tongue), why, entry
        for cells in cells_of(picture, in_cells, tongue=tongue):
            many = " " in cells
            yield tongue.say("the rounds in {spot}" if many else "the round in {spot}", spot=cells), why, entry


def _lies_unlabelled(picture: Picture, thing: Id) -> bool:
    known = picture.cartridges.get(thing)
    return known is not None and not known.label and thing in picture.spots


def ending_line(picture: Picture, origin: Origin, *, tongue: Tongue = ENGLISH) -> str:
    """Where the chain of one round ends, in a sentence or two: what a reader should meet before the chain itself."""
    if origin.receipt is not None:
        gave, got = origin.receipt
        ends = tongue.say("The chain ends at a signed receipt: entries {gave} and {got}.", gave=gave, got=got)
        tested = tongue.say("No test by two people stands between the receipt and the find.")
        return ends if origin.ever_proven else f"{ends} {tested}"
    gap = origin.gap
    assert gap is not None, "a chain ends at a receipt or at a gap"
    holder = label_of(picture, gap.last_recorded_holder) if gap.last_recorded_holder else tongue.say("nobody on record")
    return tongue.say(
        "It is not recorded. The chain ends at a gap between {near} and entry {entry}; last recorded holder: {holder}.",
        near=near_text(gap, tongue=tongue), entry=gap.to_entry, holder=holder,
    )  # fmt: skip


def near_text(gap: Gap, *, tongue: Tongue) -> str:
    """The near end of a gap."""
    if gap.from_entry is None:
        return tongue.say("the beginning of the record")
    return tongue.say("entry {entry}", entry=gap.from_entry)


def step_act(step: Placement, *, tongue: Tongue) -> str:
    """The kind of act of a step, and whether it is only reported."""
    act = tongue.word(step.act, "act")
    return tongue.say("reported: {act}", act=act) if step.reported else act


def _step_line(picture: Picture, step: Placement, tongue: Tongue) -> str:
    path = " -> ".join(part for part in (spot_text(picture, step.start), spot_text(picture, step.end)) if part)
    line = tongue.say(
        "entry {entry}: {act} {path}", entry=step.entry_index, act=step_act(step, tongue=tongue), path=path
    )
    if not step.holder:
        return line
    return tongue.say("{step}, held by {holder}", step=line, holder=label_of(picture, step.holder))


def holder_text(picture: Picture, gap: Gap, *, tongue: Tongue = ENGLISH) -> str:
    """The label of the last recorded holder of a gap, and that he is only said to have been it where nobody signed it."""
    if not gap.last_recorded_holder:
        return tongue.say("nobody on record")
    label = label_of(picture, gap.last_recorded_holder)
    return tongue.say("{label}, by report only", label=label) if gap.holder_is_told else label


def _gap_lines(picture: Picture, gap: Gap, tongue: Tongue) -> Iterator[str]:
    yield "    " + tongue.say(
        "GAP between {near} and entry {entry}, {time}: {why}; who did is not recorded",
        near=near_text(gap, tongue=tongue), entry=gap.to_entry, time=duration_text(gap.seconds, tongue=tongue),
        why=tongue.say(wording.GAPS[gap.why]),
    )  # fmt: skip
    yield "      " + tongue.say(
        "last recorded holder: {holder}; recording was {recording}",
        holder=holder_text(picture, gap, tongue=tongue), recording=tongue.word(gap.recording, "recording"),
    )  # fmt: skip
    if gap.access.people:
        yield "      " + tongue.say(
            "could reach it: {people}",
            people="; ".join(
                _reach_text(reach, label_of(picture, reach.person), tongue) for reach in gap.access.people
            ),
        )  # fmt: skip
    for interval in gap.access.unattended:
        yield "      " + tongue.say(
            "{state}: {thing}, entries {first} to {last}: anyone could",
            state=_state_text(picture, interval, tongue), thing=label_of(picture, interval.thing, tongue=tongue),
            first=interval.from_entry, last=interval.to_entry,
        )  # fmt: skip
    if not gap.access.people and not gap.access.unattended:
        yield "      " + tongue.say("who could reach it is not recorded")


def _reach_text(reach: Reach, person: str, tongue: Tongue) -> str:
    """How somebody could reach a thing, and from which entry to which; moments are an entry, or a first and a last one."""
    how = tongue.say(wording.reach_words(reach.how, from_entry=reach.from_entry, to_entry=reach.to_entry))
    if reach.how in wording.MOMENTS and reach.from_entry == reach.to_entry:
        return tongue.say("{person} ({how}, entry {entry})", person=person, how=how, entry=reach.to_entry)
    first, last = reach.from_entry, reach.to_entry
    if reach.how in wording.MOMENTS:
        return tongue.say(
            "{person} ({how}, entries {first} and {last})", person=person, how=how, first=first, last=last
        )
    return tongue.say("{person} ({how}, entries {first} to {last})", person=person, how=how, first=first, last=last)


def _state_text(picture: Picture, interval: Interval, tongue: Tongue) -> str:
    state = tongue.say(_STATES.get(interval.hold, "unattended"))
    return (
        tongue.say("{state} at {place}", state=state, place=label_of(picture, interval.place))
        if interval.place
        else state
    )


# --- JSON ----------------------------------------------------------------------------------------------------------


def account_json(picture: Picture, account: Account) -> Json:
    """One account with ids and the sentence a person would read."""
    return {
        "entry": account.entry_index,
        "own": account.own,
        "who": account.who or None,
        "act": account.gist,
        **{name: value for name, value in account.values if name not in {"act", "entry", "own", "who"}},
        "row": account.row,
        "account": account.name,
        "grade": account.grade,
        "sources": list(account.sources),
        "when": account.when,
        "doubted_entry": account.doubted_entry,
        "text": account_line(picture, account),
    }


def answer_json(picture: Picture, told: Answer) -> Json:
    """The shape of `ask --json` and `trace --json`."""
    return {
        "question": told.question,
        "answer": told.standing,
        "as_of_entry": picture.size - 1,
        "rules": rules_line(picture),
        "accounts": [account_json(picture, account) for account in told.accounts],
        "items": [origin_json(picture, origin) for origin in told.origins],
        "hypotheses": [
            {"id": story.id, "kind": story.kind, "likelihood": None, "entries": list(story.entries)}
            for story in told.hypotheses
        ],
    }


def origin_json(picture: Picture, origin: Origin) -> Json:
    """One item of an answer: its chain, where it ends, and what to secure."""
    return {
        "item": origin.round_id,
        "label": label_of(picture, origin.round_id),
        "kind": origin.kind,
        "chain": [
            {
                "entry": step.entry_index,
                "act": step.act,
                "from": spot_text(picture, step.start) or None,
                "to": spot_text(picture, step.end) or None,
                "last_recorded_holder": label_of(picture, step.holder) or None,
                "reported": step.reported,
            }
            for step in origin.chain
        ],
        "ends_at": origin.ends_at,
        "receipt": list(origin.receipt) if origin.receipt is not None else None,
        "gap": _gap_json(picture, origin.gap) if origin.gap is not None else None,
        "secure_now": [
            {"item": item.item, "label": label_of(picture, item.item), "why": item.why, "entry": item.entry_index}
            for item in origin.secure_now
        ],
    }


def _gap_json(picture: Picture, gap: Gap) -> Json:
    return {
        "from_entry": gap.from_entry,
        "to_entry": gap.to_entry,
        "why": gap.why,
        "last_recorded_holder": label_of(picture, gap.last_recorded_holder) or None,
        "last_recorded_holder_reported": gap.holder_is_told,
        "seconds": gap.seconds,
        "recording": gap.recording,
        "who_did": "not recorded",
        **access_json(picture, gap.access),
    }


def access_json(picture: Picture, access: Access) -> Json:
    """People in the neutral order of their ids, with intervals in which anyone could."""

    def spans(items: tuple[Any, ...]) -> list[Json]:
        return [
            {
                "item": item.thing,
                "place": label_of(picture, item.place) or None,
                "hold": item.hold.value,
                "from_entry": item.from_entry,
                "to_entry": item.to_entry,
            }
            for item in items
        ]

    return {
        "access": [
            {
                "person": reach.person,
                "label": label_of(picture, reach.person),
                "how": reach.how,
                "from_entry": reach.from_entry,
                "to_entry": reach.to_entry,
            }
            for reach in access.people
        ],
        "unattended": spans(access.unattended),
        "locked": spans(access.locked),
    }


def percent_text(share: float) -> str:
    """A share in whole percent; what rounds to none or to all of it is said as that, for neither is certain."""
    if 0 < share < 0.01:  # noqa: PLR2004  # what rounds to none
        return "< 1 %"
    return "> 99 %" if share > 0.99 else f"{100 * share:.0f} %"  # noqa: PLR2004  # what rounds to all


def lot_line(picture: Picture, lot: Id, *, tongue: Tongue = ENGLISH) -> str:
    """What the record says of a lot: by its label what it is, who made it where somebody said so, and since which entry."""
    known = picture.lots.get(lot)
    if known is None:
        return tongue.say(
            "{lot}: no entry registered it, so nobody said what it is or who made it", lot=label_of(picture, lot)
        )
    made = tongue.say("made by {maker}", maker=known.maker) if known.maker else tongue.say("who made them nobody said")
    came = "".join(
        f", {tongue.word(name.value, 'value')} {label_of(picture, parent)}" for name, parent in known.parents
    )
    return tongue.say(
        "{lot}: {count} rounds of {calibre}, {kind} by their label, {made}{came} (entry {entry})",
        lot=known.label, count=known.count, calibre=known.calibre, kind=tongue.word(known.kind.value, "kind"), made=made,
        came=came, entry=known.entry_index,
    )  # fmt: skip


def _lot_json(picture: Picture, lot: Id) -> Json:
    """The same for a program; null what nobody said."""
    known = picture.lots.get(lot)
    if known is None:
        return {"lot": lot, "label": label_of(picture, lot), "entry": None, "made_by": None}
    return {
        "lot": lot,
        "label": known.label,
        "entry": known.entry_index,
        "made_by": known.maker or None,
        "kind": known.kind.value,
        "calibre": known.calibre,
        "count": known.count,
        "history": [{"how": name.value, "of": label_of(picture, parent)} for name, parent in known.parents],
    }


def recall_json(picture: Picture, recall: Recall, lot: Id) -> Json:
    """The shape of `recall --json`: the lot, and four rings, each without what the one before holds."""

    def ring(items: tuple[Id, ...]) -> list[Json]:
        return [{"item": item, "label": label_of(picture, item)} for item in items]

    return {
        "as_of_entry": picture.size - 1,
        "of": _lot_json(picture, lot),
        "not_known": None if recall.came else wording.LOT_NEVER_CAME,
        "turned_up_unrecorded": recall.unrecorded,
        "rings": {
            "lot": ring(recall.lot),
            "together": ring(recall.together),
            "closure": ring(recall.closure),
            "closure_no_barriers": ring(recall.closure_no_barriers),
        },
    }


def card_json(card: Card) -> Json:
    """The shape of `status --json`."""
    return {
        "gun": card.gun,
        "label": card.label,
        "words": card.words,
        "kind": card.kind,
        "since_entry": card.since_entry,
        "reasons": [
            {"code": reason.code, "text": wording.reason_of(reason.code), "entry": reason.entry_index}
            for reason in card.reasons
        ],
        "positions": [
            {"position": view.position, "holds": view.holds, "truth": view.truth.value, "round": view.round_id or None}
            for view in card.positions
        ],
        "roles": list(card.roles),
        "manner": card.manner,
        "checked_entry": card.checked_entry,
        "ends_in_ms": card.ends_in_ms,
    }


def card_headline(picture: Picture, card: Card) -> str:
    """A card's one line: the gun, its words, since when, and as of which entry."""
    return (
        f"{card.word_name} {card.label}: {card.words} (since entry {card.since_entry}; as of entry {picture.size - 1})"
    )


def card_lines(picture: Picture, card: Card) -> Iterator[str]:
    """A card for a terminal."""
    yield card_headline(picture, card)
    if card.roles:
        yield f"  checked by {', '.join(role.replace('_', ' ') for role in card.roles)}, {card.manner.replace('_', ' ')}; look for yourself"
    for reason in card.reasons:
        at = f", entry {reason.entry_index}" if reason.entry_index is not None else ""
        yield f"  {wording.reason_of(reason.code)} ({reason.code}{at})"
    for view in card.positions:
        name = f"chamber {view.position}" if view.position.isdigit() else view.position
        yield f"  {name}: {view.holds} ({view.truth})"
    yield f"  {rules_line(picture)}"


def sheet_cell(picture: Picture, question: str, *, most: int = 3) -> str:
    """One cell of the answer sheet: the standing and the accounts that matter most, or the ends of the chains."""
    told = answer(picture, question)
    if told.origins:
        return "\n".join(_ends(picture, told.origins, most))
    chosen = _chosen(told, most)
    lines = [_account_short(picture, account) for account in chosen]
    more = [f"and {len(told.accounts) - len(chosen)} more"] if len(told.accounts) > len(chosen) else []
    return "\n".join((wording.STANDINGS[told.standing], *lines, *more))


def _chosen(told: Answer, most: int) -> tuple[Account, ...]:
    """Of what was signed the newest, of rival accounts the rivals, of other reports the first."""
    if told.standing == "recorded":
        return tuple(account for account in told.accounts if account.own)[-most:]
    if told.standing == "disputed":
        rivals = tuple(
            account
            for account in told.accounts
            if account.grade == "contradictory" or account.doubted_entry is not None
        )
        first = {(account.who, account.gist, account.values): account for account in reversed(rivals)}
        return tuple(reversed(first.values()))[:most]
    return told.accounts[:most]


def _account_short(picture: Picture, account: Account) -> str:
    values = {name: label_of(picture, value) for name, value in account.values}
    said = wording.account_text(account.gist, values, who=label_of(picture, account.who))
    if account.own:
        return f"{said}, entry {account.entry_index}{_doubt(picture, account)}"
    rival = f"{account.name}; " if account.name else ""
    return f"reported: {said} ({rival}{', '.join(account.sources)})"


def _ends(picture: Picture, origins: tuple[Origin, ...], most: int) -> Iterator[str]:
    ends: dict[str, int] = {}
    for origin in origins:
        where = "a signed receipt" if origin.ends_at == "receipt" else "a named gap"
        ends[where] = ends.get(where, 0) + 1
    yield f"live rounds found: {len(origins)}; chains that end at " + ", at ".join(
        f"{where}: {count}" for where, count in ends.items()
    )
    for origin in origins[:most]:
        yield _origin_short(picture, origin)
    if len(origins) > most:
        yield f"and {len(origins) - most} more"


def _origin_short(picture: Picture, origin: Origin) -> str:
    name = label_of(picture, origin.round_id)
    if origin.receipt is not None:
        return f"{name}: back to the receipt, entries {origin.receipt[0]} and {origin.receipt[1]}"
    assert origin.gap is not None
    near = origin.gap.from_entry if origin.gap.from_entry is not None else "the beginning"
    return f"{name}: gap between {near} and {origin.gap.to_entry}, recording {origin.gap.recording}"
