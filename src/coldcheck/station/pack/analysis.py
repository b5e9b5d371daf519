"""The analysis that may lie beside a pack: how each find can have come in, as inference, in a file of its own.

Promises: what it holds of a find goes through `origin_text.pack_find_json`, so a posterior, its prior and its range are in
it only if a named person asked for them by an act, for this find and this matter; the file says who did, and at which
entry. No figure stands beside a person. Does not do: add a fact to the pack, or leave out a kind of story.
"""

from collections.abc import Iterator

from coldcheck.custody import wording
from coldcheck.custody.origin_answer import MODEL, FindAnswer, answer_find
from coldcheck.custody.origin_kinds import hypotheses_of
from coldcheck.custody.things import Id
from coldcheck.custody.trace import live_finds
from coldcheck.station.inquiry_text import Desk, Json
from coldcheck.station.origin_text import pack_find_json
from coldcheck.station.trace_pictures import printed, windows_picture


def matter_of(desk: Desk, incident: str) -> Id:
    """The id of the matter that a pack is of; "" for one that is only a freeze, in which nobody can have asked."""
    return next((ref for ref, filed in desk.files.matters.items() if filed.act.label == incident), "")


def answers_of(desk: Desk) -> tuple[FindAnswer, ...]:
    """How each live find can have come in, in order of first finding, with all that there is to say."""
    return tuple(answer_find(desk.picture, each, model=MODEL) for each in live_finds(desk.picture))


def analysis_json(desk: Desk, answers: tuple[FindAnswer, ...], *, incident: str) -> Json:
    """Every find as this matter's analysis may hold it, and the checkpoint that all of it was read to."""
    matter = matter_of(desk, incident)
    return {
        "matter": incident,
        "checkpoint": {"log": desk.log, "size": desk.picture.size, "root": desk.root},
        "finds": [pack_find_json(desk.picture, told, regarding=matter) for told in answers],
    }


def analysis_document(desk: Desk, answers: tuple[FindAnswer, ...], *, incident: str, audience: str) -> Json:
    """The printed analysis: each find's windows as a picture, the stories left open, and what may be said of each find."""
    finds: list[Json] = analysis_json(desk, answers, incident=incident)["finds"]
    stories = [
        [h.id, h.kind.replace("_", " "), " ".join(f"#{entry}" for entry in h.entries)]
        for h in hypotheses_of(desk.picture)
    ]
    note = "Inference, not fact. It is signed by itself and no part of the pack; an unrecorded entry is never excluded."
    return {
        "title": "Analysis",
        "says": "inference, not fact; it adds nothing to the pack",
        "facts": [
            ["matter", incident], ["for", audience], ["log", desk.log],
            ["entries", str(desk.picture.size)], ["root", desk.root],
        ],
        "strips": [],
        "chains": [],
        "pictures": [_picture(desk, told, find) for told, find in zip(answers, finds, strict=True)],
        "sections": [
            _section("Stories the record does not exclude", note, ["no.", "story", "entries"], stories),
            *(section for find in finds for section in _of_find(find)),
        ],
        "howto": ["See the pack; this part adds no fact to it. Attached to it is analysis.json, the same as data."],
    }  # fmt: skip


def _picture(desk: Desk, told: FindAnswer, find: Json) -> Json:
    """The windows of a find for paper; with shares only where they were asked for."""
    svg = windows_picture(desk.picture, told, shares=find["posterior_asked_by"] is not None)
    return {"svg": printed(svg), "alt": f"{find['label']}: windows of the record"}


def _section(title: str, note: str, head: list[str], rows: list[list[str]]) -> Json:
    return {"title": title, "note": note, "head": head, "rows": rows}


def _of_find(find: Json) -> Iterator[Json]:
    """The stories of one find, then its windows; the columns that rest on a prior only where they were asked for."""
    asked = find["posterior_asked_by"]
    if find["no_figures"] is not None:
        note = f"{find['no_figures']}."
    elif asked is None:
        note = "Likelihoods without a prior, the likeliest is 1. Nobody asked for a posterior in this matter."
    else:
        note = f"Posterior, prior and range were asked for by {asked['person']}, entry #{asked['entry']}."
    head = ["no.", "story", "likelihood", *(["prior", "posterior", "between"] if asked else []), "entries"]
    rows = [[story["id"], *_cells(story, asked=asked is not None)] for story in find["hypotheses"]]
    yield _section(
        f"{find['label']}: how it can have come in", f"{note} Assumptions {find['assumptions']}.", head, rows
    )
    if find["windows"]:
        yield _section(
            f"{find['label']}: windows of the record",
            "Who had access is a list in neutral order: reach is not an act.",
            ["where", "entries", *(["share"] if asked else []), "story", "for", "against", "had access"],
            [_window(window, asked=asked is not None) for window in find["windows"]],
        )


def _cells(story: Json, *, asked: bool) -> list[str]:
    low, high = story.get("posterior_range") or (None, None)
    resting = [_share(story.get("prior")), _share(story.get("posterior")), f"{_share(low)} to {_share(high)}"]
    likelihood = story["likelihood"]
    return [
        wording.HYPOTHESES[story["kind"]],
        "no figure" if likelihood is None else f"{likelihood:.2g}",
        *(resting if asked else ()),
        _entries(story["entries"]),
    ]


def _window(window: Json, *, asked: bool) -> list[str]:
    reached = ", ".join(window["access"]) or "nobody recorded"
    return [
        window["place"] or "where it was found, just before",
        f"#{window['from_entry']} to #{window['to_entry']}",
        *([_share(window["share"])] if asked else ()),
        wording.HYPOTHESES[window["kind"]],
        _entries(window["for"]),
        _entries(window["against"]),
        reached + (", and anyone while it was unattended" if window["unattended"] else ""),
    ]


def _share(share: float | None) -> str:
    return "no figure" if share is None else f"{100 * share:.0f} %"


def _entries(entries: list[int]) -> str:
    return " ".join(f"#{entry}" for entry in entries)
