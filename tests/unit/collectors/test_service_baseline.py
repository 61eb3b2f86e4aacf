"""Slow against the service's own past at the same hour of the week."""

import json
from collections.abc import Iterable

import pytest

from collectors.core import Reading, Reason
from collectors.service.baseline import Baseline, compare

HOUR = 3600.0
WEEK = 168 * HOUR
MONDAY_8 = 1_800_000_000.0 // HOUR * HOUR


def reading(seconds: float, reason: Reason = Reason.OK) -> Reading:
    return Reading(reason, phases={"processing": seconds})


def after(seconds: Iterable[float], start: float = MONDAY_8, baseline: Baseline | None = None) -> Baseline:
    """A baseline that saw these answers a minute apart."""
    known = baseline or Baseline()
    for number, one in enumerate(seconds):
        known = known.after(one, start + 60 * number)
    return known


def verdict(seconds: float, baseline: Baseline, now: float) -> Reason:
    return compare(reading(seconds), baseline, now)[0].result


@pytest.mark.parametrize(
    ("usual", "seconds", "expected"),
    [
        (1.0, 3.0, Reason.OK),
        (1.0, 3.01, Reason.SLOW),
        (0.1, 0.5, Reason.OK),  # five times the usual, but nobody would notice
        (0.1, 0.51, Reason.SLOW),
    ],
)
def test_three_times_the_usual_is_slow_once_a_person_would_notice(
    usual: float, seconds: float, expected: Reason
) -> None:
    assert verdict(seconds, after([usual] * 5), MONDAY_8 + WEEK) is expected


def test_the_usual_is_that_of_the_same_hour_of_the_week() -> None:
    baseline = after([1.0] * 5)
    assert baseline.at(MONDAY_8 + WEEK + 3599) == 1.0
    assert baseline.at(MONDAY_8 + WEEK + 3600) is None
    assert baseline.at(MONDAY_8 + WEEK - 1) is None


def test_the_present_hour_is_not_its_own_yardstick() -> None:
    week_later = MONDAY_8 + WEEK
    baseline = after([9.0] * 59, week_later, after([1.0] * 5))
    assert verdict(9.0, baseline, week_later + 3599) is Reason.SLOW


def test_an_hour_with_few_answers_says_nothing() -> None:
    assert after([1.0] * 2).at(MONDAY_8 + WEEK) is None


def test_one_odd_answer_or_week_does_not_move_the_median() -> None:
    baseline = after([1.0, 1.0, 30.0, 1.0, 1.0])
    assert baseline.at(MONDAY_8 + WEEK) == 1.0
    for week, usual in enumerate((9.0, 1.0), start=1):
        baseline = after([usual] * 5, MONDAY_8 + week * WEEK, baseline)
    assert baseline.at(MONDAY_8 + 3 * WEEK) == 1.0


def test_a_service_that_stays_slow_becomes_usual_after_weeks_and_old_weeks_are_forgotten() -> None:
    baseline = after([1.0] * 5)
    for week in range(1, 5):
        baseline = after([9.0] * 5, MONDAY_8 + week * WEEK, baseline)
    assert baseline.at(MONDAY_8 + 5 * WEEK) == 9.0


def test_the_memory_is_bounded() -> None:
    baseline = Baseline()
    for hour in range(6 * 168):
        baseline = after([1.0] * 80, MONDAY_8 + hour * HOUR - 40 * 60, baseline)
    assert len(baseline.usual) <= 168
    assert max(map(len, baseline.usual.values())) <= 4
    assert len(baseline.present) <= 64


def test_a_bad_result_is_neither_judged_nor_counted() -> None:
    baseline = after([1.0] * 5)
    assert compare(reading(30.0, Reason.FROZEN), baseline, MONDAY_8 + WEEK) == (reading(30.0, Reason.FROZEN), baseline)


def test_what_is_slow_by_its_budget_stays_so_and_the_usual_is_told() -> None:
    told, _ = compare(reading(1.0, Reason.SLOW), after([1.0] * 5), MONDAY_8 + WEEK)
    assert told.result is Reason.SLOW
    assert [(sample.metric.name, sample.value) for sample in told.samples] == [("probe_usual_duration_seconds", 1.0)]


def test_the_evidence_has_both_figures() -> None:
    told, _ = compare(reading(4.0), after([1.0] * 5), MONDAY_8 + WEEK)
    assert told.evidence == ("took 4.00 s, at this hour of the week 1.00 s are usual",)


def test_a_clock_that_jumps_back_harms_nothing() -> None:
    baseline = after([1.0] * 5, MONDAY_8 - 500 * HOUR, after([1.0] * 5))
    assert verdict(1.0, baseline, MONDAY_8 + WEEK) is Reason.OK


def test_a_baseline_can_be_kept_and_read_again() -> None:
    baseline = after([2.0] * 5, MONDAY_8 + WEEK, after([1.0] * 5))
    assert Baseline.read(json.loads(json.dumps(baseline.plain()))) == baseline


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        {"usual": {}},
        {"usual": [], "hour": 1, "present": []},
        {"usual": {"168": [1.0]}, "hour": 1, "present": []},
        {"usual": {"x": [1.0]}, "hour": 1, "present": []},
        {"usual": {"1": []}, "hour": 1, "present": []},
        {"usual": {"1": ["1"]}, "hour": 1, "present": []},
        {"usual": {}, "hour": 1, "present": [-1.0]},
        {"usual": {}, "hour": 1, "present": [float("nan")]},
    ],
)
def test_what_is_not_a_baseline_is_refused(kept: object) -> None:
    with pytest.raises(ValueError, match=r"not|invalid"):
        Baseline.read(kept)
