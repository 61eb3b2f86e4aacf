"""Whatever frames or bytes an HTTP/2 server sends, reading them ends in an answer or in a reason."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from agent.io.attempt import Attempt
from agent.io.http2 import Http2Exchange, request_headers
from agent.io.http_answer import Answer
from collectors.core import ProbeError, Reason
from tests.fakes.stream import Recorded
from tests.servers.http2 import data, frame, goaway, headers, status, stream_reset

BOUND = 64
REQUEST = request_headers("GET", "https", "/", [("Host", "a"), ("Connection", "close"), ("X-Own", "value")])
PIECES = [
    status(),
    status("103"),
    status("204", end=True),
    status("200", ("content-length", "5")),
    headers((":status", "200"), ("x", "value"), parts=3),
    headers(("x-trailer", "value"), end=True),
    data(b"hello"),
    data(b"hello", end=True, padding=9),
    data(b"x" * BOUND),
    goaway(0),
    goaway(2),
    stream_reset(8),
    frame(4, b""),
    frame(4, b"\0\4\0\0\0\0"),
    frame(6, b"12345678"),
    frame(8, b"\0\0\0\1"),
]
FRAMES = st.builds(
    frame,
    st.integers(0, 12),
    st.binary(max_size=40),
    st.integers(0, 255),
    st.sampled_from([0, 1, 1, 1, 2, 3, 2**31, 2**32 - 1]),
)
STREAMS = st.lists(st.one_of(st.sampled_from(PIECES), FRAMES, st.binary(max_size=30)), max_size=12)
REFUSALS = {Reason.BAD_ANSWER, Reason.REFUSED, Reason.ERROR, Reason.BLOCKED, Reason.TLS, Reason.UNSUPPORTED}


def read(pieces: list[bytes], body: bytes = b"") -> tuple[Answer, ProbeError | None, bytes]:
    async def run() -> tuple[Answer, ProbeError | None, bytes]:
        answer, stream, attempt = Answer(BOUND), Recorded(pieces), Attempt()
        attempt.enter("processing")
        try:
            await Http2Exchange(stream, attempt, answer, BOUND).run(REQUEST, body)
        except ProbeError as error:
            return answer, error, stream.sent
        return answer, None, stream.sent

    return asyncio.run(run())


@given(STREAMS)
def test_any_frames_end_in_an_answer_or_a_reason(pieces: list[bytes]) -> None:
    answer, error, _ = read(pieces)
    assert len(answer.body) <= min(BOUND, answer.body_size)
    assert error is None or error.reason in REFUSALS
    if error is None:
        assert answer.status is not None
        assert answer.complete or answer.body_size > BOUND


@given(STREAMS)
def test_an_answer_does_not_depend_on_how_it_was_cut_into_packets(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    at_once, _, _ = read([whole])
    singly, _, _ = read([bytes([byte]) for byte in whole])
    assert (at_once.status, at_once.headers) == (singly.status, singly.headers)
    assert at_once.complete == singly.complete


@given(st.binary(max_size=300))
def test_any_bytes_after_a_right_beginning_end_in_an_answer_or_a_reason(rest: bytes) -> None:
    _, error, _ = read([frame(4, b"") + status() + rest])
    assert error is None or error.reason in REFUSALS


@given(st.binary(max_size=60))
def test_any_block_of_headers_is_read_or_refused(block: bytes) -> None:
    answer, error, _ = read([frame(1, block, 5, 1)])
    assert (error is None) == (answer.status is not None)


def test_a_body_is_sent_as_far_as_the_far_end_makes_room() -> None:
    body = b"x" * 70_000
    room = frame(8, (10_000).to_bytes(4)) + frame(8, (10_000).to_bytes(4), stream=1)
    answer, error, sent = read([frame(4, b""), room, status("204", end=True)], body)
    assert (answer.status, error) == (204, None)
    assert sent.count(b"x") >= len(body)
    _, error, sent = read([frame(4, b"")], body)
    assert error
    assert 65_000 < sent.count(b"x") < 66_000


def test_headers_that_are_of_one_connection_only_do_not_go_into_http_2() -> None:
    assert REQUEST == [
        (":method", "GET"),
        (":scheme", "https"),
        (":authority", "a"),
        (":path", "/"),
        ("x-own", "value"),
    ]


def test_header_values_are_read_as_utf_8_and_else_as_latin_1() -> None:
    raw = b"\x88" + b"\0\1a" + bytes([7]) + "/đăng".encode() + b"\0\1b\4caf\xe9"
    answer, error, _ = read([frame(1, raw, 5, 1)])
    assert error is None
    assert answer.headers == (("a", "/đăng"), ("b", "café"))
