"""How much each office may send. Pure: the time is an argument, monotonic seconds."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one office: different series an hour, samples per second over time, samples at once."""

    series: int
    rate: float
    burst: float


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

    def keep_only(self, offices: Iterable[str]) -> None:
        """Forget those that the inventory no longer has."""
        for gone in self._accounts.keys() - set(offices):
            del self._accounts[gone]

    def _account(self, office: str, now: float) -> _Account:
        return self._accounts.setdefault(office, _Account(self._limits.burst, now, set(), now))
