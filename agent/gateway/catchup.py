"""Whose turn it is to send old samples. Pure: the time is an argument, monotonic seconds.

After an outage of a whole province hundreds of offices hold hours of measurements. Their live data always comes
through; what is older takes turns, so that the store keeps up.
"""

from collections.abc import Iterable

from collectors.core.collector import stable_offset

CATCHING_UP = 900.0  # seconds: who sends older samples than this catches up
_LEASE = 10.0  # seconds without an older sample after which another office has the turn
_FIRST_GUESS = 5.0  # seconds of a turn; from then on what turns take counts
_LEAST = 1.0
_NEW = 0.05  # share of the newest turn in what is expected of the next ones
_SHORTEST, _LONGEST = 10.0, 600.0  # seconds of a wait, on average: each refused request has cost its office bytes
_GONE = 1200.0  # seconds after which nobody believes any more that a waiting office comes back


class CatchUp:
    """`most` offices have a turn at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._turns: dict[str, tuple[float, float]] = {}  # office -> since when, and when it last sent old samples
        self._waiting: dict[str, float] = {}  # office -> when it was last told to wait
        self._takes = _FIRST_GUESS

    def wait(self, office: str, now: float) -> float:
        """Seconds until an office that catches up should ask again, 0 when it has a turn.

        As long as those before it will take; another wait for each, so that nobody comes back together with everybody.
        """
        self._end_turns(now)
        if office in self._turns or len(self._turns) < self._most:
            self._waiting.pop(office, None)
            self._turns[office] = (self._turns.get(office, (now, now))[0], now)
            return 0.0
        self._waiting[office] = now
        before = self._takes * len(self._waiting) / self._most
        return scattered(office, min(max(before, _SHORTEST), _LONGEST), now)

    def done(self, office: str, now: float) -> None:
        """It has caught up: the next one may begin at once."""
        if turn := self._turns.pop(office, None):
            self._note(now - turn[0])

    @property
    def offices(self) -> int:
        """That have a turn, or had one a moment ago."""
        return len(self._turns)

    def keep_only(self, offices: Iterable[str]) -> None:
        """Forget those that the inventory no longer has."""
        for gone in (self._turns.keys() | self._waiting.keys()) - set(offices):
            self._turns.pop(gone, None)
            self._waiting.pop(gone, None)

    def _end_turns(self, now: float) -> None:
        for office, (since, last) in list(self._turns.items()):
            if last <= now - _LEASE:
                del self._turns[office]
                self._note(last + _LEASE - since)
        for office in [office for office, told in self._waiting.items() if told <= now - _GONE]:
            del self._waiting[office]

    def _note(self, took: float) -> None:
        self._takes += _NEW * (max(took, _LEAST) - self._takes)


def scattered(office: str, mean: float, now: float) -> float:
    """A wait of about so many seconds, another for each office and each minute."""
    return 0.5 * mean + stable_offset(f"{office} {now // 60:.0f}", mean)
