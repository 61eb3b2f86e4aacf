"""The hostile web server in HTTP/2: floods, bombs, broken frames, farewells, and what is odd but right."""

import ssl

from collectors.core import Reason
from tests.servers import http2
from tests.servers.certificates import Certificates
from tests.servers.http_wrong import Table, rows_of_tls
from tests.servers.http_wrong_tcp import HELLO


def _choosing(certificates: Certificates) -> ssl.SSLContext:
    return http2.with_http2(certificates.good())


_HEAD, _PING = http2.status(), http2.frame(6, b"12345678")
_HPACK_BOMB = (
    b"\x40\x01x\x7f\xe1\x1e" + b"y" * 4000 + b"\xbe" * 12_000
)  # one header of 4 kB, then 12,000 times its index

OVER_HTTP2: Table = {
    **rows_of_tls(
        "processing",
        Reason.BAD_ANSWER,
        _choosing,
        "HTTP/2",
        hangs_up=http2.says(),
        answers_in_HTTP_1=http2.says_raw(HELLO),
        garbage=http2.says(bytes(range(256)) * 20),
        a_frame_of_16_megabytes=http2.says(b"\xff\xff\xff\0\0\0\0\0\1"),
        a_flood_of_pings=http2.repeats(b"", _PING * 500),
        a_flood_of_settings=http2.repeats(b"", http2.frame(4, b"") * 500),
        a_flood_of_unknown_frames=http2.repeats(b"", http2.frame(99, b"") * 500),
        a_setting_that_is_wrong=http2.says(http2.frame(4, b"\0\4\xff\xff\xff\xff")),
        a_window_that_overflows=http2.says(http2.frame(8, b"\x7f\xff\xff\xff")),
        a_body_before_the_headers=http2.says(http2.data(b"hello")),
        a_body_of_the_connection=http2.says(http2.frame(0, b"hello")),
        a_push_that_was_refused=http2.says(http2.frame(5, b"\0\0\0\2\x88", 4, 1)),
        a_farewell_that_is_cut=http2.says(http2.frame(7, b"\0\0")),
    ),
    **rows_of_tls(
        "transfer",
        Reason.BAD_ANSWER,
        _choosing,
        "HTTP/2",
        closes_in_the_body=http2.says(_HEAD, http2.data(b"hel")),
        no_status=http2.says(http2.headers(("server", "x"))),
        a_status_that_is_no_number=http2.says(http2.status("ok")),
        two_statuses=http2.says(http2.headers((":status", "200"), (":status", "404"))),
        a_name_in_capitals=http2.says(http2.status("200", ("X-Header", "value"))),
        a_header_of_the_connection=http2.says(http2.status("200", ("connection", "close"))),
        fewer_bytes_than_promised=http2.says(http2.status("200", ("content-length", "50")), http2.data(b"x", end=True)),
        no_bytes_where_some_were_promised=http2.says(http2.status("200", ("content-length", "5"), end=True)),
        more_bytes_than_promised=http2.says(
            http2.status("200", ("content-length", "1")), http2.data(b"hello", end=True)
        ),
        padding_longer_than_its_frame=http2.says(_HEAD, http2.frame(0, b"\xff..", 8, 1)),
        headers_that_are_no_HPACK=http2.says(http2.frame(1, b"\xff" * 20, 4, 1)),
        a_bomb_of_HPACK=http2.says(http2.frame(1, _HPACK_BOMB, 4, 1)),
        endless_headers=http2.repeats(http2.open_headers(b"\x88"), http2.continuation(b"\0\1a\1b" * 3000)),
        endless_empty_continuations=http2.repeats(http2.open_headers(b"\x88"), http2.continuation(b"") * 500),
        endless_hints=http2.repeats(b"", http2.status("103") * 500),
        headers_that_are_interrupted=http2.says(http2.open_headers(b"\x88"), _PING),
        a_flood_of_empty_bodies=http2.repeats(_HEAD, http2.data(b"") * 500),
        a_flood_of_padding=http2.repeats(_HEAD, http2.data(b"", padding=255) * 50),
    ),
    **rows_of_tls(
        "processing",
        Reason.REFUSED,
        _choosing,
        "HTTP/2",
        a_stream_refused=http2.says(http2.stream_reset(7)),
        a_farewell_without_an_answer=http2.says(http2.goaway(0, last=0)),
        a_protocol_error=http2.says(http2.goaway(1)),
        a_code_of_its_own=http2.says(http2.goaway(4711)),
        resets_the_connection=http2.says_then_resets(),
    ),
    **rows_of_tls(
        "transfer",
        Reason.REFUSED,
        _choosing,
        "HTTP/2",
        a_stream_cancelled_in_the_body=http2.says(_HEAD, http2.stream_reset(8)),
    ),
    **rows_of_tls("processing", Reason.ERROR, _choosing, "HTTP/2", an_internal_error=http2.says(http2.stream_reset(2))),
    **rows_of_tls("processing", Reason.BLOCKED, _choosing, "HTTP/2", asks_for_calm=http2.says(http2.goaway(11))),
    **rows_of_tls(
        "processing", Reason.UNSUPPORTED, _choosing, "HTTP/2", wants_HTTP_1=http2.says(http2.stream_reset(13))
    ),
    **rows_of_tls("processing", Reason.TLS, _choosing, "HTTP/2", wants_better_TLS=http2.says(http2.goaway(12))),
    **rows_of_tls("processing", Reason.FROZEN, _choosing, "HTTP/2", never_answers=http2.says_then_stalls()),
    **rows_of_tls(
        "transfer",
        Reason.FROZEN,
        _choosing,
        "HTTP/2",
        stalls_in_the_headers=http2.says_then_stalls(http2.open_headers(b"\x88")),
        stalls_in_the_body=http2.says_then_stalls(_HEAD, http2.data(b"hel")),
    ),
    **rows_of_tls("processing", Reason.FROZEN, _choosing, "HTTP/2", drips_pings=http2.drips(b"", _PING)),
    **rows_of_tls("transfer", Reason.TIMEOUT, _choosing, "HTTP/2", drips_a_body=http2.drips(_HEAD, http2.data(b"x"))),
    **rows_of_tls(
        "",
        Reason.OK,
        _choosing,
        "HTTP/2",
        a_farewell_first=http2.says(http2.goaway(0), _HEAD, http2.data(b"hello", end=True)),
        a_farewell_in_between=http2.says(_HEAD, http2.goaway(0), http2.data(b"hello", end=True)),
        headers_in_eight_frames=http2.says(http2.headers((":status", "200"), ("x", "y" * 99), parts=8, end=True)),
        hints_first=http2.says(http2.status("103"), http2.status("204", end=True)),
        trailers=http2.says(_HEAD, http2.data(b"hello"), http2.headers(("x", "y"), end=True)),
        padding=http2.says(_HEAD, http2.data(b"hello", end=True, padding=200)),
        pings_in_between=http2.says(_PING, _HEAD, _PING, http2.data(b"hello", end=True)),
        frames_of_another_time=http2.says(
            http2.frame(99, b"x"), _HEAD, http2.frame(98, b"x", 1, 1), http2.data(b"", end=True)
        ),
        a_body_without_end=http2.repeats(_HEAD, http2.data(b"x" * 16_000)),
    ),
    **rows_of_tls(
        "",
        Reason.MAINTENANCE,
        _choosing,
        "HTTP/2",
        maintenance=http2.says(_HEAD, http2.data("Hệ thống đang bảo trì".encode(), end=True)),
    ),
}
