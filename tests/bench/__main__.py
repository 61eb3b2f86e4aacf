"""`make bench`: runs the comparisons and writes docs/benchmarks.md."""

import argparse
import asyncio
import os
import platform
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.bench import capacity, comeback, echo, gateway, pushing, rules
from tests.bench.measure import FORTY, Footprint, footprints, forty
from tests.bench.rates import MANY, ROUNDS, Lateness, Pair, delays, pairs
from tests.bench.sections import with_section
from tests.bench.snmp import provincial
from tests.bench.stand import standing
from tests.bench.tables import AIMS, HTTPS_AIM, delays_table, rates_table
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
process counts, not the time that passes. In {rounds} rounds, in which all take turns.

{rates}

"Bare" is the least that such an exchange costs in CPython (`tests/bench/bare.py`): one after the other on blocking
sockets, nothing but calls into C, without event loop, phases, timeout, verdict and metrics.

Aims: 2 for HTTP, 1.2 for HTTPS. A bare exchange over TLS, nearly all of it inside {openssl}, takes {bare:.2f} ms, and
1.2 times blackbox_exporter with 16 in flight would be {aim:.2f} ms for everything
([why it is so](adr/0021-cheap-probes.md)).
{verdict}

## How late the event loop is

{many} probes in flight, each of a page that takes a second to come: about {many} probes begin and end per second. A
timer looks every 5 ms by how much it is late; the aim is under 20 ms. "Own work" is the part of it in which the process
can have been at work itself, by its CPU time: the rest is other processes' on the same cores, as "idle" shows, the same
timer at the same time in a process that does nothing else. In the rows "without pause" the pages come at once, so that
the process never rests; of {rounds} rounds the worst counts.

{delays}
"""


def main(argv: Sequence[str]) -> int:
    """Exit status 0 when all was measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="length of the weighing")
    parser.add_argument("--count", type=int, default=2000, help="probes per rate")
    parser.add_argument("--rates", action="store_true", help="only show rates and delays, and write nothing")
    parser.add_argument("--upses", action="store_true", help="only the collector of UPSes; write its section anew")
    parser.add_argument("--echoes", action="store_true", help="only what echoes cost, two minutes; the same")
    parser.add_argument(
        "--pushing",
        action="store_true",
        help="only buffer, uplink and forwarders, 35 minutes, with --short 15; the same",
    )
    parser.add_argument(
        "--country", action="store_true", help="only the gateway and the whole country, 35 minutes, with --short 10"
    )
    parser.add_argument("--rules", action="store_true", help="only what the rules cost in the country, five minutes")
    parser.add_argument(
        "--lines", action="store_true", help="only the capacity probe beside iperf3, 25 minutes; the same"
    )
    parser.add_argument(
        "--short", action="store_true", help="a few lines only, two minutes; needs root as --lines does"
    )
    arguments = parser.parse_args(argv)
    if (
        arguments.upses
        or arguments.echoes
        or arguments.lines
        or arguments.pushing
        or arguments.country
        or arguments.rules
    ):
        _write_sections(arguments)
        return 0
    if arguments.rates:
        asyncio.run(_show_rates(_office_python(), arguments.count))
        return 0
    page = asyncio.run(_measure(_office_python(), arguments.seconds, arguments.count))
    print("bench: what echoes cost", flush=True)
    page = with_section(page, echo.section())
    print("bench: what a line carries (25 minutes; with --short two; left out without root)", flush=True)
    if os.geteuid() == 0:
        page = with_section(page, capacity.measured(short=arguments.short))
    PAGE.write_text(page, encoding="utf-8")
    print("bench: buffer, uplink and forwarders (35 minutes; with --short 15)", flush=True)
    _write_pushing(short=arguments.short)
    print("bench: the gateway and the whole country (35 minutes; with --short 10)", flush=True)
    _write_country(short=arguments.short)
    print("bench: what the rules cost (5 minutes)", flush=True)
    rules.write(PAGE)
    print(PAGE.read_text(encoding="utf-8"))
    return 0


def _write_sections(arguments: argparse.Namespace) -> None:
    """Those that were asked for, in place of the older ones."""
    if arguments.pushing:
        _write_pushing(short=arguments.short)
    if arguments.country:
        _write_country(short=arguments.short)
    if arguments.rules:
        rules.write(PAGE)
    page = PAGE.read_text(encoding="utf-8")
    if arguments.upses:
        page = with_section(page, asyncio.run(_upses(_office_python(), arguments.seconds)))
    if arguments.echoes:
        page = with_section(page, echo.section())
    if arguments.lines:
        page = with_section(page, capacity.measured(short=arguments.short))
    PAGE.write_text(page, encoding="utf-8")


def _write_pushing(*, short: bool) -> None:
    """Each as soon as it is there: all of them take longer than one should wait for the first."""
    for section in pushing.sections(short=short):
        PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), section), encoding="utf-8")


def _write_country(*, short: bool) -> None:
    """Likewise."""
    for work in (gateway.country, partial(comeback.comebacks, series=15 if short else 150)):
        with tempfile.TemporaryDirectory(prefix="communewatch-bench-") as name:
            section = asyncio.run(work(Path(name)))
        PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), section), encoding="utf-8")


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


async def _upses(python: Path, seconds: float) -> str:
    with tempfile.TemporaryDirectory(prefix="communewatch-bench-") as name:
        return await provincial(python, Path(name), seconds)


async def _show_rates(python: Path, count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="communewatch-bench-") as name:
        async with standing(Path(name) / "stand") as stand:
            rated = await pairs(stand, python, count)
            print(rates_table(rated), delays_table(await delays(stand, python), rated), sep="\n\n")


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
    print("bench: a provincial collector of UPSes", flush=True)
    return with_section(_page(weighed, loaded, rated, late), await _upses(python, seconds))


def _page(
    weighed: Sequence[Footprint], loaded: Sequence[Footprint], rated: Sequence[Pair], late: Mapping[str, Lateness]
) -> str:
    agent, *others = weighed
    over_tls = next(pair for pair in rated if (pair.kind, pair.at_once) == ("HTTPS", 16))
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
        rounds=ROUNDS,
        rates=rates_table(rated),
        openssl=ssl.OPENSSL_VERSION.rpartition(".")[0],
        bare=1000 / over_tls.bare.per_second,
        aim=1000 / (HTTPS_AIM * over_tls.theirs.per_second),
        verdict=_verdict(rated),
        many=MANY,
        delays=delays_table(late, rated),
    )


def _verdict(rated: Sequence[Pair]) -> str:
    missed = [f"{pair.kind} with {pair.at_once}" for pair in rated if pair.ratio < AIMS[pair.kind]]
    return f"In flight, not reached in this run: {', '.join(missed)}." if missed else "All are reached in this run."


def _row(one: Footprint) -> str:
    used = one.used
    return f"| {one.name} | {used.pss / MIB:.1f} | {used.rss / MIB:.1f} | {1000 * used.cpu / one.seconds:.1f} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
