"""Joint verdicts: services that are needed together for one errand, judged from their last outcomes. Pure.

Computed here and nowhere else: /metrics carries the verdict to alerts and boards, the officers' page shows the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from agent.config import Joint, Name, Probe
from agent.outcome import Outcome
from collectors.core import Reason, Sample
from collectors.core.observed import JOINT_DURATION, JOINT_FAILING, JOINT_SERVICES, JOINT_SUCCESS

_UNDECIDED = frozenset((Reason.INTERNAL, Reason.PERMISSION, Reason.BLOCKED))  # says nothing about the service


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of the services of one joint verdict.

    failing  those whose last run says that they do not work
    unknown  those without a fresh answer, or with one that says nothing about them
    seconds  how long the slowest of them took, None unless all worked
    """

    id: str
    name: Name
    services: int
    failing: tuple[Probe, ...]
    unknown: tuple[Probe, ...]
    seconds: float | None

    @property
    def success(self) -> bool | None:
        """All work, or one of them does not (whatever the others do); None when that cannot be said."""
        if self.failing:
            return False
        return None if self.unknown else True


def verdicts(joint: Mapping[str, Joint], probes: Iterable[Probe], outcomes: Iterable[Outcome]) -> tuple[Verdict, ...]:
    """One per configured joint; `outcomes` are the fresh ones."""
    services = {probe.labels.get("service", ""): probe for probe in probes if probe.collector.name == "service"}
    latest = {outcome.probe.key: outcome for outcome in outcomes}
    return tuple(_verdict(key, one, [services[name] for name in one.services], latest) for key, one in joint.items())


def _verdict(key: str, joint: Joint, probes: list[Probe], latest: Mapping[str, Outcome]) -> Verdict:
    found = [(probe, latest.get(probe.key)) for probe in probes]
    unknown = tuple(probe for probe, last in found if last is None or last.reading.result in _UNDECIDED)
    failing = tuple(probe for probe, last in found if last and not last.reading.success and probe not in unknown)
    seconds = max(last.seconds for _, last in found if last) if not (failing or unknown) else None
    return Verdict(key, joint.name, len(probes), failing, unknown, seconds)


def samples(found: Iterable[Verdict]) -> Iterator[Sample]:
    """What /metrics shows; a verdict that cannot be given has no `joint_success`."""
    for verdict in found:
        yield JOINT_SERVICES(verdict.services, joint=verdict.id)
        if verdict.success is not None:
            yield JOINT_SUCCESS(verdict.success, joint=verdict.id)
        if not verdict.unknown:
            yield JOINT_FAILING(len(verdict.failing), joint=verdict.id)
        if verdict.seconds is not None:
            yield JOINT_DURATION(verdict.seconds, joint=verdict.id)
