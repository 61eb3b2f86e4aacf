"""An office speaks for itself, in good order and in our time."""

import pytest

from agent.gateway.judge import Bounds, Refusal, RefusedError, judge
from agent.gateway.write_request import Found

NOW = 1_800_000_000.0
BOUNDS = Bounds(ahead=60, behind=3600, samples=10)
IDENTITY = {"province": "04", "commune": "01273", "office": "01273-1"}


def one(*times: float, **labels: str) -> Found:
    """A series of the office; times: seconds from now."""
    found = {"__name__": "ups_on_battery", **IDENTITY, **labels}
    return Found(tuple(sorted(found.items())), tuple(round((NOW + time) * 1000) for time in times))


def raw(*labels: tuple[str, str]) -> Found:
    return Found(labels, (round(NOW * 1000),))


def refused(found: Found) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        judge([found], IDENTITY, BOUNDS, NOW)
    return caught.value


def test_an_office_may_say_what_it_is_like_there() -> None:
    found = judge([one(-30, -15, 0), one(-3600, ups="main"), one(60, ups="main")], IDENTITY, BOUNDS, NOW)
    assert (found.samples, found.oldest, found.newest, len(found.series)) == (5, NOW - 3600, NOW + 60, 2)


def test_nothing_said_is_nothing_wrong() -> None:
    found = judge([], IDENTITY, BOUNDS, NOW)
    assert (found.samples, found.oldest, found.newest, found.series) == (0, None, None, frozenset())


@pytest.mark.parametrize("label", IDENTITY)
def test_nobody_speaks_for_another_office(label: str) -> None:
    other = refused(one(0, **{label: "99"}))
    assert (other.status, other.why) == (403, Refusal.IDENTITY)
    assert label in str(other)
    assert "'99'" in str(other)
    absent = Found(tuple(pair for pair in one(0).labels if pair[0] != label), one(0).times)
    assert refused(absent).why is Refusal.IDENTITY


@pytest.mark.parametrize("name", ["office_info", "gateway_store_up", "office:silent", "ALERTS"])
def test_an_office_says_nothing_that_is_the_centres_to_say(name: str) -> None:
    """Beside the centre's own `office_info` a second one would break every rule that joins with it."""
    error = refused(one(0, __name__=name))
    assert (error.status, error.why, name in str(error)) == (400, Refusal.IDENTITY, True)


@pytest.mark.parametrize(
    ("seconds", "why"), [(60.001, Refusal.AHEAD), (30 * 86400, Refusal.AHEAD), (-3600.001, Refusal.BEHIND)]
)
def test_a_time_that_harms_the_store_is_refused(seconds: float, why: Refusal) -> None:
    error = refused(one(seconds))
    assert (error.status, error.why) == (400, why)


@pytest.mark.parametrize("times", [(), (0, 0), (0, -15)])
def test_a_series_has_samples_in_the_order_of_time(times: tuple[float, ...]) -> None:
    assert refused(one(*times)).why is Refusal.ORDER


@pytest.mark.parametrize(
    "labels",
    [
        (("a", "1"),),  # no name
        (("__name__", "up"), ("b", "1"), ("a", "1")),  # not sorted
        (("__name__", "up"), ("a", "1"), ("a", "1")),  # twice
        (("__name__", "up"), ("a", "")),  # empty
        (("__name__", "9up"),),
        (("__name__", "up"), ("a-b", "1")),
        (("__name__", "up"), ("a", "x" * 3000)),
        (("", "up"),),
        (("__name__", "up"), *((f"l{index:02}", "x") for index in range(40))),
    ],
)
def test_labels_follow_the_rules(labels: tuple[tuple[str, str], ...]) -> None:
    error = refused(raw(*labels))
    assert (error.status, error.why) == (400, Refusal.LABELS)


def test_a_request_holds_no_more_samples_than_it_may() -> None:
    error = refused(one(*range(-11, 0)))
    assert (error.status, error.why) == (413, Refusal.SIZE)


def test_what_was_wrong_is_told_in_one_short_line() -> None:
    error = refused(one(0, office="x\n" * 5000))
    assert "\n" not in str(error)
    assert len(str(error)) < 300
