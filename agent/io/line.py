"""The uplink's line to one receiver: HTTP/1.1 on a connection that stays open, TLS 1.3, by a proxy where need be."""

import base64
import socket
import ssl
import time
from functools import partial
from urllib.parse import urlsplit

from agent.io.attempt import Attempt
from agent.io.dial import Destination, Dialer, secure
from agent.io.http import encode, host_of, place_of, speak, target_of
from agent.io.http_answer import Answer, AnswerReader
from agent.io.pacing import Pacing
from agent.io.stream import PlainStream, Stream
from agent.uplink.answer import Headers
from agent.uplink.line import Posted
from collectors.core import ProbeError, Reason
from collectors.core.ports import HttpRequest
from collectors.core.push import Destination as Receiver

_KEPT = 4096  # bytes of an answer: the receiver's words
_MOST = 65_536
_MOST_HEAD = 8192  # bytes of a proxy's answer
_ALIVE = 20  # seconds of silence after which TCP asks whether the other end is there: it keeps routers' tables, too
_GONE = (Reason.REFUSED, Reason.BAD_ANSWER, Reason.TLS)  # how a connection that was closed meanwhile shows itself


class HttpLine:
    """See agent/uplink/line.py."""

    def __init__(self, to: Receiver, user_agent: str, dialer: Dialer | None = None) -> None:
        self._to, self._url = to, urlsplit(to.url)
        self._user_agent = "".join(letter if " " <= letter <= "~" else "?" for letter in user_agent)
        self._dialer = dialer or Dialer()
        self._connection: socket.socket | None = None
        self._plain: PlainStream | None = None
        self._stream: Stream | None = None
        self._pacing = Pacing()

    async def post(self, headers: Headers, body: bytes) -> Posted:
        """On the open connection; on a new one if that turns out to be gone."""
        used, sent = self._stream is not None, tuple(headers)
        posted = await self._post(sent, body)
        if used and posted.status is None and posted.reason in _GONE:
            posted = await self._post(sent, body)
        return posted

    def close(self) -> None:
        if self._plain:
            self._plain.release()
        if self._connection:
            self._connection.close()
        self._connection = self._plain = self._stream = None

    async def _post(self, headers: Headers, body: bytes) -> Posted:
        attempt, answer, begun = Attempt(), Answer(_KEPT), time.monotonic()
        failed = True
        try:
            failure = await attempt.run(self._converse(attempt, answer, headers, body), self._to.timeout)
            failed = failure is not None
        finally:
            if failed or not _stays_open(answer):
                self.close()
        seconds = time.monotonic() - begun
        if failure:
            said = answer.status if failure.reason is Reason.DENIED else None  # by the proxy
            return Posted(said, text=str(failure.message), reason=failure.reason, seconds=seconds)
        return Posted(answer.status, answer.headers, answer.body.decode("utf-8", "replace").strip(), None, seconds)

    async def _converse(self, attempt: Attempt, answer: Answer, headers: Headers, body: bytes) -> None:
        stream = self._stream or await self._open(attempt, answer)
        ours = (("Host", host_of(self._url)), ("User-Agent", self._user_agent), ("Content-Length", str(len(body))))
        head, target = (*ours, *headers), target_of(self._url)
        attempt.enter("processing")
        begun = time.monotonic()
        await stream.send(encode("POST", target, head, body))
        spoken = partial(speak, HttpRequest(self._to.url, "POST", body=body), target, head)
        await AnswerReader(spoken, stream, attempt, _MOST).read(answer)
        if self._connection:
            self._pacing.carried(self._connection, len(body), time.monotonic() - begun)

    async def _open(self, attempt: Attempt, answer: Answer) -> Stream:
        host, port = place_of(self._url)
        name = host if self._url.scheme == "https" else None
        own = (self._to.certificate, self._to.key) if self._to.certificate else None
        to = Destination(host, port, server_name=name, ca_file=self._to.ca_file, alpn=("http/1.1",), own=own)
        proxy = self._to.proxy
        way = Destination(proxy.host, proxy.port or 0) if proxy else to
        context = self._dialer.context(to, attempt)
        self._pacing = Pacing()
        self._connection = await self._dialer.connect(way, attempt, self._to.timeout)
        _keep_alive(self._connection, self._to.timeout)
        self._plain = self._dialer.stream(self._connection, None)
        if proxy:
            attempt.enter("connect")
            answer.status = await self._pass(self._plain, host, port)
            if not 200 <= answer.status < 300:
                raise ProbeError(Reason.DENIED, f"the proxy says {answer.status}")
            answer.status = None
        self._stream = self._plain
        if context:
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            self._stream = await secure(self._plain, context, to, attempt)
        return self._stream

    async def _pass(self, stream: PlainStream, host: str, port: int) -> int:
        """Ask the proxy for a way (RFC 9110, section 9.3.6); what it says to that."""
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        head = [("Host", place), ("User-Agent", self._user_agent)]
        if self._to.proxy_user:
            pair = f"{self._to.proxy_user}:{self._to.proxy_password.reveal()}".encode()
            head.append(("Proxy-Authorization", f"Basic {base64.b64encode(pair).decode('ascii')}"))
        await stream.send(encode("CONNECT", place, head, b""))
        said = b""
        while b"\r\n\r\n" not in said:
            data = await stream.receive(_MOST_HEAD)
            said += data
            if not data or len(said) > _MOST_HEAD:
                raise ProbeError(Reason.BAD_ANSWER, "the proxy's answer has no end")
        words = said.split(b"\r\n", 1)[0].split()
        if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
            raise ProbeError(Reason.BAD_ANSWER, "the proxy does not speak HTTP/1")
        return int(words[1])


def _keep_alive(connection: socket.socket, timeout: float) -> None:
    """A line that is dead is noticed even while nothing is said."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _ALIVE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _ALIVE // 2)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(timeout * 1000))


def _stays_open(answer: Answer) -> bool:
    """RFC 9112, section 9.3."""
    words = {value.strip().lower() for name, value in answer.headers if name.lower() == "connection"}
    return answer.complete and answer.version == "1.1" and "close" not in words
