"""A provincial collector: 150 UPSes each 30 s, 30 of them dead, by the agent, by gufo_snmp and by snmpget."""

import asyncio
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from collectors.ups.profile import PROFILES
from tests.bench.measure import get
from tests.bench.snmp_cards import KEY, USER, Cards, cards
from tests.bench.stand import LOOPBACK, free_ports
from tests.bench.usage import Usage, usage
from tests.lab.process import CHECKOUT
from tests.tools.debian import program

EVERY, WARM_UP = 30.0, 75.0  # seconds; in the first minute keys are made and cards are learnt
LOOK = 5.0  # seconds between two looks at the agent's page of metrics, which is big
GUFO, LOCK = CHECKOUT / ".cache" / "gufo-venv", Path(__file__).with_name("gufo.txt")
POLLER = Path(__file__).with_name("snmp_poller.py")
V3 = f'user: {USER}, auth: sha, auth_key: "{KEY}", privacy: aes128, privacy_key: "{KEY}"'

HEAD = """
version: 1
identity: {{province: "00", commune: "00000", office: bench}}
name: {{vi: bench, en: bench}}
listen: 127.0.0.1:{port}
concurrency: 64
probes:
"""
PROBE = """  - collector: ups
    labels: {{ups: u{number}}}
    every: 30s
    timeout: 12s
    target: {{host: {host}, port: {port}, version: "{version}", {user}}}
"""

TITLE = "## A provincial collector of UPSes"
SECTION = """{title}

{count} UPS cards (RFC 1628) each 30 s for {seconds:.0f} s after a warm-up, {dead} of them dead: datagrams go in, and
nothing comes out. The agent does all that it does for a UPS: it recognises the card, asks for its state and details
({objects} objects), judges and exports. gufo_snmp 0.13 and net-snmp's snmpget only fetch the same objects. All at the
same time, on the same cards. Late: by how much the last probe began after its turn, looked at every 5 s.

| | version | CPU, % of a core | ms per poll | RSS MiB | answered | late, most, ms |
|---|---|---|---|---|---|---|
{rows}

pysnmp is pure Python and costs some forty times the CPU of gufo_snmp, which is Rust. It keeps up, on
an eighth of a core, so it stays: no compiled wheel goes to the offices, and the port would take another adapter.
"""


@dataclass(frozen=True, slots=True)
class Collected:
    """One collector. answered: polls of the last round. late: seconds, None = not measured."""

    name: str
    version: str
    seconds: float
    used: Usage
    answered: int
    late: float | None = None

    def row(self, polls: float) -> str:
        late = "" if self.late is None else f"{1000 * self.late:.0f}"
        memory = f"{self.used.rss / 2**20:.0f}" if self.used.rss else ""
        share, each = 100 * self.used.cpu / self.seconds, 1000 * self.used.cpu / polls
        return f"| {self.name} | {self.version} | {share:.2f} | {each:.1f} | {memory} | {self.answered} | {late} |"


async def provincial(python: Path, folder: Path, seconds: float) -> str:
    """The section of the page. `python`: the office's environment."""
    await asyncio.to_thread(_install_gufo)
    oids = _oids()
    async with cards(folder / "cards") as there, asyncio.TaskGroup() as group:
        running = [
            *(group.create_task(_agent(python, folder, there, version, seconds)) for version in ("2c", "3")),
            *(
                group.create_task(_other(name, kind, there, version, oids, seconds))
                for name, kind in (("gufo_snmp", "gufo"), ("snmpget", str(program("snmpget"))))
                for version in ("2c", "3")
            ),
        ]
        found = [await task for task in running]
    polls = len(there.hosts) * seconds / EVERY
    return SECTION.format(
        title=TITLE,
        count=len(there.hosts), dead=len(there.hosts) - there.alive, seconds=seconds, objects=len(oids),
        rows="\n".join(one.row(polls) for one in found),
    )  # fmt: skip


def _oids() -> Sequence[str]:
    profile = next(profile for profile in PROFILES if profile.name == "rfc1628")
    return tuple(dict.fromkeys((*profile.state_oids, *profile.detail_oids)))


def _install_gufo() -> None:
    if not (GUFO / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", GUFO], check=True)
        options = ("-q", "--no-deps", "--require-hashes", "-r", LOCK)
        subprocess.run([GUFO / "bin" / "python", "-m", "pip", "install", *options], check=True)


async def _agent(python: Path, folder: Path, there: Cards, version: str, seconds: float) -> Collected:
    (port,) = free_ports(1)
    user = V3 if version == "3" else 'community: "public"'
    probes = [
        PROBE.format(number=number, host=host, port=there.port, version=version, user=user)
        for number, host in enumerate(there.hosts)
    ]
    configuration = folder / f"ups-{version}.yml"
    configuration.write_text(HEAD.format(port=port) + "".join(probes), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        python, CHECKOUT / "communewatch.py", "agent", "run", "--config", configuration, stderr=subprocess.DEVNULL
    )
    page = f"http://{LOOPBACK}:{port}/metrics"
    try:
        async with aiohttp.ClientSession() as session:
            await get(session, page)
            await asyncio.sleep(WARM_UP)
            before, late = usage(process.pid), 0.0
            for _ in range(int(seconds / LOOK)):
                await asyncio.sleep(LOOK)
                late = max(late, _number(await get(session, page), 'agent_schedule_lateness_seconds{collector="ups"'))
            after, shown = usage(process.pid), await get(session, page)
    finally:
        process.terminate()
        await process.wait()
    good = sum(line.startswith("probe_success{") and line.endswith(" 1") for line in shown.splitlines())
    return Collected("agent", version, seconds, Usage(after.cpu - before.cpu, after.rss, after.pss), good, late)


def _number(page: str, start: str) -> float:
    return next(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(start))


async def _other(name: str, kind: str, there: Cards, version: str, oids: Sequence[str], seconds: float) -> Collected:
    whole = WARM_UP + seconds + EVERY
    arguments = (kind, version, str(there.port), str(whole), str(EVERY), ",".join(there.hosts), ",".join(oids))
    process = await asyncio.create_subprocess_exec(GUFO / "bin" / "python", POLLER, *arguments, stdout=PIPE)
    await asyncio.sleep(WARM_UP)
    before = _with_children(process)
    await asyncio.sleep(seconds)
    after = _with_children(process)
    output, _ = await process.communicate()
    memory = 0 if name == "snmpget" else after.rss
    return Collected(name, version, seconds, Usage(after.cpu - before.cpu, memory, after.pss), int(output or 0))


def _with_children(process: Process) -> Usage:
    own = usage(process.pid)
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    children = (int(fields[13]) + int(fields[14])) / 100
    return Usage(own.cpu + children, own.rss, own.pss)
