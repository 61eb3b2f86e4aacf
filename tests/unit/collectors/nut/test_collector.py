"""The whole collector over a server in memory."""

import pytest

from collectors.core import ProbeError, Reading, Reason
from collectors.core.values import Secret
from collectors.nut import COLLECTOR, Target
from collectors.nut.protocol import MOST
from collectors.nut.target import argument
from collectors.ups import COLLECTOR as UPS
from collectors.ups.power import Verdict
from collectors.ups.watch import Watch
from tests.fakes import time
from tests.fakes.net import FakeNet, once
from tests.fakes.ports import FakePorts
from tests.fakes.upsd import FakeUpsd

HOST = "10.4.8.2"
ON_BATTERY = {"ups.status": "OB DISCHRG", "battery.charge": "80", "battery.runtime": "900", "input.voltage": "0.0"}


def look(net: FakeNet, target: Target | None = None) -> Reading:
    return time.run(COLLECTOR.collect(target or Target(HOST), FakePorts(net=net), 5.0))


def at(server: FakeUpsd) -> FakeNet:
    return FakeNet(talks={(HOST, 3493): server.speak})


def judged(reading: Reading) -> dict[str, float]:
    reading, _ = COLLECTOR.compare(reading, Watch(), 1_800_000_000.0)
    return {
        "/".join((sample.metric.name, *(value for _, value in sample.labels))): sample.value
        for sample in reading.samples
        if sample.metric.name != "ups_info"
    }


def test_a_ups_behind_nut_has_the_metrics_of_a_ups() -> None:
    net = at(FakeUpsd({"main": ON_BATTERY}))
    reading = look(net)
    shown = judged(reading)
    assert reading.result is Reason.OK
    assert (shown["ups_battery_charge_ratio"], shown["ups_battery_runtime_seconds"]) == (0.8, 900)
    assert (shown["ups_on_battery"], shown[f"ups_power_verdict/{Verdict.OUTAGE}"]) == (1, 1)
    assert COLLECTOR.metrics == UPS.metrics
    assert net.asked == [("talk", (HOST, 3493, b"LOGOUT\n"))]


@pytest.mark.parametrize("code", ["DATA-STALE", "DRIVER-NOT-CONNECTED"])
def test_a_server_that_has_lost_its_ups_is_a_lost_link(code: str) -> None:
    reading = look(at(FakeUpsd({"main": code})))
    shown = judged(reading)
    assert (reading.result, shown["ups_communication_up"]) == (Reason.OK, 0)
    assert shown[f"ups_power_verdict/{Verdict.UPS_LINK_LOST}"] == 1
    assert "ups_on_battery" not in shown
    assert any(code in line for line in reading.evidence)


def test_a_person_is_shown_what_the_driver_said() -> None:
    evidence = look(at(FakeUpsd({"main": {**ON_BATTERY, "ups.alarm": "Replace battery!"}}))).evidence
    assert "UPS 'main', A \"fine\" UPS" in evidence
    assert {"ups.status: OB DISCHRG", "ups.alarm: Replace battery!"} <= set(evidence)


def test_nobody_there_is_told_as_the_port_tells_it() -> None:
    reading = look(FakeNet())
    assert (reading.result, reading.samples) == (Reason.REFUSED, ())
    assert judged(reading)[f"ups_power_verdict/{Verdict.NO_ANSWER}"] == 1


@pytest.mark.parametrize(
    ("said", "reason"), [(b"SSH-2.0-x\r\n", Reason.BAD_ANSWER), (b"ERR ACCESS-DENIED\n", Reason.DENIED)]
)
def test_a_server_that_is_another_one_or_refuses_is_told(said: bytes, reason: Reason) -> None:
    assert look(FakeNet(talks={(HOST, 3493): once(said)})).result is reason


def test_a_password_is_shown_nowhere() -> None:
    target = Target(HOST, user="reader", password=Secret("hush-hush"))
    for accounts in ({"reader": "hush-hush"}, {"reader": "another"}):
        reading = look(at(FakeUpsd({"main": ON_BATTERY}, accounts)), target)
        assert "hush" not in repr((reading, target))


def test_a_server_without_an_end_is_left() -> None:
    def endless(said: bytes) -> bytes:
        return b"BEGIN LIST UPS\n" + b'UPS x "y"\n' * 100 if said else b'UPS x "y"\n' * 100

    with pytest.raises(ProbeError, match=str(MOST)):
        look(FakeNet(talks={(HOST, 3493): endless}))


def test_a_ups_of_which_nothing_is_known_is_no_answer() -> None:
    with pytest.raises(ProbeError) as caught:
        look(at(FakeUpsd({"main": {"driver.name": "usbhid-ups"}})))
    assert caught.value.reason is Reason.BAD_ANSWER


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("10.4.8.2", {"host": "10.4.8.2"}),
        ("10.4.8.2:3494", {"host": "10.4.8.2", "port": "3494"}),
        ("main@[2001:db8::1]:3493", {"host": "2001:db8::1", "port": "3493", "ups": "main"}),
    ],
)
def test_one_argument_says_where_as_nuts_own_tools_have_it(text: str, fields: dict[str, str]) -> None:
    assert argument(text) == fields


@pytest.mark.parametrize(
    ("target", "field"),
    [
        (Target("a b"), "host"), (Target(""), "host"), (Target("a", port=0), "port"), (Target("a", ups="x\n"), "ups"),
        (Target("a", user="u\r", password=Secret("p")), "user"), (Target("a", user="u"), "password"),
        (Target("a", user="u", password=Secret("p\nLOGOUT")), "password"), (Target("a", password=Secret("p")), "user"),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_is_refused(target: Target, field: str) -> None:
    assert [name for name, _ in target.check()] == [field]
