"""From looks at single moments to outages: spans that never overlap, and never claim what the store did not see."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dashboards.reports.outages import Look, Outage, Reason, Seen, believed, joined, spans
from inventory.planned.schema import Kind

STEP, PATIENCE = 60.0, 120.0
END = 100 * STEP
POWER, LINK, UNKNOWN, AGENT = Reason.POWER, Reason.LINK, Reason.UNKNOWN, Reason.AGENT


def seen(*gaps: range, over: bool = True) -> Seen:
    """A hundred minutes, but for those in the gaps."""
    missing = {minute for gap in gaps for minute in gap}
    return Seen([minute * STEP for minute in range(100) if minute not in missing], STEP, 0, END, over)


def down(
    minutes: Iterable[int], cause: Reason = LINK, since: int | None = None, plan: Kind | None = None
) -> list[Look]:
    """since: the minute in which the office was heard last."""
    silent = None if since is None else since * STEP
    return [Look(minute * STEP, cause, f"by_{cause}", plan, silent) for minute in minutes]


def told(looks: Iterable[Look], known: Seen | None = None) -> list[Outage]:
    return spans(looks, known or seen(), PATIENCE)


def minutes(outages: Sequence[Outage]) -> list[tuple[float, float | None]]:
    return [(one.begin / STEP, None if one.end is None else one.end / STEP) for one in outages]


def test_an_outage_lasts_from_its_first_look_to_the_first_moment_without_it() -> None:
    (found,) = told(down(range(10, 15)))
    assert (found.begin, found.end, found.seconds, found.unseen) == (600, 900, 300, 0)
    assert (found.cause, found.evidence, found.told, found.corrected) == (LINK, "by_link", LINK, False)


def test_a_recovery_that_does_not_last_ends_nothing() -> None:
    assert minutes(told(down([10, 11, 14, 15]))) == [(10, 16)]
    assert minutes(told(down([10, 11, 15, 16]))) == [(10, 12), (15, 17)]


def test_what_the_store_did_not_see_is_no_part_of_an_outage_and_no_end_of_one() -> None:
    (found,) = told(down([*range(10, 20), *range(50, 55)]), seen(range(20, 50)))
    assert (found.begin / STEP, found.end, found.seconds / STEP, found.unseen / STEP) == (10, 55 * STEP, 15, 30)


def test_a_silence_that_began_in_a_gap_begins_when_it_was_seen() -> None:
    assert minutes(told(down(range(50, 55), since=15), seen(range(20, 50)))) == [(50, 55)]


def test_looks_from_moments_that_are_not_believed_count_for_nothing() -> None:
    assert told(down(range(20, 30)), seen(range(20, 50))) == []


def test_a_silence_began_when_the_office_was_heard_last() -> None:
    assert minutes(told(down(range(10, 15), since=8))) == [(8, 15)]


def test_and_not_before_the_period_or_within_another_outage() -> None:
    assert minutes(told(down(range(5), since=-10))) == [(0, 5)]
    lossy, mute = down(range(10, 13)), down(range(15, 20), UNKNOWN, since=11)
    assert minutes(told([*lossy, *mute])) == [(10, 13), (13, 20)]


def test_within_a_silence_a_guess_may_change_and_the_last_one_that_knows_counts() -> None:
    silence = [*down([10, 11], UNKNOWN, since=9), *down([12, 13], LINK, since=9), *down([14], UNKNOWN, since=9)]
    (found,) = told(silence)
    assert (found.cause, found.evidence, found.silences) == (LINK, "by_link", (540.0,))


def test_of_an_office_that_speaks_another_cause_is_another_outage() -> None:
    found = told([*down(range(10, 12), LINK), *down(range(12, 15), POWER)])
    assert [(one.cause, one.seconds / STEP) for one in found] == [(LINK, 2), (POWER, 3)]


def test_planned_work_that_overruns_is_an_outage_of_its_own() -> None:
    found = told([*down(range(10, 20), POWER, plan=Kind.POWER), *down(range(20, 25), POWER)])
    assert [(one.planned, one.seconds / STEP) for one in found] == [(True, 10), (False, 5)]


def test_what_was_proven_is_not_open_to_correction() -> None:
    dark = down(range(12, 20), POWER, since=11)
    (found,) = told([Look(10 * STEP, POWER, "battery", proven=True), *dark])
    assert found.silences == ()


def test_an_outage_goes_on_only_while_its_period_does() -> None:
    assert minutes(told(down(range(95, 100)), seen(over=False))) == [(95, None)]
    assert minutes(told(down(range(95, 100)))) == [(95, 100)]
    assert minutes(told(down(range(90, 95)), seen(over=False))) == [(90, 95)]


def test_neighbours_of_one_cause_are_one_outage_and_others_are_not() -> None:
    first, second = told([*down(range(10, 12), LINK), *down(range(14, 20), POWER)])
    assert len(joined([first, second], PATIENCE)) == 2
    (found,) = joined([first, Outage(840, 1200, 360, 0, LINK, "agent_ran", UNKNOWN, silences=(780.0,))], PATIENCE)
    assert (found.begin, found.end, found.seconds, found.told) == (600, 1200, 600, UNKNOWN)


def test_a_store_is_believed_again_once_it_has_recorded_for_a_while() -> None:
    moments = [minute * STEP for minute in (0, 1, 2, 3, 4, 10, 11, 12, 13, 14)]
    assert [moment / STEP for moment in believed(moments, STEP, 150)] == [3, 4, 13, 14]


GAPS = st.lists(st.builds(range, st.integers(0, 99), st.integers(0, 100)), max_size=3)
LOOKS = st.lists(
    st.tuples(st.integers(0, 99), st.sampled_from([LINK, POWER, UNKNOWN]), st.none() | st.integers(-5, 99)), max_size=60
)


@given(looks=LOOKS, gaps=GAPS)
def test_outages_follow_one_another_within_the_period(
    looks: list[tuple[int, Reason, int | None]], gaps: list[range]
) -> None:
    known = seen(*gaps)
    found = told(sorted_looks(looks), known)
    assert all(0 <= one.begin < one.until <= END for one in found)
    assert all(one.until <= other.begin for one, other in pairwise(found))


@given(looks=LOOKS, gaps=GAPS)
def test_no_outage_is_longer_than_the_store_has_seen(
    looks: list[tuple[int, Reason, int | None]], gaps: list[range]
) -> None:
    known = seen(*gaps)
    for one in told(sorted_looks(looks), known):
        inside = sum(one.begin <= moment < one.until for moment in known.moments)
        assert 0 < one.seconds <= inside * STEP
        assert one.seconds + one.unseen == one.until - one.begin


@given(looks=LOOKS, gaps=GAPS)
def test_every_look_that_is_believed_lies_in_an_outage(
    looks: list[tuple[int, Reason, int | None]], gaps: list[range]
) -> None:
    known, all_looks = seen(*gaps), sorted_looks(looks)
    found = joined(told(all_looks, known), PATIENCE)
    believed_looks = [look for look in all_looks if look.at in known.moments]
    assert all(any(one.begin <= look.at < one.until for one in found) for look in believed_looks)
    assert bool(found) == bool(believed_looks)


def sorted_looks(looks: list[tuple[int, Reason, int | None]]) -> list[Look]:
    """One for each moment; an office was heard before it was silent."""
    by_minute = {minute: (cause, since) for minute, cause, since in looks}
    return [
        look
        for minute, (cause, since) in sorted(by_minute.items())
        for look in down([minute], cause, None if since is None else min(since, minute))
    ]
