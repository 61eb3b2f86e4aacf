"""The runner in virtual time: turns, lanes, bounds, and probes that misbehave."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest

from agent.config import Probe
from agent.lanes import Lanes
from agent.outcome import Outcome
from agent.runner import PATIENCE, Runner, run_once
from collectors.core import Lane, Ports, ProbeError, Reading, Reason, Schedule
from tests.fakes.ports import FakePorts
from tests.fakes.time import FakeClock, run
from tests.unit.agent.conftest import Behaviour, Toy, fine, probe

OK = Reading(Reason.OK)


def outcomes(*probes: Probe, seconds: float, concurrency: int = 8) -> list[Outcome]:
    """Everything that a runner publishes within so many seconds."""
    seen: list[Outcome] = []

    async def go() -> None:
        ports = FakePorts(clock=FakeClock(wall=0))
        runner = Runner(ports, seen.append, concurrency)
        runner.update(probes)
        await asyncio.sleep(seconds)
        await runner.stop()

    run(go())
    return seen


async def hang(_: Ports) -> Reading:
    await asyncio.sleep(1e6)
    return OK


async def deaf(_: Ports) -> Reading:
    """Swallows the cancellation of its run, as a careless `except` does; only the end of the loop ends it."""
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(1e6)
    await asyncio.sleep(1e6)
    return OK


async def broken(_: Ports) -> Reading:
    raise ZeroDivisionError("a defect")


async def refused(_: Ports) -> Reading:
    raise ProbeError(Reason.REFUSED, "nobody listens")


def test_a_probe_runs_at_its_offset_in_every_interval() -> None:
    starts = [outcome.started for outcome in outcomes(probe(every=10, offset=3), seconds=45)]
    assert [start % 10 for start in starts] == [3] * len(starts)
    assert len(starts) == 5


class Polite(Toy):
    backs_off = True


def test_a_service_that_keeps_failing_is_asked_less_often_until_it_answers() -> None:
    async def troubled(ports: Ports) -> Reading:
        return Reading(Reason.ERROR if ports.clock.now() < 1150 else Reason.OK)

    seen = outcomes(replace(probe(every=10), collector=Polite(troubled)), seconds=205)
    starts = [outcome.started for outcome in seen]
    assert starts == [1000, 1010, 1020, 1040, 1060, 1080, 1110, 1140, 1170, 1180, 1190, 1200]
    gaps = [later - sooner for sooner, later in pairwise(starts)]
    assert all(gap < outcome.time_to_live for gap, outcome in zip(gaps, seen, strict=False))


def test_a_reading_may_ask_for_another_run_before_the_next_turn_but_not_at_once_or_later() -> None:
    async def curious(ports: Ports) -> Reading:
        now = ports.clock.now()
        return Reading(Reason.OK, again=4 if now < 1010 else 0.001 if now < 1012.5 else 60)

    starts = [outcome.started for outcome in outcomes(probe(behaviour=curious, every=10), seconds=25)]
    assert starts == [1000, 1004, 1008, 1010, 1011, 1012, 1013, 1020]


def test_a_probe_that_is_woken_runs_now_and_then_at_its_turns_again() -> None:
    starts = []

    async def go() -> None:
        runner = Runner(FakePorts(clock=FakeClock(wall=0)), lambda outcome: starts.append(outcome.started), 8)
        runner.update([probe(every=10)])
        await asyncio.sleep(13)
        runner.wake("toy/a")
        runner.wake("toy/nobody")
        await asyncio.sleep(10)
        await runner.stop()

    run(go())
    assert starts == [1000, 1010, 1013, 1020]


def test_a_hint_that_comes_while_the_probe_runs_is_not_lost() -> None:
    starts: list[float] = []

    async def slow(ports: Ports) -> Reading:
        starts.append(ports.clock.now())
        await asyncio.sleep(1.5)
        return OK

    async def go() -> None:
        runner = Runner(FakePorts(clock=FakeClock(wall=0)), lambda _: None, 8)
        runner.update([probe(behaviour=slow)])
        await asyncio.sleep(0.5)
        runner.wake("toy/a")
        await asyncio.sleep(14)
        await runner.stop()

    run(go())
    assert starts == [1000, 1002.5, 1010]


def test_a_probe_that_fills_the_link_waits_for_its_own_turn_at_start_up() -> None:
    late = probe(every=1800, offset=900, lane=Lane.BULK)
    assert [outcome.started for outcome in outcomes(late, seconds=4000)] == [2700, 4500]


def test_a_timer_that_fires_early_does_not_give_a_second_run_of_the_same_turn() -> None:
    toy = probe(every=10, offset=3)
    assert toy.delay(12.999) == pytest.approx(10.001)
    assert toy.delay(13.0) == pytest.approx(10)
    assert toy.delay(12.5) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("behaviour", "reason"), [(hang, Reason.TIMEOUT), (broken, Reason.INTERNAL), (refused, Reason.REFUSED)]
)
def test_a_probe_that_misbehaves_is_a_result_and_disturbs_no_other(behaviour: Behaviour, reason: Reason) -> None:
    bad = probe("toy/bad", behaviour)
    good = probe("toy/good")
    seen = outcomes(bad, good, seconds=35)
    assert {outcome.reading.result for outcome in seen if outcome.probe is bad} == {reason}
    assert [outcome.started for outcome in seen if outcome.probe is good] == [1000, 1010, 1020, 1030]


def test_a_probe_that_ignores_its_cancellation_is_abandoned(caplog: pytest.LogCaptureFixture) -> None:
    reading = run(run_once(probe(behaviour=deaf), FakePorts())).reading
    assert (reading.result, reading.evidence[-1]) == (Reason.INTERNAL, "it ignores its cancellation")
    assert "event=probe_abandoned probe=toy/a" in caplog.text


def test_a_defect_is_logged_with_its_traceback_and_counted_as_internal(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        reading = run(run_once(probe(behaviour=broken), FakePorts())).reading
    assert reading.evidence == ("ZeroDivisionError in the collector toy",)
    assert "a defect" in caplog.text


def test_a_defect_in_what_becomes_of_an_outcome_does_not_end_the_probe(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Outcome] = []

    def publish(outcome: Outcome) -> None:
        seen.append(outcome)
        raise KeyError("a message that nobody wrote")

    async def go() -> None:
        runner = Runner(FakePorts(clock=FakeClock(wall=0)), publish, 8)
        runner.update([probe()])
        await asyncio.sleep(25)
        await runner.stop()

    run(go())
    assert [outcome.started for outcome in seen] == [1000, 1010, 1020]
    assert "event=publish_defect probe=toy/a" in caplog.text


def test_a_stopped_probe_tidies_up_before_its_lane_is_free_and_its_ports_are_closed() -> None:
    ended: list[float] = []

    async def tidy(_: Ports) -> Reading:
        try:
            return await hang(_)
        finally:
            await asyncio.sleep(0.5)
            ended.append(asyncio.get_running_loop().time())

    async def go() -> list[Outcome]:
        seen: list[Outcome] = []
        runner = Runner(FakePorts(clock=FakeClock(wall=0)), seen.append, 8)
        bulk = probe("toy/bulk", tidy, every=2, offset=0.5, lane=Lane.BULK)
        runner.update([bulk])
        await asyncio.sleep(1)
        runner.update([probe("toy/a")])
        await asyncio.sleep(5)
        runner.update([bulk])
        await asyncio.sleep(1)
        await runner.stop()
        return seen

    assert [outcome.started for outcome in run(go())] == [1001.5]
    assert ended == [1001.5, 1007.5]


def test_never_more_probes_at_once_than_the_bound() -> None:
    running, most = 0, 0

    async def count(_: Ports) -> Reading:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(1)
        running -= 1
        return OK

    seen = outcomes(*(probe(f"toy/{number}", count) for number in range(9)), seconds=9, concurrency=2)
    assert most == 2
    assert len(seen) == 9


def test_a_bulk_probe_never_overlaps_a_latency_probe_and_a_neutral_one_does_not_mind() -> None:
    spans: dict[str, list[tuple[float, float]]] = {}
    for outcome in outcomes(
        probe("toy/latency", _takes(1.5), every=3),
        probe("toy/bulk", _takes(1.9), every=7, lane=Lane.BULK),
        probe("toy/neutral", _takes(1), every=5, lane=Lane.NEUTRAL),
        seconds=200,
    ):
        spans.setdefault(outcome.probe.key, []).append((outcome.started, outcome.ended))
    assert len(spans["toy/bulk"]) > 20
    assert len(spans["toy/latency"]) > 40
    assert not [1 for a in spans["toy/bulk"] for b in spans["toy/latency"] if a[0] < b[1] and b[0] < a[1]]
    assert [1 for a in spans["toy/bulk"] for b in spans["toy/neutral"] if a[0] < b[1] and b[0] < a[1]]


def _takes(seconds: float) -> Behaviour:
    async def behave(_: Ports) -> Reading:
        await asyncio.sleep(seconds)
        return OK

    return behave


def test_a_wait_for_the_lane_shows_as_lateness() -> None:
    seen = outcomes(probe("toy/bulk", _takes(2), lane=Lane.BULK, offset=1), probe("toy/a", fine, offset=1), seconds=8)
    assert {outcome.probe.key: outcome.lateness for outcome in seen} == {"toy/bulk": 0, "toy/a": 2}


def test_a_cancelled_wait_for_the_lane_leaves_it_usable() -> None:
    async def go() -> str:
        lanes = Lanes()
        async with lanes.enter(Lane.LATENCY):
            waiting = asyncio.create_task(lanes.enter(Lane.BULK).__aenter__())
            await asyncio.sleep(1)
            waiting.cancel()
            await asyncio.sleep(1)
            async with lanes.enter(Lane.LATENCY):
                return "shared"

    assert run(go()) == "shared"


def test_a_reload_leaves_an_unchanged_probe_alone_and_ends_a_removed_one() -> None:
    seen: list[Outcome] = []

    async def go() -> None:
        ports = FakePorts(clock=FakeClock(wall=0))
        runner = Runner(ports, seen.append, 8)
        kept, removed = probe("toy/kept", _takes(1.5)), probe("toy/removed", _takes(1.5))
        runner.update([kept, removed])
        await asyncio.sleep(1)
        runner.update([kept, probe("toy/new")])
        await asyncio.sleep(3)
        await runner.stop()

    run(go())
    assert [outcome.probe.key for outcome in seen] == ["toy/new", "toy/kept"]
    assert seen[-1].seconds == 1.5


def test_a_wall_clock_that_jumps_neither_stops_nor_doubles_the_turns() -> None:
    seen: list[Outcome] = []

    async def go() -> None:
        clock = FakeClock()
        runner = Runner(FakePorts(clock=clock), seen.append, 8)
        runner.update([probe(every=10)])
        for jump in (-86400.0 * 365 * 20, 86400.0 * 9, 0.7):
            await asyncio.sleep(20)
            clock.wall += jump
        await asyncio.sleep(20)
        await runner.stop()

    run(go())
    assert 7 <= len(seen) <= 10


class Patient(Toy):
    """Waits for a quiet moment, so many seconds."""

    seconds = 0.0

    async def until_quiet(self, _target: object, ports: Ports) -> None:
        await ports.clock.sleep(self.seconds)


def patient(seconds: float) -> Probe:
    toy = Patient(fine)
    toy.seconds = seconds
    return replace(probe("patient", every=100, lane=Lane.BULK), collector=toy)


@pytest.mark.parametrize(("wants", "gets"), [(0, 0), (12, 12), (1e6, PATIENCE)])
def test_a_probe_may_wait_for_a_quiet_moment_but_not_for_ever_and_is_not_late_for_that(
    wants: float, gets: float
) -> None:
    (only,) = outcomes(patient(wants), seconds=190)
    (plain,) = outcomes(probe("patient", every=100, lane=Lane.BULK), seconds=190)
    assert only.started == plain.started + gets
    assert only.lateness == 0


def test_others_go_on_while_a_probe_waits_for_a_quiet_moment() -> None:
    seen = outcomes(patient(20), probe("other", every=5), seconds=60)
    starts = [outcome.started for outcome in seen if outcome.probe.key == "other"]
    assert all(later - sooner == 5 for sooner, later in pairwise(starts))


def test_a_defect_in_waiting_costs_nothing_but_the_wait(caplog: pytest.LogCaptureFixture) -> None:
    broken_wait = patient(0)

    async def fail(_target: object, _ports: Ports) -> None:
        raise ZeroDivisionError("a defect")

    broken_wait.collector.until_quiet = fail  # type: ignore[attr-defined]
    (only,) = outcomes(broken_wait, seconds=190)
    assert only.reading.result is Reason.OK
    assert "wait_defect" in caplog.text


def test_a_probe_in_the_background_takes_no_place_of_others() -> None:
    async def all_the_time(ports: Ports) -> Reading:
        await ports.clock.sleep(9.5)
        return OK

    always = probe("always", behaviour=all_the_time, lane=Lane.BACKGROUND)
    always = replace(always, schedule=Schedule(10, 10, Lane.BACKGROUND))
    seen = outcomes(always, probe("other", every=2), probe("bulk", every=10, lane=Lane.BULK), seconds=50, concurrency=1)
    keys = [outcome.probe.key for outcome in seen]
    assert keys.count("other") > 20
    assert keys.count("bulk") > 3
    assert keys.count("always") > 3
