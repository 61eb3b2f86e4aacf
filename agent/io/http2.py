"""One HTTP/2 exchange (RFC 9113) by h2, within the bounds that HTTP/1.1 has. Imported when a server first chooses it.

h2 gets one frame at a time. So the answer's first byte can be told from the chatter before it, no frame is waited for
that is too long, and GOAWAY is read here: h2 takes nothing after one, but a polite server sends it before its last
answer.
"""

from collections.abc import Iterator, Sequence

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, Event, ResponseReceived, StreamEnded, StreamReset
from h2.exceptions import H2Error
from h2.settings import SettingCodes, Settings

from agent.io.attempt import Attempt
from agent.io.http_answer import CHUNK, Answer, text
from agent.io.http_head import MOST_HEAD
from agent.io.http_ordinary import BODILESS
from agent.io.stream import Stream
from collectors.core import ProbeError, Reason
from collectors.messages.said import Said

_STREAM = 1
_FRAME_HEAD = 9  # bytes before a frame's content: length, kind, flags, stream
_MOST_FRAME = 16_384  # bytes; the least that a client has to take, and all that we offer
_DATA, _HEADERS, _GOAWAY, _CONTINUATION = 0, 1, 7, 9
_OF_THE_ANSWER = (_DATA, _HEADERS, _CONTINUATION)
_DEFAULT_WINDOW = 65_535
_SHOWN = 200  # characters of h2's own explanation

