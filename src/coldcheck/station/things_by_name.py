"""Things by what people call them: a label, a gun's word-name, an id, or a spot such as Tray-1/3."""

from itertools import pairwise

from coldcheck.custody.phrases import nearest
from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id, Spot
from coldcheck.proof.errors import ColdcheckError


class UnknownItem(ColdcheckError):
    """No thing of the ledger has this label or id. The sentence names the nearest one."""


def _when_it_lay_there(picture: Picture, thing: Id, cell: str) -> str:
    """How to ask for the round that lay in a place last, by the entry before the one that took it away; or that none ever did."""
    here, gone = Spot(thing=thing, cell=cell), -1
    for steps in picture.placements.values():
        for step, following in pairwise(steps):
            if step.end == here != following.end:
                gone = max(gone, following.entry_index)
    return f"ask --at {gone - 1} for the one that lay there last, or" if gone > 0 else "none ever said so:"


def item_of(picture: Picture, name: str, *, letters: str = "grlcwp") -> Id:
    """The id of a label, a gun's word-name, an id, or a spot such as Tray-1/3. Raises UnknownItem with the nearest label."""
    if name in picture.labels and picture.labels[name][0] in letters:
        return picture.labels[name]
    spoken = next((gun for gun, word in picture.words.items() if word.lower() == name.lower()), None)
    if spoken is not None and "g" in letters:
        return spoken
    label, _, cell = name.partition("/")
    thing = picture.labels.get(label, label)
    if cell and "r" in letters and (thing, cell) in picture.lying:
        return picture.lying[thing, cell]
    if cell and "r" in letters and (thing in picture.guns or thing in picture.containers):
        raise UnknownItem(
            f"No entry says that a round lies in {name} now; {_when_it_lay_there(picture, thing, cell)}"
            f" ask for {label} with all that lies in it."
        )
    if name[:1] in letters and any(
        name in known
        for known in (
            picture.guns,
            picture.cartridges,
            picture.lots,
            picture.containers,
            picture.places,
            picture.persons,
        )
    ):
        return name
    known = [text for text, thing in picture.labels.items() if thing[0] in letters]
    raise UnknownItem(f'"{name}" is not in this ledger; the nearest known label is {nearest(name, known)}.')
