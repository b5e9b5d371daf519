"""What one person can say of the day on his own phone: open it, go on duty, plan, meet, lift a stop, answer a concern.

For: the screens of a day that no gun is in. Promises: what is offered is what the record lets in from this person, in
the order of a day; nothing here says what anybody answered or counted. Does not: judge. Whatever else is signed is
taken in as a fact all the same.
"""

from typing import Final, TypeAlias

from coldcheck.custody import acts as a
from coldcheck.custody.picture import Picture, Scene, acts_of_entry, assessed_for, is_handler, may_witness
from coldcheck.custody.signers import FLOOR_ROLES
from coldcheck.custody.state import release_role
from coldcheck.custody.things import HANDLER_ROLES, Id, Role
from coldcheck.custody.views import role_of
from coldcheck.proof.encoding import Plain
from coldcheck.proof.sealed import Sealed

View: TypeAlias = dict[str, Plain]
_SUPPLY: Final = frozenset({Role.SUPPLIER, Role.MAKER})


def waiting_today(picture: Picture, *, by: Id) -> list[Plain]:
    """What waits for this person about no single gun, the most pressing first: stops, the day, meetings, concerns."""
    return [
        *_stops(picture, by),
        *_finds(picture, by),
        *_day(picture, by),
        *_meetings(picture, by),
        *_concerns(picture, by),
    ]


def can_today(picture: Picture, *, by: Id) -> list[Plain]:
    """What this person may say of the day whenever he likes, in the order in which a day goes."""
    roles = picture.persons[by].roles
    out = ["arrive"]
    if picture.presence.get(by):
        out.append("leave")
    if roles & HANDLER_ROLES:
        out.append("duty_off" if picture.duties.get(by) else "duty_on")
    if Role.EMPLOYER in roles:
        out.append("keeper")
    if roles & FLOOR_ROLES:
        out.extend(("plan", "run", "meeting") if picture.scenes else ("plan",))
        out.extend(
            what for what, known in (("paper", _papers(picture)), ("credential", _credentials(picture))) if known
        )
    if roles & HANDLER_ROLES and picture.guns:
        out.append("train")
    if roles & HANDLER_ROLES:
        out.extend(("new_place", "new_gun", "new_tray"))
    if roles & (HANDLER_ROLES | _SUPPLY):
        out.append("new_lot")
    if roles & _SUPPLY:
        out.extend(("new_tray", "deliver"))
    if picture.day is not None and roles & (HANDLER_ROLES | {Role.FIRST_AD}):
        out.append("close_day")
    return [*out, "concern"]


def standing_today(picture: Picture, *, by: Id) -> View:
    """Where this person is and which duty he is on, by his own word; and what the next day is called."""
    place = picture.places.get(picture.presence.get(by, ""))
    return {
        "duties": [*sorted(picture.duties.get(by, {}))],
        "place": place.label if place is not None else "",
        "next": _next_day(picture),
        "runs": [*picture.runs],
        "papers": _papers(picture),
        "credentials": _credentials(picture),
        "lots": [
            {"lot": lot, "label": known.label, "kind": known.kind.value}
            for lot, known in picture.lots.items()
            if lot not in picture.closed_lots
        ],
    }


def _papers(picture: Picture) -> list[Plain]:
    """Every paper that a rule in force asks for, and what it is about: a scene, a gun, a lot or the production."""
    out: dict[str, Plain] = {}
    for rule in picture.rulebook.rules if picture.rulebook is not None else ():
        paper = rule.parameters.get("paper")
        about = "lot" if rule.predicate == "paper_of_lots" else rule.parameters.get("about", "")
        if isinstance(paper, str):
            out.setdefault(paper, {"paper": paper, "about": about})
    return [*out.values()]


def _credentials(picture: Picture) -> list[Plain]:
    rules = picture.rulebook.rules if picture.rulebook is not None else ()
    named = (str(rule.parameters["credentials"]).split(",") for rule in rules if "credentials" in rule.parameters)
    return [*dict.fromkeys(name.strip() for names in named for name in names)]


