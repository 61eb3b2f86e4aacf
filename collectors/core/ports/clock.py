"""Time."""

from typing import Protocol


class Clock(Protocol):
    """Wall clock for timestamps, monotonic clock for durations."""

    def now(self) -> float:
        """Seconds since 1970 (Unix time); may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds since some point in the past; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None: ...
