"""When an office has mains, a machine that runs, and a line: spans of time, worked out from the faults. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.campaign.country import Site
from tests.campaign.faults import Fault, Kind

BOOT = 75.0  # seconds from power to a running agent
ROUTER_BOOT = 60.0  # ... and to a router that has its line
NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to before `end`."""

    start: float
    end: float

    def holds(self, moment: float) -> bool:
        return self.start <= moment < self.end


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """What becomes of one office.

    dark       without mains
    machine    spans in which the machine is off, or still starting; agent: the same of the program alone
    cut        spans in which the first link carries nothing, its router's being off included
    lan        spans in which nothing leaves the machine
    faults     that reach it
    """

    dark: Spans
    machine: Spans
    agent: Spans
    cut: Spans
    lan: Spans
    faults: tuple[Fault, ...]

    def runs(self, moment: float) -> bool:
        return not _any(self.machine, moment) and not _any(self.agent, moment)

    def online(self, site: Site, moment: float) -> bool:
        """Whether anything from the office reaches the outside."""
        return not _any(self.lan, moment) and (self.first_link(moment) or (site.spare and not _any(self.dark, moment)))

    def heard(self, site: Site, moment: float) -> bool:
        """... and it reaches the centre."""
        return self.online(site, moment) and not self.of(Kind.CENTRE, moment)

    def router_seen(self, moment: float) -> bool:
        """Whether the centre reaches the office's router."""
        return self.first_link(moment) and not self.of(Kind.CENTRE, moment)

    def first_link(self, moment: float) -> bool:
        return not _any(self.cut, moment)

    def of(self, kind: Kind, moment: float) -> Sequence[Fault]:
        return [fault for fault in self.faults if fault.kind is kind and fault.at(moment)]


def live(site: Site, faults: Sequence[Fault]) -> Life:
    """The office's life under these faults; those of other offices do not matter."""
    own = tuple(fault for fault in faults if site.id in fault.offices)
    dark = _spans(own, Kind.POWER)
    router = site.battery if site.kept else 0.0
    return Life(
        dark=dark,
        machine=tuple(_after(span, site.battery, BOOT) for span in dark if _outlasts(span, site.battery)),
        agent=_spans(own, Kind.AGENT),
        cut=(
            *_spans(own, Kind.LINE),
            *(_after(span, router, ROUTER_BOOT) for span in dark if _outlasts(span, router)),
        ),
        lan=_spans(own, Kind.LAN),
        faults=own,
    )


def _spans(faults: Iterable[Fault], kind: Kind) -> Spans:
    return tuple(Span(fault.start, fault.end) for fault in faults if fault.kind is kind)


def _outlasts(span: Span, battery: float) -> bool:
    return span.end - span.start > battery


def _after(span: Span, battery: float, start: float) -> Span:
    """Off once the battery is empty, on again some time after mains is back."""
    return Span(span.start + battery, span.end + start)


def _any(spans: Spans, moment: float) -> bool:
    return bool(spans) and any(span.holds(moment) for span in spans)  # mostly there are none, and it is asked often
