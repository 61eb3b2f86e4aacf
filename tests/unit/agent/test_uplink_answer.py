"""What answers mean, and how requests look."""

import pytest

from agent.buffer.scrape import Labels
from agent.uplink.answer import LONGEST_PAUSE, Fate, of_failure, of_status
from agent.uplink.packing import Packing
from agent.uplink.series import Look
from collectors.core import Reason
from collectors.core.push import Compression, Destination
from collectors.core.values import Secret, Url
from tests.unit.agent.test_uplink_wire import decoded, uncompressed

URL = Url("https://store.example.vn/api/v1/write")
FATES = {
    Fate.TAKEN: (200, 202, 204),
    Fate.REFUSED: (400, 409, 422),
    Fate.CLOSED: (301, 302, 401, 403, 404, 405, 407, 410, 415, 451),
    Fate.TOO_LARGE: (413,),
    Fate.BUSY: (429, 503),
    Fate.STALLED: (408,),
    Fate.BROKEN: (500, 502, 504, 599),
}


@pytest.mark.parametrize(("status", "fate"), [(status, fate) for fate, all_of in FATES.items() for status in all_of])
def test_what_becomes_of_a_request_follows_from_the_status(status: int, fate: Fate) -> None:
    assert of_status(status, ()).fate is fate


@pytest.mark.parametrize(
    ("reason", "fate"),
    [
        (Reason.FROZEN, Fate.STALLED),
        (Reason.TIMEOUT, Fate.STALLED),
        (Reason.PERMISSION, Fate.CLOSED),
        (Reason.DNS, Fate.UNREACHED),
        (Reason.REFUSED, Fate.UNREACHED),
        (Reason.TLS, Fate.UNREACHED),
    ],
)
def test_without_an_answer_it_follows_from_what_happened(reason: Reason, fate: Fate) -> None:
    assert of_failure(reason).fate is fate


DATE = ("Date", "Sun, 22 Nov 2026 02:00:00 GMT")


@pytest.mark.parametrize(
    ("after", "pause"),
    [
        ("30", 30),
        ("0", 0),
        ("999999999", LONGEST_PAUSE),
        ("Sun, 22 Nov 2026 02:01:00 GMT", 60),
        ("Sun, 22 Nov 2026 01:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("³", None),
        ("", None),
    ],
)
def test_a_receiver_may_ask_for_a_pause_in_seconds_or_until_a_date(after: str, pause: float | None) -> None:
    assert of_status(503, (DATE, ("retry-after", after))).pause == pause


def test_who_takes_everything_asks_for_no_pause() -> None:
    assert of_status(204, (("Retry-After", "30"),)).pause is None


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 99 Nov 2026 02:00:00 GMT", "Sun, 22 Nov 2026 02:00:00 -9999"])
def test_a_date_that_is_none_tells_nothing(date: str) -> None:
    assert of_status(204, (("Date", date),)).date is None


def test_a_date_is_unix_time_also_where_it_names_no_zone() -> None:
    assert of_status(204, (DATE,)).date == of_status(204, (("Date", "Sun, 22 Nov 2026 02:00:00 -0000"),)).date
    assert of_status(204, (DATE,)).date == 1795312800


# --- packing ----------------------------------------------------------------------------------------------------------

X: Labels = (("__name__", "x"),)
LOOKS: tuple[Look, ...] = ((1000, {X: 1.5}), (2000, {X: 2.5}))


def form(packing: Packing) -> str:
    headers, _ = packing.pack(LOOKS)
    return dict(headers)["Content-Encoding"]


def test_a_request_is_a_snappy_block_of_series_with_the_headers_of_the_specification() -> None:
    headers, body = Packing(Destination(URL)).pack(LOOKS)
    (found,) = decoded(uncompressed(body))
    assert (found.labels, found.points) == ((("__name__", "x"),), ((1000, 1.5), (2000, 2.5)))
    assert dict(headers) == {
        "Content-Type": "application/x-protobuf",
        "Content-Encoding": "snappy",
        "X-Prometheus-Remote-Write-Version": "0.1.0",
    }


@pytest.mark.parametrize(
    ("to", "header"),
    [
        (Destination(URL, token=Secret("abc")), ("Authorization", "Bearer abc")),
        (Destination(URL, user="cw", password=Secret("mật khẩu")), ("Authorization", "Basic Y3c6beG6rXQga2jhuql1")),
        (Destination(URL, tenant="caobang"), ("X-Scope-OrgID", "caobang")),
    ],
)
def test_a_request_logs_in_as_configured(to: Destination, header: tuple[str, str]) -> None:
    assert header in tuple(Packing(to).pack(())[0])
    assert "abc" not in repr(to)


def test_zstd_is_used_once_the_receiver_offers_it_and_no_longer_than_that() -> None:
    packing = Packing(Destination(URL))
    assert form(packing) == "snappy"
    packing.offered((("Accept-Encoding", "gzip, zstd;q=1, snappy"),))
    assert form(packing) == "zstd"
    packing.offered((("Date", "x"),))
    assert form(packing) == "zstd"
    packing.offered((("accept-encoding", "snappy"),))
    assert form(packing) == "snappy"


def test_zstd_is_used_unasked_where_it_is_configured_and_given_up_where_it_is_refused() -> None:
    packing = Packing(Destination(URL, compression=Compression.ZSTD))
    assert form(packing) == "zstd"
    assert packing.refused()
    assert form(packing) == "snappy"
    assert not packing.refused()
    packing.offered((("Accept-Encoding", "zstd"),))
    assert form(packing) == "snappy"


def test_snappy_alone_means_snappy_alone() -> None:
    packing = Packing(Destination(URL, compression=Compression.SNAPPY))
    packing.offered((("Accept-Encoding", "zstd"),))
    assert form(packing) == "snappy"
