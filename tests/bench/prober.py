"""Runs in the office's own environment: one probe of the collector `service`, so often, so many at once, nothing else.

Prints `probes cpu_seconds delay_99 delay_most own_99 own_most`: CPU seconds of nothing but probing, by how many seconds
the event loop was late meanwhile, and how much of that can have been its own work.
Usage: prober.py URL CA COUNT AT_ONCE
"""

import asyncio
import resource
import sys
import time
from statistics import quantiles

from agent.board import Board
from agent.config import Configuration, loads
from agent.exposition import expose
from agent.io.ports import MachinePorts
from agent.runner import run_once

CONFIG = """
version: 1
identity: {{province: "00", commune: "00000", office: bench}}
name: {{vi: bench, en: bench}}
probes:
  - collector: service
    labels: {{service: bench}}
    target: {{url: "{url}"{ca}}}
"""
EVERY = 0.005  # seconds between two looks at the loop's delay
Delay = tuple[float, float]  # seconds: how late, and how much of that is own work at most
SPREAD = 1.0  # seconds over which the first probes are spread, as an agent's schedule spreads them


async def probe(configuration: Configuration, count: int, at_once: int) -> None:
    """Every probe ends as it does in the agent: on the board, and shown once as /metrics, as blackbox_exporter does."""
    board = Board()
    (one,) = configuration.probes
    async with MachinePorts("communewatch-bench") as ports:
        await ports.prepare(configuration.needs)
        left = count + at_once

        async def worker(number: int) -> None:
            nonlocal left
            await asyncio.sleep(SPREAD * number / at_once)
            while left > 0:
                left -= 1
                outcome = await run_once(one, ports)
                assert outcome.reading.success, outcome.reading
                board.publish(outcome, ports.clock.monotonic())
                expose(board.samples(ports.clock.monotonic()))

        await run_once(one, ports)
        delays: list[Delay] = []
        watching = asyncio.create_task(watch(delays))
        before = resource.getrusage(resource.RUSAGE_SELF)
        await asyncio.gather(*map(worker, range(at_once)))
        after = resource.getrusage(resource.RUSAGE_SELF)
        watching.cancel()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(count + at_once, cpu, *worst([late for late, _ in delays]), *worst([own for _, own in delays]))


def worst(seconds: list[float]) -> tuple[float, float]:
    """In 99 of 100 cases it was less; the most."""
    return quantiles(seconds, n=100, method="inclusive")[98], max(seconds)


async def watch(delays: list[Delay]) -> None:
    """Look at the clock again and again. On a machine that has other work to do, a process waits for more than itself:
    what it did itself is at most the CPU time that it had.
    """
    loop = asyncio.get_running_loop()
    while True:
        due, before = loop.time() + EVERY, time.thread_time()
        await asyncio.sleep(EVERY)
        late = loop.time() - due
        delays.append((late, min(late, time.thread_time() - before)))


if __name__ == "__main__":
    url, ca, count, at_once = sys.argv[1:]
    text = CONFIG.format(url=url, ca=f', ca_file: "{ca}"' if ca else "")
    asyncio.run(probe(loads(text), int(count), int(at_once)))
