"""Simulated time, and the real time that stands for it."""

import asyncio
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """origin: Unix time of the simulated second 0; pace: how many simulated seconds pass in a real one."""

    origin: float
    pace: float

    def now(self) -> float:
        """Simulated seconds."""
        return self.at(time.time())

    def at(self, unix: float) -> float:
        return (unix - self.origin) * self.pace

    def unix(self, moment: float) -> float:
        """Of a simulated moment."""
        return self.origin + moment / self.pace

    def milliseconds(self, moment: float) -> int:
        """The same in whole milliseconds."""
        return round(self.unix(moment) * 1000)

    async def until(self, moment: float) -> None:
        """At once if that is past."""
        await asyncio.sleep(max((moment - self.now()) / self.pace, 0))
