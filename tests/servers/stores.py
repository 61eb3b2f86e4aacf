"""Real stores that take remote write, on loopback, which can be killed and started again."""

import asyncio
import json
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from agent.buffer.scrape import Labels
from tests.rules.servers import free_port, until
from tests.tools import tool

Series = dict[tuple[str, str], dict[int, float]]  # (metric, office) -> milliseconds -> value


@dataclass
class Store:
    """`arguments`: of the program, for a folder and a port."""

    arguments: Callable[[Path, int], tuple[str, ...]]
    folder: Path
    port: int
    process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        argv = self.arguments(self.folder, self.port)
        self.process = await asyncio.create_subprocess_exec(*argv, stdout=DEVNULL, stderr=DEVNULL)
        await until(self._answers)

    async def kill(self) -> None:
        """As a power cut would, but for the disk's cache."""
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def restart(self) -> None:
        """In order: what it has taken is on the disk afterwards."""
        if self.process and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()
        await self.start()

    async def _answers(self) -> bool:
        try:
            return await self._get("/api/v1/query", query="1") is not None
        except (aiohttp.ClientError, KeyError, ValueError):  # ValueError: it reads its log, and says so in words
            return False

    async def _get(self, path: str, **parameters: str) -> list[dict[str, object]]:
        async with aiohttp.ClientSession() as session, session.get(self.url + path, params=parameters) as answer:
            found: list[dict[str, object]] = (await answer.json(content_type=None))["data"]["result"]
            return found

    async def flush(self) -> None:
        """VictoriaMetrics shows new samples some seconds later, else."""
        if self.arguments is victoria_metrics:
            async with aiohttp.ClientSession() as session, session.get(f"{self.url}/internal/force_flush"):
                pass

    async def column(self, labels: Labels, since: float, until: float) -> dict[int, float]:
        """Every sample of one series between two Unix times, as it is stored: milliseconds -> value."""
        selector = "{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}"
        if self.arguments is victoria_metrics:
            return await self._exported(selector, since, until)
        length = round((until - since) * 1000)
        found = await self._get("/api/v1/query", query=f"{selector}[{length}ms]", time=f"{until:.3f}")
        values = [pair for one in found for pair in one["values"]]  # type: ignore[attr-defined]
        column = {round(float(at) * 1000): float(value) for at, value in values}
        assert len(column) == len(values)  # nothing is there twice
        return column

    async def _exported(self, selector: str, since: float, until: float) -> dict[int, float]:
        """VictoriaMetrics: a query would look no further back than it thinks a series can be seen."""
        asked = {"match[]": selector, "start": f"{since:.3f}", "end": f"{until:.3f}", "reduce_mem_usage": "0"}
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/api/v1/export", params=asked) as answer:
            rows = [json.loads(line) for line in (await answer.text()).splitlines()]
        pairs = [pair for row in rows for pair in zip(row["timestamps"], row["values"], strict=True)]
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    async def values(self, selector: str, seconds: int, at: float) -> Series:
        """Everything that it holds of these series from so many seconds before `at`."""
        found: Series = {}
        await self.flush()
        for one in await self._get("/api/v1/query", query=f"{selector}[{seconds}s]", time=f"{at:.3f}"):
            labels, values = one["metric"], one["values"]
            assert isinstance(labels, dict)
            assert isinstance(values, list)
            key = str(labels["__name__"]), str(labels["office"])
            found[key] = {round(float(time) * 1000): float(value) for time, value in values}
            assert len(found[key]) == len(values)  # nothing is there twice
        return found


def prometheus(folder: Path, port: int) -> tuple[str, ...]:
    """With an out-of-order window of 80 hours."""
    config = folder / "prometheus.yml"
    config.write_text("storage: {tsdb: {out_of_order_time_window: 80h}}\nscrape_configs: []\n")
    return (
        str(tool("prometheus")), f"--config.file={config}", f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}", "--web.enable-remote-write-receiver",
        "--query.max-samples=100000000",
    )  # fmt: skip


def victoria_metrics(folder: Path, port: int) -> tuple[str, ...]:
    """What is sent twice is kept once."""
    return (
        str(tool("victoria-metrics")), f"-storageDataPath={folder}/data", f"-httpListenAddr=127.0.0.1:{port}",
        "-dedup.minScrapeInterval=1ms", "-search.latencyOffset=0s", "-search.disableCache", "-retentionPeriod=1",
        "-memory.allowedBytes=256MB", "-search.maxUniqueTimeseries=100000",
    )  # fmt: skip


@asynccontextmanager
async def store(arguments: Callable[[Path, int], tuple[str, ...]], folder: Path) -> AsyncIterator[Store]:
    """A running one."""
    found = Store(arguments, folder, free_port())
    await found.start()
    try:
        yield found
    finally:
        await found.kill()
