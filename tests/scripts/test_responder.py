"""The responder as a process: started, used, asked for its metrics, misused and stopped as an operator would."""

import asyncio
import re
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from agent.io.bulk import BulkClient
from agent.io.resolver import Resolver
from collectors.core.ports import Arrivals, Direction
from tests.lab.process import CHECKOUT
from tests.servers.responder import KEY, after, request
from tests.tools import tool

ENDLESS = ("--max-seconds", "60", "--max-bytes", str(2**40), "--hourly-bytes", str(2**40))
STARTED = re.compile(r"event=listening address=127\.0\.0\.1:(\d+) metrics=127\.0\.0\.1:(\d+)")


@dataclass(slots=True)
class Running:
    process: Process
    port: int
    metrics: int
    said: list[str]

    async def measure(self, direction: Direction, key: str = KEY) -> Arrivals:
        return await BulkClient(Resolver()).transfer(
            request(self.port, direction, key=key, size=5_000_000, enough=after(3)), 10.0
        )

    async def page(self, path: str = "/metrics") -> str:
        async with aiohttp.ClientSession() as web, web.get(f"http://127.0.0.1:{self.metrics}{path}") as answer:
            return await answer.text()

    async def until(self, name: str, value: float) -> None:
        """Wait until the page shows this."""
        async with asyncio.timeout(10):
            while series(await self.page())[name] != value:
                await asyncio.sleep(0.05)

    async def stop(self) -> int:
        """Its exit status, within the five seconds that it has."""
        self.process.terminate()
        async with asyncio.timeout(5):
            status = await self.process.wait()
        assert self.process.stderr
        self.said.append((await self.process.stderr.read()).decode())
        return status


def series(page: str) -> dict[str, float]:
    """What a page of metrics shows, by `name{labels}`."""
    return {name: float(value) for name, value in re.findall(r"^([^#\s]\S*) (\S+)$", page, re.MULTILINE)}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "communewatch.py", "responder", "run", *arguments]


@asynccontextmanager
async def running(folder: Path, *more: str) -> AsyncIterator[Running]:
    key = folder / "key"
    key.write_text(KEY + "\n")
    arguments = ("--key-file", str(key), "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", *more)
    process = await asyncio.create_subprocess_exec(*command(*arguments), stderr=PIPE, cwd=CHECKOUT)
    assert process.stderr
    first = (await process.stderr.readline()).decode()
    found = STARTED.search(first)
    assert found, first
    try:
        yield Running(process, int(found[1]), int(found[2]), [first])
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_it_serves_both_directions_and_counts_them(tmp_path: Path) -> None:
    async with running(tmp_path) as responder:
        down, up = await responder.measure("down"), await responder.measure("up")
        assert (down.failure, up.failure) == (None, None)
        assert (await responder.measure("down", key="not the responder's key")).failure
        await responder.until("responder_connections", 0)  # it hears of the end of a test a little later than we
        page = await responder.page()
        shown = series(page)
        assert shown['responder_tests_total{direction="down",outcome="client"}'] == 1
        assert shown['responder_tests_total{direction="up",outcome="client"}'] == 1
        assert shown['responder_refusals_total{reason="denied"}'] == 1
        assert shown["responder_running_tests"] == 0
        assert shown['responder_bytes_total{direction="up"}'] > 0
        assert await responder.page("/healthz") == "ok\n"
        assert await responder.stop() == 0
        assert KEY not in page + "".join(responder.said)


async def test_its_page_is_what_prometheus_wants(tmp_path: Path) -> None:
    promtool = tool("promtool")
    async with running(tmp_path) as responder:
        page = await responder.page()
    check = [str(promtool), "check", "metrics"]
    done = await asyncio.to_thread(subprocess.run, check, input=page, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


async def test_it_stops_within_five_seconds_in_mid_test(tmp_path: Path) -> None:
    async with running(tmp_path, *ENDLESS) as responder:
        reader, writer = await asyncio.open_connection("127.0.0.1", responder.port)
        wanted = request(responder.port, "down", size=2**40, seconds=60)
        test = asyncio.create_task(BulkClient(Resolver()).transfer(wanted, 60))
        await responder.until("responder_running_tests", 1)
        assert await responder.stop() == 0
        seen = await test
        assert seen.failure
        assert "responder" in seen.failure.message
        while await reader.read(1000):
            pass
        writer.close()


async def test_it_watches_its_own_line_and_lets_no_test_begin_while_half_of_it_is_in_use(tmp_path: Path) -> None:
    line = ("--interface", "lo", "--line-mbps", "1", *ENDLESS)
    load = 'responder_line_load_ratio{direction="down"}'
    async with running(tmp_path, *line) as responder:
        wanted = request(responder.port, "down", size=2**40, seconds=60)
        first = asyncio.create_task(BulkClient(Resolver()).transfer(wanted, 60))
        async with asyncio.timeout(10):
            while series(await responder.page()).get(load, 0.0) <= 0.5:
                await asyncio.sleep(0.05)
        second = await responder.measure("down")
        shown = series(await responder.page())
        assert await responder.stop() == 0
        await first
    assert second.failure
    assert second.failure.again
    assert "half of this responder's own line is in use; place 1" in second.failure.message
    assert shown["responder_line_bytes_per_second"] == 125_000
    assert shown['responder_line_bytes_total{direction="down"}'] > 0
    assert shown["responder_waiting_clients"] == 1


WRONG = {
    "no such line": (
        ["--key-file", "{folder}/key", "--line-mbps", "10", "--interface", "wlp9"],
        2,
        "no interface wlp9",
    ),
    "no line at all": (["--key-file", "{folder}/key", "--line-mbps", "0"], 2, "--line-mbps"),
    "an interface of nothing": (["--key-file", "{folder}/key", "--interface", "lo"], 2, "--line-mbps"),
    "no key": (["--key-file", "{folder}/nowhere"], 2, "nowhere"),
    "a short key": (["--key-file", "{folder}/short"], 2, "openssl rand -hex 32"),
    "a key that is no text": (["--key-file", "{folder}/binary"], 2, "not text"),
    "no number of tests": (["--key-file", "{folder}/key", "--max-tests", "0"], 2, "--max-tests"),
    "no bytes": (["--key-file", "{folder}/key", "--max-bytes", "5"], 2, "--max-bytes"),
    "an address that is none": (["--key-file", "{folder}/key", "--listen", "here and there"], 2, "not host"),
    "an address of another machine": (["--key-file", "{folder}/key", "--listen", "192.0.2.1:0"], 1, "cannot listen"),
}


@pytest.mark.parametrize(("arguments", "status", "words"), WRONG.values(), ids=WRONG.keys())
def test_wrong_use_says_what_is_wrong(arguments: list[str], status: int, words: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "short").write_text("guess me")
    (tmp_path / "binary").write_bytes(b"\xff\xfe" * 20)
    filled = [argument.format(folder=tmp_path) for argument in arguments]
    done = subprocess.run(command(*filled), capture_output=True, text=True, timeout=30, cwd=CHECKOUT, check=False)
    assert done.returncode == status
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "guess me" not in done.stderr
