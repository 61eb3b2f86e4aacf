"""Whatever bytes a server sends, reading them ends in an answer or in a reason."""

import asyncio

import h11
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


def read(pieces: list[bytes]) -> tuple[Answer, ProbeError | None]:
    async def run() -> tuple[Answer, ProbeError | None]:
        connection = h11.Connection(h11.CLIENT)
        connection.send(h11.Request(method="GET", target="/", headers=[("Host", "a"), ("Connection", "close")]))
        connection.send(h11.EndOfMessage())
        answer = Answer()
        try:
            await AnswerReader(connection, Recorded(pieces), Attempt(), BOUND).read(answer)
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
