"""When a bad result is doubted, and which of two results stands."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from collectors.core import Reading, Reason
from collectors.core.values import Duration, Url
from collectors.service import COLLECTOR, second
from collectors.service.target import Target
from tests.fakes import time
from tests.fakes.http import FakeHttp, Page
from tests.fakes.ports import FakePorts

URL = "https://portal.example/"
OK, SLOW, FROZEN, ERROR = (
    Reading(reason, evidence=(f"it was {reason}",)) for reason in (Reason.OK, Reason.SLOW, Reason.FROZEN, Reason.ERROR)
)


class Changing(FakeHttp):
    """A portal that gives one page after the other, the last one for ever."""

    def __init__(self, *pages: Page) -> None:
        super().__init__({URL: pages[0]})
        self._turns = list(pages)

    def _page(self, url: str) -> Page:
        return self._turns.pop(0) if len(self._turns) > 1 else self._turns[0]


def probe(*pages: Page, timeout: float = 10.0, **fields: Any) -> tuple[Reading, int, float]:
    """The reading, the requests that it took, and the seconds."""
    fake = Changing(*pages)

    async def run() -> tuple[Reading, float]:
        ports = FakePorts(http=fake)
        started = ports.clock.monotonic()
        reading = await COLLECTOR.collect(Target(url=Url(URL), **fields), ports, timeout)
        return reading, ports.clock.monotonic() - started

    reading, seconds = time.run(run())
    return reading, len(fake.requests), seconds


def values(reading: Reading) -> dict[str, float]:
    return {
        "/".join((sample.metric.name, *(value for _, value in sample.labels))): sample.value
        for sample in reading.samples
        if sample.metric.name in ("probe_attempts", "probe_first_result")
    }


@pytest.mark.parametrize("reason", Reason)
def test_a_bad_result_is_doubted_where_it_would_be_polite_and_could_help(reason: Reason) -> None:
    final = {"ok", "slow", "blocked", "denied", "busy", "invalid", "permission", "unsupported", "internal"}
    assert second.is_final(reason) is (reason in final)


@pytest.mark.parametrize(
    ("budget", "seconds"), [(0.0, 5.0), (4.9, 5.0), (5.1, 5.1), (7.5, 7.5), (7.6, 10.0), (12.0, 10.0)]
)
def test_silence_is_doubted_after_half_the_timeout_or_the_budget_unless_that_is_too_late(
    budget: float, seconds: float
) -> None:
    assert second.patience(10.0, budget) == seconds


@pytest.mark.parametrize(
    ("first", "later", "stands"),
    [
        (ERROR, OK, Reason.OK),
        (ERROR, SLOW, Reason.SLOW),
        (ERROR, ERROR, Reason.ERROR),
        (ERROR, FROZEN, Reason.ERROR),
        (FROZEN, ERROR, Reason.FROZEN),
    ],
)
def test_a_bad_verdict_needs_two_bad_results_of_which_the_first_stands(
    first: Reading, later: Reading, stands: Reason
) -> None:
    verdict = second.together(first, later)
    assert verdict.result is stands
    assert values(verdict) == {"probe_attempts": 2, f"probe_first_result/{first.result}": 1}
    told = " ".join(verdict.evidence)
    assert all(line in told for line in (*first.evidence, *later.evidence))


def test_results_without_evidence_are_told_too() -> None:
    assert str(Reason.ERROR) in second.together(replace(ERROR, evidence=()), OK).evidence[-1]


def test_a_portal_that_fails_once_works() -> None:
    reading, requests, _ = probe(Page(500), Page())
    assert (reading.result, requests) == (Reason.OK, 2)
    assert values(reading) == {"probe_attempts": 2, "probe_first_result/error": 1}
    assert "first of two attempts: error, status 500" in reading.evidence[-1]


def test_a_portal_that_fails_twice_does_not() -> None:
    reading, requests, _ = probe(Page(500), Page(503))
    assert (reading.result, requests) == (Reason.ERROR, 2)
    assert "second of two attempts: error, status 503" in reading.evidence[0]
    assert reading.evidence[-1] == "status 500"


def test_a_portal_that_works_is_asked_once() -> None:
    reading, requests, _ = probe(Page(), Page(500))
    assert (reading.result, requests, values(reading)) == (Reason.OK, 1, {"probe_attempts": 1})


def test_who_blocks_us_is_not_asked_again() -> None:
    assert probe(Page(429), Page())[:2][1] == 1


def test_the_second_opinion_can_be_switched_off() -> None:
    reading, requests, _ = probe(Page(500), Page(), second_opinion=False)
    assert (reading.result, requests) == (Reason.ERROR, 1)


@pytest.mark.parametrize("took", [7.4, 7.6])
def test_a_bad_result_is_not_doubted_when_less_than_a_quarter_of_the_timeout_is_left(took: float) -> None:
    page = Page(500, seconds={"processing": took})
    reading, requests, _ = probe(page, Page(500), budget=Duration(8))
    assert (reading.result, requests) == (Reason.ERROR, 2 if took < 7.5 else 1)


@pytest.mark.parametrize("phase", ["tls", "processing", "transfer"])
def test_a_hang_takes_the_whole_timeout_is_doubted_within_it_and_charged_to_its_phase(phase: str) -> None:
    reading, requests, seconds = probe(Page(hangs=phase, body=b"a body"))
    assert (reading.result, requests, seconds) == (Reason.FROZEN, 2, 10.0)
    assert reading.phases[phase] == 10.0


@pytest.mark.parametrize("took", [5.1, 6.0, 9.9])
def test_a_right_answer_that_comes_late_is_slow_and_not_frozen(took: float) -> None:
    reading, requests, seconds = probe(Page(seconds={"processing": took}), budget=Duration(1.5))
    assert (reading.result, requests) == (Reason.SLOW, 2)
    assert seconds == reading.phases["processing"] == pytest.approx(took)


def test_a_late_answer_says_more_than_the_quick_one_that_doubted_it() -> None:
    reading, _, seconds = probe(Page(seconds={"processing": 6.0}), Page(), budget=Duration(1.5))
    assert (reading.result, seconds) == (Reason.SLOW, 6.0)
    assert values(reading) == {"probe_attempts": 1}


def test_a_portal_that_hangs_once_works_and_the_hang_is_told() -> None:
    reading, requests, _ = probe(Page(hangs="processing"), Page())
    assert (reading.result, requests) == (Reason.OK, 2)
    assert values(reading) == {"probe_attempts": 2, "probe_first_result/frozen": 1}


def test_a_portal_that_blocks_us_late_is_left_alone() -> None:
    reading, requests, _ = probe(Page(403, seconds={"processing": 6.0}), Page())
    assert (reading.result, requests, values(reading)) == (Reason.BLOCKED, 2, {"probe_attempts": 1})


def test_a_freeze_by_the_written_stall_is_doubted_in_the_time_that_it_leaves() -> None:
    reading, requests, seconds = probe(Page(hangs="processing"), stall=Duration(3))
    assert (reading.result, requests, seconds) == (Reason.FROZEN, 2, 6.0)
    assert reading.phases["processing"] == 3.0


def test_nothing_goes_on_when_the_probe_is_cancelled() -> None:
    fake = Changing(Page(hangs="processing"))
    ended: list[str] = []

    async def ask(name: str) -> Reading:
        try:
            return await COLLECTOR.collect(Target(url=Url(URL), second_opinion=False), FakePorts(http=fake), 10.0)
        finally:
            ended.append(name)

    async def run() -> None:
        names = iter(("first", "second"))
        probing = asyncio.ensure_future(second.opinion(lambda _: ask(next(names)), FakePorts().clock, 10.0))
        await asyncio.wait({probing}, timeout=6.0)
        probing.cancel()
        await asyncio.wait({probing})

    time.run(run())
    assert sorted(ended) == ["first", "second"]
