"""A small HTTP/1.1 server for the agent's own pages: GET and HEAD, bounded in every direction.

h11 speaks the protocol; this file adds sockets, limits and routing. Pages are made from values in memory, so a handler
is a plain function.
"""

import asyncio
import gzip
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import h11

from collectors.core.logline import logline

_log = logging.getLogger(__name__)
_PATIENCE = 30.0  # seconds for one request, and for an idle connection
_CONNECTIONS = 32
_COMPRESS_FROM = 1024  # bytes
_SECURITY = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a handler gets to see: decoded path, last value of each query parameter, lower-case header names."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    """What a handler returns."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = field(default=())


Handler = Callable[[Request], Response]


class Server:
    """Serves `routes` (path -> handler) until closed. A handler that raises gives a 500 and a log line."""

    def __init__(self, routes: Mapping[str, Handler]) -> None:
        self._routes = routes
        self._open: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def listen(self, host: str, port: int) -> int:
        """Start to listen; returns the port (useful with port 0). OSError when the address cannot be had."""
        self._server = await asyncio.start_server(self._accept, host, port)
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for task in self._open:
            task.cancel()
        if self._open:
            await asyncio.wait(self._open, timeout=1)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._open) >= _CONNECTIONS:
            writer.close()
            return
        self._open.add(task)
        try:
            await self._converse(reader, writer)
        except OSError:
            pass  # a client that leaves or stalls is its own problem
        finally:
            self._open.discard(task)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER)
        try:
            await self._serve(connection, reader, writer)
        except h11.RemoteProtocolError as error:
            writer.write(_refuse(connection, error.error_status_hint))
            await writer.drain()

    async def _serve(
        self, connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            async with asyncio.timeout(_PATIENCE):
                request = await _next_request(connection, reader)
                if request is None:
                    return
                response = self._answer(request)
                writer.write(_encode(connection, request, response))
                await writer.drain()
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return
            connection.start_next_cycle()

    def _answer(self, event: h11.Request) -> Response:
        if event.method not in (b"GET", b"HEAD"):
            return Response(b"only GET\n", "text/plain", 405, (("Allow", "GET, HEAD"),))
        try:
            parts = urlsplit(event.target.decode("ascii", "replace"))
        except ValueError:
            return Response(b"bad address\n", "text/plain", 400)
        handler = self._routes.get(parts.path)
        if handler is None:
            return Response(b"not found\n", "text/plain", 404)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in event.headers}
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        try:
            return handler(Request(parts.path, query, headers))
        except Exception:  # noqa: BLE001 - a page with a defect must not take the agent down
            _log.exception(logline("page_defect", path=parts.path))
            return Response(b"internal error; see the agent's log\n", "text/plain", 500)


async def _next_request(connection: h11.Connection, reader: asyncio.StreamReader) -> h11.Request | None:
    """The next request with its body read and dropped, None when the client is done."""
    request: h11.Request | None = None
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(16384))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.EndOfMessage):
            return request
        elif isinstance(event, h11.ConnectionClosed):
            return None


def _encode(connection: h11.Connection, request: h11.Request, response: Response) -> bytes:
    body = response.body
    headers = [("Content-Type", response.content_type), *_SECURITY, *response.headers]
    accepted = next((value for name, value in request.headers if name == b"accept-encoding"), b"")
    if b"gzip" in accepted and len(body) >= _COMPRESS_FROM:
        body = gzip.compress(body, 5)
        headers.append(("Content-Encoding", "gzip"))
    headers.append(("Content-Length", str(len(body))))
    data = connection.send(h11.Response(status_code=response.status, headers=headers)) or b""
    if request.method != b"HEAD":
        data += connection.send(h11.Data(data=body)) or b""
    return data + (connection.send(h11.EndOfMessage()) or b"")


def _refuse(connection: h11.Connection, status: int) -> bytes:
    """The answer to what is not HTTP, as far as one may still be sent."""
    if connection.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
        return b""
    headers = [("Connection", "close"), ("Content-Length", "0")]
    answer = connection.send(h11.Response(status_code=status, headers=headers)) or b""
    return answer + (connection.send(h11.EndOfMessage()) or b"")
