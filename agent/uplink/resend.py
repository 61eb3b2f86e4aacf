"""Sending again what a receiver has taken: a person asks by a file of its own, the running agent takes it from there.

A store can lose what it said it had; so what was taken stays in the buffer for days.
"""

import asyncio
import json
import logging
import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from agent.buffer.port import Buffer
from agent.buffer.scrape import Stamp
from agent.disk import replace_durably
from agent.uplink.timeline import Unknown
from collectors.core.logline import logline

_log = logging.getLogger(__name__)
SUFFIX = ".resend"
_LOOK = 15.0  # seconds between two looks for a request
_PAGE = 64  # scrapes that are read at once

Time = Callable[[Stamp], float | Unknown]


@dataclass(frozen=True, slots=True)
class Request:
    """What was measured from `since` to before `until`, Unix seconds, to this receiver; "" = to all of them."""

    since: float
    until: float
    receiver: str = ""


def ask(folder: Path, request: Request) -> None:
    """Leave a request for the agent of this folder, beside those that it has not seen yet. OSError."""
    path = folder / f"{uuid4().hex}{SUFFIX}"
    replace_durably(path, json.dumps(asdict(request)))
    path.chmod(0o644)  # the agent is another user, whatever root's umask is


class Resender:
    """Looks for requests in the buffer's folder, None = there is none. `time`: when a scrape truly was."""

    def __init__(self, folder: Path | None, buffer: Buffer, time: Time, receivers: Iterable[str]) -> None:
        self._folder = folder
        self._buffer, self._time, self._receivers = buffer, time, tuple(receivers)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(_LOOK)
            for request in await asyncio.to_thread(_requests, self._folder) if self._folder else ():
                await self.resend(request)

    async def resend(self, request: Request) -> None:
        """Give it back to the receivers' lanes, in ranges as long as possible."""
        first = last = after = found = 0
        while scrapes := await self._buffer.read(after, _PAGE):
            after = scrapes[-1].sequence
            for scrape in scrapes:
                time = self._time(scrape.stamp)
                if not isinstance(time, Unknown) and request.since <= time < request.until:
                    first, last, found = first or scrape.sequence, scrape.sequence, found + 1
                elif first:
                    await self._take_back(request.receiver, first, last)
                    first = 0
        if first:
            await self._take_back(request.receiver, first, last)
        _log.info(logline("resend", receiver=request.receiver or "all", scrapes=found))

    async def _take_back(self, receiver: str, first: int, last: int) -> None:
        for name in self._receivers:
            if receiver in ("", name):
                await self._buffer.take_back(name, first, last)


def _requests(folder: Path) -> list[Request]:
    """All that lie there; their files are gone afterwards, whatever they held."""
    found = map(_taken, sorted(folder.glob("*" + SUFFIX)))
    return [request for request in found if request]


def _taken(path: Path) -> Request | None:
    """What cannot be read or taken away is left out: it would be followed for ever."""
    try:
        text = path.read_bytes()
        path.unlink()
        found = json.loads(text)
        since, until, receiver = float(found["since"]), float(found["until"]), str(found["receiver"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning(logline("resend_not_read", error=str(error)))
        return None
    return None if math.isnan(since) or math.isnan(until) else Request(since, until, receiver)
