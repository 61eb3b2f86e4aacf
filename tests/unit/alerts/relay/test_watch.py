"""What Alertmanager keeps to itself: ends of what is inhibited or silenced, and that somebody sees to it."""

import json
from pathlib import Path

import pytest

from alerts.relay.acknowledge import SILENCE, WITHIN
from alerts.relay.watch import GONE, Known, Watch, decode
from alerts.relay.web import Reply, Request, Web
from alerts.rules import groups
from alerts.settings import PRODUCTION
from tests.fakes.time import FakeClock, run
from tests.unit.alerts.relay.office import Office
from tests.unit.alerts.relay.test_clerk import told
from tests.unit.alerts.relay.test_desk import CRITICAL, accept, soon
from tests.unit.alerts.relay.webhook import notification
from tests.unit.inventory.test_hours import at

THERE = Known({"incident": "power-01273-1", "alertname": "OnBattery"}, silenced=False)
SILENCED = Known(THERE.labels, silenced=True)
COVERED = Known(THERE.labels, silenced=False, inhibited=True)
ALIVE = Known({"incident": "centre/agent/Watchdog", "alertname": "Watchdog"}, silenced=False)
OTHER = Known({"incident": "power-99999-1"}, silenced=False)


class Later(FakeClock):
    """Steady time that the test moves on."""

    passed = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.passed


def watched(folder: Path) -> tuple[Office, Watch, Later]:
    place = told(folder)
    clock = Later(place.clock.wall)
    object.__setattr__(place.desk, "clock", clock)
    return place, Watch("http://alertmanager", Web(), place.clerk), clock


def judge(watch: Watch, *alerts: Known) -> None:
    soon(lambda: watch.judge(alerts))


def test_the_end_that_alertmanager_swallowed_is_told_after_a_while(tmp_path: Path) -> None:
    place, watch, clock = watched(tmp_path)
    judge(watch, OTHER, ALIVE)
    clock.passed += GONE - 1
    judge(watch, OTHER, ALIVE)
    assert place.waiting == {}
    clock.passed += 1
    judge(watch, OTHER, ALIVE)
    assert [letter.title.partition("]")[0] for letter in place.waiting["duty"]] == ["[ĐÃ HẾT"]
    assert not place.book.incidents


def test_what_is_there_again_has_not_ended(tmp_path: Path) -> None:
    place, watch, clock = watched(tmp_path)
    for alerts in ([ALIVE], [THERE, ALIVE], [ALIVE]):
        judge(watch, *alerts)
        clock.passed += GONE - 1
    assert place.waiting == {}


def test_nothing_has_ended_while_an_alertmanager_that_has_just_started_hears_no_prometheus(tmp_path: Path) -> None:
    """After a power cut at the centre Prometheus reads what it has for minutes, and says nothing until then."""
    place, watch, clock = watched(tmp_path)
    for alerts in ([], [OTHER], [OTHER, ALIVE]):
        judge(watch, *alerts)
        clock.passed += GONE
    assert place.waiting == {}
    assert len(place.book.incidents) == 1
    judge(watch, ALIVE)
    assert list(place.waiting) == ["duty"]


def test_what_shows_that_prometheus_is_heard_is_an_alert_of_ours() -> None:
    names = {alert.name for group in groups(PRODUCTION) for alert in group.alerts}
    assert ALIVE.labels["alertname"] in names


def test_a_silence_acknowledges(tmp_path: Path) -> None:
    place, watch, _ = watched(tmp_path)
    judge(watch, SILENCED, OTHER)
    (incident,) = place.book.incidents.values()
    assert incident.by == SILENCE


def test_the_end_of_what_was_silenced_for_a_week_is_told(tmp_path: Path) -> None:
    """Alertmanager reminds of nothing that is silenced or inhibited: its list is all that says it still stands."""
    place, watch, clock = watched(tmp_path)
    start = clock.wall
    for day in range(1, 8):
        clock.wall = start + 86400 * day
        judge(watch, SILENCED, ALIVE)
        place.clerk.tick(clock.wall)
    for passed in (0.0, GONE):
        clock.passed += passed
        judge(watch, ALIVE)
    assert [letter.title.partition("]")[0] for letter in place.waiting["duty"]] == ["[ĐÃ HẾT"]


