"""The port for traps of a running agent: opened, moved and closed by its configuration, and never in its way."""

import socket
from pathlib import Path

from tests.lab.snmpd import free_udp_port
from tests.scripts.test_agent import Agent, free_port, running

CONFIG = """
version: 1
identity: {{province: "04", commune: "01273", office: 01273-1}}
name: {{vi: Trung tâm, en: Centre}}
listen: 127.0.0.1:{port}
{traps}
probes:
  - {{collector: ups, labels: {{ups: main}}, every: 1h, timeout: 1s, target: {{host: 127.0.0.1, port: {card}}}}}
  - {{collector: ups, labels: {{ups: lost}}, every: 1h, timeout: 1s, target: {{host: no-such-card.invalid}}}}
"""
RUNS = 'probe_runs_total{collector="ups",ups="main"}'


async def heard(agent: Agent, count: int) -> bool:
    """Whether so many datagrams were counted; whether or not the second had a run of its own."""
    lines = (await agent.page("/metrics")).splitlines()
    return count == sum(float(line.split()[-1]) for line in lines if line.startswith("agent_trap_datagrams_total{"))


def hint(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as card:
        card.sendto(b"a trap", ("127.0.0.1", port))


async def test_traps_are_heard_where_the_configuration_says_and_nowhere_else(tmp_path: Path) -> None:
    config, port = tmp_path / "agent.yml", free_port()

    def configure(traps: int | None) -> None:
        where = f"traps: 127.0.0.1:{traps}" if traps else ""
        config.write_text(CONFIG.format(port=port, card=free_udp_port(), traps=where), encoding="utf-8")

    first, second = free_udp_port(), free_udp_port()
    configure(first)
    async with running(config, port) as agent:
        await agent.shows(f"{RUNS} 1")
        hint(first)
        await agent.shows('agent_trap_datagrams_total{result="accepted"} 1')
        await agent.shows(f"{RUNS} 2")
        await agent.says("event=trap_sender_unknown host=no-such-card.invalid")
        configure(second)
        await agent.says(f"listen=127.0.0.1:{second}")
        hint(second)
        await agent.until(lambda: heard(agent, 2))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as somebody:
            somebody.bind(("127.0.0.1", first))  # it is free again
            configure(first)
            await agent.says("event=traps_not_heard")
            await agent.shows(RUNS)
        configure(None)

        async def gone() -> bool:
            return "agent_trap_datagrams_total" not in await agent.page("/metrics")

        await agent.until(gone)