# What the far end says when it ends a stream or the connection (RFC 9113, section 7). All others: it refuses.
_MEANINGS = {
    ErrorCodes.INTERNAL_ERROR: Reason.ERROR,
    ErrorCodes.ENHANCE_YOUR_CALM: Reason.BLOCKED,
    ErrorCodes.INADEQUATE_SECURITY: Reason.TLS,
    ErrorCodes.HTTP_1_1_REQUIRED: Reason.UNSUPPORTED,
}
_OF_THE_CONNECTION = frozenset(("connection", "host", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"))

Headers = Sequence[tuple[str, str]]


def request_headers(method: str, scheme: str, target: str, headers: Headers) -> list[tuple[str, str]]:
    """The headers of an HTTP/1.1 request, Host included, as HTTP/2 has them (sections 8.2.2 and 8.3.1)."""
    host = next(value for name, value in headers if name.lower() == "host")
    about = [(":method", method), (":scheme", scheme), (":authority", host), (":path", target)]
    return about + [(name.lower(), value) for name, value in headers if name.lower() not in _OF_THE_CONNECTION]


class Frames:
    """Cuts what arrives into frames. Raises ProbeError for one that is longer than we offered to take."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The frames that are complete now, each as it came."""
        self._rest += data
        while len(self._rest) >= _FRAME_HEAD:
            size = int.from_bytes(self._rest[:3])
            if size > _MOST_FRAME:
                raise ProbeError(Reason.BAD_ANSWER, _broken(f"a frame of {size} bytes, {_MOST_FRAME} are allowed"))
            if len(self._rest) < _FRAME_HEAD + size:
                return
            frame, self._rest = self._rest[: _FRAME_HEAD + size], self._rest[_FRAME_HEAD + size :]
            yield frame


class Http2Exchange:
    """One request and its answer on a fresh connection."""

    def __init__(self, stream: Stream, attempt: Attempt, answer: Answer, max_body: int) -> None:
        self._stream = stream
        self._attempt = attempt
        self._answer = answer
        self._max_body = max_body
        self._connection = _connection(max_body)
        self._frames = Frames()
        self._wire = 0  # bytes that arrived
        self._bodiless = False

    async def run(self, headers: Headers, body: bytes) -> None:
        """Return when the answer is complete or its body was cut. Raises ProbeError."""
        self._bodiless = (":method", "HEAD") in headers
        self._connection.send_headers(_STREAM, headers, end_stream=not body)
        while not self._over():
            body = self._send(body)
            await self._stream.send(self._connection.data_to_send())
            await self._receive()

    def _over(self) -> bool:
        return self._answer.complete or self._answer.body_size > self._max_body

    def _send(self, body: bytes) -> bytes:
        """Queue as much of the body as the far end takes now; what is left."""
        while body and (room := self._connection.local_flow_control_window(_STREAM)) > 0:
            size = min(room, self._connection.max_outbound_frame_size)
            part, body = body[:size], body[size:]
            self._connection.send_data(_STREAM, part, end_stream=not body)
        return body

    async def _receive(self) -> None:
        data = await self._stream.receive(CHUNK)
        if not data:
            raise ProbeError(
                Reason.BAD_ANSWER, Said("http.closed" if self._answer.status is None else "http.incomplete")
            )
        if not self._wire and data.startswith(b"HTTP/"):
            raise ProbeError(Reason.BAD_ANSWER, Said("http.one_after_all"))
        self._wire += len(data)
        for frame in self._frames.feed(data):
            self._take(frame)
            if self._over():
                return
        self._check_bounds()

    def _check_bounds(self) -> None:
        """Frames without content, and content in crumbs, may cost as much as a body that is as long as it may be."""
        overhead = self._wire - self._answer.body_size
        if self._answer.status is None and overhead > MOST_HEAD:
            raise ProbeError(Reason.BAD_ANSWER, _broken(f"{MOST_HEAD} bytes of frames without an answer"))
        if overhead > MOST_HEAD + self._max_body:
            how = f"{overhead} bytes of frames around {self._answer.body_size} of content"
            raise ProbeError(Reason.BAD_ANSWER, _broken(how))

    def _take(self, frame: bytes) -> None:
        kind = frame[3]
        if kind == _GOAWAY:
            _leave(frame[_FRAME_HEAD:])
            return
        if kind == _HEADERS and self._attempt.phase == "processing":
            self._attempt.enter("transfer")
        if kind in _OF_THE_ANSWER:  # a far end whose front still pings has not moved: that is as frozen as silence
            self._attempt.heard()
        try:
            events = self._connection.receive_data(frame)
        except H2Error as error:
            raise ProbeError(Reason.BAD_ANSWER, _broken(error)) from None
        for event in events:
            self._learn(event)

    def _learn(self, event: Event) -> None:
        answer = self._answer
        if isinstance(event, ResponseReceived):
            _read_head(event, answer)
        elif isinstance(event, DataReceived):
            answer.take(event.data)
        elif isinstance(event, StreamEnded):
            self._check_length()
            answer.complete = True
        elif isinstance(event, StreamReset):
            raise _refusal("http.ended_stream", event.error_code)

    def _check_length(self) -> None:
        """Of an answer without any body: h2 looks at the others (section 8.1.1)."""
        answer = self._answer
        promised = next((value for name, value in answer.headers if name == "content-length"), "0")
        if not (answer.body_size or self._bodiless or answer.status in BODILESS or promised.strip("0") == ""):
            raise ProbeError(Reason.BAD_ANSWER, Said("http.short", size=0, promised=promised))


def _connection(max_body: int) -> H2Connection:
    """Its windows hold all that we would read, so that none has to be moved."""
    connection = H2Connection(H2Configuration(client_side=True, header_encoding=None))
    window = max(MOST_HEAD + 2 * max_body, _DEFAULT_WINDOW + 1)  # a window can be opened, not narrowed
    connection.local_settings = Settings(
        client=True,
        initial_values={
            SettingCodes.ENABLE_PUSH: 0,
            SettingCodes.INITIAL_WINDOW_SIZE: window,
            SettingCodes.MAX_HEADER_LIST_SIZE: MOST_HEAD,
        },
    )
    connection.decoder.max_header_list_size = MOST_HEAD
    connection.initiate_connection()
    connection.increment_flow_control_window(window - _DEFAULT_WINDOW)
    return connection


def _read_head(event: ResponseReceived, answer: Answer) -> None:
    headers = [(text(name), text(value)) for name, value in event.headers]
    status = next(value for name, value in headers if name == ":status")
    if not (status.isascii() and status.isdecimal() and len(status) == 3):
        raise ProbeError(Reason.BAD_ANSWER, _broken(f"the status {status[:20]!r}"))
    answer.status = int(status)
    answer.version = "2"
    answer.headers = tuple((name, value) for name, value in headers if not name.startswith(":"))


def _leave(goaway: bytes) -> None:
    """A farewell (section 6.8) that lets our answer come is none of our business. Raises ProbeError for another."""
    if len(goaway) < 8:
        raise ProbeError(Reason.BAD_ANSWER, _broken("a GOAWAY that is too short"))
    last, code = int.from_bytes(goaway[:4]), int.from_bytes(goaway[4:8])
    if code != ErrorCodes.NO_ERROR or last < _STREAM:
        raise _refusal("http.said_goodbye", code)


def _refusal(what: str, code: int) -> ProbeError:
    """Codes that nobody has defined have no special meaning (section 7)."""
    try:
        known = ErrorCodes(code)
    except ValueError:
        return ProbeError(Reason.REFUSED, Said(what, why=f"code {code}"))
    reason = _MEANINGS.get(known, Reason.REFUSED)
    return ProbeError(reason, Said(what, why=known.name.replace("_", " ").lower()))


def _broken(how: object) -> Said:
    return Said("http.rules", how=str(how)[:_SHOWN])
