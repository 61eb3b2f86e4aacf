"""From the points of recorded series to a list of dips."""

import pytest

from alerts.methods import Method
from alerts.rules.dips import Blame
from dashboards.reports.dips import Dip, DipLog, LinkDip, Points, looks_at, told
from dashboards.reports.link import Link

KEY = ("01273-a", "main")
CAPACITY = Method.CAPACITY


def points(start: float, *causes: Blame, begin: float = 0.0, depth: float = 0.5) -> Points:
    """One look a minute."""
    moments = [begin + 60.0 * place for place in range(len(causes))]
    judged = {
        (CAPACITY, cause): [(time, depth) for time, held in zip(moments, causes, strict=True) if held is cause]
        for cause in causes
    }
    return Points([(time, start) for time in moments], judged)


def dips(*seen: Points, until: float = 1e9) -> list[Dip]:
    log = DipLog()
    for each in seen:
        for start, look in looks_at(each):
            log.add(KEY, "down", start, look)
    return log.of(KEY, until)


def test_a_dip_lasts_from_its_first_low_test_to_the_last_look_that_saw_it() -> None:
    (found,) = dips(points(-300, Blame.LINE, Blame.LINE, Blame.LINE))
    assert (found.start, found.end, found.depth, found.cause) == (-300, 120, 0.5, Blame.LINE)


def test_windows_that_overlap_or_cut_a_dip_in_two_tell_of_one() -> None:
    day, next_day = points(-300, Blame.LINE, depth=0.6), points(-300, Blame.LINE, Blame.LINE, begin=60, depth=0.3)
    (found,) = dips(day, day, next_day)
    assert (found.end, found.depth) == (120, 0.3)


def test_two_dips_of_one_link_are_two() -> None:
    found = dips(points(900, Blame.LINE, begin=1200), points(-300, Blame.LINE))
    assert [one.start for one in found] == [-300, 900]


def test_a_dip_that_was_seen_until_the_end_has_none() -> None:
    (found,) = dips(points(-300, Blame.LINE, Blame.LINE), until=60)
    assert found.end is None


@pytest.mark.parametrize(
    ("causes", "cause"),
    [
        ((Blame.LINE, Blame.LINE, Blame.OWN_LOAD), Blame.LINE),
        ((Blame.LINE, Blame.LINE, Blame.REGION), Blame.REGION),
        ((Blame.POWER, Blame.POWER, Blame.LINE), Blame.POWER),
        ((Blame.OWN_LOAD, Blame.LINE), Blame.OWN_LOAD),
    ],
)
def test_the_cause_is_a_region_if_it_ever_was_one_else_what_held_for_longest(
    causes: tuple[Blame, ...], cause: Blame
) -> None:
    assert dips(points(-300, *causes))[0].cause is cause


def test_the_most_own_load_and_the_most_low_neighbours_are_kept() -> None:
    seen = points(-300, Blame.LINE, Blame.LINE, Blame.LINE)
    more = Points(seen.since, seen.causes, {0.0: 0.1, 60.0: 0.3}, {0.0: 0, 60.0: 2}, {0.0: 5, 60.0: 5})
    (found,) = dips(more)
    assert (found.own_load, found.neighbours) == (0.3, (2, 5))
    (unknown,) = dips(seen)
    assert (unknown.own_load, unknown.neighbours) == (None, None)


def test_a_moment_without_a_word_on_the_cause_tells_nothing() -> None:
    assert dips(Points([(0.0, -300.0)], {})) == []


def test_dips_in_power_cuts_are_not_told_and_the_oldest_comes_first() -> None:
    def one(start: float, cause: Blame) -> LinkDip:
        return LinkDip(Link("04", "01273", *KEY), Dip(start, None, "down", CAPACITY, 0.5, None, None, cause))

    found = told([one(2, Blame.LINE), one(1, Blame.OWN_LOAD), one(0, Blame.POWER)])
    assert [each.dip.start for each in found] == [1, 2]
