"""The lab's processes: started in places, watched, stopped in reverse order. None outlives the lab, however it ends."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.waiting import eventually

LAUNCH = Path(__file__).with_name("launch.py")
CHECKOUT = Path(__file__).resolve().parents[2]
GRACE = 5.0  # seconds between SIGTERM and SIGKILL


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, and where.

    network  the path of a network namespace, "" = as here
    mounts   paths, and what is to be seen there instead
    """

    name: str
    argv: tuple[str, ...]
    network: str = ""
    mounts: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    def launched(self) -> tuple[str, ...]:
        where = (str(os.getpid()), self.network, json.dumps(dict(self.mounts)))
        return (sys.executable, "-I", "-S", str(LAUNCH), *where, *self.argv)


class Process:
    """One program of the lab. It may be stopped, killed and started again; its log goes on in the same file."""

    def __init__(self, command: Command, log: Path) -> None:
        self.command = command
        self.log = log
        self._running: asyncio.subprocess.Process | None = None
        self._wanted = False

    @property
    def name(self) -> str:
        return self.command.name

    def alive(self) -> bool:
        return self._running is not None and self._running.returncode is None

    @property
    def failed(self) -> bool:
        """It ended although nobody asked it to."""
        return self._wanted and not self.alive()

    @property
    def pid(self) -> int:
        if self._running is None:
            raise LabError(f"{self.name} was never started")
        return self._running.pid

    async def start(self) -> None:
        if self.alive():
            return
        with self.log.open("ab") as log:
            self._running = await asyncio.create_subprocess_exec(
                *self.command.launched(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                cwd=CHECKOUT,
                env={**os.environ, **self.command.environment},
                start_new_session=True,
            )
        self._wanted = True

    async def stop(self) -> None:
        """Ask it to end, and its whole group to vanish if it does not."""
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """End it as a crash would."""
        await self._end(signal.SIGKILL)

    async def _end(self, sign: signal.Signals) -> None:
        self._wanted = False
        running = self._running
        if running is None:
            return
        if running.returncode is None:
            running.send_signal(sign)
            with suppress(TimeoutError):
                await asyncio.wait_for(running.wait(), GRACE)
        with suppress(ProcessLookupError):  # what it has left behind, or itself
            os.killpg(running.pid, signal.SIGKILL)
        await running.wait()

    def last_words(self, lines: int = 12) -> str:
        """The end of its log, for an error message."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


class Processes:
    """All processes of one lab."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        logs.mkdir(parents=True, exist_ok=True)
        self._all: dict[str, Process] = {}

    def add(self, command: Command) -> Process:
        """A process that is not running yet."""
        if command.name in self._all:
            raise ValueError(f"two processes called {command.name}")
        process = Process(command, self._logs / f"{command.name}.log")
        self._all[command.name] = process
        return process

    async def start(self, command: Command) -> Process:
        process = self.add(command)
        await process.start()
        return process

    def __getitem__(self, name: str) -> Process:
        return self._all[name]

    @property
    def failed(self) -> Sequence[Process]:
        return [process for process in self._all.values() if process.failed]

    async def stop(self) -> None:
        """All of them at once; who is asked first does not matter to any of them."""
        await asyncio.gather(*(process.stop() for process in self._all.values()))

    async def until(self, condition: Callable[[], Awaitable[bool]], what: str, within: float) -> None:
        """Wait for a condition, at most `within` seconds, and no longer than all processes live."""

        async def met() -> bool:
            if failed := self.failed:
                raise LabError(f"waiting for {what}: {failed[0].name} ended\n{failed[0].last_words()}")
            return await condition()

        await eventually(met, bool, f"{what} (logs: {self._logs})", within)
