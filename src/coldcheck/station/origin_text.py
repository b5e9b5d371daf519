"""The origin of a find in words for a terminal and as JSON: kinds of story, windows, tests. Nothing is decided here.

People appear only in lists of who had access to a window, by their label on set and in the neutral order of ids. No
figure stands beside a person.
"""

from collections.abc import Iterator
from typing import Final

from coldcheck.custody import wording
from coldcheck.custody.matter import files_of
from coldcheck.custody.origin_answer import FindAnswer, Grouping, Story, Suggestion, WindowOfRecord
from coldcheck.custody.origin_columns import Source
from coldcheck.custody.origin_kinds import SOURCE_KINDS
from coldcheck.custody.origin_posterior import SHARE, SWEEP
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id
from coldcheck.custody.tongues import ENGLISH, Tongue
from coldcheck.station.answer_text import Json, label_of, percent_text

_SHOWN: Final = 6


def kind_of(source: Source) -> str:
    """The key of words for a class of origin."""
    return SOURCE_KINDS[source]


def find_lines(picture: Picture, told: FindAnswer, *, stories: bool, tongue: Tongue = ENGLISH) -> Iterator[str]:
    """The whole answer for one find, line by line; without figures the kinds of story only where they are asked for."""
    say = tongue.say
    item = label_of(picture, told.round_id, tongue=tongue)
    yield "  " + say("{item}: how it can have come in (entry {entry} found it)", item=item, entry=told.found_entry)
    if told.basis != "record":
        yield "    " + say(
            "{why}; in the order of how many entries speak for it", why=say(wording.NO_FIGURES[told.basis])
        )
    else:
        yield "    " + say(
            "likelihood without a prior, the likeliest = 1; then prior and posterior, and its range when priors"
        )
        yield "    " + say(
            "are wrong by {factor} either way. Assumptions {model}. A figure is about a kind of story, not a person",
            factor=f"{SWEEP[-1]:.0f}", model=told.model.fingerprint(),
        )  # fmt: skip
        yield from _trust_lines(told, tongue)
    for story in told.stories if stories or told.basis == "record" else ():
        yield from _story_lines(story, tongue)
    if told.basis != "record":
        return
    yield "    " + say(
        "{count} of {all} windows of the record hold {share} of it,",
        count=told.set_windows, all=told.all_windows, share=percent_text(SHARE),
    )  # fmt: skip
    yield "    " + say("{held}; the likeliest:", held=wording.set_held(tongue))
    for window in told.windows[:_SHOWN]:
        yield from _window_lines(picture, window, tongue)
    if told.tests:
        yield "    " + say("what would tell most next (expected bits about the kind of story; hours of work, assumed):")
        for suggestion in told.tests[:_SHOWN]:
            yield f"      {_suggestion_text(picture, suggestion, tongue)}"


def _trust_lines(told: FindAnswer, tongue: Tongue) -> Iterator[str]:
    """How far the likelihoods count, where the record moves rounds that it has in nobody's hands."""
    held, every = told.in_one_hand
    if held < every:
        yield "    " + tongue.say(
            "{held} of {all} recorded moves lay in one pair of hands; of the others no entry says in whose, so each",
            held=held, all=every,
        )  # fmt: skip
        yield "    " + tongue.say(
            "likelihood counts for less (to the power {power}) and the set of windows is wider",
            power=f"{told.trust:.2f}",
        )


def _story_lines(story: Story, tongue: Tongue) -> Iterator[str]:
    told, figures = story.told, story.figures
    spoken = tongue.say("{count} entries", count=len(told.entries))
    if told.reported:
        spoken += ", " + tongue.say("{count} of them reports", count=told.reported)
    line = f"    {told.id} {tongue.say(wording.HYPOTHESES[told.kind])}"
    if figures is not None and not figures.windows:
        line += ": " + tongue.say("the record has no way in for it, which an entry that is missing would change")
    elif figures is not None:
        line += ": " + tongue.say(
            "likelihood {likelihood}; prior {prior}, posterior {posterior} (between {low} and {high})",
            likelihood=f"{figures.likelihood:.2g}", prior=percent_text(figures.prior), posterior=percent_text(figures.posterior),
            low=percent_text(figures.low), high=percent_text(figures.high),
        )  # fmt: skip
    if story.share is not None:
        line += ": " + tongue.say("{share} of the above needs it", share=percent_text(story.share))
    yield f"{line}; {spoken}"
    yield "       " + tongue.say("would decide it: {what}", what=tongue.say(wording.DECIDING[told.kind]))


