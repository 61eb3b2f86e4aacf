"""Looking at a buffer without touching it, also while an agent fills it. Blocks for as long as its files take."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.buffer import segment
from agent.buffer.cursors import Cursors
from agent.buffer.event import Event
from agent.buffer.folder import Folder
from agent.buffer.ranges import Ranges
from agent.buffer.scrape import Scrape
from agent.buffer.segment import Segment

_LOOKS = 3  # at a segment whose end seems torn: a record may be half written at one of them


@dataclass(frozen=True, slots=True)
class Look:
    """What is in a buffer.

    unreadable   segments that the disk does not give, and why
    taken        by destination
    """

    folder: Path
    segments: tuple[Segment, ...]
    unreadable: Mapping[str, str]
    events: tuple[Event, ...]
    taken: Mapping[str, Ranges]

    @property
    def scrapes(self) -> int:
        return sum(one.scrapes for one in self.segments)

    @property
    def size(self) -> int:
        return sum(one.size for one in self.segments)

    @property
    def damaged(self) -> int:
        return sum(one.damaged for one in self.segments) + len(self.unreadable)

    @property
    def newest(self) -> int:
        return max((one.last for one in self.segments), default=0)

    def waiting(self, destination: str) -> int:
        """Scrapes that it has not taken."""
        gaps = tuple(self.taken[destination].gaps(self.newest))
        return sum(one.within(gaps) for one in self.segments)


def look(path: Path) -> Look:
    """At all of it. FileNotFoundError where there is no such folder, PermissionError where it may not be read."""
    next(path.iterdir(), None)
    unreadable: dict[str, str] = {}
    segments, events = [], list[Event]()
    for name, data in _segments(Folder(path), unreadable.__setitem__):
        segments.append(segment.survey(name, data))
        events += segment.events(data)
    cursors = Cursors(path)
    cursors.open()
    taken = {name: cursors.of(name) for name in cursors.destinations}
    return Look(path, tuple(segments), unreadable, tuple(events), taken)


def scrapes(path: Path, since: float, until: float) -> Iterator[Scrape]:
    """Those between two Unix times, as the wall clock said; what is damaged is left out. Raises OSError as `look`."""
    next(path.iterdir(), None)
    for _, data in _segments(Folder(path), lambda _, __: None):
        for scrape in segment.scrapes(data):
            if since <= scrape.stamp.wall < until:
                yield scrape


def _segments(folder: Folder, complain: Callable[[str, str], None]) -> Iterator[tuple[str, bytes]]:
    names = folder.names()
    for name in names:
        try:
            data = folder.read(name)
            for _ in range(_LOOKS if name == names[-1] else 0):
                if not segment.survey(name, data).damaged:
                    break
                data = folder.read(name)
        except FileNotFoundError:
            continue  # the agent had no room for it any more
        except OSError as error:
            complain(name, error.strerror or str(error))
        else:
            yield name, data
