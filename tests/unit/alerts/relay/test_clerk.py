"""What is done when its time has come: escalation, and the morning's message."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.relay.disk import Folder
from alerts.relay.people import Party, Receivers
from alerts.relay.store import Store
from collectors.core.values import Duration
from inventory.schema import Level
from tests.unit.alerts.relay.office import Office, channel, office
from tests.unit.alerts.relay.test_desk import CRITICAL, DUTY, INFO, NIGHT, accept, deliver, held, soon
from tests.unit.alerts.relay.webhook import alert, notification
from tests.unit.inventory.test_hours import at

LEVELS = (
    Level(("boss", "duty"), critical=Duration(900), warning=Duration(14400)),
    Level(("director",), critical=Duration(2700)),
)
SILENT = Party(("duty",), escalation=LEVELS, night=NIGHT)


def staffed(folder: Path, *parties: Party) -> Office:
    channels = [channel(name) for name in ("duty", "phone", "mail", "boss", "director")]
    return office(folder, *channels, parties={"province-04": parties or [SILENT]})


def tick(place: Office, now: float) -> Sequence[str]:
    """The channels that something waits for after the clerk's look at this time."""
    place.clock.wall = now - 1000.0
    soon(lambda: place.clerk.tick(now))
    return list(place.waiting)


def told(folder: Path) -> Office:
    """A critical incident of noon, delivered."""
    place = staffed(folder)
    accept(place, notification(CRITICAL), now=at(12))
    deliver(place)
    return place


def test_when_nobody_acknowledges_the_next_level_is_told_once(tmp_path: Path) -> None:
    place = told(tmp_path)
    assert tick(place, at(12, 14)) == []
    assert tick(place, at(12, 15)) == ["boss"]
    assert place.waiting["boss"][0].title.startswith("[KHẨN CẤP, CHƯA AI NHẬN SAU 15 phút] ")
    deliver(place)
    assert tick(place, at(12, 44)) == []
    assert tick(place, at(12, 45)) == ["director"]
    deliver(place)
    assert tick(place, at(23)) == []


def test_who_was_told_late_hears_the_end_too(tmp_path: Path) -> None:
    place = told(tmp_path)
    tick(place, at(12, 15))
    deliver(place)
    accept(place, notification(alert("resolved", severity="critical")), now=at(13))
    assert list(place.waiting) == ["duty", "boss"]
    deliver(place)
    assert tick(place, at(14)) == []


def test_nobody_is_told_late_of_what_is_over_or_acknowledged(tmp_path: Path) -> None:
    place = told(tmp_path)
    (incident,) = place.book.incidents.values()
    place.clerk.acknowledge(incident, "duty", at(12, 5))
    assert tick(place, at(14)) == []


def test_an_acknowledged_incident_is_not_recalled_but_its_news_and_its_end_are_told(tmp_path: Path) -> None:
    place = told(tmp_path)
    (incident,) = place.book.incidents.values()
    place.clerk.acknowledge(incident, "duty", at(12, 5))
    place.store.forget(1e12)
    accept(place, notification(CRITICAL), now=at(16))
    assert place.waiting == {}
    accept(place, notification(CRITICAL, alert(office="01273-2")), now=at(17))
    assert list(place.waiting) == ["duty"]


def test_an_incident_that_becomes_graver_must_be_acknowledged_anew(tmp_path: Path) -> None:
    place = staffed(tmp_path)
    accept(place, notification(), now=at(8))
    (incident,) = place.book.incidents.values()
    place.clerk.acknowledge(incident, "duty", at(8, 5))
    accept(place, notification(alert(), alert(severity="critical", alertname="BatteryLow")), now=at(12))
    deliver(place)
    assert tick(place, at(12, 14)) == []
    assert tick(place, at(12, 15)) == ["boss"]


def test_a_warning_of_the_night_climbs_from_the_morning_on(tmp_path: Path) -> None:
    place = staffed(tmp_path)
    accept(place, notification(), now=at(23))
    assert tick(place, at(3, day=23)) == ["duty"]
    place.clock.wall = at(6, day=23)
    deliver(place)
    assert tick(place, at(9, 59, day=23)) == []
    assert tick(place, at(10, day=23)) == ["boss"]


def test_a_warning_of_the_evening_climbs_in_the_morning_not_at_night(tmp_path: Path) -> None:
    place = staffed(tmp_path)
    accept(place, notification(), now=at(21))
    deliver(place)
    tick(place, at(1, day=23))
    assert held(place) == {"boss": [at(6, day=23)]}


def test_a_level_survives_a_restart_and_is_not_told_twice(tmp_path: Path) -> None:
    place = told(tmp_path)
    tick(place, at(12, 15))
    deliver(place)
    again = staffed(tmp_path)
    assert tick(again, at(12, 20)) == []
    assert tick(again, at(12, 45)) == ["director"]


def test_a_level_that_nobody_declared_in_the_relay_tells_nobody_and_breaks_nothing(tmp_path: Path) -> None:
    place = staffed(tmp_path, replace(SILENT, escalation=(Level(("gone",), critical=Duration(60)),)))
    accept(place, notification(CRITICAL), now=at(12))
    deliver(place)
    assert tick(place, at(14)) == []


def test_what_alertmanager_has_not_spoken_of_for_days_is_forgotten(tmp_path: Path) -> None:
    place = told(tmp_path)
    tick(place, at(12) + 3 * 86400)
    assert len(place.book.incidents) == 1
    tick(place, at(12) + 3 * 86400 + 1)
    assert not place.book.incidents


