"""The way to the province for as long as it is configured: nobody to tell where it is not."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping

from agent.tasks import started
from agent.uplink.sender import Sender
from collectors.core import Sample
from collectors.core.lastword import Receiver, Word
from collectors.core.ports import Ports


class Post:
    """`trusts` says whether the wall clock is good. Without a receiver all that is said is lost, as it should be."""

    def __init__(self, ports: Ports, trusts: Callable[[], bool]) -> None:
        self._ports = ports
        self._trusts = trusts
        self._to: tuple[Receiver, Mapping[str, str]] | None = None
        self._sender: Sender | None = None
        self._task: asyncio.Task[None] | None = None

    def update(self, to: Receiver | None, identity: Mapping[str, str], taken: Callable[[Word], None]) -> None:
        """Send there from now on; `taken` is told of each word that has arrived."""
        wanted = (to, identity) if to else None
        if wanted == self._to:
            return
        self.close()
        self._to = wanted
        if to:
            self._sender = Sender(self._ports.clock, self._ports.http, to, identity, self._trusts, taken)
            self._task = started(self._sender.run(), "last word")

    def close(self) -> None:
        if self._task:
            self._task.cancel()
        self._sender = self._task = None

    @property
    def open(self) -> bool:
        return self._sender is not None

    @property
    def agrees(self) -> bool:
        """Whether a receiver has told that our clock is right."""
        return self._sender is not None and self._sender.agrees

    def say(self, word: Word, samples: Iterable[Sample]) -> None:
        """Never waits."""
        if self._sender:
            self._sender.say(word, samples)

    async def flush(self, seconds: float) -> None:
        """Give what waits a last chance."""
        if self._sender:
            await self._sender.flush(seconds)

    def samples(self) -> Iterator[Sample]:
        return self._sender.samples() if self._sender else iter(())
