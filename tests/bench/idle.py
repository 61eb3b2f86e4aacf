"""How late timers are in a process that does nothing else, until its standard input ends: what the machine adds.

Prints `delay_99 delay_most` in seconds.
"""

import asyncio
import sys

from tests.bench.prober import Delay, watch, worst


async def main() -> None:
    """Watch as the prober does."""
    delays: list[Delay] = []
    watching = asyncio.create_task(watch(delays))
    await asyncio.to_thread(sys.stdin.read)
    watching.cancel()
    print(*worst([late for late, _ in delays]))


if __name__ == "__main__":
    asyncio.run(main())
