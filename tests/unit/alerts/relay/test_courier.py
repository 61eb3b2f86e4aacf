"""Deliveries of one channel, in virtual time."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.relay.config import Channel
from alerts.relay.letter import Letter
from alerts.relay.metrics import FAILING, NOTIFICATIONS
from tests.fakes.time import FakeClock, run
from tests.unit.alerts.relay.office import Office, channel, office
from tests.unit.alerts.relay.test_desk import accept
from tests.unit.alerts.relay.webhook import alert, letter, notification
from tests.unit.inventory.test_hours import at


def deliver(place: Office, letters: Sequence[Letter], seconds: float = 600.0) -> float:
    """Run the couriers on these letters for so long; the time at which they began."""

    async def work() -> float:
        begin = FakeClock().monotonic()
        place.store.put(letters, begin)
        tasks = [asyncio.create_task(courier.run()) for courier in place.couriers.values()]
        await asyncio.sleep(seconds)
        for courier in place.couriers.values():
            courier.stop()
        await asyncio.gather(*tasks)
        return begin

    return run(work())


def failing(place: Office, name: str) -> float:
    async def now() -> float:
        samples = place.tally.samples(place.store, FakeClock().now(), FakeClock().monotonic())
        return next(one.value for one in samples if one.metric is FAILING and one.label("channel") == name)

    return run(now())


def counted(place: Office, name: str, outcome: str) -> float:
    async def now() -> float:
        samples = place.tally.samples(place.store, FakeClock().now(), FakeClock().monotonic())
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
    place.sender.refuse("duty", 3)
    begin = deliver(place, [fresh(1)])
    assert place.sender.delivered == [("duty", "letter-1")]
    assert place.sender.times[0] - begin == pytest.approx(5 + 10 + 20)
    assert counted(place, "duty", "retried") == 3


def test_firing_and_resolved_of_a_group_arrive_in_order_after_trouble(tmp_path: Path) -> None:
    place = office(tmp_path)
    place.sender.refuse("duty", 1)
    deliver(place, [fresh(2), fresh(1)])
    assert [name for _, name in place.sender.delivered] == ["letter-1", "letter-2"]


def test_after_some_attempts_the_fallback_delivers_instead(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    place.sender.refuse("duty", 99)
    deliver(place, [fresh(1)])
    assert place.sender.delivered == [("reserve", "letter-1.reserve")]
    assert (counted(place, "duty", "fallback"), counted(place, "reserve", "delivered")) == (1, 1)


def test_a_dead_channel_with_a_rate_holds_up_no_storm(tmp_path: Path) -> None:
    """Attempts count against the rate: three for each of thirty letters, five a minute, would take eighteen minutes."""
    place = office(tmp_path, channel("duty", fallback="reserve", per_minute=5), channel("reserve"))
    place.sender.refuse("duty", 999)
    begin = deliver(place, [fresh(number, group=str(number)) for number in range(1, 31)])
    assert len(place.sender.times) == 30
    assert max(place.sender.times) - begin <= 60


def test_a_service_that_takes_long_to_fail_holds_up_no_storm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    place.sender.refuse("duty", 999, doubt=True)
    send = place.sender.send

    async def hang(one: Channel, letter: Letter) -> None:
        await asyncio.sleep(30 if letter.channel == "duty" else 0)
        await send(one, letter)

    monkeypatch.setattr(place.sender, "send", hang)
    begin = deliver(place, [fresh(number, group=str(number)) for number in range(1, 31)])
    assert len(place.sender.times) == 30
    assert max(place.sender.times) - begin <= 60


def test_a_channel_that_was_dead_takes_messages_again_once_it_lives(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    place.sender.refuse("duty", 4)

    async def work() -> None:
        tasks = [asyncio.create_task(courier.run()) for courier in place.couriers.values()]
        for number in (1, 2, 3, 4):
            place.store.put([fresh(number, group=str(number))], FakeClock().monotonic())
            place.couriers["duty"].news.set()
            await asyncio.sleep(600)
            if number == 3:
                place.sender.refuse("duty", 1)
        for courier in place.couriers.values():
            courier.stop()
        await asyncio.gather(*tasks)

    run(work())
    assert [name for name, _ in place.sender.delivered] == ["reserve", "reserve", "duty", "duty"]
    assert [round(time - 1000) for time in place.sender.times] == [15, 600, 1200, 1805]


def test_a_dead_channel_is_seen_though_its_fallback_tells_everything(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    place.sender.refuse("duty", 99)
    deliver(place, [fresh(1)])
    assert failing(place, "duty") == pytest.approx(5 + 10)
    assert failing(place, "reserve") == 0


def test_a_fallback_that_hears_of_it_anyway_hears_of_it_once(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    place.sender.refuse("duty", 99)
    both = [replace(fresh(1), id=f"incident.{name}", channel=name) for name in ("duty", "reserve")]
    deliver(place, both)
    assert place.sender.delivered == [("reserve", "incident.reserve")]
    assert len(place.store) == 0


def test_what_nobody_takes_is_given_up_counted_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = office(tmp_path)
    place.sender.refuse("duty", 10_000)
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


def test_a_service_that_wants_to_be_left_alone_is_left_alone_with_every_letter(tmp_path: Path) -> None:
    place = office(tmp_path)
    place.sender.refuse("duty", 1, wait=90.0)
    begin = deliver(place, [fresh(1), fresh(2, group="other")])
    assert [round(time - begin) for time in place.sender.times] == [90, 90]


def test_a_defect_in_one_way_of_sending_ends_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"), channel("other"))
    place.sender.refusals["duty"] = [ValueError("key 1234")]
    caplog.set_level(logging.INFO)
    deliver(place, [fresh(1), fresh(2, channel="other")])
    assert sorted(name for name, _ in place.sender.delivered) == ["other", "reserve"]
    assert 'error="a defect: ValueError"' in caplog.text
    assert "1234" not in caplog.text


def test_a_service_that_wants_to_be_left_alone_for_long_has_a_fallback(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    place.sender.refuse("duty", 1, wait=3600.0)
    begin = deliver(place, [fresh(1), fresh(2, group="other")])
    assert [name for name, _ in place.sender.delivered] == ["reserve", "reserve"]
    assert place.sender.times == pytest.approx([begin, begin])


def test_a_lasting_refusal_is_handed_over_at_once(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    place.sender.refuse("duty", 99, lasting=True)
    begin = deliver(place, [fresh(1)])
    assert [round(time - begin) for time in place.sender.times] == [0]


def test_who_heard_of_it_by_the_fallback_hears_the_end(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    accept(place, notification(), now=at(12))
    place.sender.refuse("duty", 3)
    deliver(place, [])
    assert [name for name, _ in place.sender.delivered] == ["reserve"]
    again = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    accept(again, notification(alert("resolved")), now=at(13))
    assert list(again.waiting) == ["duty", "reserve"]


def test_an_end_that_waited_behind_what_the_fallback_told_is_told_by_both(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    accept(place, notification(), now=at(12))
    accept(place, notification(alert("resolved")), now=at(12))
    place.sender.refuse("duty", 3)
    deliver(place, [])
    assert sorted(name for name, _ in place.sender.delivered) == ["duty", "reserve", "reserve"]
    told = [letter.title[:8] for letter in place.sender.letters if letter.channel == "reserve"]
    assert told == ["[CẢNH BÁ", "[ĐÃ HẾT]"]


def test_two_channels_with_one_fallback_tell_it_once(tmp_path: Path) -> None:
    place = office(tmp_path, channel("mail", fallback="hook"), channel("sms", fallback="hook"), channel("hook"))
    for name in ("mail", "sms"):
        place.sender.refuse(name, 99)
    deliver(place, [replace(fresh(1), id=f"incident.{name}", channel=name) for name in ("mail", "sms")])
    assert place.sender.delivered == [("hook", "incident.hook")]


def test_a_fallback_that_was_told_long_ago_is_not_told_again(tmp_path: Path) -> None:
    """Mail hangs for longer than repetitions are remembered; other notifications come in the meantime."""
    place = office(tmp_path, channel("hook"), channel("mail", fallback="hook"))
    both = [replace(fresh(1), id=f"incident.{name}", channel=name) for name in ("hook", "mail")]
    place.sender.refuse("mail", 99, wait=500.0)

    async def forget() -> None:
        await asyncio.sleep(700)
        place.store.forget(FakeClock().monotonic() - 600)

    async def work() -> None:
        place.store.put(both)
        tasks = [asyncio.create_task(courier.run()) for courier in place.couriers.values()]
        await forget()
        await asyncio.sleep(3000)
        for courier in place.couriers.values():
            courier.stop()
        await asyncio.gather(*tasks)

    run(work())
    assert place.sender.delivered == [("hook", "incident.hook")]
    assert len(place.store) == 0


def test_a_letter_that_is_called_back_while_it_is_sent_harms_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = office(tmp_path)
    letters = [fresh(1), fresh(2, group="other")]
    send = place.sender.send

    async def call_back(channel: Channel, one: Letter) -> None:
        if one.number == 1:
            place.store.cancel(one)
        await send(channel, one)

    monkeypatch.setattr(place.sender, "send", call_back)
    deliver(place, letters)
    assert [name for _, name in place.sender.delivered] == ["letter-1", "letter-2"]
    assert len(place.store) == 0


# --- what cannot be known -------------------------------------------------------------------------------------------


def test_a_lost_answer_is_no_reason_to_send_again_within_the_time_of_idempotency(tmp_path: Path) -> None:
    place = office(tmp_path)
    place.sender.refuse("duty", 1, doubt=True)
    begin = deliver(place, [fresh(1)], seconds=1000)
    assert [round(time - begin) for time in place.sender.times] == [600]


def test_a_service_that_knows_a_message_by_its_id_is_asked_again_soon(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", doubt="again"))
    place.sender.refuse("duty", 1, doubt=True)
    begin = deliver(place, [fresh(1)])
    assert [round(time - begin) for time in place.sender.times] == [5]


def test_a_channel_may_rather_miss_a_message_than_repeat_it(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", doubt="skip"))
    place.sender.refuse("duty", 1, doubt=True)
    deliver(place, [fresh(1)], seconds=1000)
    assert (place.sender.delivered, len(place.store)) == ([], 0)
    assert counted(place, "duty", "dropped") == 1


def test_where_one_channel_is_in_doubt_its_fallback_tells(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty", fallback="reserve"), channel("reserve"))
    place.sender.refuse("duty", 1, doubt=True)
    deliver(place, [fresh(1)])
    assert place.sender.delivered == [("reserve", "letter-1.reserve")]


def test_what_a_crash_left_under_way_is_in_doubt_and_the_rest_is_not(tmp_path: Path) -> None:
    before = office(tmp_path)
    before.store.put([fresh(1), fresh(2, group="other")])
    before.store.begin(before.store.pending("duty")[0])  # and then the process is killed
    place = office(tmp_path)
    begin = deliver(place, [], seconds=1000)
    assert [name for _, name in place.sender.delivered] == ["letter-2", "letter-1"]
    assert [round(time - begin) for time in place.sender.times] == [0, 600]


def test_a_crash_is_no_failure_of_the_channel(tmp_path: Path) -> None:
    channels = (channel("duty", fallback="reserve"), channel("reserve"))
    before = office(tmp_path, *channels)
    before.store.put([fresh(1), replace(fresh(2, group="other"), held=FakeClock().wall + 1100.0)])
    before.store.begin(before.store.pending("duty")[0])  # and then the process is killed
    place = office(tmp_path, *channels)
    place.sender.refuse("duty", 1)
    deliver(place, [], seconds=1000)
    assert place.sender.delivered == [("reserve", "letter-1.reserve"), ("duty", "letter-2")]


def test_a_crash_after_a_refusal_leaves_no_doubt(tmp_path: Path) -> None:
    before = office(tmp_path)
    before.sender.refuse("duty", 99)
    deliver(before, [fresh(1)], seconds=1)
    place = office(tmp_path)
    begin = deliver(place, [], seconds=10)
    assert [round(time - begin) for time in place.sender.times] == [0]


# --- clocks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [-86400.0 * 400, 86400.0 * 400])
def test_a_wall_clock_that_jumps_loses_nothing_and_repeats_nothing(tmp_path: Path, jump: float) -> None:
    clock = FakeClock()
    place = office(tmp_path, clock=clock)
    place.sender.refuse("duty", 2)

    async def work() -> None:
        place.store.put([fresh(1)], FakeClock().monotonic())
        task = asyncio.create_task(place.couriers["duty"].run())
        await asyncio.sleep(1)
        clock.wall += jump
        await asyncio.sleep(60)
        place.couriers["duty"].stop()
        await task

    run(work())
    assert place.sender.delivered == [("duty", "letter-1")]


def test_what_is_held_until_the_morning_goes_out_even_when_the_clock_is_set_back(tmp_path: Path) -> None:
    clock = FakeClock()
    place = office(tmp_path, clock=clock)
    created = clock.wall + 1000.0

    async def work() -> float:
        begin = FakeClock().monotonic()
        place.store.put([replace(letter(1, created=created), held=created + 7200)], begin)
        task = asyncio.create_task(place.couriers["duty"].run())
        await asyncio.sleep(10)
        clock.wall -= 86400.0
        await asyncio.sleep(7300)
        place.couriers["duty"].stop()
        await task
        return begin

    begin = run(work())
    assert len(place.sender.times) == 1
    assert 7200 <= place.sender.times[0] - begin <= 7260


def test_a_failing_disk_does_not_deliver_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = office(tmp_path)

    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("alerts.relay.disk.Folder.move", broken)
    deliver(place, [fresh(1)])
    assert place.sender.delivered == [("duty", "letter-1")]
