"""Cards for a provincial collector: many addresses on loopback, some of them dead, answered by a few snmpds."""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.stand import UPS_OBJECTS
from tests.lab.process import Command, Processes
from tests.lab.snmpd import Snmpd, free_udp_port
from tests.tools.debian import program

AGENTS, ADDRESSES = 15, 10  # so many engine IDs, each at so many addresses
DEAD = 3  # of the agents
USER, KEY = "bench", "a key for the bench"
U = "1.3.6.1.2.1.33.1"


@dataclass(frozen=True, slots=True)
class Cards:
    """Where they are. `alive` of the hosts answer; the others take datagrams and say nothing."""

    hosts: tuple[str, ...]
    alive: int
    port: int


@asynccontextmanager
async def cards(folder: Path) -> AsyncIterator[Cards]:
    """All up and answering."""
    (folder / "logs").mkdir(parents=True)
    groups = [[f"127.77.{agent}.{number}" for number in range(1, ADDRESSES + 1)] for agent in range(AGENTS)]
    living, dead = groups[:-DEAD], groups[-DEAD:]
    port = free_udp_port(groups[0][0])
    processes = Processes(folder / "logs")
    with ExitStack() as sockets:
        for host in (host for group in dead for host in group):
            mute = sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            mute.bind((host, port))
        try:
            for number, group in enumerate(living):
                await _start(processes, folder / f"card{number}", group, port)
            yield Cards(tuple(host for group in groups for host in group), len(living) * ADDRESSES, port)
        finally:
            await processes.stop()


async def _start(processes: Processes, folder: Path, hosts: Sequence[str], port: int) -> None:
    lines = ["rocommunity public", f"engineID {folder.name}", f'createUser {USER} SHA "{KEY}" AES "{KEY}"']
    lines += [f"rouser {USER} priv", *(f"override {U}.{suffix} {value}" for suffix, value in UPS_OBJECTS.items())]
    snmpd = Snmpd(folder, lines, hosts[0], port)
    listen = ",".join(f"udp:{host}:{port}" for host in hosts)
    argv = (str(program("snmpd")), *snmpd.argv[1:-1], listen)
    process = await processes.start(Command(folder.name, argv, environment=snmpd.environment))
    snmpd.until_it_answers(lambda: not process.alive())
