"""Order, patience and rate."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from alerts.relay.turns import Rate, Trial, next_turn
from tests.unit.alerts.relay.webhook import letter


def test_the_oldest_comes_first() -> None:
    assert next_turn([letter(1), letter(2, group="h")], {}, 0) == letter(1)


def test_what_is_critical_does_not_wait_behind_what_is_not_but_in_its_group() -> None:
    grave = replace(letter(3, group="grave"), facts={"severity": "critical"})
    after = replace(letter(4), facts={"severity": "critical"})
    assert next_turn([letter(1), letter(2, group="h"), grave, after], {}, 0) == grave
    assert next_turn([letter(1), after], {}, 0) == letter(1)


def test_nothing_waits_for_nothing() -> None:
    assert next_turn([], {}, 0) is None


def test_resolved_never_overtakes_firing_but_another_group_does() -> None:
    firing, resolved, other = letter(1), letter(2), letter(3, group="h")
    trials = {firing.id: Trial(1, due=10.0)}
    assert next_turn([firing, resolved], trials, now=5.0) == 10.0
    assert next_turn([firing, resolved, other], trials, now=5.0) == other
    assert next_turn([firing, resolved, other], trials, now=10.0) == firing


def test_the_soonest_due_letter_sets_the_alarm() -> None:
    trials = {"letter-1": Trial(2, 30.0), "letter-2": Trial(1, 20.0)}
    assert next_turn([letter(1), letter(2, group="h")], trials, 5.0) == 20.0


@given(st.integers(1, 5), st.lists(st.floats(0, 30), max_size=40))
def test_no_minute_holds_more_than_the_rate(per_minute: int, pauses: list[float]) -> None:
    rate, now, taken = Rate(per_minute), 0.0, []
    for pause in pauses:
        now += pause
        now += rate.wait(now)
        assert rate.wait(now) == 0
        rate.take(now)
        taken.append(now)
    assert all(sum(start <= time < start + 60 - 1e-6 for time in taken) <= per_minute for start in taken)
