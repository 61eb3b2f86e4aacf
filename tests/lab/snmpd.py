"""A real snmpd (net-snmp) with a configuration of its own: for tests of the SNMP adapter and for the lab's UPSes."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from agent.io.snmp.presence import discovery
from tests.lab.errors import LabError
from tests.tools import tool
from tests.tools.debian import program

STARTS_WITHIN = 10.0  # seconds


class Snmpd:
    """What to run, and where it keeps its files: nothing outside `folder` is read or written.

    directives: lines of snmpd.conf(5). host: an IPv4 or IPv6 address.
    """

    def __init__(self, folder: Path, directives: Sequence[str], host: str, port: int) -> None:
        self.folder = folder
        self.host = host
        self.port = port
        self.log = folder / "log"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "snmpd.conf").write_text("\n".join(directives) + "\n", encoding="utf-8")

    @property
    def argv(self) -> tuple[str, ...]:
        listen = f"udp6:[{self.host}]:{self.port}" if ":" in self.host else f"udp:{self.host}:{self.port}"
        return (str(program("snmpd")), "-f", "-Lo", "-C", "-c", str(self.folder / "snmpd.conf"), "-I", "-smux", listen)

    @property
    def environment(self) -> Mapping[str, str]:
        return {"SNMP_PERSISTENT_DIR": str(self.folder / "state"), "SNMPCONFPATH": str(self.folder), "MIBS": ""}

    @contextmanager
    def running(self) -> Iterator["Snmpd"]:
        """For tests, in the network of this process. Skips the test where there is no snmpd."""
        tool("snmpd")
        with (
            self.log.open("ab") as log,
            subprocess.Popen(self.argv, stdout=log, stderr=log, env={**os.environ, **self.environment}) as process,
        ):
            try:
                self.until_it_answers(lambda: process.poll() is not None)
                yield self
            finally:
                process.terminate()

    def until_it_answers(self, ended: Callable[[], bool]) -> None:
        """Wait for it to start; LabError when it ends instead, or takes too long. Blocks."""
        deadline = monotonic() + STARTS_WITHIN
        while not ended() and monotonic() < deadline:
            if self.answers():
                return
            sleep(0.05)
        raise LabError(f"snmpd at {self.host}:{self.port} did not start: {self.log.read_text(errors='replace')}")

    def answers(self) -> bool:
        """Whether it answers now (SNMPv3 discovery, which needs no credentials)."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.5)
            try:
                probe.connect((self.host, self.port))
                probe.send(discovery(1))
                return bool(probe.recv(4096))
            except OSError:
                return False


def free_udp_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as holder:
        holder.bind((host, 0))
        port: int = holder.getsockname()[1]
        return port
