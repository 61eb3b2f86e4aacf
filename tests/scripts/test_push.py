"""An office that sends instead of being scraped: a running agent, its buffer on disk, a real Prometheus."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from agent.buffer.durable import DurableBuffer
from agent.disk import Disk
from agent.uplink import timeline_text
from tests.rules.servers import free_port, until
from tests.servers.stores import Store, prometheus, store
from tests.tools.debian import CHECKOUT

CONFIG = """
version: 1
identity: {{province: "04", commune: "01273", office: 01273-1}}
name: {{vi: Trung tâm xã Trường Hà, en: Truong Ha}}
listen: 127.0.0.1:{port}
probes: [{{collector: host, every: 1s, timeout: 1s}}]
push:
  scrape_interval: 1s
  send_interval: 2s
  receivers: {{centre: {{url: "{url}/api/v1/write", timeout: 2s}}}}
"""


@asynccontextmanager
async def agent(folder: Path, port: int) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "communewatch.py", "agent", "run", "--config", str(folder / "agent.yml"),
        cwd=CHECKOUT, stdout=DEVNULL, stderr=DEVNULL, env={**os.environ, "STATE_DIRECTORY": str(folder / "state")},
    )  # fmt: skip
    try:
        await until(lambda: shows(port, "agent_start_time_seconds"))
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def shows(port: int, text: str) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
            return text in await answer.text()
    except aiohttp.ClientError:
        return False


async def measured(folder: Path) -> tuple[dict[int, float], int]:
    """What the buffer holds of the agent's memory: milliseconds, by the timeline -> value; and how much has no time."""
    buffer = DurableBuffer(folder / "state" / "buffer", Disk())
    await buffer.open()
    timeline = timeline_text.read((folder / "state" / "timeline").read_text("ascii"))
    found, timeless = {}, 0
    for scrape in await buffer.read(0, 10_000):
        values = {dict(labels)["__name__"]: value for labels, value in scrape.values.items()}
        at = timeline.time(scrape.stamp)
        if isinstance(at, float):
            found[round(at * 1000)] = values["agent_resident_memory_bytes"]
        else:
            timeless += 1
    await buffer.close()
    return found, timeless


async def held(centre: Store) -> dict[int, float]:
    found = await centre.values("agent_resident_memory_bytes", 900, time.time())
    return found.get(("agent_resident_memory_bytes", "01273-1"), {})


async def test_what_was_measured_while_the_store_was_away_and_the_agent_was_killed_arrives(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    port = free_port()
    async with store(prometheus, tmp_path) as centre:
        await centre.kill()
        (tmp_path / "agent.yml").write_text(CONFIG.format(port=port, url=centre.url), encoding="utf-8")
        async with agent(tmp_path, port):
            await until(lambda: shows(port, 'agent_push_failures_total{receiver="centre",reason="refused"}'))
            await until(lambda: shows(port, "agent_buffer_scrapes_total 2"))
        known, timeless = await measured(tmp_path)
        assert len(known) + timeless >= 2
        await centre.start()
        async with agent(tmp_path, port):
            assert await shows(port, "agent_push_scrape_interval_seconds 1")

            async def arrived() -> bool:
                return len(await held(centre)) > len(known) + timeless

            await until(arrived)
        there, (known, timeless) = await held(centre), await measured(tmp_path)
    assert timeless == 0
    assert there.items() <= known.items()
    assert max(there) - min(there) > 1000
    assert {at for at in known if at <= max(there)} == there.keys()
