"""Reports of data owners: what is published of them, and what is not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core import ProbeError, Reading, Reason
from collectors.core.decode import DecodeError, decode_text
from collectors.core.values import Url
from collectors.freshness import COLLECTOR, LAG, LAST_SUCCESS, REJECTED, Target, read
from tests.fakes.host import FakeHost, machine
from tests.fakes.http import FakeHttp, Page
from tests.fakes.ports import FakePorts
from tests.fakes.time import FakeClock, run

BEGUN = 1000.0  # what the loop's clock begins with
NOW = 1_790_000_000.0
PATH = "/feeds/land.json"
URL = Url("http://owner.example/land.json")
GOOD = {"system": "land", "last_success": NOW - 600, "lag_seconds": 12.5, "rejected": 3}


def report(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def reading(content: bytes) -> Reading:
    ports = FakePorts(clock=FakeClock(wall=NOW - BEGUN), host=FakeHost(machine(), files={PATH: content}))
    return run(COLLECTOR.collect(Target(file=PATH, system="land"), ports, 10))


def reason_of(content: bytes) -> Reason:
    with pytest.raises(ProbeError) as caught:
        reading(content)
    return caught.value.reason


def values(found: Reading) -> dict[str, float]:
    return {sample.metric.name: sample.value for sample in found.samples}


def test_a_report_is_published_as_its_owner_wrote_it() -> None:
    assert values(reading(report())) == {LAST_SUCCESS.name: NOW - 600, LAG.name: 12.5, REJECTED.name: 3}


def test_a_date_with_its_zone_means_the_same_moment_as_unix_seconds() -> None:
    found = read(report(last_success="2026-09-21T21:13:20+07:00").decode(), "land")
    assert found.last_success == NOW


def test_an_old_report_is_published_because_its_age_is_the_finding() -> None:
    assert values(reading(report(last_success=NOW - 90 * 86400)))[LAST_SUCCESS.name] == NOW - 90 * 86400


def test_an_owners_clock_may_be_a_little_ahead_and_no_more() -> None:
    assert reading(report(last_success=NOW + 299)).result is Reason.OK
    assert reason_of(report(last_success=NOW + 301)) is Reason.INVALID


@pytest.mark.parametrize(
    "changes",
    [
        {"last_success": "yesterday"},
        {"last_success": "2026-09-21T21:13:20"},
        {"last_success": NOW * 1000},
        {"last_success": 0},
        {"last_success": None},
        {"last_success": True},
        {"lag_seconds": -1},
        {"lag_seconds": "12"},
        {"lag_seconds": float("nan")},
        {"lag_seconds": float("inf")},
        {"rejected": 1.5},
        {"rejected": -1},
        {"rejected": 1e300},
        {"more": 1},
    ],
    ids=str,
)
def test_a_report_that_makes_no_sense_gives_no_figure_at_all(changes: dict[str, object]) -> None:
    assert reason_of(report(**changes)) is Reason.BAD_ANSWER


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b"[" * 4000, b'{"system": "land", "system": "land"}'])
def test_what_is_no_report_is_told_so(content: bytes) -> None:
    assert reason_of(content) is Reason.BAD_ANSWER


def test_a_report_in_the_place_of_another_is_noticed() -> None:
    assert reason_of(report(system="tax")) is Reason.CONTENT


def test_a_missing_report_is_no_answer_and_a_long_one_is_not_read() -> None:
    ports = FakePorts(clock=FakeClock(wall=NOW - BEGUN), host=FakeHost(machine()))
    with pytest.raises(ProbeError) as caught:
        run(COLLECTOR.collect(Target(file=PATH, system="land"), ports, 10))
    assert caught.value.reason is Reason.NO_ANSWER
    assert reason_of(report() + b" " * 4096) is Reason.BAD_ANSWER


@given(
    st.text() | st.dictionaries(st.sampled_from(sorted(GOOD)), st.integers() | st.floats() | st.text()).map(json.dumps)
)
def test_whatever_stands_in_a_report_it_is_a_report_or_a_probe_error(text: str) -> None:
    try:
        read(text, "land")
    except ProbeError as error:
        assert error.reason in (Reason.BAD_ANSWER, Reason.CONTENT)  # noqa: PT017 - the other outcome is a report


def by_http(page: Page) -> Reading:
    ports = FakePorts(clock=FakeClock(wall=NOW - BEGUN), http=FakeHttp({URL: page}))
    result: Reading = run(COLLECTOR.collect(Target(url=URL, system="land"), ports, 10))
    return result


def test_a_report_may_lie_on_the_owners_web_server() -> None:
    assert values(by_http(Page(body=report())))[LAG.name] == 12.5


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Page(404), Reason.ERROR),
        (Page(body=report() + b" " * 4096), Reason.BAD_ANSWER),
        (Page(body=b"\xff"), Reason.BAD_ANSWER),
        (Page(hangs="processing"), Reason.FROZEN),
    ],
)
def test_a_web_server_that_gives_no_report_is_told_why(page: Page, reason: Reason) -> None:
    with pytest.raises(ProbeError) as caught:
        by_http(page)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("{system: land}", "either file or url is needed"),
        ("{system: land, file: /a, url: http://a.example/}", "either file or url is needed"),
        ("{system: land, file: a.json}", "should be a full path"),
        ("{file: /a}", "system: is needed"),
    ],
)
def test_a_target_says_where_the_report_lies_and_of_what_it_speaks(target: str, said: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_text(target, Target, "t")
    assert said in str(caught.value)


def test_secrets_of_a_report_are_never_repeated_in_the_evidence() -> None:
    with pytest.raises(ProbeError) as caught:
        reading(report(last_success="password=hunter2"))
    assert "hunter2" not in caught.value.message
