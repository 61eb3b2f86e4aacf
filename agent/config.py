"""agent.yml: one office's configuration, decoded once into frozen values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import collectors
from collectors.core import Collector, Lane, Schedule
from collectors.core.collector import stable_offset
from collectors.core.decode import DecodeError, Document, Problem, Raw, decode_file, decode_text
from collectors.core.lastword import Receiver
from collectors.core.observed import METRICS
from collectors.core.push import Push
from collectors.core.values import Duration, HostPort, Listen

_LABEL = re.compile(r"[a-z_][a-z0-9_]*")
_TAKEN = frozenset(label for metric in METRICS for label in metric.labels) | {
    "province",
    "commune",
    "office",
    "job",
    "instance",
}
_SOONEST = 10.0
SHORTEST = 1.0  # seconds between two runs of a probe


@dataclass(frozen=True, slots=True)
class Name:
    """What people call a thing, Vietnamese and English."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the office is: the labels that the inventory gave it. Codes are text."""

    province: str
    commune: str
    office: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One probe as written. Without `every` and `timeout` the collector's own schedule holds."""

    collector: str
    target: Raw | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    name: Name | None = None
    every: Duration | None = None
    timeout: Duration | None = None

    def check(self) -> Iterable[tuple[str, str]]:
        if self.every is not None and self.every < SHORTEST:
            yield "every", f"should be at least {SHORTEST:g}s: more would be a load, not a measurement"
        for label in self.labels:
            if not _LABEL.fullmatch(label):
                yield "labels", f"{label!r} is not a label name (small letters, digits, _)"
            elif label in _TAKEN:
                yield "labels", f"the label {label} is set by the agent or by Prometheus"
        if self.collector not in collectors.names():
            known = ", ".join(collectors.names())
            yield "collector", f"there is no collector {self.collector!r}; there are: {known}"
        elif self.target is not None:
            self.target.decode(collectors.load(self.collector).target)  # here, so that all is reported at once

    @staticmethod
    def check_parts(fields: Mapping[str, Any]) -> None:
        """A mistake beside the target hides none in it. Raises DecodeError."""
        target = fields.get("target")
        if target is not None and fields.get("collector") in collectors.names():
            target.decode(collectors.load(fields["collector"]).target)


@dataclass(frozen=True, slots=True)
class Joint:
    """Services that one errand needs together; each by the label `service` of its probe."""

    name: Name
    services: tuple[str, ...]

    def check(self) -> Iterable[tuple[str, str]]:
        if len(set(self.services)) < max(2, len(self.services)):
            yield "services", "should be two or more different services"


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole file as written.

    traps      where datagrams from the UPSes are heard, such as 0.0.0.0:1162; nowhere if left out
    last_word  who is told at once when mains fails; nobody if left out
    push       where everything that is measured is sent; nowhere if left out: then it is scraped
    """

    version: Literal["1"]
    identity: Identity
    name: Name
    probes: tuple[Entry, ...]
    listen: HostPort = HostPort("127.0.0.1", 9817)
    contact: str = ""
    concurrency: int = 8
    joint: Mapping[str, Joint] = field(default_factory=dict)
    traps: Listen | None = None
    last_word: Receiver | None = None
    push: Push | None = None

    def check(self) -> Iterable[tuple[str, str]]:
        if not 1 <= self.concurrency <= 64:
            yield "concurrency", "should be between 1 and 64"
        if self.listen.port is None:
            yield "listen", "needs a port, for example 127.0.0.1:9817"
        if not self.probes:
            yield "probes", "is empty: the agent would measure nothing"
        for key in self.joint:
            if not _LABEL.fullmatch(key):
                yield f"joint.{key}", "is not an id (small letters, digits, _)"


@dataclass(frozen=True, slots=True)
class Probe:
    """One probe, ready to run. Two equal probes are the same probe: a reload leaves it alone."""

    key: str
    collector: Collector
    target: Any
    labels: Mapping[str, str]
    name: Name | None
    schedule: Schedule
    offset: float

    @property
    def needs(self) -> frozenset[str]:
        """The ports of its collector, and those that this target alone asks for."""
        extra: frozenset[str] = getattr(self.target, "needs", frozenset())
        return self.collector.needs | extra

    def delay(self, now: float, turns: int = 1) -> float:
        """Seconds from `now` (Unix time) to this probe's next turn, in (0, every]: offset + k * every.

        Of `turns` turns one is taken, in (0, turns * every]: which one is as evenly spread over offices as the offset.
        """
        every = self.schedule.every
        wait = (self.offset - now) % every
        # A timer may fire a little early: that must not give a second run of the same turn.
        wait = wait if wait > min(0.05, every / 10) else wait + every
        number, own = round((now + wait - self.offset) / every), int(self.offset / every * 2**20)
        return wait + (own - number) % turns * every

    def first_delay(self, now: float) -> float:
        """Seconds from start-up to the first run: soon, but not all at once; what fills the link waits for its turn."""
        return self.delay(now) if self.schedule.lane is Lane.BULK else self.offset % min(self.schedule.every, _SOONEST)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the agent runs with."""

    settings: Settings
    probes: tuple[Probe, ...]

    @property
    def needs(self) -> frozenset[str]:
        """The ports that the configured probes, the last word and the uplink use."""
        own = ("http",) if self.settings.last_word or self.settings.push else ()
        return frozenset().union(own, *(probe.needs for probe in self.probes))