def _window_lines(picture: Picture, window: WindowOfRecord, tongue: Tongue) -> Iterator[str]:
    where = label_of(picture, window.place) if window.place else tongue.say("where it was found, just before")
    yield "      " + tongue.say(
        "{where}, entries {first} to {last}: {share}, {story}",
        where=where, first=window.from_entry, last=window.to_entry, share=percent_text(window.share),
        story=tongue.say(wording.HYPOTHESES[kind_of(window.source)]),
    )  # fmt: skip
    for words, entries in (
        ("for it: entries {entries}", window.entries_for),
        ("against it: entries {entries}", window.entries_against),
    ):
        if entries:
            yield "        " + tongue.say(words, entries=", ".join(map(str, entries[:_SHOWN])))
    people = dict.fromkeys(label_of(picture, reach.person) for reach in window.access.people)
    alone = " " + tongue.say("and anyone while it was unattended") if window.access.unattended else ""
    reached = (", ".join(people) or tongue.say("nobody recorded")) + alone
    yield "        " + tongue.say("had access, in no order: {people}", people=reached)


def _suggestion_text(picture: Picture, suggestion: Suggestion, tongue: Tongue) -> str:
    about = f" {label_of(picture, suggestion.place)}" if suggestion.place else ""
    return tongue.say(
        "{test}:{about} from entry {entry}, {bits} bits, {hours} h",
        test=tongue.say(wording.NEXT_TESTS[suggestion.kind]), about=about, entry=suggestion.from_entry,
        bits=f"{suggestion.test.class_bits:.2f}", hours=f"{suggestion.test.hours:.0f}",
    )  # fmt: skip


def group_lines(picture: Picture, groups: tuple[Grouping, ...], *, together: float) -> Iterator[str]:
    """Whether several finds came in together, the likeliest grouping first."""
    if not groups:
        yield "  Did they come in together? No figure: the record does not carry one for all of these finds, or they are more than five."
        return
    yield f"  Did they come in together? With a prior of {percent_text(together)} for each two:"
    if not groups[0].exact:
        yield "    (too many places for one sum over all of them: each two were compared exactly, and then put together)"
    for grouping in groups[:_SHOWN]:
        parts = " and apart from them ".join(
            " with ".join(label_of(picture, find) for find in group) for group in grouping.groups
        )
        yield f"    {percent_text(grouping.share)}: {parts}"


def groups_json(picture: Picture, groups: tuple[Grouping, ...], *, together: float) -> Json:
    """The groupings of several finds; none where the record carries no figures for one of them."""
    return {
        "prior_for_each_two": together,
        "exact": all(grouping.exact for grouping in groups) if groups else None,
        "groupings": [
            {
                "share": grouping.share,
                "groups": [[label_of(picture, find) for find in each] for each in grouping.groups],
            }
            for grouping in groups
        ],
    }


# --- JSON ----------------------------------------------------------------------------------------------------------


def story_json(story: Story) -> Json:
    """One kind of story; its numbers are null where there are no figures."""
    figures = story.figures if story.figures is not None and story.figures.windows else None
    return {
        "id": story.told.id,
        "kind": story.told.kind,
        "likelihood": figures.likelihood if figures is not None else None,
        "prior": figures.prior if figures is not None else None,
        "posterior": figures.posterior if figures is not None else None,
        "posterior_range": [figures.low, figures.high] if figures is not None else None,
        "has_a_way_in": None if story.figures is None else figures is not None,
        "needed_by": story.share,
        "entries": list(story.told.entries),
        "reported": story.told.reported,
        "would_decide": wording.DECIDING[story.told.kind],
    }


