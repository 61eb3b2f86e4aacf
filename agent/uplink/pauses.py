"""When something may be tried again. Pure."""

from collections.abc import Callable

FIRST = 1.0  # seconds
LONGEST = 300.0
_SCATTER = 0.1  # of a pause that was asked for: all offices are asked for the same one

Chance = Callable[[], float]  # evenly in [0, 1)


class Pauses:
    """After each failure in a row the bound doubles; within it chance decides: offices do not return all at once."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._failed = 0
        self.until = 0.0

    def failed(self, now: float) -> None:
        """Try again some time."""
        bound = min(LONGEST, FIRST * 2.0 ** min(self._failed, 16))
        self._failed += 1
        self.until = now + bound * self._chance()

    def asked(self, now: float, pause: float) -> None:
        """Somebody asks not to be bothered for so long."""
        self._failed += 1
        self.until = now + pause * (1 + _SCATTER * self._chance())

    def rest(self, now: float, seconds: float) -> None:
        """Nothing is wrong; it is enough for the moment."""
        self._failed, self.until = 0, now + seconds

    def over(self) -> None:
        """It works again."""
        self._failed, self.until = 0, 0.0
