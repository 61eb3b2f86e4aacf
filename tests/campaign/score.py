"""What was told, held against the truth. Pure.

A message belongs to the incident whose time and place it names; of several to the one whose cause and reach it has.
What the first message of an incident says counts: that is what people act on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alerts.rule import Cause, Scope, Severity
from tests.campaign.notices import Notice
from tests.campaign.truth import Incident

TAIL = 900.0  # seconds after an incident in which a message may still be about it
_YEAR = 365.25 * 86400
_WIDE = (Scope.COUNTRY, Scope.CENTRE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was told of one incident, the oldest first."""

    kind: str
    incident: Incident
    told: tuple[Notice, ...]

    @property
    def first(self) -> Notice | None:
        """None = nobody was told."""
        return next((one for one in self.told if one.firing), None)

    @property
    def firing(self) -> int:
        """Messages to whoever got most of them; resolved: the same of those that it is over."""
        return _most(self.told, firing=True)

    @property
    def resolved(self) -> int:
        return _most(self.told, firing=False)

    @property
    def wanted(self) -> bool:
        return not self.incident.silent

    @property
    def cause_right(self) -> bool:
        return self.first is not None and self.first.cause in self.incident.causes

    @property
    def scope_right(self) -> bool:
        return self.first is not None and self.first.scope in self.incident.scopes

    @property
    def delay(self) -> float | None:
        """Seconds from the fault to the first message."""
        return self.first.at - self.incident.start if self.first else None


@dataclass(frozen=True, slots=True)
class Score:
    """All incidents, and the messages that are about none. offices, seconds: of how many, for how long."""

    verdicts: tuple[Verdict, ...]
    false: tuple[Notice, ...]
    offices: int
    seconds: float

    @property
    def office_years(self) -> float:
        return self.offices * self.seconds / _YEAR


def judge(truth: Sequence[tuple[str, Incident]], notices: Iterable[Notice], offices: int, seconds: float) -> Score:
    """`truth`: the kind of each incident's scenario, and the incident; times of both on the same clock."""
    of: dict[int, list[Notice]] = {number: [] for number in range(len(truth))}
    false = []
    for notice in sorted(notices, key=lambda one: one.at):
        number = _whose(notice, [incident for _, incident in truth])
        if number is not None:
            of[number].append(notice)
        elif notice.firing:
            false.append(notice)
    verdicts = tuple(Verdict(kind, incident, tuple(of[number])) for number, (kind, incident) in enumerate(truth))
    needless = (one for verdict in verdicts if not verdict.wanted for one in verdict.told)
    loud = [one for one in needless if one.firing and one.severity != Severity.INFO]
    return Score(verdicts, (*false, *loud), offices, seconds)


def _most(notices: Sequence[Notice], *, firing: bool) -> int:
    channels = [one.channel for one in notices if one.firing is firing]
    return max((channels.count(channel) for channel in set(channels)), default=0)


def _whose(notice: Notice, incidents: Sequence[Incident]) -> int | None:
    """The number of the incident that fits best."""
    fitting = [number for number, incident in enumerate(incidents) if _fits(notice, incident)]
    return max(fitting, key=lambda number: _closeness(notice, incidents[number]), default=None)


def _closeness(notice: Notice, incident: Incident) -> tuple[bool, bool, bool, bool, int]:
    cause, scope = notice.cause in incident.causes, notice.scope in incident.scopes
    return cause and scope, cause, scope, incident.service == notice.service, -len(incident.offices)


def _fits(notice: Notice, incident: Incident) -> bool:
    if not incident.start <= notice.at <= incident.end + TAIL:
        return False
    services = {*notice.service.split(",")} - {""}
    if incident.service and services and incident.service not in services:
        return False
    if notice.office:
        return bool({*notice.office.split(",")} & incident.offices)
    if notice.province:
        return bool({*notice.province.split(",")} & incident.provinces)
    return bool(incident.service and services) or any(scope in _WIDE for scope in incident.scopes)


def unknown(*causes: Cause) -> tuple[Cause, ...]:
    """Where nothing can tell, it is right to say so."""
    return (*causes, Cause.UNKNOWN)
