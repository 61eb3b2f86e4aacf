"""Who gets a letter and when, that nobody gets it twice, and that whoever was told hears the end."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from alerts.relay.metrics import Receipt
from alerts.relay.payload import Notification
from alerts.relay.people import Party
from inventory.hours import Hours, TimeOfDay
from tests.fakes.time import run
from tests.unit.alerts.relay.office import Office, channel, office
from tests.unit.alerts.relay.webhook import alert, notification
from tests.unit.inventory.test_hours import at

T = TypeVar("T")
NIGHT, MORNING = Hours.parse("22:00-06:00"), TimeOfDay.parse("07:30")
DUTY = Party(("duty",), ("phone",), ("mail",), night=NIGHT, digest=MORNING)
CRITICAL = alert(severity="critical")
INFO = alert(severity="info")


def soon(call: Callable[[], T]) -> T:
    async def work() -> T:
        return call()

    return run(work())


def accept(place: Office, what: Notification, *named: str, now: float = 0.0) -> Receipt:
    """`now`: Unix time at which it comes."""
    if now:
        place.clock.wall = now - 1000.0  # where the virtual loop begins
    return soon(lambda: place.desk.accept(what, named))


def staffed(folder: Path, *more: str) -> Office:
    """A province with a night, a phone and a quiet mailbox."""
    channels = [channel(name) for name in ("duty", "phone", "mail", *more)]
    return office(folder, *channels, parties={"province-04": [DUTY]})


def held(place: Office) -> dict[str, list[float]]:
    """Channel -> until when its letters are held, 0 = not at all."""
    return {name: [letter.held for letter in letters] for name, letters in place.waiting.items()}


def deliver(place: Office) -> None:
    """Everything that is ready is taken."""
    for name in place.couriers:
        for letter in soon(lambda name=name: place.store.ready(name, place.clock.now(), 1000.0)):  # type: ignore[misc]
            place.store.finish(letter, 1000.0)


# --- once -----------------------------------------------------------------------------------------------------------


def test_every_named_channel_gets_one_letter(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty"), channel("sms"))
    assert accept(place, notification(), "duty", "sms", "duty") is Receipt.ACCEPTED
    assert [len(place.store.pending(name)) for name in ("duty", "sms")] == [1, 1]


def test_a_repetition_is_not_delivered_again(tmp_path: Path) -> None:
    place = office(tmp_path)
    accept(place, notification())
    assert accept(place, notification()) is Receipt.REPEATED
    place.store.finish(place.store.pending("duty")[0], 1000.0)
    assert accept(place, notification()) is Receipt.REPEATED
    assert len(place.store) == 0


def test_two_routes_to_one_channel_deliver_once(tmp_path: Path) -> None:
    place = office(tmp_path)
    accept(place, notification(receiver="province-04"), "duty")
    assert accept(place, notification(receiver="province-04-power"), "duty") is Receipt.REPEATED


def test_two_routes_to_one_channel_deliver_at_the_sooner_of_two_times(tmp_path: Path) -> None:
    parties = {"province-04": [DUTY], "province-04-power": [Party(("duty",))]}
    place = office(tmp_path, channel("duty"), channel("mail"), channel("phone"), parties=parties)
    accept(place, notification(), now=at(23))
    assert held(place)["duty"] == [at(6, day=23)]
    accept(place, notification(receiver="province-04-power"), now=at(23))
    assert held(place)["duty"] == [0]


def test_a_reminder_after_the_window_is_delivered(tmp_path: Path) -> None:
    place = office(tmp_path)
    accept(place, notification())
    place.store.finish(place.store.pending("duty")[0], 1000.0 - 601)
    assert accept(place, notification()) is Receipt.ACCEPTED


def test_another_state_of_the_same_group_is_news(tmp_path: Path) -> None:
    place = office(tmp_path)
    for change in (notification(), notification(alert(), alert(office="01273-2")), notification(alert("resolved"))):
        assert accept(place, change) is Receipt.ACCEPTED
    assert [letter.number for letter in place.store.pending("duty")] == [1, 2, 3]


def test_a_full_queue_refuses_so_that_alertmanager_tries_again(tmp_path: Path) -> None:
    place = office(tmp_path, limit=1)
    accept(place, notification())
    assert accept(place, notification(alert("resolved"))) is Receipt.REFUSED
    deliver(place)
    assert accept(place, notification(alert("resolved"))) is Receipt.ACCEPTED


def test_what_was_kept_before_the_queue_was_full_is_delivered_all_the_same(tmp_path: Path) -> None:
    place = office(tmp_path, channel("duty"), channel("sms"), limit=1)
    assert accept(place, notification(), "duty", "sms") is Receipt.REFUSED
    assert len(place.store.pending("duty")) == 1
    assert place.couriers["duty"].news.is_set()


def test_a_full_disk_refuses_and_nothing_is_half_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = office(tmp_path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        assert accept(place, notification()) is Receipt.REFUSED
        assert len(place.store) == 0
    assert accept(place, notification()) is Receipt.ACCEPTED
    assert len(place.store) == 1


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
def test_without_receivers_the_named_channels_are_told(
    tmp_path: Path, named: list[str], severity: str, expected: list[str]
) -> None:
    place = office(tmp_path, channel("duty"), channel("sms", only_critical=True))
    accept(place, notification(alert(severity=severity)), *named)
    assert list(place.waiting) == expected


def test_receivers_are_stronger_than_names_in_the_address(tmp_path: Path) -> None:
    place = staffed(tmp_path)
    accept(place, notification(), "mail", now=at(12))
    assert list(place.waiting) == ["duty"]


def test_parties_whose_channels_are_all_unknown_do_not_silence_an_alert(tmp_path: Path) -> None:
    place = office(tmp_path, parties={"province-04": [Party(("gone",))]})
    accept(place, notification())
    assert list(place.waiting) == ["duty"]


# --- day and night --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "hour", "expected"),
    [
        ("critical", 12, {"duty": [0.0], "phone": [0.0]}),
        ("critical", 2, {"duty": [0.0], "phone": [0.0]}),
        ("warning", 12, {"duty": [0.0]}),
        ("warning", 2, {"duty": [at(6)], "mail": [0.0]}),
        ("page", 2, {"duty": [at(6)], "mail": [0.0]}),
        ("info", 12, {}),
    ],
)
def test_who_is_told_when(tmp_path: Path, severity: str, hour: int, expected: dict[str, list[float]]) -> None:
    place = staffed(tmp_path)
    accept(place, notification(alert(severity=severity)), now=at(hour))
    assert held(place) == expected


def test_who_was_told_in_the_evening_hears_the_end_in_the_morning_and_the_mailbox_at_once(tmp_path: Path) -> None:
    place = staffed(tmp_path)
    accept(place, notification(), now=at(20))
    deliver(place)
    accept(place, notification(alert(), alert(office="01273-2")), now=at(23))
    accept(place, notification(alert("resolved"), alert("resolved", office="01273-2")), now=at(23, 30))
    assert held(place) == {"duty": [at(6, day=23)], "mail": [0.0, 0.0]}
    assert "[ĐÃ HẾT]" in place.waiting["duty"][0].title


def test_who_was_told_at_night_hears_the_end_at_night(tmp_path: Path) -> None:
    place = staffed(tmp_path)
    accept(place, notification(CRITICAL), now=at(2))
    deliver(place)
    accept(place, notification(alert("resolved", severity="critical")), now=at(3))
    assert held(place) == {"duty": [0.0], "phone": [0.0]}


def test_what_came_and_went_at_night_is_noted_for_the_morning(tmp_path: Path) -> None:
    place = staffed(tmp_path)
    accept(place, notification(), now=at(1))
    accept(place, notification(alert("resolved")), now=at(2))
    assert list(place.waiting) == ["mail"]
    assert not place.notes.due(at(7, 29))
    ((note,),) = place.notes.due(at(7, 30)).values()
    assert (note.channel, note.line_vi.startswith("[ĐÃ HẾT]")) == ("duty", True)
    assert not place.book.incidents


def test_without_a_message_a_day_what_came_and_went_at_night_is_told_at_the_end_of_the_night(tmp_path: Path) -> None:
    place = office(tmp_path, parties={"province-04": [Party(("duty",), night=NIGHT)]})
    accept(place, notification(), now=at(1))
    accept(place, notification(alert("resolved")), now=at(2))
    assert not place.notes.due(at(5, 59))
    assert list(place.notes.due(at(6))) == ["duty"]


def test_what_was_never_told_is_not_told_as_over_when_the_queue_was_full_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = staffed(tmp_path)
    accept(place, notification(), now=at(1))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        assert accept(place, notification(alert("resolved")), now=at(2)) is Receipt.REFUSED
    accept(place, notification(alert("resolved")), now=at(2))
    assert list(place.waiting) == ["mail"]
    assert list(place.notes.due(at(7, 30))) == ["duty"]


def test_an_incident_that_becomes_grave_at_night_wakes_people_with_all_of_it(tmp_path: Path) -> None:
    place = staffed(tmp_path)
    accept(place, notification(), now=at(1))
    accept(place, notification(alert(), alert(alertname="BatteryLow", severity="critical")), now=at(2))
    assert held(place) == {"duty": [0.0], "mail": [0.0], "phone": [0.0]}


def test_a_channel_that_is_told_more_than_one_thing_hears_each_end(tmp_path: Path) -> None:
    """The phone heard of the grave part only; when the rest ends, it hears the end, too."""
    place = staffed(tmp_path)
    accept(place, notification(CRITICAL), now=at(12))
    deliver(place)
    accept(place, notification(alert("resolved", severity="critical"), alert(office="01273-2")), now=at(13))
    deliver(place)
    accept(place, notification(alert("resolved"), alert("resolved", office="01273-2")), now=at(14))
    assert sorted(place.waiting) == ["duty", "phone"]


def test_what_can_wait_and_what_cannot_of_one_incident_end_each_by_itself(tmp_path: Path) -> None:
    """Alertmanager has a route of its own for what can wait, to the same receiver: two groups of one incident."""
    place, calm = staffed(tmp_path), {"groupKey": "calm"}
    accept(place, notification(INFO, **calm), now=at(12))
    accept(place, notification(), now=at(12))
    deliver(place)
    accept(place, notification(alert("resolved", severity="info"), **calm), now=at(13))
    assert place.waiting == {}
    accept(place, notification(alert("resolved")), now=at(14))
    assert list(place.waiting) == ["duty"]


def test_who_reads_of_it_in_the_morning_reads_of_its_end_though_another_is_told_at_once(tmp_path: Path) -> None:
    parties = {"province-04": [DUTY, Party(("owner",))]}
    place = office(tmp_path, channel("duty"), channel("owner"), parties=parties)
    accept(place, notification(INFO), now=at(12))
    deliver(place)
    accept(place, notification(alert("resolved", severity="info")), now=at(13))
    assert list(place.waiting) == ["owner"]
    ((note,),) = place.notes.due(at(7, 30, day=23)).values()
    assert (note.channel, note.line_vi[:8]) == ("duty", "[ĐÃ HẾT]")


def test_the_end_reaches_who_is_told_by_now_when_a_channel_is_gone(tmp_path: Path) -> None:
    before = office(tmp_path, channel("old"), channel("duty"), parties={"province-04": [Party(("old",))]})
    accept(before, notification(), now=at(12))
    deliver(before)
    after = office(tmp_path, channel("new"), channel("duty"), parties={"province-04": [Party(("new",))]})
    accept(after, notification(alert("resolved")), now=at(13))
    assert held(after) == {"new": [0.0]}


def test_everything_survives_a_restart_between_beginning_and_end(tmp_path: Path) -> None:
    accept(first := staffed(tmp_path), notification(CRITICAL), now=at(2))
    deliver(first)
    again = staffed(tmp_path)
    accept(again, notification(alert("resolved", severity="critical")), now=at(3))
    assert held(again) == {"duty": [0.0], "phone": [0.0]}


def test_the_end_of_what_this_relay_never_heard_of_is_told_all_the_same(tmp_path: Path) -> None:
    place = staffed(tmp_path)
    accept(place, notification(alert("resolved")), now=at(12))
    assert list(place.waiting) == ["duty"]


def test_what_can_wait_is_noted_and_its_end_takes_the_place_of_its_beginning(tmp_path: Path) -> None:
    place = staffed(tmp_path)
    accept(place, notification(INFO), now=at(12))
    accept(place, notification(alert("resolved", severity="info")), now=at(13))
    assert not place.waiting
    ((note,),) = place.notes.due(at(7, 30, day=23)).values()
    assert note.line_vi.startswith("[ĐÃ HẾT]")
    assert not place.notes.due(at(7, 29, day=23))


def test_what_is_noted_goes_by_the_cause_of_what_it_is_about(tmp_path: Path) -> None:
    place = staffed(tmp_path)
    ended = alert("resolved", severity="info", cause="link")
    accept(place, notification(ended, INFO), now=at(12))
    ((note,),) = place.notes.due(at(7, 30, day=23)).values()
    assert note.cause == "power"


def test_an_incident_that_an_older_version_named_otherwise_has_an_end(tmp_path: Path) -> None:
    accept(staffed(tmp_path), notification(), now=at(12))
    ((path),) = (tmp_path / "incidents").iterdir()
    path.rename(path.with_name("older"))
    accept(staffed(tmp_path), notification(alert("resolved")), now=at(13))
    assert not staffed(tmp_path).book.incidents


def test_a_damaged_incident_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "incidents" / "0123").write_text('{"notification": 1}')
    place = office(tmp_path)
    assert (place.book.incidents, place.store.damaged) == ({}, 1)


def test_what_a_fallback_has_told_already_is_not_told_by_a_route_of_its_own(tmp_path: Path) -> None:
    """Mail is down and hook took over; then Alertmanager calls the receiver behind whom hook itself stands."""
    place = office(tmp_path, channel("mail", fallback="hook"), channel("hook"))
    accept(place, notification(), "mail")
    place.store.hand_over(place.store.pending("mail")[0], "hook", 1000.0)
    place.store.finish(place.store.pending("hook")[0], 1000.0)
    assert accept(place, notification(receiver="province-04-power"), "hook") is Receipt.REPEATED
    assert place.waiting == {}
