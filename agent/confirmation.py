"""A second method where the first suspects a dip: one throughput test of the link, beside its turn. Pure.

A capacity far below the contract is the begin of a dip; what an office really gets then is worth a test at once, and
not only at the next of its few turns. One test for each dip; the link's budget has the last word (agent/purse.py).
"""

from collections.abc import Iterable, Iterator

from agent.config import Probe
from agent.outcome import Outcome


class Confirmation:
    """Remembers which links are in a dip."""

    def __init__(self) -> None:
        self._low: set[str] = set()

    def see(self, outcome: Outcome, probes: Iterable[Probe]) -> Iterator[str]:
        """The keys of the probes that are to run because of this."""
        probe, low = outcome.probe, outcome.reading.seen
        if probe.collector.name != "capacity" or not isinstance(low, bool):
            return
        began = low and probe.key not in self._low
        (self._low.add if low else self._low.discard)(probe.key)
        if began:
            same = (one for one in probes if one.labels.get("link") == probe.labels.get("link"))
            yield from (one.key for one in same if one.collector.name == "bandwidth")
