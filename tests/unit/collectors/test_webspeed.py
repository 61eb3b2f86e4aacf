"""Transfers over HTTP: bytes by time, a reason where that would mean nothing."""

import zlib
from collections.abc import Mapping

import pytest

from collectors.core import Lane, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.core.values import Url
from collectors.webspeed import COLLECTOR, RATE, USED, Target
from tests.fakes.http import FakeHttp, Page
from tests.fakes.ports import FakePorts
from tests.fakes.time import run

FILE, SINK = Url("https://speed.example/file"), Url("https://speed.example/sink")
SIZE = 5_000_000
DOWN = Page(body=bytes(SIZE), seconds={"connect": 0.02, "transfer": 2.0})
DOWNLOAD = Target(FILE)
UP = Page(status=204, seconds={"connect": 0.5, "processing": 4.5})


def measure(pages: Mapping[str, Page], target: Target = DOWNLOAD, timeout: float = 60.0) -> tuple[Reading, FakeHttp]:
    http = FakeHttp(pages)

    async def collect() -> Reading:
        return await COLLECTOR.collect(target, FakePorts(http=http), timeout)

    return run(collect()), http


def rates(reading: Reading) -> dict[str, float]:
    return {sample.label("direction"): sample.value for sample in reading.samples if sample.metric is RATE}


def test_a_file_by_its_time_is_the_rate() -> None:
    reading, http = measure({FILE: DOWN})
    assert reading.result is Reason.OK
    assert rates(reading) == {"down": pytest.approx(SIZE / 2.0)}
    assert "20.00 Mbit/s by HTTP, 5.00 MB in 2.00 s" in reading.evidence[0]
    assert http.requests[0].max_kept == 0


def test_an_upload_is_timed_to_its_answer_without_the_answers_round_trip() -> None:
    reading, http = measure({FILE: DOWN, SINK: UP}, Target(FILE, SINK, max_bytes=8_000_000))
    assert rates(reading) == {"down": pytest.approx(SIZE / 2.0), "up": pytest.approx(8_000_000 / 4.0)}
    assert reading.phases["down transfer"] == pytest.approx(2.0)
    assert (http.requests[1].method, len(http.requests[1].body)) == ("POST", 8_000_000)


def test_what_is_sent_cannot_be_compressed() -> None:
    body = measure({FILE: DOWN, SINK: UP}, Target(FILE, SINK, max_bytes=1_000_000))[1].requests[1].body
    assert len(zlib.compress(body)) > 0.99 * len(body)


def test_what_was_moved_is_told_for_the_budget() -> None:
    reading, _ = measure({FILE: DOWN, SINK: UP}, Target(FILE, SINK))
    moved = {one.label("direction"): one.value for one in reading.samples if one.metric is USED}
    assert moved == {"down": SIZE, "up": 10_000_000}
    assert reading.used_bytes is not None
    assert SIZE + 10_000_000 < reading.used_bytes <= Target(FILE, SINK).most_bytes


def test_a_transfer_that_is_over_at_once_gives_no_figure() -> None:
    reading, _ = measure({FILE: Page(body=bytes(SIZE), seconds={"transfer": 0.3})})
    assert reading.result is Reason.INVALID
    assert rates(reading) == {}
    assert "take a larger file" in reading.evidence[0]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Page(404), Reason.CONTENT),
        (Page(302), Reason.REDIRECT),
        (Page(429), Reason.BLOCKED),
        (Page(503), Reason.ERROR),
        (Page(body=bytes(SIZE), hangs="transfer"), Reason.FROZEN),
        (Page(expired=True), Reason.TLS),
    ],
)
def test_an_answer_that_is_no_transfer_gives_its_reason_and_no_figure(page: Page, reason: Reason) -> None:
    reading, _ = measure({FILE: page})
    assert reading.result is reason
    assert rates(reading) == {}


def test_half_a_file_counts_for_the_budget() -> None:
    reading, _ = measure({FILE: Page(body=bytes(SIZE), hangs="transfer")})
    assert reading.used_bytes
    assert reading.used_bytes > SIZE / 2


def test_a_direction_that_fails_leaves_the_other_its_figure() -> None:
    reading, _ = measure({FILE: DOWN, SINK: Page(413)}, Target(FILE, SINK))
    assert reading.result is Reason.CONTENT
    assert list(rates(reading)) == ["down"]


def test_it_has_the_link_to_itself() -> None:
    assert COLLECTOR.schedule.lane is Lane.BULK


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("url: speed.example\n", "url"),
        ("url: https://speed.example/\nmax_bytes: 5\n", "max_bytes"),
        ("url: https://speed.example/\nmonthly_bytes: 1000000\n", "monthly_bytes"),
    ],
)
def test_a_target_that_cannot_be_is_refused(text: str, word: str) -> None:
    with pytest.raises(DecodeError, match=word):
        decode_text(text, Target, "agent.yml")
