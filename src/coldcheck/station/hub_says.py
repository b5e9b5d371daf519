"""Acts the hub signs itself, with its acting key: a time that ran out, and the words of people who have no key.

Everything goes in by `record`, like anybody's act; the hub has no other way to change the picture.
"""

import secrets

from coldcheck.custody.acts import Act, about
from coldcheck.custody.enrolment import owner_of
from coldcheck.proof.encoding import Plain, opaque_id
from coldcheck.proof.errors import ColdcheckError
from coldcheck.proof.sealed import Opening
from coldcheck.station.record import Hub, Moment, Reply, Signed, line_of, record


class NoActingKey(ColdcheckError):
    """This hub has no key to sign its own acts with. Start it with the folder that `coldcheck init` made."""


def say_as_hub(
    hub: Hub,
    acts: tuple[Act, ...],
    moment: Moment,
    *,
    openings: tuple[tuple[str, Opening], ...] = (),
    entry_id: str | None = None,
) -> Reply:
    """The reply to the hub's own `acts`; `entry_id` makes a retry harmless. Raises NoActingKey, or as `record` does."""
    key = hub.acting_key
    if key is None:
        raise NoActingKey("This hub has no key of its own to sign with; start it with the folder that init made.")
    by = owner_of(hub.picture, key.key_name)
    after: Plain = {"size": hub.frontier.size, "root": hub.root.hex()}
    line1 = line_of(
        entry_id=entry_id or new_id("a"),
        log=hub.log,
        by=by,
        key=key.key_name,
        at=moment.at,
        after=after,
        prev=hub.last_lines.get(key.key_name),
        acts=acts,
        about=about(acts, by=by),
    )
    return record(hub, Signed(line1=line1, signature=key.sign(line1), openings=openings), moment)


def new_id(letter: str) -> str:
    """A new id of this letter, from the system's randomness."""
    return opaque_id(letter, secrets.token_bytes(32))
