"""Debian's NUT server (upsd) with drivers that read a UPS from a file (dummy-ups), all in a folder of its own."""

import asyncio
import getpass
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from tests.lab.waiting import eventually
from tests.servers.tcp import closed_port
from tests.tools import tool

STALE_AFTER = 3  # seconds that upsd waits for a word of a driver
STARTS_WITHIN = 20.0

_UPS = """\
[{name}]
  driver = dummy-ups
  port = {folder}/{name}.dev
  desc = "A UPS in a file"
  pollinterval = 1
"""
_USERS = """\
[reader]
  password = right
  upsmon secondary
[stranger]
  password = right
"""


class Upsd:
    """A running server on loopback. `say` changes what a UPS says; its driver looks once in a second."""

    def __init__(self, folder: Path, upses: Mapping[str, Mapping[str, str]]) -> None:
        self.folder = folder
        self.port = closed_port()
        self._changes = 0
        self._drivers: dict[str, asyncio.subprocess.Process] = {}
        self._upses = tuple(upses)
        (folder / "ups.conf").write_text("".join(_UPS.format(name=name, folder=folder) for name in upses))
        (folder / "upsd.conf").write_text(f"LISTEN 127.0.0.1 {self.port}\nMAXAGE {STALE_AFTER}\n")
        (folder / "upsd.users").write_text(_USERS)
        for path in folder.glob("upsd.*"):
            path.chmod(0o600)
        for name, variables in upses.items():
            self.say(name, variables)

    def say(self, name: str, variables: Mapping[str, str]) -> None:
        """From the driver's next look on."""
        path = self.folder / f"{name}.dev"
        new = path.with_suffix(".new")
        new.write_text("".join(f"{variable}: {value}\n" for variable, value in variables.items()))
        self._changes += 1
        os.utime(new, (self._changes, self._changes))  # the driver compares whole seconds
        new.replace(path)

    def freeze(self, name: str) -> None:
        """Its driver says nothing any more."""
        self._drivers[name].send_signal(signal.SIGSTOP)

    async def kill(self, name: str) -> None:
        """Its driver is gone."""
        self._drivers[name].kill()
        await self._drivers[name].wait()

    async def upsc(self, name: str) -> dict[str, str]:
        """What NUT's own client shows."""
        process = await asyncio.create_subprocess_exec(
            str(tool("upsc")), f"{name}@127.0.0.1:{self.port}",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=self._environment,
        )  # fmt: skip
        said, _ = await process.communicate()
        pairs = (line.partition(": ") for line in said.decode().splitlines())
        return {variable: value for variable, _, value in pairs}

    @property
    def _environment(self) -> dict[str, str]:
        places = dict.fromkeys(("NUT_CONFPATH", "NUT_STATEPATH", "NUT_ALTPIDPATH"), str(self.folder))
        return {**os.environ, **places}

    async def start(self, stack: AsyncExitStack) -> None:
        """Drivers first: the server looks for them when it starts, and then only now and again."""
        for name in self._upses:
            self._drivers[name] = await self._run(stack, str(tool("dummy-ups")), "-a", name)
        count = len(self._upses)
        await eventually(self._sockets, lambda found: found == count, "the drivers", STARTS_WITHIN)
        await self._run(stack, str(tool("upsd")))
        await eventually(self._known, lambda found: len(found) == count, "the server", STARTS_WITHIN)

    async def _run(self, stack: AsyncExitStack, *argv: str) -> asyncio.subprocess.Process:
        with (self.folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *argv, "-u", getpass.getuser(), "-F", stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                env=self._environment,
            )  # fmt: skip
        stack.push_async_callback(_end, process)
        return process

    async def _sockets(self) -> int:
        return len([path for path in self.folder.iterdir() if path.is_socket()])

    async def _known(self) -> set[str]:
        return {name for name in self._drivers if "driver.name" in await self.upsc(name)}


@asynccontextmanager
async def serving(upses: Mapping[str, Mapping[str, str]]) -> AsyncIterator[Upsd]:
    """A server that reads these."""
    with tempfile.TemporaryDirectory(prefix="nut-") as folder:  # short: the path of a socket has 107 bytes at most
        server = Upsd(Path(folder), upses)
        async with AsyncExitStack() as stack:
            await server.start(stack)
            yield server


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
