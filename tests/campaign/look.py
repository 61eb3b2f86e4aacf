"""What the agent of an office reports at a moment: a pure function of the office, what befalls it, and the time."""

from collections.abc import Iterator
from dataclasses import dataclass

from collectors.core import Reason, Sample
from collectors.core.lastword import Away, Evidence, Word
from collectors.core.observed import (
    ABSENCE_END,
    ABSENCE_SECONDS,
    AGENT_CONFIG_GOOD,
    AGENT_START,
    PROBE_RESULT,
    PROBE_SUCCESS,
    PUSH_BACKLOG_AGE,
    PUSH_INTERVAL,
    PUSH_SKEW,
    ROUTER_ON_UPS,
    WORD_READY,
)
from collectors.link import FIRST_HOP, GATEWAY, HOP_LOSS, REFERENCE, UP
from collectors.path.locate import Fault as Place
from collectors.path.metrics import FAULT
from collectors.ups.metrics import BATTERY_LOW, CHARGE, COMMUNICATION, ON_BATTERY, RUNTIME
from inventory.labels import LINK, SERVICE, UPS
from tests.campaign.country import Site, share
from tests.campaign.faults import Fault, Kind
from tests.campaign.life import Life, Span
from tests.campaign.probes import found, last_run

EVERY = {"link": 30.0, "ups": 15.0}
LOOK = 15.0  # seconds between two looks
NOTICED = 5.0  # seconds after which a UPS's word is known: traps, or the next reading
CONFIRMED = 9.0  # ... and confirmed by a second sign
_WALK = 12.0  # seconds from a change to the end of a look at the way
_DARK = 180.0  # seconds of darkness from which on a journal infers a power cut
_LOW, _DYING = 600.0, 180.0  # seconds of battery left


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a report: the sample, and the identity label of what it is about."""

    sample: Sample
    about: tuple[tuple[str, str], ...] = ()


_FIRST = ((LINK, "main"),)
_UPS = ((UPS, "main"),)
_PROBES = {"collector": "service"}


def pulse(site: Site, life: Life, moment: float, origin: float) -> Iterator[Line]:
    """What windows are made over, and so has to be sent with every look. origin: Unix time of moment 0."""
    yield Line(AGENT_START(origin + _started(life, moment)))
    if site.office.pushes:
        yield Line(PUSH_INTERVAL(LOOK))
    loss = _loss(site, life, moment)
    yield Line(HOP_LOSS(loss[0], hop=GATEWAY), _FIRST)
    yield Line(HOP_LOSS(loss[1], hop=FIRST_HOP), _FIRST)
    yield Line(HOP_LOSS(loss[1], hop=REFERENCE), _FIRST)


def page(site: Site, life: Life, moment: float) -> Iterator[Line]:
    """All else: values that stand until they change."""
    yield Line(AGENT_CONFIG_GOOD(1))
    yield Line(WORD_READY(1))
    if site.battery:
        yield from _power(site, life, moment)
    yield from _links(site, life, moment)
    for service in site.services:
        yield from _service(site, life, moment, service)
    if site.office.pushes:
        yield from _sending(life, moment)


def absence(life: Life, moment: float, origin: float, pace: float) -> Iterator[Line]:
    """What its journal says of the last time that it was away. The time of the return is of the real clock."""
    over = [(span, Kind.POWER) for span in life.machine if span.end <= moment]
    over += [(span, Kind.AGENT) for span in life.agent if span.end <= moment]
    if not over:
        return
    span, kind = max(over, key=lambda each: each[0].end)
    away, evidence = Away.AGENT, Evidence.JOURNAL
    if kind is Kind.POWER:
        away, evidence = _why_away(life, span)
    yield Line(ABSENCE_SECONDS((span.end - span.start) / pace, cause=away, evidence=evidence))
    yield Line(ABSENCE_END(origin + span.end / pace, cause=away, evidence=evidence))


def _why_away(life: Life, span: Span) -> tuple[Away, Evidence]:
    """Off later than its mains: a UPS has said so. Without one it infers a power cut, if the darkness was long."""
    told = any(dark.start < span.start < dark.end for dark in life.dark)
    if told:
        return Away.POWER, Evidence.UPS
    return (Away.POWER, Evidence.INFERRED) if span.end - span.start > _DARK else (Away.UNKNOWN, Evidence.NONE)


def word(site: Site, life: Life, moment: float) -> Word | None:
    """The word that the agent stands by at this moment; None where it has said none."""
    if not site.battery or not life.runs(moment):
        return None
    for dark in life.dark:
        if dark.start + NOTICED <= moment < dark.end + NOTICED:
            left = site.battery - (moment - dark.start)
            if moment < dark.start + CONFIRMED:
                return Word.SUSPECT
            return Word.DYING if left < _DYING else Word.LOW_BATTERY if left < _LOW else Word.OUTAGE
    return Word.MAINS if any(dark.end + NOTICED <= moment for dark in life.dark) else None


def _started(life: Life, moment: float) -> float:
    ends = [span.end for span in (*life.machine, *life.agent) if span.end <= moment]
    return max(ends, default=-86400.0)


def _power(site: Site, life: Life, moment: float) -> Iterator[Line]:
    gone = next((moment - dark.start for dark in life.dark if dark.holds(moment - CONFIRMED)), 0.0)
    left = max(site.battery - gone, 0.0)
    yield Line(ON_BATTERY(gone > 0), _UPS)
    yield Line(CHARGE(round(left / site.battery, 2)), _UPS)
    yield Line(RUNTIME(round(left / 60) * 60.0 if gone else max(site.battery, 1200.0)), _UPS)
    yield Line(BATTERY_LOW(gone > 0 and left < _DYING), _UPS)
    yield Line(COMMUNICATION(1), _UPS)
    if site.learnt:
        yield Line(ROUTER_ON_UPS(site.kept))


def _links(site: Site, life: Life, moment: float) -> Iterator[Line]:
    run = last_run(moment, EVERY["link"], _turn(site, "link"))
    yield Line(UP(life.first_link(run) and not any(life.of(Kind.LAN, run))), _FIRST)
    if site.spare:
        yield Line(UP(not any(dark.holds(run) for dark in life.dark)), ((LINK, "backup"),))
    yield Line(FAULT(1, where=_place(site, life, moment)), _FIRST)


def _loss(site: Site, life: Life, moment: float) -> tuple[float, float]:
    """To the gateway, and to the first hop behind it."""
    run = last_run(moment, EVERY["link"], _turn(site, "link"))
    if any(life.of(Kind.LAN, run)):
        return 1.0, 1.0
    lost = max((fault.amount for fault in life.of(Kind.LOSS, run)), default=0.0)
    return 0.0, 1.0 if not life.first_link(run) else lost


def _place(site: Site, life: Life, moment: float) -> Place:
    """Where the last look found the way broken: it begins when a link or a service begins or ceases to work."""
    for kind, place in ((Kind.LAN, Place.OFFICE_LAN), (Kind.LINE, Place.ISP_ACCESS), (Kind.WAY, Place.ISP_BACKBONE),
                        (Kind.NAMES, Place.DNS), (Kind.LOSS, Place.ISP_ACCESS)):  # fmt: skip
        for fault in life.faults:
            if fault.kind is kind and _seen(site, life, fault.start) <= moment < _seen(site, life, fault.end):
                return place
    return Place.NONE


def _seen(site: Site, life: Life, change: float) -> float:
    """When a look that a change has caused ends: the first probe of a link or a service that notices."""
    link = _next_run(change, EVERY["link"], _turn(site, "link"))
    services = (
        _next_run(change, site.services[service], _turn(site, service)) + _walk_of(life, change)
        for service in site.services
    )
    return min(link, *services) + _WALK


def _walk_of(life: Life, change: float) -> float:
    return 0.0 if any(fault.end == change for fault in life.faults) else 20.0


def _next_run(moment: float, every: float, turn: float) -> float:
    return last_run(moment, every, turn) + every


def _service(site: Site, life: Life, moment: float, service: str) -> Iterator[Line]:
    reason = _result(site, life, moment, service)
    about = ((SERVICE, service),)
    yield Line(PROBE_SUCCESS(reason.success, **_PROBES), about)
    yield Line(PROBE_RESULT(1, reason=reason, **_PROBES), about)


def _result(site: Site, life: Life, moment: float, service: str) -> Reason:
    reaching = [fault for fault in life.faults if fault.kind is not Kind.SERVICE or fault.service == service]
    if not reaching:
        return Reason.OK
    since = min(fault.start for fault in reaching)

    def world(at: float) -> Reason:
        return _met(site, life, at, service)

    return found(moment, site.services[service], _turn(site, service), world, since)[0]


def _met(site: Site, life: Life, at: float, service: str) -> Reason:
    """What a probe finds that begins at this time."""
    if not life.online(site, at):
        return Reason.UNREACHABLE
    now = [fault for fault in life.faults if fault.at(at)]
    if any(fault.kind is Kind.WAY for fault in now):
        return Reason.UNREACHABLE
    if any(fault.kind is Kind.NAMES for fault in now):
        return Reason.DNS
    faulty = (fault.reason for fault in now if fault.kind is Kind.SERVICE and fault.service == service)
    return next(faulty, Reason.OK)


def _sending(life: Life, moment: float) -> Iterator[Line]:
    wrong: Fault | None = next(iter(life.of(Kind.CLOCK, moment)), None)
    yield Line(PUSH_SKEW(wrong.amount if wrong else 0.0))
    yield Line(PUSH_BACKLOG_AGE(0, receiver="centre"))


def _turn(site: Site, probe: str) -> float:
    return share(site.id, probe)
