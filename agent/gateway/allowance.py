"""How much each office may send, and how many may catch up at once. Pure: the time is an argument, monotonic seconds.

After an outage of a whole province hundreds of offices hold hours of measurements. Their live data always comes
through; what is older takes turns, so that the store keeps up.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from collectors.core.collector import stable_offset

CATCHING_UP = 900.0  # seconds: who sends older samples than this catches up
_LEASE = 10.0  # seconds without an older sample after which another office has the turn
_TURN = 20.0  # seconds that a turn is thought to last: an hour's samples over a weak line
_SHORTEST, _LONGEST = 20.0, 600.0  # seconds of a wait, on average: each refused request has cost its office bytes
_GONE = 1200.0  # seconds after which nobody believes any more that a waiting office comes back


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one office: different series an hour, samples per second over time, samples at once.

    catching_up  of all: offices that send old samples at the same time
    """

    series: int
    rate: float
    burst: float
    catching_up: int


@dataclass(slots=True)
class _Account:
    samples: float  # that it may still send at once
    at: float
    series: set[int]
    since: float  # when its series were last forgotten


class Allowance:
    """What the offices have used. Bounded: an account per office of the inventory, `Limits.series` numbers in each."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._accounts: dict[str, _Account] = {}
        self._leases: dict[str, float] = {}  # office -> when it last sent old samples
        self._waiting: dict[str, float] = {}  # office -> when it was last told to wait

    def surplus(self, office: str, series: Iterable[int], now: float) -> int:
        """How many of these series are more than the office may have. Those of before come first, for an hour."""
        account = self._account(office, now)
        if now - account.since > 3600:
            account.series, account.since = set(), now
        new = set(series) - account.series
        room = self._limits.series - len(account.series)
        if len(new) <= room:
            account.series |= new
            return 0
        return len(new) - room

    def wait_for_samples(self, office: str, samples: int, now: float) -> float:
        """Seconds until so many samples may come, 0 when they are taken now."""
        account, limits = self._account(office, now), self._limits
        account.samples = min(limits.burst, account.samples + (now - account.at) * limits.rate)
        account.at = now
        if samples <= account.samples or account.samples >= limits.burst:  # who has saved all may overdraw once
            account.samples -= samples
            return 0.0
        return (min(samples, limits.burst) - account.samples) / limits.rate

    def spend(self, office: str, samples: int, now: float) -> None:
        """What was refused has cost work, too; whoever is in debt by it waits, whatever he sends next."""
        account = self._account(office, now)
        account.samples = max(account.samples - samples, -self._limits.burst)

    def wait_for_turn(self, office: str, now: float) -> float:
        """Seconds until an office that catches up should ask again, 0 when it has a turn.

        The more offices wait, the longer; another wait for each, so that nobody comes back together with everybody.
        """
        _forget(self._leases, now - _LEASE)
        _forget(self._waiting, now - _GONE)
        if office in self._leases or len(self._leases) < self._limits.catching_up:
            self._waiting.pop(office, None)
            self._leases[office] = now
            return 0.0
        self._waiting[office] = now
        queue = _TURN * len(self._waiting) / self._limits.catching_up
        mean = min(max(queue, _SHORTEST), _LONGEST)
        return scattered(office, mean, now)

    @property
    def catching_up(self) -> int:
        """Offices that have a turn, or had one a moment ago."""
        return len(self._leases)

    def keep_only(self, offices: Iterable[str]) -> None:
        """Forget those that the inventory no longer has."""
        for gone in self._accounts.keys() - set(offices):
            del self._accounts[gone]
            self._leases.pop(gone, None)
            self._waiting.pop(gone, None)

    def _account(self, office: str, now: float) -> _Account:
        return self._accounts.setdefault(office, _Account(self._limits.burst, now, set(), now))


def scattered(office: str, mean: float, now: float) -> float:
    """A wait of about so many seconds, another for each office and each minute."""
    return 0.5 * mean + stable_offset(f"{office} {now // 60:.0f}", mean)


def _forget(moments: dict[str, float], before: float) -> None:
    for office in [office for office, moment in moments.items() if moment <= before]:
        del moments[office]
