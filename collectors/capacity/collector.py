"""The collector `capacity`: what is asked of the responder, and what becomes of its answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from collectors.capacity import pace
from collectors.capacity.estimate import Doubt, Estimate, estimate
from collectors.capacity.metrics import INFO, METHOD, METRICS, OWN_LOAD, TIMESTAMP, samples
from collectors.capacity.pace import Pace
from collectors.capacity.past import NONE, Dip, Looked, Low, Lows
from collectors.capacity.target import DIRECTIONS, MEGABIT, Target
from collectors.core import Lane, Ports, Reading, Reason, Sample, Schedule
from collectors.core.ports import Direction, Train
from collectors.wan.counters import Load
from collectors.wan.load import CONTENDED, own_load, until_quiet

LOW = 0.8  # of the expected rate: below it the probe is repeated before it is believed
PAUSE = 2.0  # seconds before the repetition
DIP_EVERY = 300.0  # seconds between probes while a dip is suspected,
DIP_PROBES = 3  # and how many of them, beside the usual ones


@dataclass(frozen=True, slots=True)
class Informed(Target):
    """A target with what its last probes found."""

    lows: Lows = field(default_factory=lambda: NONE)


@dataclass(frozen=True, slots=True)
class _Question:
    """One direction, and what is known before it is measured. ends: monotonic seconds."""

    target: Target
    direction: Direction
    ports: Ports
    ends: float
    load: Load | None

    @property
    def left(self) -> float:
        """Seconds."""
        return self.ends - self.ports.clock.monotonic()


@dataclass(frozen=True, slots=True)
class _Finding:
    """One direction. found None: the probe failed; trains: how many it took."""

    direction: Direction
    train: Train
    result: Reason
    text: str
    found: Estimate | None = None
    trains: int = 1

    @property
    def unsaturated(self) -> bool:
        """Whether the line carried all that was sent, and nothing else is in doubt."""
        return self.found is not None and self.found.doubts == (Doubt.NO_KNEE,)

    @property
    def policed(self) -> bool:
        return self.found is not None and Doubt.POLICED in self.found.doubts

    @property
    def known(self) -> bool:
        """Whether it says what the line carries, or that it carries more."""
        return self.found is not None and (self.found.valid or self.unsaturated)


class Capacity:
    """See the package."""

    name = "capacity"
    target = Target
    metrics = METRICS
    schedule = Schedule(every=1800, timeout=30, lane=Lane.BULK)
    needs = frozenset(("net",))
    night_every = 3600.0

    async def until_quiet(self, target: Target, ports: Ports) -> None:
        """Until the office uses less than a tenth of its link, as far as its counters tell."""

        def quiet(load: Load) -> bool:
            return all(load.of(each) < CONTENDED * target.expected(each) for each in DIRECTIONS)

        if target.counters:
            await until_quiet(target.counters, ports, quiet)

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """Down, then up, each again if it is low, as far as the time allows."""
        ends = ports.clock.monotonic() + timeout
        load = await own_load(target.counters, ports) if target.counters else None
        lows = target.lows if isinstance(target, Informed) else NONE
        half = (ends + ports.clock.monotonic()) / 2
        down = await _measure(_Question(target, "down", ports, half, load), lows.get("down"))
        findings = (down, await _measure(_Question(target, "up", ports, ends, load), lows.get("up")))
        found: list[Sample] = [
            sample for each in findings for sample in samples(each.direction, each.train, each.found)
        ]
        failures = [each.result for each in findings if each.result is not Reason.OK]
        comebacks = [each.train.failure.again for each in findings if each.train.failure and each.train.failure.again]
        return Reading(
            failures[0] if failures else Reason.OK,
            (*found, *_loads(load), TIMESTAMP(ports.clock.now()), INFO(1, method=METHOD)),
            {f"{each.direction} {phase}": time for each in findings for phase, time in each.train.phases.items()},
            tuple(f"{each.direction}: {each.text}" for each in findings),
            seen=_looked(target, findings),
            again=max(comebacks, default=None),
            used_bytes=sum(each.train.used_bytes for each in findings),
        )

    def past(self) -> Dip:
        """No dip."""
        return Dip()

    def read_past(self, kept: object) -> Dip:
        """Raises ValueError for what `Dip.plain` did not give."""
        return Dip.read(kept)

    def recall(self, target: Target, past: Any) -> Target:
        """After a dip a train is as fast as what was last seen of the line asks for."""
        dip: Dip = past
        known = {each.name: getattr(target, each.name) for each in fields(Target)}
        return Informed(**known, lows=dip.lows) if dip.lows else target

    def compare(self, reading: Reading, past: Any, now: float) -> tuple[Reading, Any]:  # noqa: ARG002 - each runs by itself
        """While a dip is suspected the next probes come soon, so that its begin and end are known; not for ever."""
        dip: Dip = past
        if not isinstance(reading.seen, Looked):
            return reading, dip
        after = dip.after(reading.seen)
        soon = DIP_EVERY if reading.seen.low and dip.probes < DIP_PROBES else None
        return (replace(reading, again=soon) if reading.again is None else reading), after


def _looked(target: Target, findings: Iterable[_Finding]) -> Looked:
    known = [each for each in findings if each.known]
    valid = [each.found for each in known if each.found and each.found.valid]
    lows = {each.direction: low for each in known if (low := _low(target, each))}
    contended = [each.found.contended for each in known if each.found and each.found.contended is not None]
    return Looked(
        low=bool(lows) if valid else None,
        unsaturated=any(each.unsaturated or each.policed for each in findings),
        contended=any(contended) if contended else None,
        lows=lows,
        known=frozenset(each.direction for each in known),
    )


def _low(target: Target, finding: _Finding) -> Low | None:
    """Of a direction that is far below the contract."""
    found = finding.found
    if found is None or found.capacity is None or found.capacity >= LOW * target.expected(finding.direction):
        return None
    return Low(found.capacity, found.bucket or 0.0)


def _loads(load: Load | None) -> tuple[Sample, ...]:
    return tuple(OWN_LOAD(load.of(each), direction=each) for each in DIRECTIONS) if load else ()


async def _measure(question: _Question, last: Low | None) -> _Finding:
    """A low figure is asked for again: a moment's trouble is no contract breach."""
    half = question.left / 2
    first = await _asked(question, last)
    low = _low(question.target, first)
    if low is None or first.trains > 1 or question.left < half:
        return first
    await question.ports.clock.sleep(PAUSE)
    second = await _asked(question, low)
    return _together(first, second, second if second.known else first)


