"""A time server's answer: the offset that it shows, and the answers that show none."""

from typing import Any

import pytest

from collectors.core import ProbeError, Reading, Reason
from collectors.core.ports import Datagram
from collectors.core.values import Duration
from collectors.service import COLLECTOR
from collectors.service.ntp import read, unix
from collectors.service.target import Kind, Target
from tests.fakes import time
from tests.fakes.net import FakeNet
from tests.fakes.ports import FakePorts
from tests.servers.ntp import reply, stamp, time_server

HOST = "ntp.example"
NOON = 1_800_000_000.0
REQUEST = bytes(40) + (99).to_bytes(8)


def probe(ahead: float, **fields: Any) -> Reading:
    net = FakeNet(datagrams={(HOST, 123): time_server(ahead)})
    return time.run(COLLECTOR.collect(Target(kind=Kind.NTP, host=HOST, **fields), FakePorts(net=net), 10.0))


@pytest.mark.parametrize("ahead", [0.0, 0.25, -3600.0])
def test_the_offset_is_how_far_the_server_is_ahead_whatever_the_way_takes(ahead: float) -> None:
    found = {sample.metric.name: sample.value for sample in probe(ahead).samples}
    assert found["probe_ntp_offset_seconds"] == pytest.approx(ahead, abs=1e-6)
    assert found["probe_ntp_delay_seconds"] == pytest.approx(0.02, abs=1e-6)
    assert found["probe_ntp_stratum"] == 2


@pytest.mark.parametrize(
    ("ahead", "reason"),
    [(0.99, Reason.OK), (-0.99, Reason.OK), (1.01, Reason.CONTENT), (-1.01, Reason.CONTENT)],
)
def test_clocks_that_are_too_far_apart_are_wrong_content(ahead: float, reason: Reason) -> None:
    assert probe(ahead, max_offset=Duration(1)).result is reason


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        ({"mode": 3}, Reason.BAD_ANSWER),
        ({"origin": 98}, Reason.BAD_ANSWER),
        ({"stratum": 0, "code": b"RATE"}, Reason.BLOCKED),
        ({"stratum": 0, "code": b"DENY"}, Reason.BLOCKED),
        ({"stratum": 0, "code": b"INIT"}, Reason.ERROR),
        ({"stratum": 16}, Reason.ERROR),
        ({"leap": 3}, Reason.ERROR),
        ({"transmit": -2_208_988_800.0}, Reason.ERROR),
    ],
)
def test_an_answer_that_shows_no_time_says_why(wishes: dict[str, Any], reason: Reason) -> None:
    data = reply(REQUEST, NOON, **{"transmit": NOON, **wishes})
    with pytest.raises(ProbeError) as caught:
        read(Datagram("10.0.0.1", data, 0.0, 0.02, NOON), 99)
    assert caught.value.reason is reason


@pytest.mark.parametrize("size", [0, 47])
def test_a_packet_that_is_cut_is_a_bad_answer(size: int) -> None:
    with pytest.raises(ProbeError) as caught:
        read(Datagram("10.0.0.1", reply(REQUEST, NOON, NOON)[:size], 0.0, 0.02, NOON), 99)
    assert caught.value.reason is Reason.BAD_ANSWER


def test_no_answer_is_no_answer() -> None:
    reading = time.run(COLLECTOR.collect(Target(kind=Kind.NTP, host=HOST), FakePorts(net=FakeNet()), 2.0))
    assert reading.result is Reason.NO_ANSWER


@pytest.mark.parametrize("moment", [0.0, 1_800_000_000.0, 2_085_978_495.0, 2_085_978_497.0, 4_000_000_000.0])
def test_a_timestamp_is_read_in_the_right_era(moment: float) -> None:
    assert unix(stamp(moment), moment + 3600) == pytest.approx(moment)
