"""A power cut as the agent lives through it: the runner, the UPS collector and its past, in virtual time."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from agent.outcome import Outcome
from agent.runner import Runner
from agent.usual import Usual
from collectors.core import Schedule
from collectors.core.ports import Oid, SnmpValue
from collectors.ups import COLLECTOR, POWER_VERDICT, Target
from tests.fakes.ports import FakePorts
from tests.fakes.snmp import FakeSnmp
from tests.fakes.time import FakeClock, run
from tests.unit.agent.conftest import probe
from tests.unit.collectors.ups.cards import HOST, derived

UPS = replace(probe("ups/ups1"), collector=COLLECTOR, target=Target(HOST), schedule=Schedule(15, 12))
MAINS, CUT, BROWNOUT = derived("rfc1628-online"), derived("rfc1628-onbattery"), derived("rfc1628-brownout")
SILENT: Mapping[Oid, SnmpValue] | None = None


def published(*scenes: tuple[float, Mapping[Oid, SnmpValue] | None], file: Path | None = None) -> list[Outcome]:
    """What the runner publishes while a card answers so for so many seconds; None = silence."""
    found: list[Outcome] = []

    async def go() -> None:
        snmp = FakeSnmp({})
        runner = Runner(FakePorts(snmp=snmp, clock=FakeClock(wall=0)), found.append, 8, Usual(file))
        runner.update([UPS])
        for seconds, answers in scenes:
            snmp.hosts = {} if answers is None else {HOST: answers}
            await asyncio.sleep(seconds)
        await runner.stop()

    run(go())
    return found


def verdict(outcome: Outcome) -> str:
    (held,) = (one.label("verdict") for one in outcome.reading.samples if one.metric == POWER_VERDICT and one.value)
    return held


def story(*scenes: tuple[float, Mapping[Oid, SnmpValue] | None]) -> list[str]:
    """The verdicts one after the other, each once."""
    said = [verdict(outcome) for outcome in published(*scenes)]
    return [one for number, one in enumerate(said) if number == 0 or one != said[number - 1]]


def gaps(outcomes: list[Outcome]) -> set[float]:
    """Seconds between two runs, without the first ones: the first turn comes soon after the start."""
    return {round(later.started - earlier.started) for earlier, later in pairwise(outcomes[1:])}


def test_a_cut_is_told_lived_through_and_over() -> None:
    assert story((60, MAINS), (60, CUT), (60, SILENT), (60, MAINS)) == ["mains", "outage", "no_answer", "mains"]


def test_a_card_is_asked_every_three_seconds_in_an_outage_and_at_its_turns_on_mains() -> None:
    assert gaps(published((121, MAINS))) == {15}
    assert max(gaps(published((61, CUT)))) == 3


def test_a_first_sign_is_followed_up_before_the_next_turn() -> None:
    first, second, *_ = published((30, BROWNOUT))
    assert (verdict(first), verdict(second)) == ("unknown", "outage")
    assert round(second.started - first.started) == 5


def test_one_lost_answer_is_asked_for_again_and_changes_nothing() -> None:
    assert story((61, MAINS), (2, SILENT), (60, MAINS)) == ["mains"]
    assert story((61, CUT), (4, SILENT), (60, CUT)) == ["outage"]


def test_an_agent_that_restarts_in_an_outage_finds_it_again_and_one_that_restarts_after_it_does_not(
    tmp_path: Path,
) -> None:
    file = tmp_path / "usual.json"
    published((60, MAINS), (60, CUT), file=file)
    assert {verdict(outcome) for outcome in published((60, CUT), file=file)} == {"outage"}
    assert {verdict(outcome) for outcome in published((60, MAINS), file=file)} == {"mains"}
