"""An HTTP answer, and reading one of HTTP/1.1 within bounds, whatever the far end sends."""

from dataclasses import dataclass, field

import h11

from agent.io.attempt import Attempt
from agent.io.http_head import MOST_HEAD, HeadGuard
from agent.io.stream import Stream
from collectors.core import ProbeError, Reason
from collectors.core.ports import Failure, HttpExchange

CHUNK = 16_384  # bytes per turn of the loop: decoding them must not delay other probes
_SIGN = b"HTTP/"
_SHOWN = 24  # characters of an answer that is not HTTP


@dataclass(slots=True)
class Answer:
    """The answer as far as it has come. Headers are text: UTF-8 where it is that, else Latin-1."""

    status: int | None = None
    version: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytearray = field(default_factory=bytearray)
    body_size: int = 0
    complete: bool = False

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
    """Feeds what the stream gives to h11, and what h11 makes of it into an Answer."""

    def __init__(self, connection: h11.Connection, stream: Stream, attempt: Attempt, max_body: int) -> None:
        self._connection = connection
        self._stream = stream
        self._attempt = attempt
        self._max_body = max_body
        # Endless chunks of one byte would be six times their content: the wire has a bound of its own.
        self._max_wire = MOST_HEAD + 2 * max_body
        self._wire = 0
        self._first = b""
        self._guard = HeadGuard()

    async def read(self, answer: Answer) -> None:
        """Return when the answer is complete or its body was cut. Raises ProbeError."""
        while not answer.complete:
            event = self._next_event()
            if event is h11.NEED_DATA:
                if answer.status is not None and self._wire >= self._max_wire:
                    return
                await self._receive(answer)
            elif isinstance(event, h11.Response):
                answer.status = event.status_code
                answer.version = event.http_version.decode("ascii")
                answer.headers = tuple((text(name), text(value)) for name, value in event.headers)
            elif isinstance(event, h11.Data):
                answer.body_size += len(event.data)
                answer.body += event.data[: self._max_body - len(answer.body)]
                if answer.body_size > self._max_body:
                    return
            elif isinstance(event, h11.EndOfMessage):
                answer.complete = True
            elif not isinstance(event, h11.InformationalResponse):
                raise ProbeError(Reason.BAD_ANSWER, "the connection was closed before the answer was complete")

    async def _receive(self, answer: Answer) -> None:
        data = await self._stream.receive(CHUNK)
        if not data and answer.status is None:
            what = "in the middle of its headers" if self._wire else "without an answer"
            raise ProbeError(Reason.BAD_ANSWER, f"the far end closed the connection {what}")
        if data:
            if not self._wire:
                self._attempt.enter("transfer")
            self._attempt.heard()
            self._check_protocol(data)
        self._wire += len(data)
        if answer.status is None:
            self._guard.check(data)
        self._connection.receive_data(data)

    def _check_protocol(self, data: bytes) -> None:
        """Another protocol may be waiting for us to go on: it is not worth the timeout."""
        self._first = (self._first + data)[:_SHOWN]
        if self._first[: len(_SIGN)] != _SIGN[: len(self._first)]:
            shown = self._first.decode("ascii", "backslashreplace").partition("\r")[0]
            raise ProbeError(Reason.BAD_ANSWER, f"the answer is not HTTP, it begins with {shown!r}")

    def _next_event(self) -> object:
        try:
            return self._connection.next_event()
        except h11.RemoteProtocolError as error:
            raise ProbeError(Reason.BAD_ANSWER, f"the answer breaks the rules of HTTP: {error}") from None


def text(value: bytes) -> str:
    """A header as text: UTF-8 where it is that, else Latin-1."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
