"""snmpsim: one process that answers as every recorded card of a folder does, each under its name as the community."""

import os
import runpy
import socket
import subprocess
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from agent.io.snmp.presence import discovery
from tests.tools.debian import CHECKOUT

STARTS_WITHIN = 50.0  # seconds; it indexes every recording first
HOST = "127.0.0.1"


@contextmanager
def serving(folders: Sequence[Path], cache: Path, port: int) -> Iterator[None]:
    """The recordings below these folders, read in place; indexes are made in `cache`, a folder of the caller's."""
    log = cache / "snmpsim.log"
    command = (
        sys.executable, "-m", "tests.ups.simulator", *(f"--data-dir={folder}" for folder in folders),
        f"--cache-dir={cache}", f"--agent-udpv4-endpoint={HOST}:{port}", "--quiet",
    )  # fmt: skip
    environment = {**os.environ, "SNMPSIM_ALLOW_ROOT": "true"}
    with (
        log.open("wb") as out,
        subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=out, stderr=out) as process,
    ):
        try:
            _until_it_answers(process, port, log)
            yield
        finally:
            process.kill()


def _until_it_answers(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = monotonic() + STARTS_WITHIN
    while process.poll() is None and monotonic() < deadline:
        if _answers(port):
            return
        sleep(0.1)
    raise RuntimeError(f"snmpsim did not start: {log.read_text(errors='replace')[-2000:]}")


def _answers(port: int) -> bool:
    """SNMPv3 discovery needs no credentials."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.5)
        try:
            probe.connect((HOST, port))
            probe.send(discovery(1))
            return bool(probe.recv(4096))
        except OSError:
            return False


def main() -> None:
    """snmpsim imports pysmi only to print its version. The real one stays away: pysnmp would import it everywhere."""
    stand_in = types.ModuleType("pysmi")
    stand_in.__version__ = "0"  # type: ignore[attr-defined]
    sys.modules["pysmi"] = stand_in
    runpy.run_module("snmpsim.commands.responder", run_name="__main__")


if __name__ == "__main__":
    main()
