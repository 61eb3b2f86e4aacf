"""Whatever bytes a server sends, reading them ends in an answer or in a reason."""

import asyncio
from functools import partial

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.attempt import Attempt
from agent.io.http_answer import Answer, AnswerReader
from collectors.core import ProbeError, Reason
from tests.fakes.stream import Recorded

BOUND = 64
HEAD = b"HTTP/1.1 200 OK\r\n"
PIECES = [
    HEAD,
    b"HTTP/1.0 204 No Content\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Set-Cookie: \xc3\xa9=\xff\r\n",
    b"\r\n",
    b"5\r\nhello\r\n",
    b"0\r\n\r\n",
    b"hello",
]
STREAMS = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=30)), max_size=12)


def spoken(method: str) -> h11.Connection:
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "a"), ("Connection", "close")]))
    connection.send(h11.EndOfMessage())
    return connection


def read(pieces: list[bytes], method: str = "GET") -> tuple[Answer, ProbeError | None]:
    async def run() -> tuple[Answer, ProbeError | None]:
        answer = Answer(BOUND)
        try:
            speak, bodiless = partial(spoken, method), method == "HEAD"
            await AnswerReader(speak, Recorded(pieces), Attempt(), BOUND, bodiless=bodiless).read(answer)
        except ProbeError as error:
            return answer, error
        return answer, None

    return asyncio.run(run())


@given(STREAMS)
def test_any_bytes_end_in_an_answer_or_a_reason(pieces: list[bytes]) -> None:
    answer, error = read(pieces)
    assert len(answer.body) <= min(BOUND, answer.body_size)
    assert error is None or error.reason is Reason.BAD_ANSWER
    if error is None:
        assert answer.status is not None
        assert answer.complete or answer.body_size > BOUND


@given(STREAMS)
def test_an_answer_does_not_depend_on_how_it_was_cut_into_packets(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    at_once, _ = read([whole])
    singly, _ = read([bytes([byte]) for byte in whole])
    assert (at_once.status, at_once.headers) == (singly.status, singly.headers)
    assert at_once.complete == singly.complete


def test_header_values_are_read_as_utf_8_and_else_as_latin_1() -> None:
    answer, _ = read([HEAD, "Location: /đăng-nhập\r\n".encode(), b"X: caf\xe9\r\nContent-Length: 0\r\n\r\n"])
    assert answer.headers[:2] == (("location", "/đăng-nhập"), ("x", "café"))


LINES = [
    b"Server: nginx\r\n",
    b"Content-Length: 5\r\n",
    b"content-length:  0 \r\n",
    b"Content-Length: 90\r\n",
    b"Content-Length: 5, 5\r\n",
    b"Content-Length: -1\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: keep-alive\r\n",
    b"Upgrade: x\r\n",
    b"X: \t\r\n",
    b"X: a\n",
    b"X : a\r\n",
    b" folded\r\n",
    b"X: \xff\r\n",
    b"X: \x00\r\n",
    b"no colon\r\n",
]
VERSIONS = [b"1.1", b"1.0", b"2.0"]
STATUSES = [b"200 OK", b"204 No Content", b"304", b"301 ", b"503 \xc4\x91", b"101 X", b"999 X", b"20 X", b"2000 X"]
FIVE = b"Content-Length: 5\r\n"
HEADS = [
    *(b"HTTP/%b %b\r\n%b\r\n" % (version, status, FIVE) for version in VERSIONS for status in STATUSES),
    *(HEAD + before + line + after + b"\r\n" for line in LINES for before in (b"", FIVE) for after in (b"", FIVE)),
    HEAD + FIVE + b"\n",
    HEAD + b"\r\n",
]
BODIES = [[], [b"hello"], [b"hel", b"lo and more"], [b"5\r\nhello\r\n0\r\n\r\n"], [b"x" * 50, b"x" * 50]]


@pytest.mark.parametrize("head", HEADS)
def test_an_ordinary_answer_is_read_as_h11_reads_it(head: bytes) -> None:
    """A head that comes byte by byte is never whole at once, so h11 reads it."""
    for body in BODIES:
        directly, problem = read([head, *body])
        by_h11, other = read([*(bytes([byte]) for byte in head), *body])
        assert (directly, str(problem)) == (by_h11, str(other))


def test_the_answer_to_head_has_no_body_whatever_its_length_says() -> None:
    answer, error = read([HEAD + b"Content-Length: 5\r\n\r\n"], "HEAD")
    assert error is None
    assert (answer.complete, answer.body_size) == (True, 0)
