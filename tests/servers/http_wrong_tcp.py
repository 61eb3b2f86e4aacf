"""The hostile web server over plain TCP: connections, HTTP/1.1, and pages that say something else than their status."""

import gzip

from collectors.core import Reason
from tests.servers import hostile
from tests.servers.hostile import (
    OK,
    TEN_GIGABYTES,
    drips,
    repeats,
    says,
    says_then_half_closes,
    says_then_resets,
    says_then_stalls,
)
from tests.servers.http_wrong import Table, rows
from tests.servers.tcp import Behaviour

HELLO = OK + b"Content-Length: 5\r\n\r\nhello"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
HUGE = OK + b"Content-Length: %d\r\n\r\n" % TEN_GIGABYTES
EXPLAINED = b"HTTP/1.1 200 %s\r\nContent-Length: 5\r\n\r\nhello"
BOMB = gzip.compress(bytes(10 * 2**20))
ZIPPED = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB


def page(status: bytes, text: str, coding: str = "utf-8", *headers: bytes) -> Behaviour:
    body = text.encode(coding)
    head = [b"HTTP/1.1 " + status, b"Content-Type: text/html; charset=" + coding.encode(), *headers]
    return says(b"\r\n".join([*head, b"Content-Length: %d" % len(body), b"", b""]) + body)


