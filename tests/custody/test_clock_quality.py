"""What each time is worth: by whose clock, how far off at most, or compared with nothing; and it decides nothing."""

from dataclasses import replace

from coldcheck.custody import acts as a
from coldcheck.custody.clock_quality import LIVE_MS, Timed, comparisons, stamp_of
from coldcheck.custody.moves import moves_of
from coldcheck.custody.picture import Picture, Step

HOUR_MS = 3_600_000
READ = a.ClockCompared(clock="camera", reads="2026-03-02T14:03:22.4Z", bound_ms=500)


def timed(index: int, *acts: a.Act, mono_ms: int, boot: str = "b1", delivered: str = "live") -> Timed:
    step = Step(
        entry_index=index, by="p0", key="k0", entry_id=f"a{index}", acts=acts, at="2026-03-02T14:00:00Z", boot=boot,
        mono_ms=mono_ms, verdict="admitted", findings=(), delivered=delivered,
    )  # fmt: skip
    return Timed(step=step, device_at="2026-03-02T13:59:00Z")


def test_a_time_of_the_same_run_is_reckoned_with_a_bound_that_grows() -> None:
    line = (timed(1, mono_ms=0), timed(2, READ, mono_ms=HOUR_MS), timed(3, mono_ms=HOUR_MS + 1_000))
    known = comparisons(line)
    after, before = stamp_of(line[2], known), stamp_of(line[0], known)
    assert after.reckoned_at == "2026-03-02T14:03:23.400Z"
    assert after.bound_ms == 500 + LIVE_MS + 1
    assert before.reckoned_at == "2026-03-02T13:03:22.400Z"
    assert before.bound_ms == 500 + LIVE_MS + 720
    assert before.comparison is not None
    assert (before.comparison.entry_index, before.comparison.clock) == (2, "camera")


def test_the_devices_clock_is_held_against_the_hubs() -> None:
    assert stamp_of(timed(1, mono_ms=0), ()).device_ahead_ms == -60_000
    assert stamp_of(replace(timed(1, mono_ms=0), device_at="noon"), ()).device_ahead_ms is None


def test_nothing_is_reckoned_across_a_restart_or_from_what_came_late_or_is_no_time() -> None:
    other = timed(1, mono_ms=0, boot="b2")
    for line in (
        timed(2, READ, mono_ms=5),
        timed(2, READ, mono_ms=5, boot="b2", delivered="queued"),
        timed(2, replace(READ, reads="half past two"), mono_ms=5, boot="b2"),
        timed(2, replace(READ, reads="2026-13-02T14:03:22Z"), mono_ms=5, boot="b2"),
    ):
        stamp = stamp_of(other, comparisons((line,)))
        assert (stamp.comparison, stamp.reckoned_at, stamp.bound_ms) == (None, None, None)


def test_of_two_comparisons_the_one_that_bounds_better_is_used() -> None:
    rough = replace(READ, clock="radio", bound_ms=60_000)
    known = comparisons((timed(1, rough, mono_ms=0), timed(9, READ, mono_ms=HOUR_MS)))
    near, far = stamp_of(timed(2, mono_ms=10), known), stamp_of(timed(2, mono_ms=400 * HOUR_MS), known)
    assert near.comparison is not None
    assert near.comparison.clock == "camera"
    assert far.comparison is not None
    assert far.comparison.clock == "camera"


def test_no_decision_reads_it() -> None:
    assert moves_of(Picture(), by="p0", key="k0", act=READ) == ()
