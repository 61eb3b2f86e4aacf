"""Who gets a letter, and that nobody gets it twice."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from alerts.relay.desk import recipients
from alerts.relay.metrics import Receipt
from alerts.relay.payload import Notification
from alerts.relay.store import Store
from tests.fakes.time import run
from tests.unit.alerts.relay.office import Office, channel, office
from tests.unit.alerts.relay.webhook import alert, letter, notification

T = TypeVar("T")


def accept(place: Office, what: Notification, *named: str) -> Receipt:
    return soon(lambda: place.desk.accept(what, named))


def soon(call: Callable[[], T]) -> T:
    async def work() -> T:
        return call()

    return run(work())


def test_every_named_channel_gets_one_letter(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty"), channel("sms"))
    assert accept(place, notification(), "duty", "sms", "duty") is Receipt.ACCEPTED
    assert [len(place.store.pending(name)) for name in ("duty", "sms")] == [1, 1]


def test_a_repetition_is_not_delivered_again(tmp_path: Path) -> None:
    place = office(tmp_path)
    accept(place, notification())
    assert accept(place, notification()) is Receipt.REPEATED
    place.store.finish(place.store.pending("duty")[0], now=1_800_001_000.0)
    assert accept(place, notification()) is Receipt.REPEATED
    assert len(place.store) == 0


def test_two_routes_to_one_channel_deliver_once(tmp_path: Path) -> None:
    place = office(tmp_path)
    accept(place, notification(receiver="province-04"), "duty")
    assert accept(place, notification(receiver="province-04-power"), "duty") is Receipt.REPEATED


def test_a_reminder_after_the_window_is_delivered(tmp_path: Path) -> None:
    place = office(tmp_path)
    accept(place, notification())
    place.store.finish(place.store.pending("duty")[0], now=1_800_001_000.0 - 601)
    assert accept(place, notification()) is Receipt.ACCEPTED


def test_another_state_of_the_same_group_is_news(tmp_path: Path) -> None:
    place = office(tmp_path)
    for change in (notification(), notification(alert("resolved")), notification(alert(), alert(office="01273-2"))):
        assert accept(place, change) is Receipt.ACCEPTED
    assert [letter.number for letter in place.store.pending("duty")] == [1, 2, 3]


def test_a_full_queue_refuses_so_that_alertmanager_tries_again(tmp_path: Path) -> None:
    place = office(tmp_path, limit=1)
    accept(place, notification())
    assert accept(place, notification(alert("resolved"))) is Receipt.REFUSED


def test_what_was_kept_before_the_queue_was_full_is_delivered_all_the_same(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty"), channel("sms"), limit=1)
    assert accept(place, notification(), "duty", "sms") is Receipt.REFUSED
    assert len(place.store.pending("duty")) == 1
    assert place.couriers["duty"].news.is_set()


def test_what_waits_for_a_channel_that_is_gone_is_told_to_the_default_one(tmp_path: Path) -> None:
    Store(tmp_path, 10).put([letter(1, channel="gone"), letter(2)])
    place = office(tmp_path)
    soon(place.desk.adopt_strays)
    for store in (place.store, Store(tmp_path, 10)):
        assert [one.id for one in store.pending("duty")] == ["letter-1", "letter-2"]


@pytest.mark.parametrize(
    ("named", "severity", "expected"),
    [
        (["sms"], "critical", ["sms"]),
        (["sms", "duty"], "warning", ["duty"]),
        ([], "warning", ["duty"]),
        (["gone"], "warning", ["duty"]),
        (["gone", "sms"], "critical", ["sms"]),
    ],
)
def test_recipients(tmp_path: Path, named: list[str], severity: str, expected: list[str]) -> None:
    place = office(tmp_path, channel("duty"), channel("sms", only_critical=True))
    assert recipients(place.settings, named, severity) == expected
