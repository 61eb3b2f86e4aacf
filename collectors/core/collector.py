"""Collector and Schedule: the shape that every collector module fills in."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from collectors.core.metric import Metric
from collectors.core.ports import Ports
from collectors.core.reading import Reading


class Lane(StrEnum):
    """How a probe and the office's link get along with other probes.

    LATENCY probes measure time on the link and run beside each other. A BULK probe fills the link: it runs alone
    among them. NEUTRAL probes (UPS, host) neither disturb nor mind. A BACKGROUND probe costs next to nothing and runs
    nearly all the time, beside whatever runs: it is not counted among those that may run at once.
    """

    LATENCY = "latency"
    BULK = "bulk"
    NEUTRAL = "neutral"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Defaults in seconds; the configuration of an office may set `every` and `timeout` per probe."""

    every: float
    timeout: float
    lane: Lane = Lane.LATENCY

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= self.every:
            raise ValueError(f"timeout {self.timeout} s must be positive and within the interval of {self.every} s")

    @property
    def time_to_live(self) -> float:
        """After three missed intervals an answer is stale and leaves the page."""
        return 3 * self.every


def stable_offset(key: str, every: float) -> float:
    """Seconds in [0, every): the same on every machine and in every process for one key, spread evenly over keys."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") / 2**64 * every


class Collector(Protocol):
    """What a module in collectors/ offers as `COLLECTOR`.

    name      the module's name
    target    frozen dataclass: the schema of the probe's `target:` in agent.yml
    metrics   every metric that `collect` may return
    schedule  defaults
    needs     the ports that `collect` uses ("snmp", "net", "http", "host"); the clock is always there
    """

    @property
    def name(self) -> str: ...
    @property
    def target(self) -> type[Any]: ...
    @property
    def metrics(self) -> tuple[Metric, ...]: ...
    @property
    def schedule(self) -> Schedule: ...
    @property
    def needs(self) -> frozenset[str]: ...

    async def collect(self, target: Any, ports: Ports, timeout: float) -> Reading:
        """One run, finished within `timeout` seconds. Raises ProbeError for what has no samples worth keeping."""
        ...
