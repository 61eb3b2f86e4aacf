"""Event loops whose clocks run ahead, with real sockets: what waits for seconds takes a part of them, or none."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar

Result = TypeVar("Result")

_QUIET = 0.01  # real seconds without anything on any socket, after which nothing is expected to come any more


class _Selector(selectors.DefaultSelector):
    def __init__(self, haste: float) -> None:
        super().__init__()
        self._haste = haste

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / self._haste if timeout else timeout)


class HurriedLoop(asyncio.SelectorEventLoop):
    """A second of its time takes 1/haste seconds."""

    def __init__(self, haste: float) -> None:
        self._haste = haste
        super().__init__(_Selector(haste))

    def time(self) -> float:
        return super().time() * self._haste


def hurried(work: Coroutine[Any, Any, Result], haste: float = 10) -> Result:
    """Run this on such a loop."""
    with asyncio.Runner(loop_factory=lambda: HurriedLoop(haste)) as runner:
        return runner.run(work)


class _Skipping(selectors.DefaultSelector):
    loop: "SkippingLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not timeout or self.loop.at_work:
            return super().select(timeout)
        ready = super().select(min(timeout, _QUIET))
        if not ready:
            self.loop.skipped += timeout
        return ready


class SkippingLoop(asyncio.SelectorEventLoop):
    """Its clock stands still while anything happens, and jumps to the next timer when nothing does.

    For both ends in one process: a busy machine then slows nothing down that the clock could see. While a thread is at
    work it does not jump.
    """

    def __init__(self) -> None:
        self.skipped, self.at_work = 1000.0, 0
        selector = _Skipping()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.skipped

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, work: Callable[..., Any], *arguments: Any
    ) -> asyncio.Future[Any]:
        self.at_work += 1
        future = super().run_in_executor(executor, work, *arguments)
        future.add_done_callback(self._worked)
        return future

    def _worked(self, _: object) -> None:
        self.at_work -= 1


def skipping(work: Coroutine[Any, Any, Result]) -> Result:
    """Run this on such a loop."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(work)
