"""Runs in the office's own environment: one probe of the collector `service`, so often, so many at once, nothing else.

Prints its CPU seconds per second of nothing but probing as `probes cpu_seconds`. Usage: prober.py URL CA COUNT AT_ONCE
"""

import asyncio
import resource
import sys

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


async def probe(configuration: Configuration, count: int, at_once: int) -> None:
    """Every probe ends as it does in the agent: on the board, and shown once as /metrics, as blackbox_exporter does."""
    board = Board()
    (one,) = configuration.probes
    async with MachinePorts("communewatch-bench") as ports:
        ports.prepare(configuration.needs)
        left = count + at_once

        async def worker() -> None:
            nonlocal left
            while left > 0:
                left -= 1
                outcome = await run_once(one, ports)
                assert outcome.reading.success, outcome.reading
                board.publish(outcome, ports.clock.monotonic())
                expose(board.samples(ports.clock.monotonic()))

        await run_once(one, ports)
        before = resource.getrusage(resource.RUSAGE_SELF)
        await asyncio.gather(*(worker() for _ in range(at_once)))
        after = resource.getrusage(resource.RUSAGE_SELF)
    print(count + at_once, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


if __name__ == "__main__":
    url, ca, count, at_once = sys.argv[1:]
    text = CONFIG.format(url=url, ca=f', ca_file: "{ca}"' if ca else "")
    asyncio.run(probe(loads(text), int(count), int(at_once)))
