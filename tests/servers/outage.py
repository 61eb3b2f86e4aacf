"""Days without a line, as an agent left them on its disk. Each value follows from its place, so none is kept here."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.buffer.folder import Folder
from agent.buffer.quota import Policy
from agent.buffer.receipts import Receipts
from agent.buffer.scrape import Labels, Stamp
from agent.buffer.store import Store
from agent.uplink import timeline_text
from agent.uplink.course import Course, Knot
from agent.uplink.series import labels
from agent.uplink.timeline import NETWORK_TIME, Timeline
from collectors.core.observed import SCRAPE_NUMBER, SCRAPE_SAMPLES

BOOT = "8f14e45f-ceea-467f-a0e6-6d2c1e5b9f31"  # of the outage; the machine has been started anew since
EVERY = 15.0
IDENTITY = {"province": "04", "commune": "01273", "office": "01273-1"}
POISON: Labels = (("__name__", "not a name"), *sorted(IDENTITY.items()))
_NAMES = 30


@dataclass(frozen=True, slots=True)
class Outage:
    """`count` looks at `series` series, the last one just before `end` (Unix seconds).

    poisoned  the look that has one sample more, which no store would take
    """

    series: int
    count: int
    end: float
    poisoned: int

    def labels(self, index: int) -> Labels:
        """Of one series, sorted."""
        own = {"__name__": f"toy_{index % _NAMES}", "number": str(index)}
        return tuple(sorted({**own, **IDENTITY}.items()))

    def at(self, number: int) -> float:
        """Unix seconds of a look, from 0 on."""
        return self.end - EVERY * (self.count - number) + 0.5

    def value(self, index: int, number: int) -> float:
        """Two fifths never change, a fifth each is slow, counts, and has all digits that a double can have."""
        match index % 5:
            case 0 | 1:
                return float(index)
            case 2:
                return float(index + number // 40)
            case 3:
                return float(index + number * 1009)
        return math.fabs(math.sin(index * 1e6 + number))

    def column(self, index: int) -> dict[int, float]:
        """One series as a store should hold it: milliseconds -> value."""
        return {round(self.at(number) * 1000): self.value(index, number) for number in range(self.count)}

    def look(self, number: int) -> Mapping[Labels, float]:
        """Everything of one look, what the agent says of itself included."""
        values = {self.labels(index): self.value(index, number) for index in range(self.series)}
        if number == self.poisoned:
            values[POISON] = 1.0
        for own in (SCRAPE_NUMBER(number + 1), SCRAPE_SAMPLES(len(values) + 2)):
            values[labels(own, IDENTITY)] = own.value
        return values

    def write(self, state: Path) -> None:
        """Into the state folder of an agent that is not running."""
        folder = state / "buffer"
        folder.mkdir(parents=True)
        receipts = Receipts(folder, Store(Folder(folder)), Policy())
        receipts.open()
        for number in range(self.count):
            at = self.at(number)
            receipts.log.append(Stamp(BOOT, at - self._begun, at), self.look(number))
        receipts.close()
        known = Course(BOOT, 0.0, self.at(self.count) - self._begun, None, (Knot(0.0, self._begun),), NETWORK_TIME)
        (state / "timeline").write_text(timeline_text.write(Timeline((known,))), "ascii")

    @property
    def _begun(self) -> float:
        return self.at(0) - 60.0
