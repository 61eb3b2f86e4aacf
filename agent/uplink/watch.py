"""The timeline of this machine: fed with what is told of the time, kept on disk, asked for the time of everything."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from agent.buffer.scrape import Stamp
from agent.disk import Disk, replace_durably
from agent.uplink import timeline_text
from agent.uplink.timeline import NETWORK_TIME, Timeline, Unknown
from collectors.core.logline import logline

_log = logging.getLogger(__name__)
FILE = "timeline"

InThread = Callable[..., Awaitable[object]]


class Clocks(Protocol):
    """What the machine knows of the time."""

    def boot(self) -> str:
        """The kernel's id of this boot, "" where it gives none."""
        ...

    def uptime(self) -> float:
        """Seconds of this boot, sleep included."""
        ...

    def wall(self) -> float:
        """Unix time as the machine believes it."""
        ...

    def synchronised(self) -> bool:
        """Whether somebody on the network has set the wall clock."""
        ...

    def battery_agrees(self) -> bool:
        """Whether a clock with a battery shows the same."""
        ...


class Watch:
    """`folder` None: nothing outlives the agent. Nothing has a time before `begin`."""

    def __init__(
        self, clocks: Clocks, folder: Path | None, disk: Disk, in_thread: InThread = asyncio.to_thread
    ) -> None:
        self._clocks, self._disk, self._in_thread = clocks, disk, in_thread
        self._boot = clocks.boot() or uuid4().hex  # without a name of its own each agent's life counts as a boot
        self._path = folder / FILE if folder else None
        self._timeline = Timeline()
        self._written = ""

    async def begin(self, newest: Stamp | None) -> None:
        """The agent starts; `newest` is of the newest scrape that it finds."""
        try:
            text = str(await self._in_thread(self._path.read_text, "ascii")) if self._path else ""
            self._timeline = timeline_text.read(text) if text else Timeline()
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            _log.warning(logline("timeline_not_read", error=str(error)))
        self._timeline = self._timeline.begun(self.stamp(), self._clocks.battery_agrees(), newest)
        self.look()
        await self.save()

    def stamp(self) -> Stamp:
        """Now, by every clock."""
        return Stamp(self._boot, self._clocks.uptime(), self._clocks.wall())

    def look(self) -> None:
        """Ask the machine; to be called now and then."""
        if self._clocks.synchronised():
            self.heard(self._clocks.wall(), NETWORK_TIME)

    def heard(self, time: float, rank: int, late: float = 0.0) -> None:
        """Somebody tells what time it is, or was up to `late` seconds ago; the lower his rank, the better he knows."""
        before = self.skew()
        self._timeline = self._timeline.heard(time, rank, self._clocks.uptime(), late)
        if before is None or abs((self.skew() or 0.0) - before) > 1:
            _log.info(logline("time_told", rank=rank, skew=self.skew()))

    def time(self, stamp: Stamp) -> float | Unknown:
        """The Unix time of a moment."""
        return self._timeline.time(stamp)

    async def leaving(self, stamp: Stamp) -> None:
        """Something of this moment leaves next: its time holds for good, also after a power cut."""
        self._timeline = self._timeline.left(stamp)
        await self.save()

    async def save(self) -> None:
        """Write what is new. What cannot be written costs only the next agent's knowledge."""
        text = timeline_text.write(self._timeline)
        if self._path is None or text == self._written or self._disk.held:
            return
        try:
            await self._in_thread(replace_durably, self._path, text)
        except OSError as error:
            _log.warning(logline("timeline_not_written", error=str(error)))
        self._written = text

    def skew(self) -> float | None:
        """How far the wall clock is ahead of the truth, None while that is not known."""
        return self._timeline.skew(self._clocks.wall(), self._clocks.uptime())

    def trusted(self) -> float | None:
        """Unix time now, where the network has set it."""
        return self._clocks.wall() if self._clocks.synchronised() else None

    def uptime(self) -> float:
        """Seconds that go on evenly."""
        return self._clocks.uptime()
