"""The agent as a process: started, asked, reloaded, misconfigured and stopped as an operator would."""

import asyncio
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import aiohttp
import pytest

from tests.lab.process import CHECKOUT
from tests.tools import tool

CONFIG = """
version: 1
identity: {{province: "04", commune: "01273", office: 04-01273-ubnd}}
name: {{vi: UBND xã Trường Hà, en: Truong Ha commune office}}
listen: 127.0.0.1:{port}
probes:
  - {{collector: host, every: 1s, timeout: 1s}}
  - collector: service
    labels: {{service: portal}}
    name: {{vi: Cổng Dịch vụ công quốc gia, en: National Public Service Portal}}
    every: 1s
    timeout: 1s
    target: {{url: "http://127.0.0.1:{closed}/"}}
"""


@dataclass(frozen=True)
class Agent:
    """One running agent process and its pages."""

    process: Process
    config: Path
    base: str
    lines: list[str]

    async def page(self, path: str, accept: str = "") -> str:
        async with (
            aiohttp.ClientSession() as session,
            session.get(self.base + path, headers={"Accept": accept}) as answer,
        ):
            return await answer.text()

    async def until(self, what: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(20):
            while not await what():
                await asyncio.sleep(0.05)

    async def shows(self, text: str, path: str = "/metrics") -> None:
        """Wait until a page shows a text."""

        async def there() -> bool:
            return text in await self.page(path)

        await self.until(there)

    async def says(self, text: str) -> None:
        """Wait until the log says something."""

        async def there() -> bool:
            return any(text in line for line in self.lines)

        await self.until(there)

    async def stop(self) -> int:
        self.process.terminate()
        async with asyncio.timeout(5):
            return await self.process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


async def start(*arguments: str, stderr: int | TextIO = PIPE) -> Process:
    command = (sys.executable, "communewatch.py", *arguments)
    return await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=stderr, cwd=CHECKOUT)


@asynccontextmanager
async def running(config: Path, port: int) -> AsyncIterator[Agent]:
    process = await start("agent", "run", "--config", str(config))
    lines: list[str] = []

    async def read() -> None:
        assert process.stderr
        async for line in process.stderr:
            lines.append(line.decode().rstrip())

    reading = asyncio.create_task(read())
    agent = Agent(process, config, f"http://127.0.0.1:{port}", lines)
    try:
        await agent.says("event=started")
        yield agent
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading
        process._transport.close()  # type: ignore[attr-defined]  # else the loop closes before its pipes


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Agent]:
    port = free_port()
    config = tmp_path / "agent.yml"
    config.write_text(CONFIG.format(port=port, closed=free_port()), encoding="utf-8")
    async with running(config, port) as started:
        yield started


async def test_an_agent_measures_and_shows_what_it_measured(agent: Agent) -> None:
    await agent.shows('probe_result{collector="service",service="portal",reason="refused"} 1')
    await agent.shows('probe_success{collector="host"} 1')
    assert await agent.page("/healthz") == "ok\n"
    assert 'agent_build_info{version="' in await agent.page("/metrics")
    assert (await agent.page("/metrics", "application/openmetrics-text; version=1.0.0")).endswith("# EOF\n")
    assert "Cổng Dịch vụ công quốc gia" in await agent.page("/")
    await agent.shows("refused", "/debug/probes?probe=service/portal")


async def test_the_page_pleases_promtool_apart_from_borrowed_names(agent: Agent) -> None:
    promtool = tool("promtool")
    await agent.shows('probe_success{collector="service"')
    await agent.shows('probe_success{collector="host"} 1')
    check = await asyncio.create_subprocess_exec(promtool, "check", "metrics", stdin=PIPE, stdout=PIPE, stderr=PIPE)
    _, errors = await check.communicate((await agent.page("/metrics")).encode())
    complaints = [line for line in errors.decode().splitlines() if not re.match(r"(node|probe)_", line)]
    assert complaints == []


async def test_sigterm_ends_the_agent_cleanly(agent: Agent) -> None:
    await agent.shows("probe_success")
    assert await agent.stop() == 0
    assert any("event=stopping" in line for line in agent.lines)


async def test_a_good_change_is_taken_over_without_a_restart(agent: Agent) -> None:
    await agent.shows('probe_success{collector="host"} 1')
    text = agent.config.read_text(encoding="utf-8").replace("service: portal", "service: vneid")
    agent.config.write_text(text, encoding="utf-8")
    await agent.shows('service="vneid"')
    page = await agent.page("/metrics")
    assert 'service="portal"' not in page
    assert "agent_config_last_reload_successful 1" in page
    assert 'probe_runs_total{collector="host"}' in page


async def test_a_change_that_needs_a_restart_is_said(agent: Agent) -> None:
    text = agent.config.read_text(encoding="utf-8")
    agent.config.write_text(f"{text}concurrency: 4\ncontact: cntt@example.vn\n", encoding="utf-8")
    await agent.says("event=restart_needed settings=concurrency,contact")


