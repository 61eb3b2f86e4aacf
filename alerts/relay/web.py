"""One request over HTTP, and what is known about it afterwards: taken, refused, or not known."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp

from alerts.relay.failure import DeliveryError

# connect: names included, for a name server that does not answer leaves no doubt
_TIMEOUT = aiohttp.ClientTimeout(total=35, connect=20, sock_connect=10, sock_read=15)
_LARGEST = 65536  # bytes of an answer that are read, unless told otherwise
_BUSY = (408, 425, 429)  # of 400 to 499 those that pass by themselves
_GATEWAY_TIMEOUT = 504
_LONGEST_WAIT = 3600.0  # seconds: a service that wants to be left alone for longer is asked again all the same
# Nothing was sent: names that do not resolve, ports that refuse, certificates that are wrong.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `cut`: its end is missing; `wait`: seconds that it asks for."""

    status: int
    text: str
    wait: float = 0.0
    cut: bool = False

    def error(self, text: str) -> DeliveryError:
        """Why this answer is a refusal: for now, or for good; a gateway that got no answer itself leaves a doubt."""
        lasting = 400 <= self.status < 500 and self.status not in _BUSY
        return DeliveryError(text, doubt=self.status == _GATEWAY_TIMEOUT, wait=self.wait, lasting=lasting)


class Web:
    """A connection of its own for each request: one that a server has closed meanwhile would leave a doubt."""

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        timeout: aiohttp.ClientTimeout = _TIMEOUT,
        largest: int = _LARGEST,
    ) -> None:
        """largest: bytes of an answer that are read."""
        self._now = now
        self._timeout = timeout
        self._largest = largest

    async def ask(self, request: Request) -> Reply:
        """Whatever the status is. Raises DeliveryError when there is none."""
        connector = aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(connector=connector, timeout=self._timeout) as session:
            try:
                async with session.request(
                    request.method, request.url, headers=request.headers, data=request.body, allow_redirects=False
                ) as answer:
                    return await self._read(answer)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                known = isinstance(error, _NOT_SENT)
                raise DeliveryError(_told(request, error), doubt=not known) from None

    async def _read(self, answer: aiohttp.ClientResponse) -> Reply:
        wait, cut, body = self._wait(answer.headers.get("Retry-After", "")), False, b""
        try:
            while len(body) < self._largest and (part := await answer.content.read(_LARGEST)):
                body += part
        except (aiohttp.ClientError, TimeoutError, OSError):
            cut = True
        return Reply(answer.status, body[: self._largest].decode(errors="replace"), wait, cut)

    def _wait(self, text: str) -> float:
        """Retry-After, RFC 9110 section 10.2.3: seconds, or a date."""
        try:
            seconds = float(text) if text.isdecimal() else parsedate_to_datetime(text).timestamp() - self._now()
        except (ValueError, TypeError):
            return 0.0
        return min(max(seconds, 0.0), _LONGEST_WAIT)


def _told(request: Request, error: BaseException) -> str:
    """Without the address' path and query: they hold keys."""
    host = urlsplit(request.url).hostname
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"{host}: cannot be reached: {error.os_error.strerror or type(error.os_error).__name__}"
    return f"{host}: no proper answer: {type(error).__name__}"
