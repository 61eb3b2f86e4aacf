"""What the agent says about itself on /metrics."""

import os
import resource
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from agent import VERSION
from agent.config import Probe
from collectors.core import Sample
from collectors.core.observed import (
    AGENT_CLOCK_JUMPS,
    AGENT_CONFIG_GOOD,
    AGENT_CONFIG_TIME,
    AGENT_CPU,
    AGENT_DESCRIPTORS,
    AGENT_INFO,
    AGENT_MEMORY,
    AGENT_PROBES,
    AGENT_STALE,
    AGENT_START,
)
from collectors.core.ports import Clock

_JUMP = 1.0


class Itself:
    """State of the agent as a process. Fields are set by the service, read by `samples`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started = clock.now()
        self._apart = clock.now() - clock.monotonic()
        self._jumps = 0
        self.config_good = True
        self.config_time = clock.now()

    def watch_clock(self) -> float | None:
        """Compare the two clocks; returns the step in seconds when the wall clock has jumped since the last look."""
        apart = self._clock.now() - self._clock.monotonic()
        step, self._apart = apart - self._apart, apart
        if abs(step) < _JUMP:
            return None
        self._jumps += 1
        return step

    def samples(self, probes: Collection[Probe], fresh: Collection[str]) -> Iterator[Sample]:
        """fresh: keys of the probes whose answers are not stale."""
        yield AGENT_INFO(1, version=VERSION)
        yield AGENT_START(self._started)
        yield AGENT_CONFIG_GOOD(self.config_good)
        yield AGENT_CONFIG_TIME(self.config_time)
        yield AGENT_CLOCK_JUMPS(self._jumps)
        for collector, count in Counter(probe.collector.name for probe in probes).items():
            yield AGENT_PROBES(count, collector=collector)
        for collector, count in Counter(self._stale(probes, fresh)).items():
            yield AGENT_STALE(count, collector=collector)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        yield AGENT_CPU(usage.ru_utime + usage.ru_stime)
        yield from _proc()

    def _stale(self, probes: Collection[Probe], fresh: Collection[str]) -> Iterator[str]:
        """The collector of each probe that should have given something by now; what was just configured has time."""
        running = self._clock.now() - self.config_time
        for probe in probes:
            if probe.key not in fresh and running > probe.schedule.time_to_live:
                yield probe.collector.name


def _proc() -> Iterator[Sample]:
    """Memory and descriptors from /proc (Linux)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        yield AGENT_MEMORY(pages * os.sysconf("SC_PAGE_SIZE"))
        yield AGENT_DESCRIPTORS(sum(1 for _ in Path("/proc/self/fd").iterdir()))
    except OSError:
        return
