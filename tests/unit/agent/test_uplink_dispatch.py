"""An office and its receiver over hours: what is taken, when, and what is not lost, whatever goes wrong between."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.uplink.courier import Habits
from collectors.core.observed import PUSH_QUARANTINED
from tests.fakes.time import run
from tests.fakes.uplink import FakeClocks, FakeReceiver
from tests.unit.agent.uplink import EVERY, SERIES, Office, fifo

HOUR, DAY = 3600.0, 86400.0


def settled(office: Office) -> None:
    """All but what the next live request will carry has been taken or refused."""
    rest = office.everything() - office.exact(2.0) - office.refused()
    newest = max(office.moments)
    assert all(sequence > newest - 60 / EVERY - 1 for _, sequence in rest), sorted({one for _, one in rest})


def test_live_data_go_once_a_minute_and_are_exact() -> None:
    async def go() -> Office:
        office = Office(FakeReceiver())
        async with office.running():
            await asyncio.sleep(HOUR)
        return office

    office = run(go())
    settled(office)
    assert len(office.receiver.tries) == pytest.approx(61, abs=1)  # and one that asks the time
    assert office.receiver.tries[0][1] == 0
    assert office.refused() == set()
    assert office.receiver.closed == 1


def test_after_an_outage_of_hours_all_is_made_good_and_the_present_is_not_late() -> None:
    async def go() -> Office:
        office = Office(FakeReceiver())
        async with office.running():
            await asyncio.sleep(300)
            office.receiver.mode = "down"
            await asyncio.sleep(6 * HOUR)
            office.receiver.mode = "up"
            office.receiver.lateness.clear()
            await asyncio.sleep(HOUR)
        return office

    office = run(go())
    settled(office)
    newest = max(at for at, _ in ((at, 0) for _, at in office.receiver.stored))
    assert newest / 1000 > office.moments[max(office.moments)] - 76
    assert office.shown()["agent_push_backlog_samples"] <= 4 * len(SERIES)
    in_bulk = [count for _, count in office.receiver.tries if count > 8 * len(SERIES)]
    assert max(in_bulk) == 40 * len(SERIES)


def test_in_order_means_in_order() -> None:
    async def go() -> list[int]:
        office = Office(FakeReceiver(), habits=fifo())
        async with office.running():
            office.receiver.mode = "down"
            await asyncio.sleep(3 * HOUR)
            office.receiver.mode = "up"
            await asyncio.sleep(HOUR)
        settled(office)
        return [at for labels, at in office.receiver.stored if labels == SERIES[0]]

    times = run(go())
    assert times == sorted(times)


@pytest.mark.parametrize("in_order", [False, True])
@pytest.mark.parametrize("status", [400, 409, 422, 500])
def test_one_bad_sample_is_put_aside_and_nothing_else_is_lost_or_late(status: int, in_order: bool) -> None:
    async def go() -> Office:
        receiver = FakeReceiver(lambda labels, _, value: labels == SERIES[1] and value == 20)
        receiver.refusal = status
        office = Office(receiver, habits=fifo() if in_order else Habits())
        async with office.running():
            await asyncio.sleep(2 * HOUR)
        return office

    office = run(go())
    settled(office)
    assert office.refused() == {(SERIES[1], 20)}
    assert office.shown()["agent_push_quarantined_samples_total"] == 1
    assert office.shown()["agent_push_misconfigured"] == 0
    assert max(office.receiver.lateness) < 120
    assert not in_order or in_its_order(office)


def in_its_order(office: Office) -> bool:
    times = [[at for labels, at in office.receiver.stored if labels == one] for one in SERIES]
    return times == [sorted(one) for one in times]


@pytest.mark.parametrize("status", [400, 500])
def test_one_bad_sample_of_a_backlog_does_not_change_the_order_where_that_counts(status: int) -> None:
    async def go() -> Office:
        receiver = FakeReceiver(lambda labels, _, value: labels == SERIES[0] and value == 1)
        receiver.refusal, receiver.mode = status, "down"
        office = Office(receiver, habits=fifo())
        async with office.running():
            await asyncio.sleep(3 * HOUR)
            receiver.mode = "up"
            await asyncio.sleep(HOUR)
        return office

    office = run(go())
    settled(office)
    assert office.refused() == {(SERIES[0], 1)}
    assert in_its_order(office)


@pytest.mark.parametrize("in_order", [False, True])
def test_a_whole_look_that_makes_the_receiver_fail_stops_nothing_for_good(in_order: bool) -> None:
    async def go() -> Office:
        receiver = FakeReceiver(lambda _, __, value: value == 20)
        receiver.refusal = 500
        office = Office(receiver, habits=fifo() if in_order else Habits())
        async with office.running():
            await asyncio.sleep(HOUR)
        return office

    office = run(go())
    settled(office)
    assert office.refused() == {(labels, 20) for labels in SERIES}


@pytest.mark.parametrize("in_order", [False, True])
def test_a_series_that_always_makes_the_receiver_fail_is_left_out(in_order: bool) -> None:
    async def go() -> Office:
        receiver = FakeReceiver(lambda labels, *_: labels == SERIES[2])
        receiver.refusal = 500
        office = Office(receiver, habits=fifo() if in_order else Habits())
        async with office.running():
            await asyncio.sleep(HOUR)
        return office

    office = run(go())
    assert {labels for labels, _ in office.refused()} == {SERIES[2]}
    assert {labels for labels, _ in office.exact(2.0)} == set(SERIES[:2])


@pytest.mark.parametrize("in_order", [False, True])
def test_a_receiver_that_fails_while_a_bad_sample_is_looked_for_loses_us_nothing(in_order: bool) -> None:
    """Whatever comes to fail then is not bad."""

    async def go(seconds: float) -> Office:
        receiver = FakeReceiver(lambda labels, _, value: labels == SERIES[1] and value == 20)
        receiver.refusal = 500
        office = Office(receiver, habits=fifo() if in_order else Habits())
        async with office.running():
            while not receiver.failed:
                await asyncio.sleep(0.1)
            await asyncio.sleep(seconds)
            receiver.mode = 500
            await asyncio.sleep(HOUR / 3)
            receiver.mode = "up"
            await asyncio.sleep(HOUR / 3)
        return office

    for seconds in (0.0, 7.8, 8.2, 8.4):  # into the search, which takes eight seconds and a half
        office = run(go(seconds))
        settled(office)
        assert office.refused() == {(SERIES[1], 20)}
        assert not in_order or in_its_order(office)


def test_a_series_that_is_always_refused_is_left_out_of_what_follows() -> None:
    async def go() -> Office:
        office = Office(FakeReceiver(lambda labels, *_: labels == SERIES[2]))
        async with office.running():
            await asyncio.sleep(HOUR / 2)
        return office

    office = run(go())
    assert {labels for labels, _ in office.refused()} == {SERIES[2]}
    assert {labels for labels, _ in office.exact(2.0)} == set(SERIES[:2])
    assert len(office.receiver.tries) < 80


@pytest.mark.parametrize("status", [400, 500])
def test_of_an_outage_that_began_too_long_ago_only_what_is_too_old_is_lost(status: int) -> None:
    """All of a look is refused there: that says nothing against its series."""

    async def go() -> Office:
        receiver = FakeReceiver(lambda _, __, value: value <= 200)
        receiver.mode, receiver.refusal = "down", status
        office = Office(receiver)
        async with office.running():
            await asyncio.sleep(4 * HOUR)
            receiver.mode = "up"
            await asyncio.sleep(HOUR)
        return office

    office = run(go())
    settled(office)
    assert office.refused() == {(labels, sequence) for labels in SERIES for sequence in range(1, 201)}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 407, 415, 301, 410])
def test_who_turns_away_everything_is_to_be_put_right_and_nothing_is_given_up(status: int) -> None:
    async def go() -> tuple[Office, float, int]:
        office = Office(FakeReceiver())
        async with office.running():
            await asyncio.sleep(600)
            office.receiver.mode, before = status, len(office.receiver.tries)
            await asyncio.sleep(HOUR)
            said, tries = office.shown()["agent_push_misconfigured"], len(office.receiver.tries) - before
            office.receiver.mode = "up"
            await asyncio.sleep(HOUR)
        return office, said, tries

    office, said, tries = run(go())
    settled(office)
    assert (said, office.refused()) == (1, set())
    assert tries < 20  # every five minutes
    assert office.shown()["agent_push_misconfigured"] == 0


def test_a_receiver_that_is_full_is_left_alone_as_long_as_it_asks() -> None:
    async def go() -> list[float]:
        office = Office(FakeReceiver())
        async with office.running():
            await asyncio.sleep(600)
            office.receiver.mode, office.receiver.pause = 503, "240"
            before = len(office.receiver.tries)
            await asyncio.sleep(HOUR)
        return [at for at, _ in office.receiver.tries[before:]]

    tries = run(go())
    assert all(later - one >= 240 for one, later in pairwise(tries))
    assert len(tries) >= 12


def test_a_request_that_is_too_large_is_halved_until_it_fits() -> None:
    async def go() -> Office:
        office = Office(FakeReceiver())
        async with office.running():
            office.receiver.mode = "down"
            await asyncio.sleep(2 * HOUR)
            office.receiver.mode, office.receiver.most = "up", 300
            await asyncio.sleep(2 * HOUR)
        return office

    office = run(go())
    settled(office)
    assert office.refused() == set()


@pytest.mark.parametrize("wrong", [HOUR, -HOUR, 30 * DAY, -1.8e9])
def test_a_wrong_clock_harms_nobody(wrong: float) -> None:
    async def go() -> Office:
        office = Office(FakeReceiver(), FakeClocks(wrong))
        async with office.running():
            await asyncio.sleep(HOUR)
            office.clocks.wrong = 0.0  # it is put right while the agent runs
            await asyncio.sleep(HOUR)
            office.clocks.wrong = wrong / 2
            await asyncio.sleep(HOUR)
        return office

    office = run(go())
    settled(office)
    assert office.refused() == set()
    assert min(office.receiver.lateness) >= 0


def test_without_anybody_who_knows_the_time_nothing_leaves() -> None:
    async def go() -> tuple[Office, int]:
        office = Office(FakeReceiver())
        office.receiver.tells_time = False
        async with office.running():
            await asyncio.sleep(HOUR)
            before = len(office.receiver.stored)
            office.clocks.network = True
            await asyncio.sleep(HOUR)
        return office, before

    office, before = run(go())
    assert before == 0
    settled(office)


def test_what_was_measured_before_a_power_cut_in_an_outage_is_not_lost(tmp_path: Path) -> None:
    async def go() -> Office:
        office = Office(FakeReceiver(), FakeClocks(battery=True), folder=tmp_path)
        for mode in ("up", "down", "down", "up"):
            office.receiver.mode = mode
            async with office.running():
                await asyncio.sleep(HOUR)
            await asyncio.sleep(300)
            office.reboot()
        return office

    office = run(go())
    lost = office.everything() - office.exact(2.0) - office.refused()
    assert office.refused() == set()
    assert len(lost) <= 5 * len(SERIES)  # the minute before the last end


def test_what_has_no_time_that_can_be_known_is_kept_and_counted(tmp_path: Path) -> None:
    async def go() -> Office:
        office = Office(FakeReceiver(), FakeClocks(-30 * DAY), folder=tmp_path)
        office.receiver.mode = "down"
        async with office.running():
            await asyncio.sleep(HOUR)
        unknown = office.everything()
        office.reboot()
        office.receiver.mode = "up"
        async with office.running():
            await asyncio.sleep(HOUR)
        assert office.refused() == unknown
        return office

    office = run(go())
    assert {one.reason for one in office.buffer.refused} == {"clock_unknown"}
    assert office.shown()["agent_push_quarantined_samples_total"] == len(office.refused())


def test_what_never_was_put_aside_is_shown_as_0_so_that_the_first_sample_is_an_increase() -> None:
    async def go() -> Office:
        office = Office(FakeReceiver())
        async with office.running():
            await asyncio.sleep(EVERY)
        return office

    shown = run(go()).dispatch.samples()
    reasons = {one.label("reason"): one.value for one in shown if one.metric is PUSH_QUARANTINED}
    assert reasons == {"refused": 0, "clock_unknown": 0, "time_taken": 0}


# --- anything may happen ----------------------------------------------------------------------------------------------

modes = st.sampled_from(("up", "up", "down", "slow", "deaf", 400, 401, 413, 429, 500, 503))
scenes = st.lists(st.tuples(modes, st.floats(1.0, 1500.0), st.sampled_from(("", "kill", "reboot"))), max_size=6)
bad = st.sets(st.tuples(st.integers(0, 2), st.integers(1, 300)), max_size=2)  # of three a series is given up


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(scenes, bad, st.booleans(), st.sampled_from([0.0, HOUR, -HOUR, 30 * DAY]), st.sampled_from([400, 500]))
def test_every_sample_is_taken_exactly_or_put_aside_with_a_reason(
    scenes: list[tuple[str | int, float, str]], bad: set[tuple[int, int]], in_order: bool, wrong: float, refusal: int
) -> None:
    poison = {(SERIES[series], float(sequence)) for series, sequence in bad}

    async def go() -> Office:
        receiver = FakeReceiver(lambda labels, _, value: (labels, value) in poison)
        receiver.refusal = refusal
        office = Office(receiver, FakeClocks(wrong, network=False), fifo() if in_order else Habits())
        for mode, seconds, end in scenes:
            receiver.mode = mode
            async with office.running():
                await asyncio.sleep(seconds)
            if end == "reboot":
                office.reboot()
        receiver.mode = "up"
        async with office.running():
            await asyncio.sleep(HOUR)
        return office

    office = run(go())
    settled(office)
    rebooted = any(end == "reboot" for *_, end in scenes)
    known = {(labels, sequence) for labels, sequence in office.refused() if (labels, float(sequence)) not in poison}
    assert not known or rebooted, known  # without a file a boot that is over is not known any more
    assert {one for one in office.exact(2.0) if (one[0], float(one[1])) in poison} == set()
