"""Which names are taken for each other: on a label in bad light, or said aloud.

Two guns of one name are one gun on the radio, and a label in letters of another script that look like Latin ones is the
same label to every eye. A name is reduced to what is left of it so: without marks, signs between letters, and which case
it is in, with the letters of Cyrillic and Greek that look Latin as Latin ones, and with 0, 1, I and l as letters.

    are_alike("Colt-1", "COLT I")  ->  True

Does not: know the letters of other scripts, or which words sound alike.
"""

from functools import lru_cache
from types import MappingProxyType
from typing import Final
from unicodedata import combining, normalize

from coldcheck.custody.picture import Picture
from coldcheck.custody.things import Id

_LOOKS_LATIN: Final = (
    (  # Cyrillic capitals
        (
            "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e"
            "\u0420\u0421\u0422\u0423\u0425\u051a\u051c\u0417\u04c0\u04ae\u050c"
        ),
        "ABESIJKMHOPCTYXQW3IYG",
    ),
    (  # Cyrillic small letters
        (
            "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458"
            "\u0501\u04bb\u051b\u051d\u0433\u043f\u0438\u044c\u04cf\u04af\u0431"
        ),
        "aeopcyxsijdhqwrnubly6",
    ),
    ("\u043a\u0432\u043c\u043d\u0442", "KBMHT"),  # small ones that look like a Latin capital in any case
    (
        "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
        "ABEZHIKMNOPTYX",
    ),  # Greek capitals
    ("\u03b1\u03bd\u03bf\u03c1\u03c5\u03b3\u03b9\u03ba\u03b7\u03c9\u03c7\u03b5", "avopuyiknwxe"),  # Greek small letters
)


def _table(*pairs: tuple[str, str]) -> dict[int, str]:
    return {ord(one): latin for letters, latins in pairs for one, latin in zip(letters, latins, strict=True)}


_TO_LATIN: Final = MappingProxyType(_table(*_LOOKS_LATIN))
_AS_CAPITALS: Final = MappingProxyType(_table(("01|", "OII")))
_AS_SMALL: Final = MappingProxyType(_table(("01I|", "olll")))


@lru_cache(maxsize=4096)
def shapes_of(name: str) -> frozenset[str]:
    """What is left of a name in capitals and in small letters; two names that share one of them look or sound alike."""
    bare = "".join(one for one in normalize("NFKD", name) if not combining(one)).translate(_TO_LATIN)
    capitals = bare.upper().translate(_AS_CAPITALS)
    small = bare.translate(_AS_SMALL).casefold()
    kept = [("A", "".join(filter(str.isalnum, capitals))), ("a", "".join(filter(str.isalnum, small)))]
    # Of a name of signs alone nothing is left: it is its own.
    return frozenset(f"{case}{left}" for case, left in kept if left) or frozenset({f" {name}"} if name else ())


def are_alike(one: str, other: str) -> bool:
    """Whether two names are taken for each other."""
    return not shapes_of(one).isdisjoint(shapes_of(other))


def bearers_of(picture: Picture, *names: str, besides: Id) -> tuple[Id, ...]:
    """The other guns and containers here that bear one of these names or one that looks like it, as far as any have it."""
    return _bearing(picture, frozenset().union(*map(shapes_of, names)), besides=besides)


def _bearing(picture: Picture, shapes: frozenset[str], *, besides: Id) -> tuple[Id, ...]:
    found = {item: None for shape in sorted(shapes) for item in picture.name_bearers.get(shape, ()) if item != besides}
    return tuple(item for item in found if item not in picture.left)


def alike_to(picture: Picture, item: Id) -> tuple[Id, ...]:
    """The other guns and containers here whose names are taken for those of this gun or container."""
    return _bearing(picture, picture.shapes.get(item, frozenset()), besides=item)


def note_names(picture: Picture, item: Id, *names: str) -> None:
    """Nothing comes back: `item` bears these names from here on, and no others."""
    for shape in picture.shapes.pop(item, frozenset()):
        picture.name_bearers[shape].pop(item, None)
    shapes = frozenset().union(*map(shapes_of, names))
    picture.shapes[item] = shapes
    for shape in sorted(shapes):
        picture.name_bearers[shape][item] = None