async def _asked(question: _Question, last: Low | None) -> _Finding:
    """At the pace for a line that was last so low; where it carries all of that, once more at the usual pace: that it
    carries twice a low figure says nothing of its contract.
    """
    paced = pace.after(question.target, question.direction, last)
    found = await _once(question, paced)
    if paced.usual or not found.unsaturated:
        return found
    usual = await _once(question, pace.usual(question.target, question.direction))
    return _together(found, usual, usual)


def _together(first: _Finding, second: _Finding, kept: _Finding) -> _Finding:
    """One of the two, with the bytes of both."""
    used = first.train.used_bytes + second.train.used_bytes
    train = replace(kept.train, used_bytes=used, total_bytes=second.train.total_bytes)
    return replace(kept, train=train, trains=first.trains + second.trains)


async def _once(question: _Question, paced: Pace) -> _Finding:
    direction, load = question.direction, question.load
    train = await question.ports.net.train(paced.request(question.target, direction), question.left)
    if train.failure:
        return _Finding(direction, train, train.failure.reason, train.failure.message)
    if train.heard is None or train.sent is None:
        return _Finding(direction, train, Reason.BAD_ANSWER, "one end did not say what it saw")
    found = estimate(train.heard, train.sent, load.of(direction) if load else None)
    finding = _Finding(direction, train, Reason.OK, _in_words(found, train), found)
    return finding if finding.known else replace(finding, result=Reason.INVALID)


def _in_words(found: Estimate, train: Train) -> str:
    cost = f"{train.used_bytes / 1e6:.2f} MB in {train.phases.get('train', 0.0):.2f} s"
    if found.capacity is not None:
        available = f", {found.available / MEGABIT:.1f} of them free" if found.available is not None else ""
        return f"{found.capacity / MEGABIT:.2f} Mbit/s at the IP layer{available}; {cost}"
    if found.at_least is not None and found.doubts == (Doubt.NO_KNEE,):
        return f"at least {found.at_least / MEGABIT:.2f} Mbit/s at the IP layer, it was not saturated; {cost}"
    return f"no figure: {', '.join(found.doubts)}; {cost}"
