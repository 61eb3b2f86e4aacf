"""Deliveries of one channel, in virtual time."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.relay.letter import Letter
from alerts.relay.metrics import NOTIFICATIONS
from tests.fakes.time import FakeClock, run
from tests.unit.alerts.relay.office import Office, channel, office
from tests.unit.alerts.relay.webhook import letter


def deliver(place: Office, letters: Sequence[Letter], seconds: float = 600.0) -> float:
    """Run the couriers on these letters for so long; the time at which they began."""

    async def work() -> float:
        begin = FakeClock().monotonic()
        place.store.put(letters)
        tasks = [asyncio.create_task(courier.run()) for courier in place.couriers.values()]
        await asyncio.sleep(seconds)
        for courier in place.couriers.values():
            courier.stop()
        await asyncio.gather(*tasks)
        return begin

    return run(work())


def counted(place: Office, name: str, outcome: str) -> float:
    async def now() -> float:
        samples = place.tally.samples(place.store, FakeClock().now())
        return next(
            one.value
            for one in samples
            if one.metric is NOTIFICATIONS and one.label("channel") == name and one.label("outcome") == outcome
        )

    return run(now())


def fresh(number: int, **changes: str) -> Letter:
    return letter(number, created=FakeClock().wall + 1000.0, **changes)


def test_a_letter_is_delivered_once_and_leaves_the_queue(tmp_path: Path) -> None:
    place = office(tmp_path)
    deliver(place, [fresh(1)])
    assert place.sender.delivered == [("duty", "letter-1")]
    assert len(place.store) == 0
    assert counted(place, "duty", "delivered") == 1


def test_a_refused_letter_is_tried_again_after_growing_waits(tmp_path: Path) -> None:
    place = office(tmp_path)
    place.sender.refusals["duty"] = 3
    begin = deliver(place, [fresh(1)])
    assert place.sender.delivered == [("duty", "letter-1")]
    assert place.sender.times[0] - begin == pytest.approx(5 + 10 + 20)
    assert counted(place, "duty", "retried") == 3


def test_firing_and_resolved_of_a_group_arrive_in_order_after_trouble(tmp_path: Path) -> None:
    place = office(tmp_path)
    place.sender.refusals["duty"] = 1
    deliver(place, [fresh(2), fresh(1)])
    assert [name for _, name in place.sender.delivered] == ["letter-1", "letter-2"]


def test_after_some_attempts_the_fallback_delivers_instead(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    place.sender.refusals["duty"] = 99
    deliver(place, [fresh(1)])
    assert place.sender.delivered == [("reserve", "letter-1")]
    assert (counted(place, "duty", "fallback"), counted(place, "reserve", "delivered")) == (1, 1)


def test_a_fallback_that_hears_of_it_anyway_hears_of_it_once(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    place.sender.refusals["duty"] = 99
    both = [replace(fresh(1), id=f"incident.{name}", channel=name) for name in ("duty", "reserve")]
    deliver(place, both)
    assert place.sender.delivered == [("reserve", "incident.reserve")]
    assert len(place.store) == 0


def test_what_nobody_takes_is_given_up_counted_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = office(tmp_path)
    place.sender.refusals["duty"] = 10_000
    with caplog.at_level(logging.INFO):
        deliver(place, [fresh(1)], seconds=4000)
    assert len(place.store) == 0
    assert counted(place, "duty", "dropped") == 1
    assert "event=dropped channel=duty alert=A" in caplog.text


def test_messages_beyond_the_rate_wait_for_the_next_minute(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", per_minute=2))
    begin = deliver(place, [fresh(number, group=str(number)) for number in range(1, 6)])
    assert [round(time - begin) for time in place.sender.times] == [0, 0, 60, 60, 120]


def test_one_log_line_per_delivery_names_channel_status_and_place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        deliver(office(tmp_path), [fresh(1)])
    assert [line.partition(" attempts")[0] for line in caplog.messages] == ["event=delivered channel=duty alert=A"]


def test_a_failing_disk_does_not_deliver_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = office(tmp_path)

    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.utime", broken)
    deliver(place, [fresh(1)])
    assert place.sender.delivered == [("duty", "letter-1")]
