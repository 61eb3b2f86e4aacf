"""The begin of a dip of a link's capacity asks for one throughput test of that link."""

from dataclasses import replace

import pytest

from agent.config import Probe
from agent.confirmation import Confirmation
from agent.outcome import Outcome
from collectors.core import Reading, Reason
from tests.unit.agent.conftest import Toy, probe


class Named(Toy):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def of_link(collector: str, link: str) -> Probe:
    return replace(probe(f"{collector}/{link}"), collector=Named(collector), labels={"link": link})


CAPACITY = of_link("capacity", "main")
PROBES = [CAPACITY, of_link("link", "main"), of_link("bandwidth", "main"), of_link("bandwidth", "backup")]


def woken(*looks: bool | None, of: Probe = CAPACITY) -> list[list[str]]:
    """What each of so many looks at the link asks for; None: it gave no figure."""
    confirmation = Confirmation()
    readings = [Reading(Reason.OK if low is not None else Reason.FROZEN, seen=low) for low in looks]
    return [list(confirmation.see(Outcome(of, reading, 0.0, 0.5), PROBES)) for reading in readings]


def test_a_dip_is_confirmed_by_one_test_of_the_same_link() -> None:
    assert woken(False, True, True, True) == [[], ["bandwidth/main"], [], []]


def test_a_dip_that_is_there_at_the_start_is_confirmed_too() -> None:
    assert woken(True) == [["bandwidth/main"]]


def test_each_dip_has_its_own_test() -> None:
    assert woken(True, False, True) == [["bandwidth/main"], [], ["bandwidth/main"]]


def test_a_probe_without_a_figure_ends_no_dip() -> None:
    assert woken(True, None, True) == [["bandwidth/main"], [], []]


@pytest.mark.parametrize("collector", ["link", "bandwidth", "service"])
def test_other_probes_are_not_asked(collector: str) -> None:
    assert woken(True, of=of_link(collector, "main")) == [[]]
