"""The machine's clocks."""

import asyncio
import time


class MachineClock:
    """Implements the clock port."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
