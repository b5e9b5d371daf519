"""What stands between a production and its first day: each check with a sentence, and what will work on which phone.

It looks and changes nothing. What it says of phones is what was tried in Chromium and what their makers write; no phone
of yours was here.
"""

import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coldcheck.proof.errors import ColdcheckError
from coldcheck.station.asked_first import kept_notes
from coldcheck.station.epochs import verify_newest
from coldcheck.station.production import Settings, read_settings
from coldcheck.station.store_sqlite import read_ledger
from coldcheck.station.tls import BANNER_DAYS, WARN_DAYS, covers, read_certificate
from coldcheck.station.verify import verify_ledger

LEAST_FREE_BYTES: Final = 2 * 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One check: what was looked at, whether it is well, and the sentence that says so or what to do."""

    check: str
    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All checks, and for each sort of phone what works and why."""

    checks: tuple[Checked, ...]
    phones: tuple[tuple[str, str, str], ...]

    @property
    def ok(self) -> bool:
        """Whether every check is well."""
        return all(one.ok for one in self.checks)


def examine(folder: Path) -> Found:
    """Everything about the production in `folder`. Raises BadProduction when it is none."""
    settings = read_settings(folder)
    checks = (
        _ledger(folder),
        _kept(folder),
        _keys(folder),
        _disk(folder),
        _name(settings),
        _certificate(folder, settings),
        _officers(folder),
        _photos(settings),
    )
    return Found(checks=checks, phones=phones_of(settings))


def _ledger(folder: Path) -> Checked:
    try:
        report = verify_ledger(folder / "ledger.coldcheck", vkey=None)
    except ColdcheckError as problem:
        return Checked(check="ledger", ok=False, sentence=str(problem))
    said = (
        f"{report.entries} entries verify, root {report.root[:16]}…"
        if report.ok
        else "it does not verify: run coldcheck verify."
    )
    return Checked(check="ledger", ok=report.ok, sentence=said)


def _kept(folder: Path) -> Checked:
    """Whether the ledger continues all that lies beside it: what the hub remembers of itself, and every seal it was shown."""
    notes = kept_notes(folder)
    if not notes:
        said = "nothing beside the ledger says how long it was: bring the newest seal, coldcheck hub --seen FILE."
        return Checked(check="seals kept", ok=False, sentence=said)
    try:
        store = read_ledger(folder / "ledger.coldcheck")
        try:
            store.hold_still()
            verify_newest(store, seen=notes)
        finally:
            store.close()
    except ColdcheckError as problem:
        return Checked(check="seals kept", ok=False, sentence=str(problem))
    return Checked(check="seals kept", ok=True, sentence=f"the ledger continues all {len(notes)} that lie beside it.")


def _keys(folder: Path) -> Checked:
    files = [*(folder / "keys").glob("*"), *(folder / "tls").glob("*.key")]
    open_to_others = [file.name for file in files if file.stat().st_mode & 0o077]
    if open_to_others:
        return Checked(
            check="keys",
            ok=False,
            sentence=f"others on this machine may read {', '.join(open_to_others)}: chmod 600 them.",
        )
    return Checked(check="keys", ok=len(files) > 1, sentence=f"{len(files)} files, for their owner alone.")


def _disk(folder: Path) -> Checked:
    free = shutil.disk_usage(folder).free
    ok = free >= LEAST_FREE_BYTES
    said = f"{free / 10**9:.1f} GB free" + (
        "." if ok else f": make room for at least {LEAST_FREE_BYTES // 10**9} GB before the day."
    )
    return Checked(check="disk", ok=ok, sentence=said)


def _name(settings: Settings) -> Checked:
    if settings.tls == "demo":
        return Checked(check="name", ok=True, sentence="localhost: this machine alone.")
    try:
        found = sorted(
            {str(row[4][0]) for row in socket.getaddrinfo(settings.hub, settings.port, type=socket.SOCK_STREAM)}
        )
    except OSError:
        said = f"{settings.hub} does not resolve here: let the set network's name server answer it with this machine's address."
        return Checked(check="name", ok=False, sentence=said)
    return Checked(check="name", ok=True, sentence=f"{settings.hub} is {', '.join(found)}.")


def _certificate(folder: Path, settings: Settings) -> Checked:
    if settings.tls == "demo":
        return Checked(
            check="certificate", ok=True, sentence="none: plain HTTP on this machine, where a browser may sign."
        )
    try:
        found = read_certificate(folder / "tls" / "hub.pem")
    except ColdcheckError as problem:
        return Checked(check="certificate", ok=False, sentence=str(problem))
    if not any(covers(name, settings.hub) for name in found.names):
        said = f"it is for {', '.join(found.names)} and not for {settings.hub}."
        return Checked(check="certificate", ok=False, sentence=said)
    if found.days_left < 0:
        said = "it has ended: phones cannot sign. The record and the plain pages go on; bring a new one."
        return Checked(check="certificate", ok=False, sentence=said)
    if found.days_left < WARN_DAYS:
        said = f"it ends in {found.days_left} days: bring a new one before day {found.days_left - BANNER_DAYS}."
        return Checked(check="certificate", ok=False, sentence=said)
    return Checked(check="certificate", ok=True, sentence=f"for {', '.join(found.names)}, {found.days_left} days left.")


def _officers(folder: Path) -> Checked:
    left = sorted(file.name for file in (folder / "officers").glob("*.json"))
    if left:
        said = f"{', '.join(left)} still lie on this machine: hand each to its officer, and delete it here."
        return Checked(check="officers' keys", ok=False, sentence=said)
    return Checked(check="officers' keys", ok=True, sentence="none on this machine.")


def _photos(settings: Settings) -> Checked:
    said = (
        "offered: whoever answers may sign one with what it shows; they lie in the ledger's file and in every backup."
        if settings.photos == "offered"
        else 'off: none is taken. photos = "offered" in hub.toml changes it while the hub is stopped.'
    )
    return Checked(check="photos", ok=True, sentence=said)


def phones_of(settings: Settings) -> tuple[tuple[str, str, str], ...]:
    """For each sort of phone: what works there under this kind of certificate, and why."""
    everything = "look, say STOP, sign, scan, work without the network."
    plain = "look, say STOP, ask to see, report a find. It cannot sign."
    match settings.tls:
        case "demo":
            return (
                ("This machine, any browser", everything, "A browser trusts its own machine."),
                ("Any phone", plain, "Plain HTTP from elsewhere: no camera, no keys, no work without the network."),
            )
        case "own":
            return (
                (
                    "iPhone and iPad",
                    everything,
                    "Safari from 17 on; add the page to the home screen, or it forgets after 7 days unused.",
                ),
                (
                    "Android, Chrome and Firefox",
                    everything,
                    "The network must answer the hub's name; switch private DNS off if it does not.",
                ),
                (
                    "A phone that left for mobile data",
                    plain,
                    "Switch off Wi-Fi Assist or adaptive connectivity: a network without internet is left.",
                ),
            )
        case _:
            return (
                (
                    "iPhone and iPad, managed",
                    everything,
                    "With tls/ca.mobileconfig by the manager; by hand also Certificate Trust Settings.",
                ),
                (
                    "Android, managed",
                    everything,
                    "With tls/ca.pem as an authority; Chrome uses it, other apps may not.",
                ),
                (
                    "Anybody's own phone",
                    plain,
                    "It does not trust the set's authority, and should not have to: use the plain pages.",
                ),
            )
