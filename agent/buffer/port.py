"""What a buffer does for those who fill it and those who empty it."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from agent.buffer.ranges import Ranges
from agent.buffer.scrape import Labels, Refused, Scrape, Stamp
from collectors.core import Sample


class Buffer(Protocol):
    """Destinations are the names of receivers: small letters, digits, _ and -, at most 64 characters.

    No method raises for what a disk does. Awaitable ones wait for the disk in a thread of the buffer's own.
    """

    async def open(self) -> None:
        """Read what is there. To be awaited first, once; whatever is damaged is counted, never a reason to stop."""
        ...

    async def append(self, stamp: Stamp, values: Mapping[Labels, float]) -> int:
        """Keep a scrape; its sequence. On the disk when this returns, unless that failed: counted, held in memory."""
        ...

    async def read(self, after: int, limit: int) -> tuple[Scrape, ...]:
        """At most so many scrapes, ascending, each with a sequence greater than `after`; () = there is no more."""
        ...

    async def newest(self) -> int:
        """The sequence of the newest scrape, 0 where there never was one."""
        ...

    def acknowledged(self, destination: str) -> Ranges:
        """What this destination has taken."""
        ...

    async def acknowledge(self, destination: str, first: int, last: int) -> None:
        """It has taken these, both included. Gaps belong to it, those that begin next to it too: no scrape is there.

        What is above the newest scrape is not taken.

        May be forgotten when the power fails within some minutes: then they are sent again.
        """
        ...

    async def take_back(self, destination: str, first: int, last: int) -> None:
        """It is to have these again, as far as they are still there."""
        ...

    async def quarantine(self, refused: Refused) -> None:
        """Note what was refused, count it, and take it as acknowledged where whole scrapes are meant."""
        ...

    async def close(self) -> None:
        """Everything is on the disk, as far as that works."""
        ...

    def samples(self) -> Iterator[Sample]:
        """What /metrics shows of it: agent_buffer_*."""
        ...