Fingerprint = tuple[int, int, int] | None


def fingerprint(path: Path) -> Fingerprint:
    """Changes when the file is edited or replaced; None while it is away."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def load(path: Path, *, read_secrets: bool = True) -> Configuration:
    """Read agent.yml. Raises DecodeError with every problem of the file, the targets included."""
    return _assemble(decode_file(path, Settings, read_secrets=read_secrets))


def loads(text: str, source: str = "agent.yml", *, read_secrets: bool = True) -> Configuration:
    """The same from a text."""
    return _assemble(decode_text(text, Settings, source, read_secrets=read_secrets))


def _assemble(document: Document[Settings]) -> Configuration:
    problems: list[Problem] = []
    probes: dict[str, Probe] = {}
    for index, entry in enumerate(document.value.probes):
        path = f"probes[{index}]"
        try:
            probe = _probe(document, entry, path)
        except DecodeError as error:
            problems.extend(error.problems)
            continue
        if probe.key in probes:
            message = f"is a second {probe.key}: its series would collide"
            problems.append(document.problem(path, message, "give each probe of a collector a label of its own"))
        probes[probe.key] = probe
    problems.extend(_joint_problems(document))
    if problems:
        raise DecodeError(tuple(problems))
    return Configuration(document.value, tuple(probes.values()))


def _joint_problems(document: Document[Settings]) -> Iterator[Problem]:
    """A joint verdict needs a probe of each of its services, so that it can ever be given."""
    entries = (entry for entry in document.value.probes if entry.collector == "service")
    probed = {entry.labels.get("service", "") for entry in entries}
    for key, joint in document.value.joint.items():
        for index, service in enumerate(joint.services):
            if service not in probed:
                known = ", ".join(sorted(probed)) or "none"
                message = f"there is no probe of the service {service!r}"
                yield document.problem(f"joint.{key}.services[{index}]", message, f"there are: {known}")


def _probe(document: Document[Settings], entry: Entry, path: str) -> Probe:
    collector = collectors.load(entry.collector)
    problems = list(_label_clashes(document, entry, collector, path))
    schedule = collector.schedule
    every = entry.every or schedule.every
    timeout = entry.timeout or min(schedule.timeout, every)
    try:
        schedule = Schedule(every, timeout, schedule.lane)
    except ValueError as error:
        problems.append(document.problem(path, str(error)))
    target: Any = None
    try:
        target = _target(document, entry, collector, path)
    except DecodeError as error:
        problems.extend(error.problems)
    if problems:
        raise DecodeError(tuple(problems))
    key = "/".join((entry.collector, *(entry.labels[label] for label in sorted(entry.labels))))
    offset = stable_offset(f"{document.value.identity.office}/{key}", schedule.every)
    return Probe(key, collector, target, entry.labels, entry.name, schedule, offset)


def _target(document: Document[Settings], entry: Entry, collector: Collector, path: str) -> Any:
    if entry.target is not None:
        return entry.target.decode(collector.target)
    try:
        return collector.target()
    except TypeError:
        raise DecodeError((document.problem(f"{path}.target", "is missing"),)) from None


def _label_clashes(document: Document[Settings], entry: Entry, collector: Collector, path: str) -> Iterator[Problem]:
    own = {label for metric in collector.metrics for label in metric.labels}
    for label in sorted(own & entry.labels.keys()):
        yield document.problem(f"{path}.labels.{label}", f"the collector {collector.name} sets this label itself")
