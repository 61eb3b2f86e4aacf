"""What each destination has taken, in a file of two slots for each. Blocks for one small file."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from agent.buffer.ranges import Ranges
from agent.journal.slots import Slots
from collectors.core.logline import logline

_log = logging.getLogger(__name__)
_SUFFIX = ".cursor"
_NAME = re.compile(r"[a-z0-9_-]{1,64}")


class Cursors:
    """`folder` None = in memory only. A file that cannot be read costs what it said: all that is kept is sent again."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._slots: dict[str, Slots] = {}
        self._ranges: dict[str, Ranges] = {}
        self._unwritten: set[str] = set()
        self.failures = 0

    def open(self) -> None:
        """Read those that are there."""
        if self._folder is None:
            return
        for path in sorted(self._folder.glob("*" + _SUFFIX)):
            destination = path.name.removesuffix(_SUFFIX)
            if _NAME.fullmatch(destination):
                self._slots[destination] = Slots(path)
                self._read(destination)

    def _read(self, destination: str) -> None:
        try:
            text = self._slots[destination].read()
            self._ranges[destination] = _ranges(text) if text else Ranges()
        except (OSError, ValueError) as error:
            _log.warning(logline("buffer_cursor_not_read", destination=destination, error=str(error)))

    def __iter__(self) -> Iterator[Ranges]:
        return iter(self._ranges.values())

    @property
    def destinations(self) -> tuple[str, ...]:
        """Those that are known, whether or not they have taken anything."""
        return tuple(sorted(self._ranges))

    def of(self, destination: str) -> Ranges:
        return self._ranges.get(destination, Ranges())

    def set(self, destination: str, ranges: Ranges) -> None:
        """ValueError for what cannot be a destination's name."""
        if not _NAME.fullmatch(destination):
            raise ValueError(f"{destination!r} cannot be the name of a destination: a-z, 0-9, _ and -, at most 64")
        self._ranges[destination] = ranges
        self._unwritten.add(destination)

    def write(self) -> None:
        """What has changed. What cannot be written is tried again the next time."""
        if self._folder is None:
            return
        for destination in sorted(self._unwritten):
            try:
                slots = self._slots.setdefault(destination, Slots(self._folder / (destination + _SUFFIX)))
                slots.write(_text(self._ranges[destination]))
            except OSError as error:
                self.failures += 1
                _log.warning(logline("buffer_cursor_not_written", destination=destination, error=str(error)))
            else:
                self._unwritten.discard(destination)


def _text(ranges: Ranges) -> str:
    return json.dumps([ranges.low, *ranges.above])


def _ranges(text: str) -> Ranges:
    """Raises ValueError for what is not ours."""
    try:
        low, *above = json.loads(text)
        ranges = Ranges(int(low))
        for first, last in above:
            ranges = ranges.plus(int(first), int(last))
        return ranges
    except (TypeError, RecursionError) as error:
        raise ValueError(f"is not a cursor: {error}") from None
