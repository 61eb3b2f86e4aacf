"""What happens by itself after a while: one thing per name, and the last order counts."""

import asyncio
from collections.abc import Awaitable, Callable


class Later:
    """Close it after use: what has not happened by then never does."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def forget(self, name: str) -> None:
        """Whatever was to happen to it does not."""
        if task := self._waiting.pop(name, None):
            task.cancel()

    def after(self, seconds: float, name: str, act: Callable[[], Awaitable[None]]) -> None:
        """Instead of what was to happen to it before."""

        async def wait() -> None:
            await asyncio.sleep(seconds)
            del self._waiting[name]
            await act()

        self.forget(name)
        self._waiting[name] = asyncio.create_task(wait())

    def close(self) -> None:
        for name in tuple(self._waiting):
            self.forget(name)