def _next_day(picture: Picture) -> int:
    if picture.day is not None:
        return picture.day
    if picture.day_entry < 0:
        return 1
    opened = (done.act for done in acts_of_entry(picture, picture.day_entry))
    return max((act.day for act in opened if isinstance(act, a.DayOpened)), default=0) + 1


def _stops(picture: Picture, by: Id) -> list[Plain]:
    out: list[Plain] = []
    for number in sorted(picture.open_stops):
        stop = picture.stops[number]
        if release_role(picture, by, stop.lifted_by) is not None:
            lifted: list[Plain] = [role.value for role, _who, _key in stop.lifted_by]
            who = role_of(picture, stop.by) if stop.by in picture.persons else Role.HUB.value
            out.append({"do": "lift", "about": str(number), "stop": number, "who": who, "lifted": lifted})
    return out


def _finds(picture: Picture, by: Id) -> list[Plain]:
    """Rounds that were named as live or unknown and that this person may examine, and has not."""
    roles = picture.persons[by].roles
    if picture.sheets:
        # While one half of a sheet is in, nothing here depends on what it says.
        return []
    may = is_handler(picture, by) or _answers(picture, by) or Role.POLICE in roles
    if not may:
        return []
    return [
        {"do": "examine", "about": one, "label": known.label or _lies(picture, one)}
        for one, (_entry, is_open) in picture.named_live.items()
        if is_open and by not in picture.examiners.get(one, {}) and (known := picture.cartridges.get(one)) is not None
    ]


def _lies(picture: Picture, round_id: Id) -> str:
    """Where a round of no name lies by the record, as its label and cell."""
    spot = picture.spots.get(round_id)
    if spot is None:
        return ""
    known = picture.containers.get(spot.thing) or picture.guns.get(spot.thing) or picture.places.get(spot.thing)
    return f"{known.label if known is not None else ''} {spot.cell}".strip()


def _answers(picture: Picture, by: Id) -> bool:
    return may_witness(picture, by) or Role.EMPLOYER in picture.persons[by].roles


def _day(picture: Picture, by: Id) -> list[Plain]:
    """A day is opened by armorer or property master and by the first AD, each for himself."""
    roles = picture.persons[by].roles
    for side in (HANDLER_ROLES, frozenset({Role.FIRST_AD})):
        opened = any(roles_of & side for roles_of in _openers(picture))
        if roles & side and not opened:
            return [{"do": "open_day", "about": str(_next_day(picture))}]
    return []


def _openers(picture: Picture) -> list[frozenset[Role]]:
    if picture.day is None:
        return []
    return [picture.persons[who].roles for who in picture.day_opened_by if who in picture.persons]


def _meetings(picture: Picture, by: Id) -> list[Plain]:
    out: list[Plain] = []
    handles = is_handler(picture, by)
    for name, scene in picture.scenes.items():
        met = scene.met_entry >= max(scene.planned_entry, scene.changed_entry)
        # Who is in the line reads the set-up card, where there is one, and is briefed by that.
        here = handles or by in scene.performers or (by in scene.plan.line and scene.card is None)
        if met and here and by not in scene.attended:
            out.append({"do": "attend", "about": name, "scene": name})
        if met and handles and _is_unassessed(picture, scene):
            out.append({"do": "assess", "about": name, "scene": name})
    return out


def _is_unassessed(picture: Picture, scene: Scene) -> bool:
    return assessed_for(picture, scene) not in scene.assessed


def _concerns(picture: Picture, by: Id) -> list[Plain]:
    if not _answers(picture, by):
        return []
    return [
        {"do": "answer_concern", "about": concern, "entry": opened}
        for concern, (opened, answered) in picture.concerns.items()
        if answered is None
    ]


def words_of_concern(picture: Picture, concern: str, *, by: Id) -> Sealed | None:
    """The sealed words in which a concern was last raised, for whoever may answer it; None for everybody else."""
    entry = picture.concern_said.get(concern)
    if entry is None or by not in picture.persons or not _answers(picture, by):
        return None
    acts = [done.act for done in acts_of_entry(picture, entry)]
    told = [act.told if isinstance(act, a.Reported) else act for act in acts]
    raised = (act for act in told if isinstance(act, a.ConcernRaised | a.ConcernPassedOn) and act.concern == concern)
    return next((act.remark for act in raised), None)
