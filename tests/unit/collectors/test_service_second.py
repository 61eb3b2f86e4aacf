"""When a bad result is doubted, and which of two results stands."""

from dataclasses import replace
from typing import Any

import pytest

from collectors.core import Reading, Reason
from collectors.core.values import Duration, Url
from collectors.service import COLLECTOR, second
from collectors.service.target import Target
from collectors.service.web import stall
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


@pytest.mark.parametrize(
    ("first", "left", "wanted"),
    [
        (Reason.OK, 10.0, False),
        (Reason.SLOW, 10.0, False),
        (Reason.FROZEN, 2.5, True),
        (Reason.FROZEN, 2.49, False),
        *((reason, 5.0, True) for reason in (Reason.ERROR, Reason.MAINTENANCE, Reason.DNS, Reason.REFUSED, Reason.TLS)),
        *((reason, 5.0, True) for reason in (Reason.CONTENT, Reason.REDIRECT, Reason.BAD_ANSWER, Reason.TIMEOUT)),
        *((reason, 9.9, False) for reason in (Reason.BLOCKED, Reason.PERMISSION, Reason.INTERNAL, Reason.DENIED)),
    ],
)
def test_a_bad_result_is_doubted_when_there_is_time_and_it_would_be_polite(
    first: Reason, left: float, wanted: bool
) -> None:
    assert second.is_wanted(first, left, timeout=10.0) is wanted


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


@pytest.mark.parametrize("phase", ["tls", "processing", "transfer"])
def test_two_freezes_end_within_one_timeout_and_charge_the_phase(phase: str) -> None:
    reading, requests, seconds = probe(Page(hangs=phase, body=b"a body"))
    assert (reading.result, requests) == (Reason.FROZEN, 2)
    assert seconds <= 10.0
    assert reading.phases[phase] == 5.0


def test_a_freeze_that_took_the_time_is_not_doubted() -> None:
    reading, requests, _ = probe(Page(hangs="processing"), stall=Duration(8))
    assert (reading.result, requests, reading.phases["processing"]) == (Reason.FROZEN, 1, 8.0)


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [({}, 5.0), ({"budget": Duration(2)}, 5.0), ({"budget": Duration(8)}, 8.0), ({"stall": Duration(3)}, 3.0)],
)
def test_silence_is_frozen_after_half_the_timeout_unless_the_budget_allows_more(
    fields: dict[str, Any], seconds: float
) -> None:
    assert stall(Target(url=Url(URL), **fields), 10.0) == seconds
