"""Absences counted over restarts. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from agent.journal.absence import Absence
from collectors.core import Sample
from collectors.core.lastword import WHYS, Why
from collectors.core.observed import ABSENCE_END, ABSENCE_SECONDS, ABSENCES, ABSENT_SECONDS


@dataclass(frozen=True, slots=True)
class Total:
    """Absences for one reason; `seconds` of those whose length is known."""

    count: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Ledger:
    """`last` is the newest absence, None before the first."""

    totals: Mapping[Why, Total] = field(default_factory=lambda: MappingProxyType({}))
    last: Absence | None = None

    def with_one(self, absence: Absence) -> "Ledger":
        """The ledger with one more absence."""
        why = absence.cause, absence.evidence
        before = self.totals.get(why, Total())
        total = Total(before.count + 1, before.seconds + (absence.seconds or 0.0))
        return replace(self, totals=MappingProxyType({**self.totals, why: total}), last=absence)

    def samples(self) -> Iterator[Sample]:
        """What /metrics shows. What never happened is counted too, so that its first time is an increase."""
        for why in WHYS:
            (cause, evidence), total = why, self.totals.get(why, Total())
            yield ABSENCES(total.count, cause=cause, evidence=evidence)
            yield ABSENT_SECONDS(total.seconds, cause=cause, evidence=evidence)
        if self.last:
            labels = {"cause": self.last.cause.value, "evidence": self.last.evidence.value}
            yield ABSENCE_END(self.last.ended, **labels)
            if self.last.seconds is not None:
                yield ABSENCE_SECONDS(self.last.seconds, **labels)
