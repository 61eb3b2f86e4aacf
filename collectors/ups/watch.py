"""From looks to what is exported of the power: the machine of power.py fed with readings, whoever made them.

For every collector that reads a UPS: it puts a `Look` into `Reading.seen`, offers `Watch` as its past and `compare`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from collectors.core import Reading, Sample
from collectors.ups.canonical import Observation
from collectors.ups.dips import Marks, dips, marks
from collectors.ups.metrics import DATA_AGE, DISTURBANCES, ON_BATTERY, POWER_VERDICT, SUSPECTED
from collectors.ups.power import Judgement, State, Verdict, step
from collectors.ups.said import Said
from collectors.ups.signs import is_testing

_MOST = 2**53  # a count that is still exact as a float
_LONGEST_STEP = 3600.0  # seconds by which a failed look moves the time on, whatever the wall clock did


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen, and when, in monotonic seconds."""

    seen: Observation
    at: float


@dataclass(frozen=True, slots=True)
class Watch:
    """The past of one UPS. now: Unix time of the last look.

    disturbances  dips that the looks themselves missed; None = this UPS counts nothing that would tell
    lines         input lines that have had voltage: on others a zero may mean that nobody measures

    What it counted survives the agent; what it concluded does not. The machine measures on a clock that ends with the
    boot, and an outage that it remembered could be over.
    """

    state: State = field(default_factory=State)
    marks: Marks = field(default_factory=Marks)
    disturbances: int | None = None
    now: float | None = None
    lines: frozenset[int] = frozenset()

    def plain(self) -> object:
        """For a file, as JSON has it."""
        return {"disturbances": self.disturbances, "ups": self.marks.ups, "bads": self.marks.bads}

    @classmethod
    def read(cls, kept: object) -> "Watch":
        """What `plain` gave. Raises ValueError for anything else: a file may have been cut or touched."""
        match kept:
            case {"disturbances": int() | None as count, "ups": str() as ups, "bads": int() | float() | None as bads}:
                if 0 <= (count or 0) <= _MOST and 0 <= (bads or 0) <= _MOST:
                    return cls(marks=Marks(ups, bads=bads), disturbances=count)
        raise ValueError("not what was kept of a UPS")


def compare(reading: Reading, watch: Watch, now: float) -> tuple[Reading, Watch]:
    """The reading with the verdict's samples and reason, and when to look again. A failed one has a verdict too."""
    look = reading.seen if isinstance(reading.seen, Look) else None
    seen = _believed(look.seen, watch.lines) if look else None
    state, judgement = step(watch.state, seen, look.at if look else _failed_at(watch, now))
    watch = replace(watch, state=state, now=now)
    if look:
        live = (line for line, volts in look.seen.input_voltage.items() if volts)
        watch = replace(watch, lines=watch.lines.union(live))
        watch = _counted(watch, marks(look.seen, look.at))
    judged = replace(
        reading,
        samples=(*reading.samples, *_samples(judgement, watch.disturbances)),
        evidence=(*_sentences(judgement), *reading.evidence),
        again=judgement.again,
    )
    return judged, watch


def _believed(seen: Observation, lines: frozenset[int]) -> Observation:
    """In a self-test without the zeros of lines that never had voltage: they would look like mains that is gone."""
    if not is_testing(seen):
        return seen
    volts = {line: value for line, value in seen.input_voltage.items() if value or line in lines}
    return replace(seen, input_voltage=MappingProxyType(volts))


def _counted(watch: Watch, found: Marks) -> Watch:
    counts = watch.disturbances is not None or found.counts
    disturbances = (watch.disturbances or 0) + dips(watch.marks, found) if counts else None
    return replace(watch, marks=found, disturbances=disturbances)


def _failed_at(watch: Watch, now: float) -> float:
    """A look that failed brought no time with it."""
    elapsed = 0.0 if watch.now is None else now - watch.now
    return watch.state.at + min(max(elapsed, 0.0), _LONGEST_STEP)


def _samples(judgement: Judgement, disturbances: int | None) -> Iterator[Sample]:
    for verdict in Verdict:
        yield POWER_VERDICT(verdict is judgement.verdict, verdict=verdict.value)
    if judgement.verdict.tells:
        yield ON_BATTERY(judgement.verdict.is_outage)
    yield SUSPECTED(judgement.suspect)
    if judgement.age is not None:
        yield DATA_AGE(judgement.age)
    if disturbances is not None:
        yield DISTURBANCES(disturbances)


def _sentences(judgement: Judgement) -> Iterator[str]:
    """Vietnamese and English."""
    said = Said(f"verdict.{judgement.verdict}")
    yield f"{said.text('vi')}: {judgement.because.text('vi')}"
    yield f"{judgement.verdict}: {judgement.because.text('en')}"