def find_json(picture: Picture, told: FindAnswer) -> Json:
    """One find: why there are or are no figures, the kinds of story, the windows with who had access, the tests."""
    return {
        "find": told.round_id,
        "label": label_of(picture, told.round_id),
        "found_entry": told.found_entry,
        "basis": told.basis,
        "no_figures": wording.NO_FIGURES.get(told.basis),
        "assumptions": told.model.fingerprint(),
        "sweep": list(SWEEP),
        "moves": {"in_one_hand": told.in_one_hand[0], "recorded": told.in_one_hand[1]},
        "likelihoods_to_the_power": told.trust,
        "hypotheses": [story_json(story) for story in told.stories],
        "set": {
            "share": SHARE,
            "windows": told.set_windows,
            "of": told.all_windows,
            "held_elsewhere": dict(zip(("with_holes", "all_written"), wording.HELD_ELSEWHERE, strict=True)),
        },
        "windows": [_window_json(picture, window) for window in told.windows],
        "next_tests": [_suggestion_json(picture, suggestion) for suggestion in told.tests],
    }


WITHOUT_ASKING: Final = frozenset({"posterior", "posterior_range", "share", "needed_by", "prior", "bits", "class_bits"})
"""What a pack holds of a find only when a named person has asked for it by a signed act: all that rests on a prior."""


def asked_for(picture: Picture, find: Id, *, regarding: Id) -> tuple[int, Id] | None:
    """The entry and the person by whom the posterior of a find was first asked for in a matter; None when nobody has.

    It is the person's own act: what somebody is only reported to have asked is not asked.
    """
    for filed in files_of(picture).posteriors_asked:
        if filed.act.find == find and filed.act.regarding == regarding and filed.by in picture.persons:
            return filed.entry_index, filed.by
    return None


def pack_find_json(picture: Picture, told: FindAnswer, *, regarding: Id) -> Json:
    """One find as a pack of a matter may hold it: likelihoods; the posterior with its prior and range only if asked for."""
    shape = find_json(picture, told)
    asked = asked_for(picture, told.round_id, regarding=regarding)
    if asked is None:
        without = _without(shape, WITHOUT_ASKING)
        assert isinstance(without, dict)
        # The order of windows would tell which has most of what is left out.
        without["windows"] = sorted(without["windows"], key=lambda window: (window["from_entry"], str(window["place"])))
        without["next_tests"] = sorted(without["next_tests"], key=lambda test: (test["test"], test["from_entry"]))
        without["hypotheses"] = sorted(without["hypotheses"], key=lambda story: str(story["id"]))
        return {**without, "posterior_asked_by": None}
    entry, person = asked
    return {**shape, "posterior_asked_by": {"person": label_of(picture, person), "entry": entry}}


def _without(value: object, names: frozenset[str]) -> object:
    """The same JSON value without these fields at any depth."""
    match value:
        case dict():
            return {name: _without(inner, names) for name, inner in value.items() if name not in names}
        case list():
            return [_without(inner, names) for inner in value]
        case _:
            return value


def _window_json(picture: Picture, window: WindowOfRecord) -> Json:
    return {
        "kind": kind_of(window.source),
        "place": label_of(picture, window.place) or None,
        "from_entry": window.from_entry,
        "to_entry": window.to_entry,
        "share": window.share,
        "likelihood": window.likelihood,
        "for": list(window.entries_for),
        "against": list(window.entries_against),
        "access": sorted({label_of(picture, reach.person) for reach in window.access.people}),
        "unattended": bool(window.access.unattended),
    }


def _suggestion_json(picture: Picture, suggestion: Suggestion) -> Json:
    return {
        "test": suggestion.kind.value,
        "place": label_of(picture, suggestion.place) or None,
        "from_entry": suggestion.from_entry,
        "bits": suggestion.test.bits,
        "class_bits": suggestion.test.class_bits,
        "hours": suggestion.test.hours,
        "sees": suggestion.test.sees,
        "errs": suggestion.test.errs,
    }
