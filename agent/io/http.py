"""HTTP/1.1 by h11 and HTTP/2 by h2, on a connection of its own for every exchange, each phase timed."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from urllib.parse import SplitResult, quote, urlsplit

import h11

from agent.io.attempt import Attempt
from agent.io.dial import Destination, Dialer
from agent.io.http_answer import Answer, AnswerReader
from agent.io.http_head import MOST_HEAD
from agent.io.stream import Stream
from agent.io.validators import NOT_MODIFIED, Validators
from collectors.core import NameFailure, ProbeError, Reason
from collectors.core.ports import HttpExchange, HttpRequest, HttpVersion
from collectors.core.values import HostPort
from collectors.messages.said import Said

_PORTS = {"http": 80, "https": 443}
_ALPN: Mapping[HttpVersion, tuple[str, ...]] = {"auto": ("h2", "http/1.1"), "1.1": ("http/1.1",), "2": ("h2",)}
_KEPT = "%/:=&?~#+!$,;'@()*[]"  # characters that a path or query may hold as they are
_REMEMBERED = 64  # addresses, as urlsplit remembers them itself: an agent asks the same ones again and again


class HttpAdapter:
    """The http port. `user_agent` says to the owners of the services who is asking."""

    def __init__(self, user_agent: str, dialer: Dialer | None = None) -> None:
        self._user_agent = _printable(user_agent)
        self._dialer = dialer or Dialer()
        self._validators = Validators()

    async def exchange(self, request: HttpRequest, timeout: float) -> HttpExchange:
        """One request and its answer within `timeout` seconds; failures are part of the exchange."""
        answer = Answer(min(request.max_body, request.max_kept))
        attempt, conditions = Attempt(), self._validators.conditions(request, time.monotonic())
        failure = await attempt.run(self._converse(request, conditions, attempt, answer, timeout), timeout)
        exchange = answer.exchange(attempt, failure)
        return replace(exchange, unchanged=True) if conditions and exchange.status == NOT_MODIFIED else exchange

    def remember(self, request: HttpRequest, exchange: HttpExchange) -> None:
        """Keep the validators of a right answer."""
        self._validators.keep(request, exchange, time.monotonic())

    async def _converse(
        self, request: HttpRequest, conditions: Mapping[str, str], attempt: Attempt, answer: Answer, timeout: float
    ) -> None:
        url = urlsplit(request.url)
        async with self._dialer.open(_destination(url, request), attempt, timeout) as stream:
            head = self._head(url, request, conditions)
            if stream.protocol == "h2":
                await _converse_in_http2(stream, attempt, answer, request, head)
                return
            if request.version == "2":
                raise ProbeError(Reason.UNSUPPORTED, Said("http.no_two"))
            attempt.enter("processing")
            await stream.send(encode(request.method, target_of(url), head, request.body))
            spoken = partial(speak, request, target_of(url), head)
            reader = AnswerReader(spoken, stream, attempt, request.max_body, bodiless=request.method == "HEAD")
            await reader.read(answer)

    def _head(self, url: SplitResult, request: HttpRequest, conditions: Mapping[str, str]) -> list[tuple[str, str]]:
        """The request's headers and those that it leaves to us. No compression: a length should mean what it says."""
        ours = {
            "Host": host_of(url),
            "User-Agent": self._user_agent,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **conditions,
        }
        if request.body:
            ours["Content-Length"] = str(len(request.body))
        named = {name.lower() for name, _ in request.headers}
        return [*((name, value) for name, value in ours.items() if name.lower() not in named), *request.headers]


async def _converse_in_http2(
    stream: Stream, attempt: Attempt, answer: Answer, request: HttpRequest, head: list[tuple[str, str]]
) -> None:
    attempt.stop()
    from agent.io.http2 import Http2Exchange, request_headers  # noqa: PLC0415 - 1.5 MiB that not every office needs

    attempt.skip()
    attempt.enter("processing")
    url = urlsplit(request.url)
    headers = request_headers(request.method, url.scheme, target_of(url), head)
    await Http2Exchange(stream, attempt, answer, request.max_body).run(headers, request.body)


def _destination(url: SplitResult, request: HttpRequest) -> Destination:
    host, port = place_of(url)
    name = host if url.scheme == "https" else None
    if request.connect_to:
        instead = HostPort.parse(request.connect_to)
        host, port = instead.host, instead.port or port
    alpn = _ALPN[request.version]
    return Destination(host, port, request.family, name, request.ca_file, request.verify, request.stall, alpn)


def encode(method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    """A request of HTTP/1.1. Raises ValueError for what would not stay in its line."""
    head = "\r\n".join((f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)))
    if not head.count("\r") == head.count("\n") == len(headers):
        raise ValueError("a line end in a header")
    return f"{head}\r\n\r\n".encode("ascii") + body


def speak(request: HttpRequest, target: str, headers: Sequence[tuple[str, str]]) -> h11.Connection:
    """The state machine as it is when the request has been sent."""
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD)
    connection.send(h11.Request(method=request.method, target=target, headers=list(headers)))
    if request.body:
        connection.send(h11.Data(request.body))
    connection.send(h11.EndOfMessage())
    return connection


@lru_cache(maxsize=_REMEMBERED)
def place_of(url: SplitResult) -> tuple[str, int]:
    """Host and port to connect to."""
    return url.hostname or "", url.port or _PORTS[url.scheme]


@lru_cache(maxsize=_REMEMBERED)
def target_of(url: SplitResult) -> str:
    """Path and query, as they stand in a request."""
    return quote(url.path or "/", _KEPT) + (f"?{quote(url.query, _KEPT)}" if url.query else "")


@lru_cache(maxsize=_REMEMBERED)
def host_of(url: SplitResult) -> str:
    """Host and, unless it is the usual one, port, as the header Host has them."""
    host = _ascii(url.hostname or "")
    host = f"[{host}]" if ":" in host else host
    return host if url.port in (None, _PORTS[url.scheme]) else f"{host}:{url.port}"


def _ascii(host: str) -> str:
    """A name in Vietnamese letters as the wire wants it (RFC 3490)."""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise ProbeError(Reason.DNS, Said("dns.impossible", name=repr(host)), NameFailure.BAD_NAME) from None


def _printable(text: str) -> str:
    """Header values are ASCII without line ends."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text)
