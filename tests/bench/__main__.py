"""`make bench`: runs the comparisons and writes docs/benchmarks.md."""

import argparse
import asyncio
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.measure import FORTY, Footprint, footprints, forty
from tests.bench.rates import MANY, Pair, Rate, delays, pairs
from tests.bench.stand import standing
from tests.bench.usage import Usage
from tests.lab.process import CHECKOUT

PAGE = CHECKOUT / "docs" / "benchmarks.md"
ENVIRONMENT = CHECKOUT / ".cache" / "office-venv"
MIB = 1024 * 1024

TEMPLATE = """# Benchmarks

Made by `make bench` on {date}: {cpus} shared cores, Linux {kernel}, Python {python}. Machines are shared and noisy:
trust the ratios, which were measured in the same run, more than the figures. Load average at the end: {load:.1f} (above
{cpus}, other work was under way, and everything here, the delays above all, is worse than on a quiet machine).

## What a running agent weighs

Three HTTPS services, one UPS (RFC 1628 by SNMP v2c) and the host itself, each every 5 s, for {seconds:.0f} s after a
warm-up. The agent runs from an environment that holds only what `requirements-office.lock` names. Beside it, and at
the same time, Debian's blackbox_exporter, snmp_exporter and node_exporter do the same probes at the same interval;
node_exporter runs only the collectors whose metrics the agent has too.

| process | PSS MiB | RSS MiB | CPU ms per s |
|---|---|---|---|
{footprints}

Memory (PSS) of the agent to the three exporters together: **{memory:.2f}**. CPU: **{cpu:.2f}**.

## Forty services, each once a minute

{forty_services} HTTPS services on local nginx for a minute, the same of blackbox_exporter at the same time.

| process | PSS MiB | RSS MiB | CPU ms per s |
|---|---|---|---|
{forty}

Of one core the agent used **{share:.2f} %**.

## HTTP probes per second of CPU

{count} probes of one page on a local nginx, a new connection and a full handshake each; every probe ends as a page of
metrics. The agent reads the certificate chain and separates the phases as blackbox_exporter does. The CPU time of the
process counts, not the time that passes.

| | in flight | agent | blackbox_exporter | ratio |
|---|---|---|---|---|
{rates}

Aims: 2 for HTTP, 1.2 for HTTPS. A handshake is OpenSSL's work in the agent and Go's in blackbox_exporter: about 0.8 ms
of each HTTPS probe of the agent are spent inside OpenSSL 3.0, a third of that in decoding keys and certificates.

## How late the event loop is

{many} probes in flight, each of a page that takes a second to come: about {many} probes begin and end per second. A
timer looks every 5 ms by how much it is late; the aim is under 20 ms. In the rows "without pause" the pages come at
once, so that the process never rests.

| | late in 99 of 100 cases, ms | at most, ms |
|---|---|---|
{delays}
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
            rated = await pairs(stand, python, count)
            late = await delays(stand, python)
            print("bench: forty services, for a minute", flush=True)
            loaded = await forty(stand, python, folder)
    return _page(weighed, loaded, rated, late)


def _page(
    weighed: Sequence[Footprint], loaded: Sequence[Footprint], rated: Sequence[Pair], late: Mapping[str, Rate]
) -> str:
    agent, *others = weighed
    without_pause = {f"{pair.kind}, without pause": pair.ours for pair in rated if pair.at_once == MANY}
    together = Footprint("the three exporters", agent.seconds, sum((one.used for one in others), Usage(0, 0, 0)))
    return TEMPLATE.format(
        date=datetime.now(UTC).date(),
        cpus=len(os.sched_getaffinity(0)),
        load=os.getloadavg()[0],
        kernel=platform.release().split("-")[0],
        python=platform.python_version(),
        seconds=agent.seconds,
        footprints="\n".join(_row(one) for one in (agent, *others, together)),
        memory=agent.used.pss / together.used.pss,
        cpu=agent.used.cpu / together.used.cpu,
        forty_services=FORTY,
        forty="\n".join(map(_row, loaded)),
        share=100 * loaded[0].used.cpu / loaded[0].seconds,
        count=rated[0].theirs.probes,
        rates="\n".join(map(_rate, rated)),
        many=MANY,
        delays="\n".join(
            f"| {kind} | {1000 * rate.delay_99:.1f} | {1000 * rate.delay_most:.1f} |"
            for kind, rate in {**late, **without_pause}.items()
        ),
    )


def _rate(pair: Pair) -> str:
    ours, theirs = pair.ours.per_second, pair.theirs.per_second
    return f"| {pair.kind} | {pair.at_once} | {ours:.0f} | {theirs:.0f} | {ours / theirs:.2f} |"


def _row(one: Footprint) -> str:
    used = one.used
    return f"| {one.name} | {used.pss / MIB:.1f} | {used.rss / MIB:.1f} | {1000 * used.cpu / one.seconds:.1f} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