def test_a_change_of_receivers_is_read_though_nobody_is_told_of_anything(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    path, right = tmp_path / "receivers.yml", "version: 1\nreceivers: {province-04: [{channels: [duty]}]}\n"
    path.write_text(right, encoding="utf-8")
    receivers, place = Receivers(path), office(tmp_path / "queue")
    clerk = replace(place.clerk, desk=replace(place.desk, receivers=receivers))
    for text, good in (("receivers: [", False), (right, True)):
        path.write_text(text, encoding="utf-8")
        clerk.tick(at(12))
        assert receivers.good is good
    assert "event=receivers_rejected" in caplog.text
    assert "event=receivers_read" in caplog.text


# --- the morning's message ------------------------------------------------------------------------------------------


def noted(folder: Path) -> Office:
    """Two matters that could wait, and one that came and went at night."""
    place = staffed(folder, DUTY)
    accept(place, notification(INFO), now=at(12))
    other = alert(severity="info", cause="agent", annotations={"summary_vi": "Máy dừng", "summary_en": "Stopped"})
    accept(place, notification(other, groupLabels={"incident": "two"}), now=at(13))
    night = alert(annotations={"summary_vi": "Mất điện", "summary_en": "No mains"})
    accept(place, notification(night, groupLabels={"incident": "three"}), now=at(23))
    ended = alert("resolved", annotations={"summary_vi": "Mất điện", "summary_en": "No mains"})
    accept(place, notification(ended, groupLabels={"incident": "three"}), now=at(23, 30))
    deliver(place)
    return place


def test_one_message_a_day_says_all_that_could_wait(tmp_path: Path) -> None:
    place = noted(tmp_path)
    assert tick(place, at(7, 29, day=23)) == []
    assert tick(place, at(7, 30, day=23)) == ["duty"]
    (letter,) = place.waiting["duty"]
    assert letter.title == "[BẢN TIN SÁNG 23/11] 3 việc cần lưu ý, không khẩn cấp"
    assert "[ĐÃ HẾT] Mất điện" in letter.body
    assert letter.body.index("Nguồn điện:") < letter.body.index("Hệ thống giám sát:")
    assert letter.body.index("Máy dừng") < letter.body.index("[MORNING REPORT 23/11]") < letter.body.index("Stopped")
    assert letter.short == (
        "[BAN TIN SANG 23/11] 3 viec can luu y, khong khan cap. nguon dien 2, he thong giam sat 1"
    ).replace("[", "(").replace("]", ")")
    deliver(place)
    assert tick(place, at(7, 31, day=23)) == []


def test_what_a_channel_cuts_off_of_a_long_morning_is_counted_at_its_beginning(tmp_path: Path) -> None:
    """Zalo Bot takes 2000 letters, a mailbox all of it."""
    place = staffed(tmp_path, DUTY)
    for number in range(30):
        long = {"summary_vi": f"Trụ sở {number}: phần mềm giám sát là bản cũ, " + "x" * 60}
        accept(place, notification(alert(severity="info", cause="agent", annotations=long),
                                   groupLabels={"incident": f"{number}"}), now=at(12))  # fmt: skip
    tick(place, at(7, 30, day=23))
    (letter,) = place.waiting["duty"]
    assert letter.body.startswith("Hệ thống giám sát 30\n\nHệ thống giám sát:\n- [LƯU Ý]")
    assert "\nThe monitoring itself 30\n" in letter.body
    assert "Trụ sở 29" in letter.body


def test_a_kill_between_keeping_the_message_and_clearing_the_notes_tells_it_once(tmp_path: Path) -> None:
    place = noted(tmp_path)
    place.notes.remove = lambda notes: None  # type: ignore[method-assign]
    tick(place, at(7, 30, day=23))
    again = staffed(tmp_path, DUTY)
    tick(again, at(7, 35, day=23))
    assert [len(letters) for letters in again.waiting.values()] == [1] * len(again.waiting)
    assert len(again.notes) == 0


@pytest.mark.parametrize("left", [1, 2])
def test_a_kill_while_the_notes_are_cleared_tells_none_of_them_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    place, remove, removed = noted(tmp_path), Folder.remove, list[str]()
    morning = at(7, 30, day=23)

    def killed(folder: Folder, name: str) -> None:
        if folder.path.name == "notes" and len(removed) == 3 - left:
            raise KeyboardInterrupt
        removed.extend([name] if folder.path.name == "notes" else [])
        remove(folder, name)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            tick(place, morning)
    again = staffed(tmp_path, DUTY)
    tick(again, morning + 60)
    assert len(again.waiting["duty"]) == 1
    assert len(again.notes) == 0


def test_what_is_told_by_a_letter_of_its_own_is_not_told_again_in_the_morning(tmp_path: Path) -> None:
    place = staffed(tmp_path, DUTY)
    accept(place, notification(INFO), now=at(12))
    accept(place, notification(alert(severity="warning"), INFO), now=at(13))
    deliver(place)
    assert tick(place, at(7, 30, day=23)) == []


def test_a_full_disk_delays_what_the_clerk_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = told(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        assert tick(place, at(12, 15)) == []
    assert tick(place, at(12, 16)) == ["boss"]
    assert len(Store(tmp_path, 10)) == 1


@pytest.mark.parametrize("refused", ["pending", "incidents"])
def test_a_level_that_the_disk_did_not_take_is_told_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    """A full disk may still take one small file and not the next."""
    place, write = told(tmp_path), Folder.write

    def full(folder: Folder, name: str, content: bytes) -> None:
        if folder.path.name == refused:
            raise OSError(28, "No space left on device")
        write(folder, name, content)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "write", full)
        tick(place, at(12, 15))
    assert tick(place, at(12, 16)) == ["boss"]
    assert len(place.waiting["boss"]) == 1
    (incident,) = place.book.incidents.values()
    assert "boss" in incident.told
