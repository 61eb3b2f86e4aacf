"""Runs in the office's own environment: one probe of the collector `service`, so often, so many at once, nothing else.

Prints `probes cpu_seconds delay_99 delay_most`: CPU seconds of nothing but probing, and by how many seconds the event
loop was late meanwhile. Usage: prober.py URL CA COUNT AT_ONCE
"""

import asyncio
import resource
import sys
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
        delays: list[float] = []
        watching = asyncio.create_task(watch(delays))
        before = resource.getrusage(resource.RUSAGE_SELF)
        await asyncio.gather(*map(worker, range(at_once)))
        after = resource.getrusage(resource.RUSAGE_SELF)
        watching.cancel()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(count + at_once, cpu, quantiles(delays, n=100)[98], max(delays))


async def watch(delays: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY
        await asyncio.sleep(EVERY)
        delays.append(loop.time() - due)


if __name__ == "__main__":
    url, ca, count, at_once = sys.argv[1:]
    text = CONFIG.format(url=url, ca=f', ca_file: "{ca}"' if ca else "")
    asyncio.run(probe(loads(text), int(count), int(at_once)))