def test_a_silence_of_one_of_two_alerts_does_not(tmp_path: Path) -> None:
    place, watch, _ = watched(tmp_path)
    judge(watch, SILENCED, THERE)
    (incident,) = place.book.incidents.values()
    assert not incident.acknowledged


def test_a_silence_that_ends_before_the_incident_acknowledges_no_longer(tmp_path: Path) -> None:
    place, watch, clock = watched(tmp_path)
    judge(watch, SILENCED)
    judge(watch, THERE)
    (incident,) = place.book.incidents.values()
    assert (incident.acknowledged, incident.by, incident.first) == (0.0, "", soon(clock.now))


def test_nobody_is_told_late_of_what_lies_within_a_graver_incident(tmp_path: Path) -> None:
    """The power of an office, then of its province: who was told of the province need not acknowledge each office."""
    place, watch, clock = watched(tmp_path)
    judge(watch, COVERED, ALIVE)
    soon(lambda: place.clerk.tick(at(14)))
    assert place.waiting == {}
    clock.wall = at(14)
    judge(watch, THERE, ALIVE)
    alone = soon(clock.now)
    soon(lambda: place.clerk.tick(alone + 899))
    assert place.waiting == {}
    soon(lambda: place.clerk.tick(alone + 900))
    assert list(place.waiting) == ["boss"]


@pytest.mark.parametrize("mute", [SILENCED, COVERED])
def test_what_alertmanager_reminds_of_stands_alone_again_though_nobody_has_looked_yet(
    tmp_path: Path, mute: Known
) -> None:
    place, watch, _ = watched(tmp_path)
    judge(watch, mute)
    place.store.forget(1e12)
    accept(place, notification(CRITICAL), now=at(16))
    assert list(place.waiting) == ["duty"]


def test_what_is_partly_covered_and_partly_silenced_is_nobodys_matter(tmp_path: Path) -> None:
    place, watch, _ = watched(tmp_path)
    judge(watch, SILENCED, COVERED)
    assert [one.by for one in place.book.incidents.values()] == [WITHIN]
    judge(watch, COVERED, THERE)
    assert [one.by for one in place.book.incidents.values()] == [""]


def test_what_a_person_acknowledged_stays_so_without_a_silence(tmp_path: Path) -> None:
    place, watch, _ = watched(tmp_path)
    (incident,) = place.book.incidents.values()
    place.clerk.acknowledge(incident, "duty", 5.0)
    judge(watch, SILENCED)
    judge(watch, THERE)
    assert [one.by for one in place.book.incidents.values()] == ["duty"]


def test_a_full_disk_delays_what_a_silence_says_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    place, watch, _ = watched(tmp_path)
    (incident,) = place.book.incidents.values()

    async def ask(_self: Web, _request: Request) -> Reply:
        return Reply(200, json.dumps([{"labels": dict(SILENCED.labels), "status": {"silencedBy": ["x"]}}]))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Web, "ask", ask)
    with monkeypatch.context() as disk:
        disk.setattr("alerts.relay.disk.Folder.write", full)
        run(watch.look())
    assert "event=not_kept" in caplog.text
    assert not place.book.incidents[incident.key].acknowledged
    run(watch.look())
    assert place.book.incidents[incident.key].by == SILENCE


def test_alertmanagers_answer_is_read() -> None:
    content = [{"labels": {"a": "b"}, "status": {"state": "suppressed", "silencedBy": ["x"], "inhibitedBy": []}}]
    assert decode(json.dumps(content)) == [Known({"a": "b"}, silenced=True)]
    content[0]["status"] = {"state": "suppressed", "silencedBy": [], "inhibitedBy": ["y"]}
    assert decode(json.dumps(content)) == [Known({"a": "b"}, silenced=False, inhibited=True)]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"labels": {}}]', "null"])
def test_an_answer_of_another_kind_is_no_list_of_alerts(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a list|Expecting value"):
        decode(text)
