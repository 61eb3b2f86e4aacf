"""Scenarios of many offices of one province: feeders, operators' nodes, services, and two things at once."""

from alerts.rule import Cause, Scope
from collectors.core import Reason
from tests.campaign.country import MINUTE, OPERATORS, SERVICES, Site
from tests.campaign.draw_offices import line
from tests.campaign.drawing import Draw, fault, incident
from tests.campaign.faults import Kind
from tests.campaign.truth import Scenario

_TOLD = 2 * MINUTE
_LARGEST = tuple(OPERATORS)[:2]
_FAILS = (Reason.ERROR, Reason.FROZEN, Reason.MAINTENANCE, Reason.UNREACHABLE)


def province_power(draw: Draw) -> Scenario:
    """A storm or a substation: a third to all of the feeders."""
    hit, times = _fed(draw, draw.chance.uniform(0.35, 1.0)), draw.times()
    truth = incident(Cause.POWER, Scope.PROVINCE, hit, times)
    return Scenario("power, province", (fault(Kind.POWER, hit, times),), (truth,), frozenset({draw.province}))


def feeder(draw: Draw) -> Scenario:
    """One line of the power company: a handful of neighbours, told as one matter or as theirs."""
    code = draw.chance.choice(sorted({site.feeder for site in draw.sites}))
    hit, times = draw.country.fed_by(code), draw.times()
    truth = incident(Cause.POWER, (Scope.OFFICE, Scope.PROVINCE), hit, times)
    return Scenario("power, one feeder", (fault(Kind.POWER, hit, times),), (truth,), frozenset({draw.province}))


def planned_cut(draw: Draw) -> Scenario:
    """Announced, for a part of the province or all of it; it comes later than was said."""
    hit, (start, end) = _fed(draw, draw.chance.uniform(0.1, 1.0)), draw.times()
    cut = (start + _TOLD, end + _TOLD)  # the page of facts is read once a minute
    # Late by as much as its margin bears: that ends soon afterwards, and excuses nothing of the next batch.
    plan = fault(Kind.PLAN, hit, (cut[1] - 31 * MINUTE, cut[1] - 26 * MINUTE))
    known = (0.0, cut[1])  # its margin has begun already
    truth = incident(Cause.POWER, (Scope.OFFICE, Scope.PROVINCE), hit, known, planned=True, silent=True)
    return Scenario("planned cut", (plan, fault(Kind.POWER, hit, cut)), (truth,), frozenset({draw.province}))


def node(draw: Draw) -> Scenario:
    """An operator's node of the province dies: its customers fall silent, those of others do not."""
    operator, times = draw.chance.choice(_LARGEST), draw.times()
    hit = draw.country.behind_node(draw.province, operator)
    truth = incident(Cause.LINK, (Scope.OPERATOR, Scope.PROVINCE), hit, times, operator=operator)
    claims = frozenset({draw.province, f"operator {operator}"})
    return Scenario("operator's node", (fault(Kind.LINE, hit, times),), (truth,), claims)


def cascade(draw: Draw) -> Scenario:
    """Power fails around an operator's node, whose worn battery lasts some minutes: then its customers are cut off."""
    operator, times = draw.chance.choice(_LARGEST), draw.times(16 * MINUTE, 20 * MINUTE)
    dark = _fed(draw, draw.chance.uniform(0.35, 0.5))
    cut = (times[0] + draw.chance.uniform(5 * MINUTE, 8 * MINUTE), times[1] + 2 * MINUTE)
    behind = draw.country.behind_node(draw.province, operator)
    first = incident(Cause.POWER, Scope.PROVINCE, dark, times)
    second = incident(
        Cause.LINK, (Scope.OPERATOR, Scope.PROVINCE), [site for site in behind if site not in dark], cut,
        operator=operator,
    )  # fmt: skip
    faults = (fault(Kind.POWER, dark, times), fault(Kind.LINE, behind, cut))
    return Scenario("cascade", faults, (first, second), frozenset({draw.province, f"operator {operator}"}))


def operator_way(draw: Draw) -> Scenario:
    """An operator's way to the services breaks; all its customers are heard."""
    operator, times = draw.chance.choice(_LARGEST), draw.times(8 * MINUTE)
    hit = draw.country.behind_node(draw.province, operator)
    truth = incident(Cause.LINK, (Scope.OPERATOR, Scope.PROVINCE), hit, times, operator=operator)
    claims = frozenset({draw.province, f"operator {operator}", "way"})
    return Scenario("operator's way", (fault(Kind.WAY, hit, times),), (truth,), claims)


def province_service(draw: Draw) -> Scenario:
    """A service fails for the whole province."""
    return _service(draw, "service, province", draw.sites)


def partial_province(draw: Draw) -> Scenario:
    """... or for a third to a half of its offices, wherever they are."""
    return _service(draw, "service, partial province", draw.some(draw.sites, draw.chance.uniform(0.35, 0.5)))


def blocked(draw: Draw) -> Scenario:
    """A firewall turns away the probes of most offices for a while: no outage."""
    which, times = draw.chance.choice(SERVICES[:4]), draw.times(8 * MINUTE, 12 * MINUTE)
    hit = draw.some(draw.sites, 0.7)
    refused = fault(Kind.SERVICE, hit, times, service=which, reason=Reason.BLOCKED)
    truth = incident(Cause.SERVICE, Scope.COUNTRY, hit, times, service=which, silent=True)
    return Scenario("blocked by a firewall", (refused,), (truth,), frozenset({draw.province, f"service {which}"}))


def two_at_once(draw: Draw) -> Scenario:
    """A line is cut while a service fails for the province."""
    first, second = line(draw), province_service(draw)
    return Scenario(
        "two at once", first.faults + second.faults, first.incidents + second.incidents, first.claims | second.claims
    )


def _service(draw: Draw, kind: str, hit: tuple[Site, ...]) -> Scenario:
    which, times = draw.chance.choice(SERVICES[:4]), draw.times(8 * MINUTE)
    broken = fault(Kind.SERVICE, hit, times, service=which, reason=draw.chance.choice(_FAILS))
    truth = incident(Cause.SERVICE, Scope.PROVINCE, hit, times, service=which)
    return Scenario(kind, (broken,), (truth,), frozenset({draw.province, f"service {which}"}))


def _fed(draw: Draw, part: float) -> tuple[Site, ...]:
    """The offices behind a share of the province's feeders, neighbours by their codes."""
    feeders = sorted({site.feeder for site in draw.sites})
    count = max(1, round(part * len(feeders)))
    first = draw.chance.randrange(len(feeders) - count + 1)
    chosen = {*feeders[first : first + count]}
    return tuple(site for site in draw.sites if site.feeder in chosen)


KINDS = (
    province_power, feeder, planned_cut, node, cascade, operator_way, province_service, partial_province, blocked,
    two_at_once,
)  # fmt: skip
