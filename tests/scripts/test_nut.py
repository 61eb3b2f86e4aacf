"""A UPS behind a NUT server as an officer, an engineer and Prometheus see it: Debian's upsd, our command, our agent."""

import asyncio
import json
from pathlib import Path

from tests.scripts.test_agent import free_port, running, start
from tests.servers.upsd import serving

ON_LINE = {"ups.status": "OL CHRG", "battery.charge": "97", "battery.runtime": "1260", "input.voltage": "229.0"}
FAILED = {**ON_LINE, "ups.status": "OB DISCHRG", "input.voltage": "0.0"}
CONFIG = """
version: 1
identity: {{province: "04", commune: "01273", office: 01273-1}}
name: {{vi: Trung tâm, en: Centre}}
listen: 127.0.0.1:{port}
probes:
  - collector: nut
    labels: {{ups: main}}
    every: 1s
    timeout: 1s
    target: {{host: 127.0.0.1, port: {nut}, user: reader, password: {{file: secret}}}}
"""


async def test_an_outage_reaches_the_page_of_the_office_and_prometheus(tmp_path: Path) -> None:
    config, port = tmp_path / "agent.yml", free_port()
    (tmp_path / "secret").write_text("right\n")
    async with serving({"main": ON_LINE}) as server:
        config.write_text(CONFIG.format(port=port, nut=server.port), encoding="utf-8")
        async with running(config, port) as agent:
            await agent.shows('ups_power_verdict{ups="main",verdict="mains"} 1')
            await agent.shows("Điện lưới bình thường", "/")
            server.say("main", FAILED)
            await agent.shows('ups_on_battery{ups="main"} 1')
            await agent.shows("Mất điện lưới", "/")
            await server.kill("main")
            await agent.shows('ups_power_verdict{ups="main",verdict="ups_link_lost"} 1')
            assert "ups_on_battery{" not in await agent.page("/metrics")
            assert not any("right" in line for line in agent.lines)


async def test_one_probe_needs_no_more_than_an_address() -> None:
    async with serving({"main": FAILED}) as server:
        process = await start("probe", "nut", f"127.0.0.1:{server.port}", "--json")
        said, _ = await asyncio.wait_for(process.communicate(), 20)
    answer = json.loads(said)
    assert (process.returncode, answer["result"]) == (0, "ok")
    assert {"name": "ups_on_battery", "labels": {}, "value": 1} in answer["metrics"]
