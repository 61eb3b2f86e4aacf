"""An HTTP answer, and reading one of HTTP/1.1 within bounds, whatever the far end sends."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import h11

from agent.io.attempt import Attempt
from agent.io.http_chunks import ChunkGuard
from agent.io.http_head import MOST_HEAD, HeadGuard
from agent.io.http_ordinary import OrdinaryHead, ordinary_head
from agent.io.stream import Stream
from collectors.core import ProbeError, Reason
from collectors.core.ports import Failure, HttpExchange
from collectors.messages.said import Said

CHUNK = 16_384  # bytes per turn of the loop: decoding them must not delay other probes
_SHORT = re.compile(r"\(received (\d+) bytes, expected (\d+)\)")  # as h11 says it
_TURN = 500  # pieces per turn of the loop, for some servers send chunks of one byte
_SIGN = b"HTTP/"
_SHOWN = 24  # characters of an answer that is not HTTP


@dataclass(slots=True)
class Answer:
    """The answer as far as it has come. Headers are text: UTF-8 where it is that, else Latin-1.

    most  bytes of the body that are kept
    """

    most: int

    status: int | None = None
    version: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytearray = field(default_factory=bytearray)
    body_size: int = 0
    complete: bool = False

    def take(self, data: bytes | bytearray) -> None:
        """A piece of the body: counted, and kept as far as there is room."""
        self.body_size += len(data)
        self.body += data[: max(0, self.most - len(self.body))]

    def exchange(self, attempt: Attempt, failure: Failure | None) -> HttpExchange:
        """The finished record of the attempt."""
        return HttpExchange(
            phases=dict(attempt.seconds),
            address=attempt.address,
            status=self.status,
            version=self.version,
            headers=self.headers,
            body=bytes(self.body),
            body_size=self.body_size,
            complete=self.complete,
            tls=attempt.tls,
            failure=failure,
        )


class AnswerReader:
    """Reads an answer from the stream into an Answer: an ordinary one directly, any other by h11.

    `speak`: makes the h11.Connection that has sent the request; `bodiless`: the request was HEAD.
    """

    def __init__(
        self,
        speak: Callable[[], h11.Connection],
        stream: Stream,
        attempt: Attempt,
        max_body: int,
        *,
        bodiless: bool = False,
    ) -> None:
        self._speak = speak
        self._stream = stream
        self._attempt = attempt
        self._max_body = max_body
        self._bodiless = bodiless
        # Endless chunks of one byte would be six times their content: the wire has a bound of its own.
        self._max_wire = MOST_HEAD + 2 * max_body
        self._wire = 0
        self._first = b""
        self._pieces = 0

    async def read(self, answer: Answer) -> None:
        """Return when the answer is complete or its body was cut. Raises ProbeError."""
        data = await self._receive(answer)
        head = None if self._bodiless else ordinary_head(data)
        if head:
            await self._read_ordinary(answer, head, data)
        else:
            await self._read_by_h11(answer, data)

    async def _read_ordinary(self, answer: Answer, head: OrdinaryHead, data: bytes) -> None:
        answer.status, answer.version, answer.headers = head.status, "1.1", head.headers
        data = data[head.size :]
        while True:
            left = head.length - answer.body_size
            answer.take(data if len(data) <= left else data[:left])
            if answer.body_size > self._max_body:
                return
            if answer.body_size == head.length:
                answer.complete = True
                return
            data = await self._receive(answer)
            if not data:
                raise ProbeError(Reason.BAD_ANSWER, Said("http.short", size=answer.body_size, promised=head.length))

    async def _read_by_h11(self, answer: Answer, data: bytes) -> None:
        connection, guard = self._speak(), _Guard()
        guard.check(data)
        connection.receive_data(data)
        while not answer.complete:
            event = _next_event(connection)
            if event is h11.NEED_DATA:
                if answer.status is not None and self._wire >= self._max_wire:
                    return
                data = await self._receive(answer)
                guard.check(data)
                connection.receive_data(data)
            elif isinstance(event, h11.Response):
                answer.status = event.status_code
                answer.version = event.http_version.decode("ascii")
                answer.headers = tuple((text(name), text(value)) for name, value in event.headers)
            elif isinstance(event, h11.Data):
                answer.take(event.data)
                if answer.body_size > self._max_body:
                    return
                await self._let_others_run()
            elif isinstance(event, h11.EndOfMessage):
                answer.complete = True
            elif not isinstance(event, h11.InformationalResponse):
                raise ProbeError(Reason.BAD_ANSWER, Said("http.incomplete"))

    async def _let_others_run(self) -> None:
        self._pieces += 1
        if self._pieces % _TURN == 0:
            await asyncio.sleep(0)

    async def _receive(self, answer: Answer) -> bytes:
        data = await self._stream.receive(CHUNK)
        if not data and answer.status is None:
            raise ProbeError(Reason.BAD_ANSWER, Said("http.closed_head" if self._wire else "http.closed"))
        if data:
            if not self._wire:
                self._attempt.enter("transfer")
            self._attempt.heard()
            if len(self._first) < _SHOWN:
                self._check_protocol(data)
        self._wire += len(data)
        return data

    def _check_protocol(self, data: bytes) -> None:
        """Another protocol may be waiting for us to go on: it is not worth the timeout."""
        self._first = (self._first + data[:_SHOWN])[:_SHOWN]
        if self._first[: len(_SIGN)] != _SIGN[: len(self._first)]:
            shown = self._first.decode("ascii", "backslashreplace").partition("\r")[0]
            raise ProbeError(Reason.BAD_ANSWER, Said("http.other", begin=repr(shown)))


class _Guard:
    """Bounds the lines of a head, and of a chunked body."""

    def __init__(self) -> None:
        self._head, self._chunks = HeadGuard(), ChunkGuard()

    def check(self, data: bytes) -> None:
        body = self._head.check(data)
        if self._head.chunked:
            self._chunks.check(body)


def _next_event(connection: h11.Connection) -> object:
    try:
        return connection.next_event()
    except h11.RemoteProtocolError as error:
        raise _broken(error) from None


def _broken(how: object) -> ProbeError:
    """A body that was cut short is told as where it is read directly."""
    if short := _SHORT.search(str(how)):
        return ProbeError(Reason.BAD_ANSWER, Said("http.short", size=int(short[1]), promised=int(short[2])))
    return ProbeError(Reason.BAD_ANSWER, Said("http.rules", how=str(how)))


def text(value: bytes) -> str:
    """A header as text: UTF-8 where it is that, else Latin-1."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
