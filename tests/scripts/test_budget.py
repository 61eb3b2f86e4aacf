"""A link's monthly bytes in a real agent against a real responder: used up, said, remembered, and raised."""

import re
from pathlib import Path

import pytest

from agent.responder.server import Responder
from tests.scripts.test_agent import free_port, running
from tests.servers.responder import KEY, responding

CONFIG = """
version: 1
identity: {{province: "04", commune: "01273", office: 01273-1}}
name: {{vi: UBND xã Trường Hà, en: Truong Ha commune office}}
listen: 127.0.0.1:{port}
probes:
  - collector: bandwidth
    labels: {{link: main}}
    every: 2s
    timeout: 2s
    target: {{responder: "127.0.0.1:{responder}", key: {key}, max_bytes: 100000, monthly_bytes: {budget}}}
"""
OUT = 'reason="budget"'
LEFT = re.compile(r"^link_budget_left_bytes\{[^}]*\} (\S+)$", re.MULTILINE)


def written(folder: Path, port: int, responder: int, budget: int) -> Path:
    config = folder / "agent.yml"
    config.write_text(CONFIG.format(port=port, responder=responder, key=KEY, budget=budget), encoding="utf-8")
    return config


def count_tests(responder: Responder) -> int:
    return responder.meters.tests.total()


async def test_an_agent_stops_when_the_bytes_are_used_says_so_and_remembers_it_when_it_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    monkeypatch.setenv("STATE_DIRECTORY", str(state))
    port = free_port()
    async with responding() as (responder, where):
        async with running(written(tmp_path, port, where, 600_000), port) as agent:
            await agent.shows(OUT)
            found = LEFT.search(await agent.page("/metrics"))
            assert found
            assert 0 < float(found[1]) < 500_000
            assert "0.6 MB on this link are used" in await agent.page("/debug/probes")
            used = count_tests(responder)
            assert used == 2  # down and up, once
            agent.process.kill()
            await agent.process.wait()
        async with running(tmp_path / "agent.yml", port) as agent:
            await agent.shows(OUT)
            assert count_tests(responder) == used
            written(tmp_path, port, where, 10**12)
            await agent.shows("link_test_timestamp_seconds")
            found = LEFT.search(await agent.page("/metrics"))
            assert found
            assert float(found[1]) <= 10**12 - 2 * 100_000  # what was used before the agent was killed counts on
        assert count_tests(responder) > used
