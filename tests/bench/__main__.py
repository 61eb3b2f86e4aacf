"""`make bench`: runs the comparisons and writes docs/benchmarks.md."""

import argparse
import asyncio
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.measure import Footprint, Rate, footprints, rates
from tests.bench.stand import standing
from tests.bench.usage import Usage
from tests.lab.process import CHECKOUT

PAGE = CHECKOUT / "docs" / "benchmarks.md"
ENVIRONMENT = CHECKOUT / ".cache" / "office-venv"
MIB = 1024 * 1024

TEMPLATE = """# Benchmarks

Made by `make bench` on {date}: {cpus} shared cores, Linux {kernel}, Python {python}. Machines are shared and noisy:
trust the ratios, which were measured in the same run, more than the figures.

## What a running agent weighs

Three HTTPS services, one UPS (RFC 1628 by SNMP v2c) and the host itself, each every 5 s, for {seconds:.0f} s after a
warm-up. The agent runs from an environment that holds only what `requirements-office.lock` names. Beside it, and at
the same time, Debian's blackbox_exporter, snmp_exporter and node_exporter do the same probes at the same interval;
node_exporter runs only the collectors whose metrics the agent has too.

| process | PSS MiB | RSS MiB | CPU ms per s |
|---|---|---|---|
{footprints}

Memory (PSS) of the agent to the three exporters together: **{memory:.2f}**. CPU: **{cpu:.2f}**.

## HTTP probes per second of CPU

{count} probes of one page on a local nginx, 4 at a time, a new connection each; every probe ends as a page of metrics.
The agent reads the certificate chain and separates the phases as blackbox_exporter does. The CPU time of the process
counts, not the time that passes.

| | agent | blackbox_exporter | ratio |
|---|---|---|---|
{rates}
"""


def main(argv: Sequence[str]) -> int:
    """Exit status 0 when all was measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="length of the weighing")
    parser.add_argument("--count", type=int, default=1000, help="probes per rate")
    arguments = parser.parse_args(argv)
    page = asyncio.run(_measure(_office_python(), arguments.seconds, arguments.count))
    PAGE.write_text(page, encoding="utf-8")
    print(page)
    return 0


def _office_python() -> Path:
    """An environment with what an office installs and nothing else: made once."""
    python, lock = ENVIRONMENT / "bin" / "python", CHECKOUT / "requirements-office.lock"
    stamp = ENVIRONMENT / "lock"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        print("bench: installing requirements-office.lock into an environment of its own", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock], check=True)
        stamp.write_bytes(lock.read_bytes())
    return python


async def _measure(python: Path, seconds: float, count: int) -> str:
    with tempfile.TemporaryDirectory(prefix="communewatch-bench-") as name:
        folder = Path(name)
        async with standing(folder / "stand") as stand:
            print("bench: weighing the agent and the exporters side by side", flush=True)
            weighed = await footprints(stand, python, folder, seconds)
            print("bench: probes per second of CPU", flush=True)
            plain = await rates(stand, python, count, tls=False)
            tls = await rates(stand, python, count, tls=True)
    return _page(weighed, {"HTTP": plain, "HTTPS": tls}, count)


def _page(weighed: Sequence[Footprint], rated: dict[str, list[Rate]], count: int) -> str:
    agent, *others = weighed
    together = Footprint("the three exporters", agent.seconds, sum((one.used for one in others), Usage(0, 0, 0)))
    return TEMPLATE.format(
        date=datetime.now(UTC).date(),
        cpus=len(os.sched_getaffinity(0)),
        kernel=platform.release().split("-")[0],
        python=platform.python_version(),
        seconds=agent.seconds,
        footprints="\n".join(_row(one) for one in (agent, *others, together)),
        memory=agent.used.pss / together.used.pss,
        cpu=agent.used.cpu / together.used.cpu,
        count=count,
        rates="\n".join(
            f"| {kind}, probes per CPU second | {ours.per_second:.0f} | {theirs.per_second:.0f} "
            f"| {ours.per_second / theirs.per_second:.2f} |"
            for kind, (ours, theirs) in rated.items()
        ),
    )


def _row(one: Footprint) -> str:
    used = one.used
    return f"| {one.name} | {used.pss / MIB:.1f} | {used.rss / MIB:.1f} | {1000 * used.cpu / one.seconds:.1f} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
