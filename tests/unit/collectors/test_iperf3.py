"""Transfers by iperf3: bytes by time at the receiving end, marked with their method, or a reason for no figure."""

from collections.abc import Mapping

import pytest

from collectors.capacity.metrics import METRICS as CAPACITIES
from collectors.core import Lane, ProbeError, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.core.ports import Iperf3Report, Iperf3Request
from collectors.core.values import Duration, HostPort
from collectors.iperf3 import COLLECTOR, INFO, RATE, USED, Target
from tests.fakes.net import FakeNet
from tests.fakes.ports import FakePorts
from tests.fakes.time import run

TARGET = Target(HostPort("iperf.example"))
DOWN = Iperf3Report(25_000_000, 10.0, 25_000_000, 3, "bbr", "3.12")
UP = Iperf3Report(12_000_000, 5.0, 12_500_000, 0, "cubic", "3.12")


def measure(reports: Mapping[str, Iperf3Report | ProbeError], target: Target = TARGET) -> tuple[Reading, FakeNet]:
    net = FakeNet(iperf3s=reports)

    async def collect() -> Reading:
        return await COLLECTOR.collect(target, FakePorts(net=net), 60.0)

    return run(collect()), net


def rates(reading: Reading) -> dict[str, float]:
    return {sample.label("direction"): sample.value for sample in reading.samples if sample.metric is RATE}


def test_bytes_by_the_time_of_the_receiving_end_are_the_rate() -> None:
    reading, net = measure({"down": DOWN, "up": UP})
    assert reading.result is Reason.OK
    assert rates(reading) == {"down": 2_500_000, "up": 2_400_000}
    assert "20.00 Mbit/s of TCP payload by iperf3 3.12" in reading.evidence[0]
    assert net.asked[0] == ("iperf3", Iperf3Request("iperf.example", 5201, "down", TARGET.max_bytes, 10.0))


def test_a_figure_is_marked_with_its_method_and_never_one_of_the_capacity() -> None:
    reading, _ = measure({"down": DOWN, "up": UP})
    (info, _) = [sample for sample in reading.samples if sample.metric is INFO]
    assert (info.label("method"), info.label("version"), info.label("congestion")) == ("iperf3-tcp", "3.12", "bbr")
    assert not {sample.metric for sample in reading.samples} & set(CAPACITIES)


def test_what_was_moved_is_told_for_the_budget() -> None:
    reading, _ = measure({"down": DOWN, "up": UP})
    moved = {one.label("direction"): one.value for one in reading.samples if one.metric is USED}
    assert moved == {"down": 25_000_000, "up": 12_500_000}
    assert reading.used_bytes == round(37_500_000 * 1.05)
    assert reading.used_bytes <= TARGET.most_bytes


NO_FIGURE = {
    "too short": (Iperf3Report(25_000_000, 0.4, 25_000_000), "too short"),
    "nothing": (Iperf3Report(0, 10.0, 0), "too short"),
    "an upload that was stopped": (Iperf3Report(0, 10.0, 9_000_000, stopped=True), "had to be stopped"),
}


@pytest.mark.parametrize(("report", "words"), NO_FIGURE.values(), ids=NO_FIGURE.keys())
def test_what_tells_nothing_is_invalid_and_costs_its_bytes(report: Iperf3Report, words: str) -> None:
    reading, _ = measure({"down": DOWN, "up": report})
    assert reading.result is Reason.INVALID
    assert rates(reading) == {"down": 2_500_000}
    assert words in reading.evidence[1]
    assert (reading.used_bytes or 0) >= round((25_000_000 + report.sent) * 1.05)


def test_a_download_that_was_stopped_is_one_of_fewer_bytes() -> None:
    assert rates(measure({"down": Iperf3Report(10_000_000, 10.0, 0, stopped=True), "up": UP})[0])["down"] == 1_000_000


@pytest.mark.parametrize("reason", [Reason.PERMISSION, Reason.BUSY, Reason.REFUSED, Reason.DNS])
def test_where_nothing_began_nothing_was_used(reason: Reason) -> None:
    error = ProbeError(reason, "as told")
    reading, _ = measure({"down": error, "up": error})
    assert reading.result is reason
    assert reading.evidence == ("down: as told", "up: as told")
    assert reading.used_bytes == 0


def test_a_transfer_that_broke_counts_as_the_most_that_it_may_have_used() -> None:
    reading, _ = measure({"down": ProbeError(Reason.ERROR, "broken"), "up": UP})
    assert reading.used_bytes == round((TARGET.max_bytes + UP.sent) * 1.05)


def test_it_has_the_link_to_itself() -> None:
    assert COLLECTOR.schedule.lane is Lane.BULK


def test_a_target_is_read_from_text() -> None:
    text = "server: iperf.example:5202\ndirections: [down]\nmax_duration: 5s\n"
    wanted = Target(HostPort("iperf.example", 5202), ("down",), max_duration=Duration(5))
    assert decode_text(text, Target, "agent.yml").value == wanted


BAD = {
    "directions: []\n": "each once",
    "max_bytes: 5\n": "max_bytes",
    "max_duration: 100ms\n": "max_duration",
    "monthly_bytes: 1000\n": "less than one run",
}


@pytest.mark.parametrize(("line", "word"), BAD.items(), ids=BAD.values())
def test_a_target_that_cannot_be_is_refused(line: str, word: str) -> None:
    with pytest.raises(DecodeError, match=word):
        decode_text("server: iperf.example\n" + line, Target, "agent.yml")
