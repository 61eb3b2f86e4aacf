"""An event loop whose clock runs fast: what waits for seconds is waited for in fractions of them, with real sockets."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


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