async def test_a_wrong_change_is_refused_and_said_and_the_good_one_stays(agent: Agent) -> None:
    good = agent.config.read_text(encoding="utf-8")
    agent.config.write_text(good.replace("every: 1s", "evry: 1s"), encoding="utf-8")
    agent.process.send_signal(signal.SIGHUP)
    await agent.shows("agent_config_last_reload_successful 0")
    await agent.says("event=config_rejected")
    rejected = [line for line in agent.lines if "event=config_rejected" in line]
    assert len(rejected) == 2
    assert "agent.yml:7 probes[0].evry: is not a known key" in rejected[0]
    await agent.shows('probe_success{collector="host"} 1')
    agent.config.write_text(good, encoding="utf-8")
    await agent.shows("agent_config_last_reload_successful 1")


async def test_the_pages_move_when_the_address_changes(agent: Agent) -> None:
    text = agent.config.read_text(encoding="utf-8")
    port = free_port()
    agent.config.write_text(re.sub(r"listen: \S+", f"listen: 127.0.0.1:{port}", text), encoding="utf-8")
    await agent.says("event=config_loaded")
    moved = Agent(agent.process, agent.config, f"http://127.0.0.1:{port}", agent.lines)
    assert await moved.page("/healthz") == "ok\n"
    with pytest.raises(aiohttp.ClientConnectionError):
        await agent.page("/healthz")


async def test_the_pages_can_be_opened_to_others_on_the_same_port_and_stay_where_a_new_address_cannot_be_had(
    agent: Agent,
) -> None:
    text = agent.config.read_text(encoding="utf-8")
    agent.config.write_text(text.replace("listen: 127.0.0.1", "listen: 0.0.0.0"), encoding="utf-8")
    await agent.says("event=config_loaded")
    await agent.shows("agent_config_last_reload_successful 1")
    agent.config.write_text(text.replace("listen: 127.0.0.1", "listen: 192.0.2.1"), encoding="utf-8")
    await agent.says("event=config_rejected")
    await agent.shows("agent_config_last_reload_successful 0")


async def test_a_wrong_configuration_is_shown_whole_and_nothing_starts(tmp_path: Path) -> None:
    config = tmp_path / "agent.yml"
    config.write_text(CONFIG.format(port=1, closed=2).replace("every", "evry"), encoding="utf-8")
    for verb in ("run", "check"):
        process = await start("agent", verb, "--config", str(config))
        _, errors = await process.communicate()
        assert process.returncode == 2
        assert errors.decode().count("evry: is not a known key") == 2
        assert "nothing was started" in errors.decode()


async def test_check_says_what_the_agent_would_do(tmp_path: Path) -> None:
    config = tmp_path / "agent.yml"
    last_word = "last_word: {url: https://10.4.0.1/api/v1/write, token: not-to-be-shown}\n"
    config.write_text(CONFIG.format(port=9817, closed=2) + last_word, encoding="utf-8")
    process = await start("agent", "check", "--config", str(config))
    output, _ = await process.communicate()
    assert process.returncode == 0
    assert "the last word goes to https://10.4.0.1/api/v1/write" in output.decode()
    assert "not-to-be-shown" not in output.decode()
    assert "04-01273-ubnd (UBND xã Trường Hà): 2 probes, pages on 127.0.0.1:9817" in output.decode()
    assert re.search(r"service/portal +every 1 s, at most 1 s, latency", output.decode())


async def test_a_taken_address_is_said_with_what_to_do(agent: Agent) -> None:
    second = await start("agent", "run", "--config", str(agent.config))
    _, errors = await second.communicate()
    assert second.returncode == 1
    assert "cannot serve on 127.0.0.1:" in errors.decode()
    assert "set `listen:`" in errors.decode()


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["agent"], ["agent", "run"], ["probe", "nonsense"]])
async def test_wrong_use_is_exit_status_two_and_a_usage(arguments: list[str]) -> None:
    process = await start(*arguments)
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert "usage:" in errors.decode()


async def test_a_full_disk_under_the_log_does_not_stop_the_agent(tmp_path: Path) -> None:
    port, config = free_port(), tmp_path / "agent.yml"
    config.write_text(CONFIG.format(port=port, closed=free_port()), encoding="utf-8")
    with Path("/dev/full").open("w", encoding="utf-8") as full:  # noqa: ASYNC230 - a device, it never blocks
        process = await start("agent", "run", "--config", str(config), stderr=full)
    agent = Agent(process, config, f"http://127.0.0.1:{port}", [])
    try:
        await agent.until(lambda: reachable(port))
        await agent.shows('probe_result{collector="service",service="portal",reason="refused"} 1')
        await agent.shows('probe_success{collector="host"} 1')
        assert await agent.stop() in (0, 120)  # 120: Python could not flush the log at its end
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def reachable(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
