"""How late timers are in a process that does nothing else, until its standard input ends: what the machine adds.

Prints `delay_99 delay_most` in seconds.
"""

import asyncio
import sys
from statistics import quantiles

from tests.bench.prober import watch


async def main() -> None:
    """Watch as the prober does."""
    delays: list[float] = []
    watching = asyncio.create_task(watch(delays))
    await asyncio.to_thread(sys.stdin.read)
    watching.cancel()
    print(quantiles(delays, n=100)[98], max(delays))


if __name__ == "__main__":
    asyncio.run(main())
