"""Asking less often: when, how much, and how evenly."""

from collections import Counter
from dataclasses import replace

import pytest

from agent import backoff
from agent.backoff import LONGEST, Streak, turns
from agent.config import Probe
from alerts.settings import PRODUCTION
from collectors.core import Reason, Schedule
from collectors.core.collector import stable_offset
from inventory import register
from tests.unit.agent.conftest import Toy, probe

OFFICES = [f"{code}-1" for code in register.load().communes]
MINUTE = 60.0


class Polite(Toy):
    backs_off = True


def after(failures: int, result: Reason = Reason.ERROR, every: float = MINUTE) -> int:
    return turns(Polite(), Streak(result, failures), every)


def of_office(office: str, every: float = MINUTE) -> Probe:
    """The probe of one service in this office, at the turns that its configuration gives it."""
    offset = stable_offset(f"{office}/service/portal", every)
    return replace(probe(), schedule=Schedule(every, 20), offset=offset)


def test_a_service_that_keeps_failing_is_asked_at_every_second_then_at_every_third_turn() -> None:
    assert [after(failures) for failures in range(1, 9)] == [1, 1, 2, 2, 2, 3, 3, 3]


def test_whatever_ends_a_streak_ends_the_pause() -> None:
    streak = Streak(Reason.FROZEN, 100)
    assert turns(Polite(), streak, MINUTE) == 3
    for result in (Reason.OK, Reason.SLOW, Reason.ERROR, Reason.DNS):
        assert turns(Polite(), streak.then(result), MINUTE) == 1


@pytest.mark.parametrize("result", sorted(set(Reason) - backoff._REACHED))
def test_what_costs_the_service_nothing_is_looked_at_every_time(result: Reason) -> None:
    assert after(100, result) == 1


def test_no_pause_is_longer_than_the_alerts_count_on() -> None:
    for every in (1.0, 15.0, MINUTE, 89.0, 90.0, 91.0, 180.0, 300.0, 3600.0):
        assert after(100, every=every) * every <= max(LONGEST, every)
    assert PRODUCTION.windows.backed_off_seconds == LONGEST


def test_other_collectors_never_pause() -> None:
    assert turns(Toy(), Streak(Reason.ERROR, 100), MINUTE) == 1


def test_the_turns_of_a_whole_country_spread_evenly_over_the_seconds_of_a_minute() -> None:
    at = Counter(int(of_office(office).delay(0.0) % MINUTE) for office in OFFICES)
    assert len(OFFICES) == 3321
    assert len(at) == MINUTE
    assert max(at.values()) <= 1.5 * len(OFFICES) / MINUTE


def test_a_country_that_backs_off_spreads_over_all_the_turns_that_it_may_take() -> None:
    minutes = Counter(int(of_office(office).delay(0.0, 3) // MINUTE) for office in OFFICES)
    seconds = Counter(int(of_office(office).delay(0.0, 3)) for office in OFFICES)
    assert min(minutes.values()) > 0.9 * len(OFFICES) / 3
    assert max(seconds.values()) <= 2 * len(OFFICES) / LONGEST


@pytest.mark.parametrize("count", [1, 2, 3])
def test_one_turn_in_so_many_is_taken_whenever_it_is_asked_for(count: int) -> None:
    for office in OFFICES[:50]:
        asked = of_office(office)
        first = asked.delay(1000.0, count)
        assert first + asked.delay(1000.0 + first, count) == pytest.approx(first + count * MINUTE)
        assert 0 < first <= count * MINUTE
