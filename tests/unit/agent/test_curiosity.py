"""What makes the agent look at the way again, and how often."""

from dataclasses import replace
from itertools import pairwise

import pytest

import collectors
from agent.config import Probe
from agent.curiosity import APART, SETTLE, Curiosity
from agent.outcome import Outcome
from collectors.core import Reading, Reason
from tests.unit.agent.conftest import probe


def of(key: str) -> Probe:
    return replace(probe(key), collector=collectors.load(key.partition("/")[0]))


PATH, PORTAL, LINK, UPS = of("path/main"), of("service/portal"), of("link/main"), of("ups/main")


@pytest.fixture
def curiosity() -> Curiosity:
    made = Curiosity()
    made.keep_only((PATH, PORTAL, LINK, UPS))
    return made


def says(curiosity: Curiosity, probe: Probe, result: Reason, now: float) -> dict[str, float]:
    return dict(curiosity.see(Outcome(probe, Reading(result), 0.0, 0.1), now))


@pytest.mark.parametrize("telling", [PORTAL, LINK])
def test_a_failure_and_a_recovery_are_looked_into(curiosity: Curiosity, telling: Probe) -> None:
    assert says(curiosity, telling, Reason.OK, 0) == {}
    assert says(curiosity, telling, Reason.TIMEOUT, 1000) == {PATH.key: SETTLE}
    assert says(curiosity, telling, Reason.OK, 2000) == {PATH.key: SETTLE}


def test_what_goes_on_as_it_was_is_not(curiosity: Curiosity) -> None:
    for now, result in enumerate((Reason.TIMEOUT, Reason.DNS, Reason.FROZEN)):
        assert says(curiosity, PORTAL, result, now * 1000) == {}
    assert says(curiosity, LINK, Reason.OK, 5000) == says(curiosity, LINK, Reason.SLOW, 6000) == {}


def test_what_fails_together_has_one_look(curiosity: Curiosity) -> None:
    for probe_ in (PORTAL, LINK):
        says(curiosity, probe_, Reason.OK, 0)
    assert says(curiosity, PORTAL, Reason.TIMEOUT, 10) == {PATH.key: SETTLE}
    assert says(curiosity, LINK, Reason.UNREACHABLE, 11) == {}


def test_a_service_that_comes_and_goes_has_a_look_in_five_minutes_and_the_last_change_has_one(
    curiosity: Curiosity,
) -> None:
    looks, now = [], 0.0
    for turn in range(60):
        result = Reason.OK if turn % 2 else Reason.TIMEOUT
        looks += [now + wait for wait in says(curiosity, PORTAL, result, now).values()]
        now += 30
    assert looks[-1] >= now - 30
    assert all(later - earlier >= APART for earlier, later in pairwise(looks))
    assert len(looks) == pytest.approx(now / APART, abs=1)


def test_what_says_nothing_about_the_way_is_not_looked_into(curiosity: Curiosity) -> None:
    says(curiosity, PORTAL, Reason.OK, 0)
    assert says(curiosity, PORTAL, Reason.INTERNAL, 1000) == {}
    says(curiosity, UPS, Reason.OK, 0)
    assert says(curiosity, UPS, Reason.NO_ANSWER, 1000) == {}


def test_a_path_that_is_not_configured_any_more_is_left_alone(curiosity: Curiosity) -> None:
    says(curiosity, PORTAL, Reason.OK, 0)
    curiosity.keep_only((PORTAL,))
    assert says(curiosity, PORTAL, Reason.TIMEOUT, 1000) == {}
