"""The way to the store behind the gateway, and what its answers mean for an office.

An office throws away what was taken and puts aside what was refused as bad. So a store that is down, or a gateway that
may not write there, is never told as a fault of the request. Nor is a wrong clock: what looks too old or too new to a
gateway whose clock has gone astray would be put aside for good, and offices take their time from its answers. So the
store is asked for its time, and nothing is taken while the two disagree.
"""

import asyncio
import logging
import re
import ssl
import time
from email.utils import parsedate_to_datetime
from types import TracebackType

import aiohttp

from agent.gateway import envelope
from agent.gateway.judge import Refusal, RefusedError
from collectors.core.lastword import Receiver
from collectors.core.logline import logline

_log = logging.getLogger(__name__)
_SAID = 300  # characters of the store's answer that go on to the office
_SOON, _LATER = 15.0, 300.0  # seconds to stay away: from a store that is down; from a gateway that somebody has to mend
_LEAST = 1.0  # seconds, also where the store says less: nobody is to come again and again
_APART = 60.0  # seconds by which the clocks of store and gateway may differ
_AT_ONCE = 16  # requests: a store that is slow with more would answer none of them in time, and all would come again
_BAD = (400, 409, 422)
_BUSY = (429, 503)
# Mimir (and Cortex before it) answers 400 where the tenant has as many series as it may: no fault of this request's.
# Source: Mimir's catalogue of errors, "err-mimir-max-series-per-user" and the like.
_FULL = re.compile(r"err-mimir-(max-(active-)?series|tenant-max)|series limit of \d+ exceeded")


class Store:
    """Connections to one receiver, kept open.

    up    whether it took the last request, None before the first
    skew  seconds by which its clock is ahead of ours, None while that is not known
    """

    def __init__(self, to: Receiver) -> None:
        self._to, self._room = to, asyncio.Semaphore(_AT_ONCE)
        self._session: aiohttp.ClientSession | None = None
        self.up: bool | None = None
        self.skew: float | None = None
        self.seconds = 0.0

    async def __aenter__(self) -> "Store":
        trusted = ssl.create_default_context(cafile=self._to.ca_file or None)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_AT_ONCE, ssl=trusted),
            timeout=aiohttp.ClientTimeout(total=self._to.timeout),
            headers=_headers(self._to),
            auto_decompress=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    @property
    def astray(self) -> bool:
        """Whether its clock or ours is wrong."""
        return self.skew is not None and abs(self.skew) > _APART

    async def look(self) -> None:
        """See by an empty request how the store is, and what time it is there."""
        try:
            await self._post(envelope.pack(b""))
        except RefusedError:
            return
        if self.astray:
            self._note(False, "clocks_differ")

    async def write(self, block: bytes) -> None:
        """Hand on one WriteRequest, packed with snappy. RefusedError unless the store has taken it."""
        if self.astray:
            raise RefusedError(503, Refusal.STORE, "the clocks of the gateway and its store differ", _SOON)
        await self._post(block)

    async def _post(self, block: bytes) -> None:
        if self._session is None:
            raise RuntimeError("the store was not opened")
        async with self._room:
            await self._exchange(self._session, block)

    async def _exchange(self, session: aiohttp.ClientSession, block: bytes) -> None:
        begun, now = time.monotonic(), time.time()
        try:
            async with session.post(self._to.url, data=block, allow_redirects=False) as answer:
                text = (await answer.content.read(_SAID)).decode("utf-8", "replace")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._note(False, type(error).__name__)
            raise RefusedError(503, Refusal.STORE, "the store does not answer", _SOON) from None
        finally:
            self.seconds += time.monotonic() - begun
        self.skew = skew(answer.headers.get("Date", ""), now, time.time())
        refused = refusal(answer.status, text, answer.headers.get("Retry-After", ""))
        fine = refused is None or refused.status in (400, 413)
        self._note(fine, "" if fine else f"http_{answer.status}")
        if refused:
            raise refused

    def _note(self, up: bool, why: str) -> None:
        """Say each change once."""
        if up is not self.up:
            level = logging.INFO if up else logging.ERROR
            _log.log(level, logline("store", up=up, reason=why or None))
        self.up = up


def refusal(status: int, text: str, retry_after: str) -> RefusedError | None:
    """What the store's answer means for an office; None when it has taken the request."""
    if 200 <= status < 300:
        return None
    said = "the store says: " + " ".join(text.split())[:_SAID]
    if status in _BAD and not _FULL.search(text):
        return RefusedError(400, Refusal.STORE, said)
    if status == 413:
        return RefusedError(413, Refusal.SIZE, said)
    if status in _BUSY:
        wait = float(retry_after) if retry_after.isdecimal() else _SOON
        return RefusedError(503, Refusal.STORE, "the store is busy", min(max(wait, _LEAST), _LATER))
    if status >= 500:
        return RefusedError(502, Refusal.STORE, said)  # may be this very request: the office finds out
    return RefusedError(503, Refusal.STORE, "the gateway cannot write to its store", _LATER)


def skew(date: str, asked: float, answered: float) -> float | None:
    """Seconds by which the clock of whoever sent this header is ahead of ours; Unix times. None where it tells none."""
    try:
        theirs = parsedate_to_datetime(date).timestamp() + 0.5  # whole seconds (RFC 9110, section 5.6.7)
    except (ValueError, OverflowError, TypeError):
        return None
    return theirs - (asked + answered) / 2


def _headers(to: Receiver) -> dict[str, str]:
    headers = {
        "Content-Encoding": "snappy",
        "Content-Type": "application/x-protobuf",
        "X-Prometheus-Remote-Write-Version": "0.1.0",
        "User-Agent": "communewatch-gateway",
    }
    if to.token:
        headers["Authorization"] = f"Bearer {to.token.reveal()}"
    if to.user:
        headers["Authorization"] = aiohttp.BasicAuth(to.user, to.password.reveal(), "utf-8").encode()
    if to.tenant:
        headers["X-Scope-OrgID"] = to.tenant
    return headers
