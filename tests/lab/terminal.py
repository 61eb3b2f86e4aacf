"""Showing the view: redrawn in place on a terminal that also takes orders, or a line per change anywhere else."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TextIO

from tests.lab import view
from tests.lab.errors import LabError
from tests.lab.state import State

SAVE, RESTORE, HOME, TO_LINE_END, CLEAR = "\x1b7", "\x1b8", "\x1b[H", "\x1b[K", "\x1b[2J"
PROMPT = "lab> "

Order = Callable[[Sequence[str]], Awaitable[str]]


class Screen(Protocol):
    """Where the lab shows itself."""

    def say(self, text: str) -> None:
        """A line of progress, before the first state is shown or between two."""
        ...

    def show(self, state: State, headline: str, now: float) -> None: ...

    def close(self) -> None: ...


class Lines:
    """For logs and pipes: what changes, with the time of day."""

    def __init__(self, output: TextIO, addresses: Mapping[str, str]) -> None:
        self._output = output
        self._before = State()
        for name, url in addresses.items():
            self.say(f"open: {name}: {url}")
        for line in view.LOOK:
            self.say(f"look at: {line}")

    def say(self, text: str) -> None:
        print(f"{datetime.now().astimezone():%H:%M:%S} {text}", file=self._output, flush=True)

    def show(self, state: State, headline: str, now: float) -> None:
        for line in view.changes(self._before, state):
            self.say(line)
        self._before = state

    def close(self) -> None: ...


class Terminal:
    """The view above, and in the last line a prompt. What is typed there stays while the view is drawn anew."""

    def __init__(self, output: TextIO, addresses: Mapping[str, str], order: Order) -> None:
        self._output = output
        self._addresses = addresses
        self._order = order
        self._answer = ""
        self._size = os.terminal_size((0, 0))
        self._orders: set[asyncio.Task[None]] = set()
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), self._typed)

    def say(self, text: str) -> None:
        self._answer = text

    def show(self, state: State, headline: str, now: float) -> None:
        size = os.get_terminal_size(self._output.fileno())
        if size != self._size:
            self._size = size
            self._prompt()
        lines = view.full(state, self._addresses, headline, now)
        room = size.lines - 2
        shown = [view.clip(line, size.columns) for line in (*lines, "", self._answer)[:room]]
        drawn = "".join(f"{line}{view.PLAIN}{TO_LINE_END}\r\n" for line in [*shown, *[""] * (room - len(shown))])
        self._output.write(f"{SAVE}{HOME}{drawn}{RESTORE}")
        self._output.flush()

    def _prompt(self) -> None:
        self._output.write(f"{CLEAR}\x1b[{self._size.lines};1H{PROMPT}")

    def _typed(self) -> None:
        line = sys.stdin.readline()
        self._prompt()
        if not line:  # end of input
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        if words := line.split():
            task = asyncio.get_running_loop().create_task(self._obey(words))
            self._orders.add(task)
            task.add_done_callback(self._orders.discard)

    async def _obey(self, words: Sequence[str]) -> None:
        try:
            self._answer = await self._order(words)
        except LabError as problem:
            self._answer = f"{view.RED}{problem}{view.PLAIN}"

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        self._output.write(f"{CLEAR}{HOME}")
        self._output.flush()
