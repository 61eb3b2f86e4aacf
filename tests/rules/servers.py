"""A real Alertmanager for a test, with our configuration."""

import asyncio
import json
import socket
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from tests.tools import tool

PATIENCE = 30.0


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def until(what: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so; TimeoutError when it never is."""
    async with asyncio.timeout(PATIENCE):
        while not await what():
            await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Alertmanager:
    """A running one."""

    url: str

    async def fire(self, *alerts: Mapping[str, str], seconds: float = 300) -> None:
        """Post alerts with these labels, as Prometheus does; with 0 seconds they end now."""
        now = datetime.now(UTC)
        body = [
            {
                "labels": dict(labels),
                "annotations": {"summary_vi": f"Tin {labels['alertname']}"},
                "startsAt": (now - timedelta(seconds=60)).isoformat(),
                "endsAt": (now + timedelta(seconds=seconds)).isoformat(),
            }
            for labels in alerts
        ]
        async with aiohttp.ClientSession() as session, session.post(f"{self.url}/api/v2/alerts", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def alerts(self) -> Sequence[Mapping[str, Any]]:
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/api/v2/alerts") as answer:
            found: Sequence[Mapping[str, Any]] = json.loads(await answer.text())
            return found

    async def ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{self.url}/-/ready") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


@asynccontextmanager
async def alertmanager(folder: Path, config: str) -> AsyncIterator[Alertmanager]:
    """Run one with this configuration until the end of the block."""
    path = folder / "alertmanager.yml"
    path.write_text(config, encoding="utf-8")
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        tool("alertmanager"), f"--config.file={path}", f"--storage.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", stdout=DEVNULL, stderr=DEVNULL,
    )  # fmt: skip
    try:
        running = Alertmanager(f"http://127.0.0.1:{port}")
        await until(running.ready)
        yield running
    finally:
        process.kill()
        await process.wait()
