"""The collector: find out what the card speaks, ask for the state, then for the details."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from collectors.core import Lane, Ports, ProbeError, Reading, Reason, Sample, Schedule
from collectors.core.ports import Oid, SnmpValue
from collectors.ups.detection import SYS_DESCR, SYS_OBJECT_ID, first_row, further_marks, marks, spoken
from collectors.ups.metrics import METRICS, MIBS_DISAGREE, samples
from collectors.ups.observe import clean, observe, source_of, whole
from collectors.ups.profile import PROFILES, Profile
from collectors.ups.signs import link_lost
from collectors.ups.target import AUTO, Target, argument
from collectors.ups.watch import Look, Watch, compare

MOST_ALARMS = 24  # kinds of alarm that RFC 1628 knows
LEAST_TIME = 0.5  # seconds: with less left, the details wait for the next poll
MARGIN = 0.1  # seconds kept for the judging


class Ups:
    """See collectors.core.Collector. It compares its readings: the verdict needs what came before (watch.py)."""

    name = "ups"
    target = Target
    metrics = METRICS
    schedule = Schedule(every=15, timeout=12, lane=Lane.NEUTRAL)
    needs = frozenset({"snmp"})
    argument = staticmethod(argument)
    past = staticmethod(Watch)
    read_past = staticmethod(Watch.read)
    compare = staticmethod(compare)

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """Raises ProbeError: what the SNMP port raises, UNSUPPORTED (no UPS, or an unknown one), BAD_ANSWER."""
        poll = _Poll(target, ports, ports.clock.monotonic() + timeout - MARGIN)
        profiles = await poll.detect()
        profiles = await poll.state(profiles)
        at = ports.clock.monotonic()
        await poll.details(profiles)
        seen = observe(poll.answers, profiles)
        if seen.says_nothing:
            raise ProbeError(Reason.BAD_ANSWER, f"{target.host} answers as a UPS, but with no value that makes sense")
        found = samples(seen) if link_lost(seen) else (*samples(seen), *_agreement(poll, profiles))
        return Reading(Reason.OK, found, poll.phases, tuple(poll.evidence), Look(seen, at))


@dataclass(slots=True)
class _Poll:
    """One run: what has been asked and answered so far. `ends` is on the monotonic clock."""

    target: Target
    ports: Ports
    ends: float
    answers: dict[Oid, SnmpValue] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)

    async def detect(self) -> tuple[Profile, ...]:
        """The profiles that the card speaks, the preferred one first."""
        if self.target.mib != AUTO:
            return tuple(profile for profile in PROFILES if profile.name == self.target.mib)
        found = await self._find(marks(PROFILES))
        if not spoken(found, PROFILES):
            await self._ask("detect", (SYS_DESCR, SYS_OBJECT_ID))
            if further := further_marks(self.answers.get(SYS_OBJECT_ID), PROFILES):
                found |= await self._find(further)
        profiles = spoken(found, PROFILES)
        if not profiles:
            agent = clean(self.answers.get(SYS_DESCR)) or "without a description"
            known = ", ".join(dict.fromkeys(profile.name for profile in PROFILES))
            raise ProbeError(Reason.UNSUPPORTED, f"the SNMP agent {agent!r} shows no UPS that we can read ({known})")
        self.evidence.append(f"read as {', then '.join(profile.title for profile in profiles)}")
        return profiles

    async def _find(self, oids: Sequence[Oid]) -> frozenset[Oid]:
        start = self.ports.clock.monotonic()
        try:
            return await self.ports.snmp.find(self.target.agent, oids, self._left)
        finally:
            self.phases["detect"] = self.phases.get("detect", 0.0) + self.ports.clock.monotonic() - start

    async def state(self, profiles: Sequence[Profile]) -> tuple[Profile, ...]:
        """Ask for what the verdict depends on; returns the profiles with the rows that this card has."""
        await self._ask("state", [oid for profile in profiles for oid in profile.state_oids])
        placed = tuple([await self._placed(profile) for profile in profiles])
        for profile in placed:
            if profile.alarms and (whole(self.answers.get(profile.oid(profile.alarms.count))) or 0) > 0:
                await self._walk("alarms", profile.oid(profile.alarms.rows), MOST_ALARMS)
        return placed

    async def _placed(self, profile: Profile) -> Profile:
        columns = profile.unplaced(self.answers)
        for column in columns.values():
            await self._walk("rows", column, 1)
        rows = {name: row for name, column in columns.items() if (row := first_row(self.answers, column)) is not None}
        if not rows:
            return profile
        placed = profile.with_rows(rows)
        await self._ask("state", placed.state_oids)
        return placed

    async def details(self, profiles: Sequence[Profile]) -> None:
        """The rest. A card that is too slow for it still has a verdict."""
        if self._left < LEAST_TIME:
            self.evidence.append("the card is slow: no time was left to ask for details")
            return
        try:
            await self._ask("details", [SYS_DESCR, *(oid for profile in profiles for oid in profile.detail_oids)])
            self.evidence.append(f"agent: {clean(self.answers.get(SYS_DESCR)) or 'without a description'}")
            if rows := [oid for profile in profiles for oid in profile.second_rows(self.answers)]:
                await self._ask("rows", rows)
        except ProbeError as error:
            self.evidence.append(f"the details are missing: {error.message}")

    async def _walk(self, what: str, root: Oid, most: int) -> None:
        try:
            rows = await self.ports.snmp.walk(self.target.agent, root, most, self._left)
        except ProbeError as error:
            self.evidence.append(f"the {what} are missing: {error.message}")
        else:
            self.answers.update(rows)

    async def _ask(self, phase: str, oids: Sequence[Oid]) -> None:
        """Ask for those of the objects that have not been found in this run."""
        start = self.ports.clock.monotonic()
        wanted = [oid for oid in oids if oid not in self.answers]
        try:
            if wanted:
                self.answers.update(await self.ports.snmp.get(self.target.agent, wanted, self._left))
        finally:
            self.phases[phase] = self.phases.get(phase, 0.0) + self.ports.clock.monotonic() - start

    @property
    def _left(self) -> float:
        return max(0.01, self.ends - self.ports.clock.monotonic())


def _agreement(poll: _Poll, profiles: Sequence[Profile]) -> tuple[Sample, ...]:
    """Whether a card's MIBs differ on what feeds the load; the first one is believed."""
    read = ((profile.title, source_of(poll.answers, profile)) for profile in profiles)
    said = [(title, source) for title, source in read if source is not None]
    if len(said) < 2:
        return ()
    differ = len({source.is_battery for _, source in said}) > 1
    if differ:
        poll.evidence.append("its MIBs disagree: " + ", ".join(f"{title} says {source}" for title, source in said))
    return (MIBS_DISAGREE(differ),)
