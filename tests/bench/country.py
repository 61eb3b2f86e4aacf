"""All offices of the country in one process: cheap, for it is the gateway that is measured.

Each has its own certificate and connection, and sends as an agent does (docs/uplink.md): live data once a minute at a
second of its own, what piled up beside them, oldest first, ten minutes at once, for half of the time; it waits as it is
told, and after a failure as chance decides. Bodies are made from one template by putting another office's number in.
"""

import asyncio
import random
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cramjam

from collectors.core.collector import stable_offset
from tests.servers.gateway import Authority, message

OFFICES = 3321
SCRAPE, MINUTE = 15.0, 60.0  # seconds
PIECE, LIVE = 40, 8  # scrapes of a request, at most
LONGEST = 300.0  # seconds of a pause after failures
_NOBODY = "99999"


@lru_cache(maxsize=64)
def _template(last: int, scrapes: int, series: int) -> bytes:
    return message(last * SCRAPE, f"{_NOBODY}-1", series=series, samples=scrapes, every=SCRAPE)


def body(office: str, last: int, scrapes: int, series: int) -> bytes:
    """A request, packed by zstd, with so many scrapes up to number `last`; they are counted from 1970 on."""
    made = _template(last, scrapes, series).replace(_NOBODY.encode(), office.partition("-")[0].encode())
    return bytes(cramjam.zstd.compress(made, level=3))


@dataclass(slots=True)
class Line:
    """A connection to the gateway, opened when it is needed."""

    context: ssl.SSLContext
    handshakes: int = 0
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, port: int, content: bytes) -> tuple[int, float]:
        """Status and Retry-After of the answer; once more where the connection turns out to be gone.

        OSError, EOFError, ValueError where there is none.
        """
        used = self._streams is not None
        try:
            return await self._exchange(port, content)
        except (OSError, EOFError):
            self.close()
            if not used:
                raise
            return await self._exchange(port, content)

    async def _exchange(self, port: int, content: bytes) -> tuple[int, float]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                "127.0.0.1", port, ssl=self.context, server_hostname="127.0.0.1", ssl_handshake_timeout=30
            )
            self.handshakes += 1
        reader, writer = self._streams
        writer.write(_head(len(content)) + content)
        async with asyncio.timeout(30):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            fields = dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)
            await reader.readexactly(int(fields.get("content-length", 0)))
        if fields.get("connection") == "close":
            self.close()
        return int(head.split()[1]), float(fields.get("retry-after", 0))

    def close(self) -> None:
        if self._streams:
            self._streams[1].transport.abort()
        self._streams = None


@dataclass(slots=True)
class Office:
    """One that sends.

    backlog  pieces that wait: the number of the last scrape, and how many there are
    live     monotonic moments at which live data were taken, and how old the newest taken were just before
    waits    answers that told it to wait
    """

    name: str
    series: int
    line: Line
    backlog: list[tuple[int, int]] = field(default_factory=list)
    live: list[tuple[float, float]] = field(default_factory=list)
    scrapes: int = 0
    waits: int = 0
    drained: float = 0.0
    _taken: int = 0  # number of the newest scrape that was taken
    _due: float = 0.0
    _failed: int = 0

    async def run(self, port: int, *, at_once: bool = False) -> None:
        """Send until cancelled. at_once: live data now, and not at its second of the minute."""
        now = time.time()
        self._due = now if at_once else self._next(now)
        self._failed, may_backlog = 0, 0.0
        try:
            while True:
                now = time.time()
                if now >= self._due:
                    await self._live(port)
                elif self.backlog and now >= may_backlog:
                    may_backlog = await self._backlog(port)
                else:
                    await asyncio.sleep(max(0.0, (min(self._due, may_backlog) if self.backlog else self._due) - now))
        finally:
            self.line.close()

    def forget(self) -> None:
        """Begin anew, before another store."""
        self.backlog, self.live, self.scrapes, self.waits, self._taken = [], [], 0, 0, 0

    def _next(self, now: float) -> float:
        return now + MINUTE - (now - stable_offset(self.name, MINUTE)) % MINUTE

    async def _live(self, port: int) -> None:
        newest = int(time.time() / SCRAPE)
        first = max(self._taken, newest - LIVE) if self._taken else newest - 4
        wait = await self._send(port, newest, newest - first) if newest > first else SCRAPE
        if wait is None:
            age = time.time() - self._taken * SCRAPE if self._taken else 0.0
            self.live.append((time.monotonic(), age))
            if self._taken and first > self._taken:
                self.backlog.append((first, first - self._taken))
            self._taken = newest
            self._due = self._next(time.time())
        else:
            self._due = time.time() + wait

    async def _backlog(self, port: int) -> float:
        begun, (last, scrapes) = time.time(), self.backlog[0]
        wait = await self._send(port, last, scrapes)
        if wait is not None:
            return time.time() + wait
        del self.backlog[0]
        if not self.backlog:
            self.drained = time.monotonic()
        return 2 * time.time() - begun  # for half of the time the line is the office's

    async def _send(self, port: int, last: int, scrapes: int) -> float | None:
        """None when it was taken, else how many seconds to wait."""
        try:
            status, wait = await self.line.post(port, body(self.name, last, scrapes, self.series))
        except (OSError, EOFError, ValueError):
            self.line.close()
            self._failed += 1
            return random.uniform(0, min(LONGEST, 2.0 ** (self._failed - 1)))
        self._failed = 0
        if status == 204:
            self.scrapes += scrapes
            return None
        if status not in (429, 503):
            raise RuntimeError(f"{self.name}: {status}")
        self.waits += 1
        return wait * random.uniform(1, 1.1)


def offices(folder: Path, series: int) -> Iterator[Office]:
    """All, with their certificates; identities.yml and the gateway's own papers beside them."""
    authority = Authority(folder / "ca", time.time())
    authority.server("127.0.0.1")
    names = [f"{number:05}-1" for number in range(OFFICES)]
    entries = (f'  {name}: {{province: "04", commune: "{name[:5]}", office: {name}}}\n' for name in names)
    (folder / "identities.yml").write_text("version: 1\noffices:\n" + "".join(entries))
    for name in names:
        yield Office(name, series, Line(authority.trusted_by(authority.office(name))))


async def ended(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel them. What has failed in one fails here."""
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


def _head(size: int) -> bytes:
    lines = (
        "POST /api/v1/write HTTP/1.1", "Host: gateway", "Content-Encoding: zstd",
        "Content-Type: application/x-protobuf", f"Content-Length: {size}",
    )  # fmt: skip
    return "\r\n".join((*lines, "", "")).encode()
