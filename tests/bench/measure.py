"""What a running agent weighs, beside the exporters that do the same."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.bench.stand import LOOPBACK, Stand, free_ports
from tests.bench.usage import Usage, usage
from tests.lab.process import CHECKOUT, Command

EVERY = 5.0  # seconds between two probes of one target, on both sides
FORTY, MINUTE, WARM_UP = 40, 60.0, 5.0

CONFIG = """
version: 1
identity: {{province: "00", commune: "00000", office: bench}}
name: {{vi: bench, en: bench}}
listen: 127.0.0.1:{port}
probes:
  - {{collector: host, every: 5s, timeout: 4s}}
  - collector: ups
    labels: {{ups: ups1}}
    every: 5s
    timeout: 4s
    target: {{host: 127.0.0.1, port: {snmp_port}}}
"""
SERVICE = """  - collector: service
    labels: {{service: s{number}}}
    every: {every}
    timeout: 4s
    target: {{url: "{url}", ca_file: "{ca}"}}
"""


@dataclass(frozen=True, slots=True)
class Footprint:
    """Memory at the end, CPU seconds within `seconds`."""

    name: str
    seconds: float
    used: Usage


async def footprints(stand: Stand, python: Path, folder: Path, seconds: float) -> list[Footprint]:
    """The agent and each exporter doing the same probes at the same time, for so long after a warm-up of two rounds."""
    (port,) = free_ports(1)
    (folder / "agent.yml").write_text(_configuration(stand, port), encoding="utf-8")
    argv = (str(python), str(CHECKOUT / "communewatch.py"), "agent", "run", "--config", str(folder / "agent.yml"))
    agent = await stand.processes.start(Command("agent", argv))
    processes = {"agent": agent, **{name: stand.processes[name] for name in stand.exporters}}
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        scrapes = (*stand.probes, f"http://{LOOPBACK}:{port}/metrics")
        tasks = [group.create_task(_scrape(session, url, number)) for number, url in enumerate(scrapes)]
        await asyncio.sleep(2 * EVERY)
        before = {name: usage(process.pid) for name, process in processes.items()}
        await asyncio.sleep(seconds)
        after = {name: usage(process.pid) for name, process in processes.items()}
        page = await get(session, scrapes[-1])
        for task in tasks:
            task.cancel()
    await agent.stop()
    failed = [line for line in page.splitlines() if line.startswith("probe_success") and not line.endswith(" 1")]
    if failed or page.count("\nprobe_success") != len(stand.urls) + 2:
        raise RuntimeError(f"the agent's probes are not all good: {failed}")
    return [
        Footprint(name, seconds, Usage(after[name].cpu - before[name].cpu, after[name].rss, after[name].pss))
        for name in processes
    ]


async def forty(stand: Stand, python: Path, folder: Path) -> list[Footprint]:
    """The agent and blackbox_exporter with so many HTTPS services, each once a minute, for one minute."""
    (port,) = free_ports(1)
    urls = [f"{stand.urls[number % len(stand.urls)]}?{number}" for number in range(FORTY)]
    services = [SERVICE.format(number=n, url=url, ca=stand.ca, every="60s") for n, url in enumerate(urls)]
    head = CONFIG.format(port=port, snmp_port=0).partition("  - ")[0]
    (folder / "forty.yml").write_text(head + "".join(services), encoding="utf-8")
    argv = (str(python), str(CHECKOUT / "communewatch.py"), "agent", "run", "--config", str(folder / "forty.yml"))
    agent = await stand.processes.start(Command("agent of forty", argv))
    processes = {"agent": agent, "blackbox_exporter": stand.processes["blackbox"]}
    page = f"http://{LOOPBACK}:{port}/metrics"
    base = stand.probes[0].partition("target=")[0]
    async with aiohttp.ClientSession() as session:
        await get(session, page)
        await asyncio.sleep(WARM_UP)
        before = {name: usage(process.pid) for name, process in processes.items()}
        for url in urls:
            await asyncio.gather(get(session, f"{base}target={url}"), asyncio.sleep(MINUTE / FORTY))
        shown = await get(session, page)
        after = {name: usage(process.pid) for name, process in processes.items()}
    await agent.stop()
    if shown.count("\nprobe_success{") != FORTY:
        raise RuntimeError("the agent has not probed its forty services")
    return [
        Footprint(name, MINUTE, Usage(after[name].cpu - before[name].cpu, after[name].rss, after[name].pss))
        for name in processes
    ]


def _configuration(stand: Stand, port: int) -> str:
    services = [
        SERVICE.format(number=number, url=url, ca=stand.ca, every="5s") for number, url in enumerate(stand.urls)
    ]
    return CONFIG.format(port=port, snmp_port=stand.snmp_port) + "".join(services)


async def _scrape(session: aiohttp.ClientSession, url: str, number: int) -> None:
    await asyncio.sleep(number * EVERY / 8)
    while True:
        text = await get(session, url)
        if "/probe?" in url and "probe_success 1" not in text:
            raise RuntimeError(f"{url} failed:\n{text}")
        if "/snmp?" in url and "ups_4_1_0 3" not in text:
            raise RuntimeError(f"{url} failed:\n{text}")
        await asyncio.sleep(EVERY)


async def get(session: aiohttp.ClientSession, url: str) -> str:
    for patience in range(50):
        try:
            async with session.get(url) as answer:
                return await answer.text()
        except aiohttp.ClientConnectionError:
            if patience == 49:
                raise
            await asyncio.sleep(0.2)  # it is still starting
    raise AssertionError
