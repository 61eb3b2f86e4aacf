"""Who writes the journal: off the loop, and not at all while the disk is to rest."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from agent.disk import Disk
from agent.journal import entry
from agent.journal.entry import Entry
from agent.journal.slots import Slots
from collectors.core.logline import logline

_log = logging.getLogger(__name__)
FILE = "journal"

InThread = Callable[..., Awaitable[object]]


class Keeper:
    """The journal below `folder`, None = nothing is kept. What cannot be read or written costs the past only."""

    def __init__(self, folder: Path | None, disk: Disk, in_thread: InThread = asyncio.to_thread) -> None:
        self._slots = Slots(folder / FILE) if folder else None
        self._disk = disk
        self._in_thread = in_thread
        self._working = True
        self.failures = 0

    def read(self) -> Entry | None:
        """What the agent wrote last before it started. Blocks for one small file."""
        try:
            text = self._slots.read() if self._slots else None
            return entry.read(text) if text else None
        except (OSError, ValueError) as error:
            _log.warning(logline("journal_not_read", error=str(error)))
            return None

    async def write(self, what: Entry) -> bool:
        """On the disk when this returns, unless the disk rests; False = that failed."""
        if self._slots is None or self._disk.held:
            return True
        try:
            await self._in_thread(self._slots.write, entry.write(what))
        except (OSError, ValueError) as error:
            self.failures += 1
            if self._working:
                _log.warning(logline("journal_not_written", error=str(error)))
            self._working = False
        else:
            self._working = True
        return self._working