OVER_TCP: Table = {
    **rows(
        "processing",
        Reason.REFUSED,
        resets_at_once=hostile.resets_at_once,
        resets_when_it_is_asked=hostile.resets_when_spoken_to,
    ),
    **rows(
        "transfer",
        Reason.REFUSED,
        resets_in_the_headers=says_then_resets(OK + b"Content-Le"),
        resets_in_the_body=says_then_resets(HUGE + b"some"),
        resets_in_a_chunk=says_then_resets(CHUNKED + b"ff\r\nab"),
    ),
    **rows("processing", Reason.BAD_ANSWER, hangs_up=hostile.hangs_up, closes_its_half=says_then_half_closes()),
    **rows("processing", Reason.FROZEN, never_speaks=hostile.never_speaks, accepts_and_stalls=says_then_stalls()),
    **rows(
        "transfer",
        Reason.FROZEN,
        stalls_in_the_status=says_then_stalls(b"HTTP/1.1 2"),
        stalls_in_the_headers=says_then_stalls(OK + b"Content-Le"),
        stalls_before_the_body=says_then_stalls(HUGE),
        stalls_in_the_body=says_then_stalls(HUGE, b"some"),
        stalls_in_a_chunk=says_then_stalls(CHUNKED, b"ff\r\nsome"),
        stalls_before_the_trailer=says_then_stalls(CHUNKED, b"2\r\nhi\r\n0\r\n"),
        stalls_after_an_interim_answer=says_then_stalls(b"HTTP/1.1 100 Continue\r\n\r\n"),
    ),
    **rows(
        "transfer",
        Reason.TIMEOUT,
        drips_headers=drips(OK, b"X-Header: value\r\n"),
        drips_a_body=drips(HUGE, b"x"),
        drips_chunks=drips(CHUNKED, b"1\r\nx\r\n"),
        drips_interim_answers=drips(b"", b"HTTP/1.1 103 Hints\r\n\r\n"),
    ),
    **rows(
        "transfer",
        Reason.BAD_ANSWER,
        garbage=says(bytes(range(256)) * 20),
        another_protocol=says(b"SSH-2.0-OpenSSH_9.2\r\n"),
        another_protocol_that_waits=says_then_stalls(b"220 mail\r\n"),
        a_TLS_alert=says(bytes([21, 3, 1, 0, 2, 2, 40])),
        HTTP_2_without_TLS=says(bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])),
        half_a_status_line=says(b"HTTP/1.1 20"),
        a_status_that_is_no_number=says(b"HTTP/1.1 OK 200\r\n\r\n"),
        a_version_that_is_none=says(b"HTTP/9.9.9 200 OK\r\n\r\n"),
        half_the_headers=says(OK + b"Content-Le"),
        headers_with_NUL=says(OK + b"X: a\0b\r\n\r\n"),
        a_header_without_colon=says(OK + b"header\r\n\r\n"),
        a_header_without_name=says(OK + b": value\r\n\r\n"),
        two_lengths=says(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
        a_negative_length=says(OK + b"Content-Length: -1\r\n\r\n"),
        a_length_of_a_thousand_digits=says(OK + b"Content-Length: " + b"9" * 1000 + b"\r\n\r\nhello"),
        fewer_bytes_than_promised=says(OK + b"Content-Length: 50\r\n\r\nhello"),
        an_unknown_transfer_coding=says(OK + b"Transfer-Encoding: gzip\r\n\r\nhello"),
        a_chunk_that_is_no_number=says(CHUNKED + b"zz\r\nhello\r\n"),
        a_chunk_that_is_negative=says(CHUNKED + b"-5\r\nhello\r\n"),
        a_chunk_longer_than_it_says=says(CHUNKED + b"2\r\nhello\r\n"),
        chunks_without_an_end=says(CHUNKED + b"5\r\nhello\r\n"),
        endless_headers=repeats(OK, b"X-Header: value\r\n" * 500),
        one_endless_header=repeats(OK + b"X: ", b"x" * 1000),
        an_endless_status_line=repeats(b"HTTP/1.1 200 ", b"O" * 1000),
        endless_hints=repeats(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 500),
        endless_100_Continue=repeats(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500),
        an_endless_chunk_extension=repeats(CHUNKED + b"5;x=", b"x" * 1000),
        a_very_long_reason_phrase=says(EXPLAINED % (b"O" * 60_000)),
        a_very_long_header=says(OK + b"X: " + b"O " * 30_000 + b"\r\nContent-Length: 5\r\n\r\nhello"),
        a_header_in_many_lines=says(OK + b"X: y\r\n" + b" y\r\n" * 5_000 + b"\r\n"),
        a_very_long_line_in_the_trailer=says(CHUNKED + b"2\r\nhi\r\n0\r\nX: " + b"O " * 15_000 + b"\r\n\r\n"),
        a_trailer_in_many_lines=says(CHUNKED + b"0\r\nX: y\r\n" + b" y\r\n" * 5_000 + b"\r\n"),
        a_long_trailer_behind_a_folded_header=says(
            OK + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\nX: " + b"O " * 15_000 + b"\r\n\r\n"
        ),
        a_long_trailer_behind_chunks=says(CHUNKED, *[b"1\r\nx\r\n"] * 99, b"0\r\nX: " + b"O " * 15_000 + b"\r\n\r\n"),
        an_endless_trailer=repeats(CHUNKED + b"0\r\n", b"X-Header: value\r\n" * 500),
    ),
    **rows(
        "",
        Reason.OK,
        ends_with_the_connection=says(b"HTTP/1.0 200 OK\r\n\r\nhello"),
        ends_with_half_the_connection=says_then_half_closes(b"HTTP/1.0 200 OK\r\n\r\nhello"),
        one_byte_at_a_time=says(*(bytes([byte]) for byte in HELLO)),
        a_second_answer_behind=hostile.tells_more_than_it_may,
        speaks_before_it_is_asked=says(HELLO, after_request=False),
        bare_line_feeds=says(HELLO.replace(b"\r\n", b"\n")),
        no_reason_phrase=says(HELLO.replace(b" OK", b"")),
        a_long_reason_phrase=says(EXPLAINED % (b"O" * 2_000)),
        a_long_header=says(OK + b"X: " + b"O " * 4_000 + b"\r\nContent-Length: 5\r\n\r\nhello"),
        a_long_list_of_headers=says(OK + b"X:y\r\n" * 6_000 + b"Content-Length: 5\r\n\r\nhello"),
        a_reason_phrase_in_Latin_1=says(EXPLAINED % b"\xe9"),
        an_interim_answer_first=says(b"HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n" + HELLO),
        the_same_length_twice=says(OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
        chunks_with_extensions=says(CHUNKED + b"5;x=1;y=2\r\nhello\r\n0\r\n\r\n"),
        a_flood_of_chunk_extensions=repeats(CHUNKED, b"1;x=" + b"y" * 200 + b"\r\nx\r\n"),
        a_long_line_in_the_trailer=says(CHUNKED + b"2\r\nhi\r\n0\r\nX: " + b"O " * 4_000 + b"\r\n\r\n"),
        a_chunk_that_looks_like_a_trailer=says(CHUNKED + b"57e4\r\n" + b"0\r\nX: " * 3_750 + b"\r\n0\r\n\r\n"),
        chunks_with_trailers=says(CHUNKED + b"2\r\nhe\r\n3\r\nllo\r\n0\r\nX-Trailer: value\r\n\r\n"),
        a_body_of_NUL=says(OK + b"Content-Length: 5\r\n\r\n\0\0\0\0\0"),
        a_bomb_of_gzip=says(ZIPPED),
        UTF_16=page(b"200 OK", "Xin chào", "utf-16"),
        not_the_UTF_8_it_claims=says(
            OK + b"Content-Type: text/html; charset=utf-8\r\nContent-Length: 2\r\n\r\n\xff\xfe"
        ),
        an_unknown_character_set=says(OK + b"Content-Type: text/html; charset=none\r\nContent-Length: 1\r\n\r\nx"),
        ten_declared_gigabytes=repeats(HUGE, b"x" * 65536),
        no_end_at_all=repeats(b"HTTP/1.0 200 OK\r\n\r\n", b"x" * 65536),
        endless_chunks=repeats(CHUNKED, b"ffff\r\n" + b"x" * 65535 + b"\r\n"),
        endless_chunks_of_one_byte=repeats(CHUNKED, b"1\r\nx\r\n" * 10_000),
    ),
    **rows(
        "",
        Reason.REDIRECT,
        a_redirect_to_itself=page(b"302 Found", "", "utf-8", b"Location: /"),
        a_redirect_to_nowhere=page(b"302 Found", ""),
        a_redirect_to_a_file=page(b"301 M", "", "utf-8", b"Location: file:/x"),
        a_redirect_with_a_bad_port=page(b"302 F", "", "utf-8", b"Location: http://a:99999/"),
    ),
    **rows(
        "",
        Reason.BLOCKED,
        forbids=page(b"403 Forbidden", "no"),
        too_many_requests=page(b"429 Slow", ""),
        a_challenge=page(b"200 OK", "<title>Attention Required! | Cloudflare</title>"),
    ),
    **rows(
        "",
        Reason.MAINTENANCE,
        maintenance=page(b"200 OK", "<h1>Hệ thống đang bảo trì</h1>"),
        maintenance_in_UTF_16=page(b"200 OK", "<h1>Hệ thống đang bảo trì</h1>", "utf-16"),
        maintenance_as_an_error=page(b"503 No", "Site under maintenance"),
    ),
    **rows("", Reason.ERROR, an_error=page(b"500 Oops", "x" * 1000), a_status_of_its_own=page(b"799 Odd", "")),
}
