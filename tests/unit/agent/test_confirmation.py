"""What a link's probes leave open is asked of its throughput test: once by day, and at night when nobody uses it."""

from dataclasses import replace
from datetime import datetime

import pytest

from agent.config import Probe
from agent.confirmation import Confirmation
from agent.outcome import Outcome
from collectors.core import Reading, Reason
from collectors.core.line import LineLook
from collectors.core.values import VIETNAM
from tests.unit.agent.conftest import Toy, probe

FINE, LOW = LineLook(low=False), LineLook(low=True)
UNSATURATED = LineLook(unsaturated=True)
CLEAN, BESIDE_OTHERS = LineLook(contended=False), LineLook(contended=True)
NOON, TEN, THREE = (
    datetime(2026, 11, day, hour, tzinfo=VIETNAM).timestamp() for day, hour in ((22, 12), (22, 22), (23, 3))
)
TEST = ["bandwidth/main"]


class Named(Toy):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def of_link(collector: str, link: str) -> Probe:
    return replace(probe(f"{collector}/{link}"), collector=Named(collector), labels={"link": link})


CAPACITY, THROUGHPUT = of_link("capacity", "main"), of_link("bandwidth", "main")
PROBES = [CAPACITY, of_link("link", "main"), THROUGHPUT, of_link("bandwidth", "backup")]


class Link:
    """A confirmation, and what it makes of looks at one link."""

    def __init__(self) -> None:
        self.confirmation = Confirmation()

    def sees(self, look: LineLook | None, at: float = NOON, of: Probe = CAPACITY) -> list[str]:
        """The keys that are woken; None: a look that gave no figure."""
        reading = Reading(Reason.OK if look else Reason.FROZEN, seen=look)
        return list(self.confirmation.see(Outcome(of, reading, at, 0.5), PROBES))

    def tested(self, look: LineLook | None = CLEAN, at: float = NOON) -> list[str]:
        return self.sees(look, at, THROUGHPUT)


def woken(*looks: LineLook | None, of: Probe = CAPACITY) -> list[list[str]]:
    """What each of so many looks at noon asks for."""
    link = Link()
    return [link.sees(look, of=of) for look in looks]


def test_a_dip_is_confirmed_by_one_test_of_the_same_link() -> None:
    assert woken(FINE, LOW, LOW, LOW) == [[], TEST, [], []]


def test_a_dip_that_is_there_at_the_start_is_confirmed_too() -> None:
    assert woken(LOW) == [TEST]


def test_each_dip_has_its_own_test() -> None:
    assert woken(LOW, FINE, LOW) == [TEST, [], TEST]


def test_a_probe_without_a_figure_ends_no_dip() -> None:
    assert woken(LOW, None, LOW) == [TEST, [], []]


def test_a_line_that_shows_no_limit_is_tested_by_a_flow_that_outlasts_a_policer_s_bucket() -> None:
    assert woken(FINE, UNSATURATED, UNSATURATED) == [[], TEST, []]


def test_a_line_that_showed_its_limit_since_is_tested_again_where_it_shows_none() -> None:
    assert woken(UNSATURATED, FINE, UNSATURATED) == [TEST, [], TEST]


def test_what_the_day_left_open_is_asked_at_night() -> None:
    link = Link()
    link.sees(LOW)
    link.tested(BESIDE_OTHERS)
    assert link.sees(LOW, TEN) == TEST


def test_what_a_test_has_answered_without_others_beside_it_is_not_asked_at_night() -> None:
    link = Link()
    link.sees(UNSATURATED)
    link.tested()
    assert link.sees(UNSATURATED, TEN) == []


@pytest.mark.parametrize("look", [BESIDE_OTHERS, None], ids=["contended", "no figure"])
def test_a_usual_test_that_gave_no_figure_of_the_line_is_made_up_for_at_night(look: LineLook | None) -> None:
    link = Link()
    link.tested(look)
    assert link.sees(FINE) == []
    assert link.sees(FINE, TEN) == TEST


def test_a_night_has_one_confirmation() -> None:
    link = Link()
    link.tested(BESIDE_OTHERS)
    assert link.sees(FINE, TEN) == TEST
    link.tested(BESIDE_OTHERS, TEN)
    assert link.sees(FINE, THREE) == []
    assert link.sees(FINE, TEN + 86400) == TEST


def test_the_night_waits_for_a_line_that_nobody_uses() -> None:
    link = Link()
    link.tested(BESIDE_OTHERS)
    assert link.sees(LineLook(low=False, contended=True), TEN) == []
    assert link.sees(LineLook(low=False, contended=False), THREE) == TEST


@pytest.mark.parametrize("collector", ["link", "service", "echo"])
def test_other_probes_are_not_asked(collector: str) -> None:
    assert woken(LOW, of=of_link(collector, "main")) == [[]]


def test_a_link_that_is_not_tested_wakes_nobody() -> None:
    assert woken(LOW, of=of_link("capacity", "third")) == [[]]
