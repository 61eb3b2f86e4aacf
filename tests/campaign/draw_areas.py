"""Scenarios of many offices of one province: feeders, operators' nodes, services, and two things at once."""

from alerts.rule import Cause, Scope
from collectors.core import Reason
from tests.campaign.country import MINUTE, OPERATORS, SERVICES, Site
from tests.campaign.draw_offices import line
from tests.campaign.drawing import ALL_ANSWER, Draw, fault, incident, local
from tests.campaign.faults import Fault, Kind
from tests.campaign.score import unknown
from tests.campaign.truth import Incident, Scenario

_TOLD = 2 * MINUTE
_NEIGHBOURS, _FIFTH = 4, 0.2  # of one line, so that some of them can tell; of a province, so that it is its matter
_CUSTOMERS = 6  # of an operator in a province: a handful that fall silent are no chance
_FAILS = (Reason.ERROR, Reason.FROZEN, Reason.MAINTENANCE, Reason.UNREACHABLE)


def province_power(draw: Draw) -> Scenario:
    """A storm or a substation: a third to all of the feeders."""
    hit, times = _fed(draw, draw.chance.uniform(0.35, 1.0)), draw.times()
    truth = incident(Cause.POWER, Scope.PROVINCE, hit, times)
    return local(draw, "power, province", [fault(Kind.POWER, hit, times)], [truth])


def feeder(draw: Draw) -> Scenario:
    """One line of the power company: a handful of neighbours, of a small province over a fifth."""
    codes = sorted({site.feeder for site in draw.sites})
    lines = [line for line in map(draw.country.fed_by, codes) if len(line) >= _NEIGHBOURS]
    hit, times = draw.chance.choice(lines), draw.times()
    scopes = (Scope.FEEDER, Scope.PROVINCE) if len(hit) > _FIFTH * len(draw.sites) else (Scope.FEEDER,)
    truth = incident(Cause.POWER, scopes, hit, times)
    return local(draw, "power, one feeder", [fault(Kind.POWER, hit, times)], [truth])


def planned_cut(draw: Draw) -> Scenario:
    """Announced, for a part of the province or all of it; it comes later than was said."""
    hit, (start, end) = _fed(draw, draw.chance.uniform(0.1, 1.0)), draw.times()
    cut = (start + _TOLD, end + _TOLD)  # the page of facts is read once a minute
    # Late by as much as its margin bears: that ends soon afterwards, and excuses nothing of the next batch.
    plan = fault(Kind.PLAN, hit, (cut[1] - 31 * MINUTE, cut[1] - 26 * MINUTE))
    known = (0.0, cut[1])  # its margin has begun already
    truth = incident(Cause.POWER, (Scope.OFFICE, Scope.PROVINCE), hit, known, planned=True, silent=True)
    return local(draw, "planned cut", [plan, fault(Kind.POWER, hit, cut)], [truth])


def node(draw: Draw) -> Scenario:
    """An operator's node of the province dies: its customers fall silent, those of others do not."""
    operator, times = _operator(draw), draw.times()
    hit = draw.country.behind_node(draw.province, operator)
    truth = incident(Cause.LINK, (Scope.OPERATOR, Scope.PROVINCE), hit, times, operator=operator)
    return local(draw, "operator's node", [fault(Kind.LINE, hit, times)], [truth], _one_of_two(draw, "node", operator))


def cascade(draw: Draw) -> Scenario:
    """Power fails around an operator's node, whose worn battery lasts some minutes: then its customers are cut off."""
    operator, times = _operator(draw), draw.times(13 * MINUTE, 15 * MINUTE)
    dark = _fed(draw, draw.chance.uniform(0.35, 0.5))
    cut = (times[0] + draw.chance.uniform(4 * MINUTE, 6 * MINUTE), times[1] + 2 * MINUTE)
    behind = draw.country.behind_node(draw.province, operator)
    first = incident(Cause.POWER, Scope.PROVINCE, dark, times)
    second = incident(
        Cause.LINK, (Scope.OPERATOR, Scope.PROVINCE), [site for site in behind if site not in dark], cut,
        operator=operator,
    )  # fmt: skip
    faults = fault(Kind.POWER, dark, times), fault(Kind.LINE, behind, cut)
    return local(draw, "cascade", faults, [first, second], _one_of_two(draw, "node", operator))


def operator_way(draw: Draw) -> Scenario:
    """An operator's way to the services breaks; all its customers are heard."""
    operator, times = _operator(draw), draw.times(8 * MINUTE)
    hit = draw.country.behind_node(draw.province, operator)
    truth = incident(Cause.LINK, (Scope.OPERATOR, Scope.PROVINCE), hit, times, operator=operator)
    claim = _one_of_two(draw, "way", operator)
    return local(draw, "operator's way", [fault(Kind.WAY, hit, times)], [truth], claim, uses=ALL_ANSWER)


def province_service(draw: Draw) -> Scenario:
    """A service fails for the whole province."""
    return _service(draw, "service, province", draw.sites)


def partial_province(draw: Draw) -> Scenario:
    """... or for a third to a half of its offices, wherever they are."""
    return _service(draw, "service, partial province", draw.some(draw.sites, draw.chance.uniform(0.35, 0.5)))


def shared(draw: Draw) -> Scenario:
    """What all offices of the province go through lets nothing pass: its firewall, its data network."""
    hit, times = draw.sites, draw.times(8 * MINUTE)
    faults = [fault(Kind.SERVICE, hit, times, service=each, reason=Reason.UNREACHABLE) for each in SERVICES]
    truth = incident(unknown(Cause.LINK), Scope.PROVINCE, hit, times)
    claim = f"all services {draw.part % 2}"  # two at once, and where one fails: not at large
    return local(draw, "all services, province", faults, [truth], claim, uses=ALL_ANSWER)


def blocked(draw: Draw) -> Scenario:
    """A firewall turns away the probes of most offices for a while: no outage."""
    which, times = draw.service, draw.times(8 * MINUTE, 12 * MINUTE)
    hit = draw.some(draw.sites, 0.7)
    refused = fault(Kind.SERVICE, hit, times, service=which, reason=Reason.BLOCKED)
    truth = incident(Cause.SERVICE, Scope.COUNTRY, hit, times, service=which, silent=True)
    return _with_service(draw, "blocked by a firewall", refused, truth)


def two_at_once(draw: Draw) -> Scenario:
    """A line is cut while a service fails for the province."""
    first, second = line(draw), province_service(draw)
    return Scenario(
        "two at once", first.faults + second.faults, first.incidents + second.incidents,
        first.claims | second.claims, first.uses - {draw.province} | second.uses,
    )  # fmt: skip


def _service(draw: Draw, kind: str, hit: tuple[Site, ...]) -> Scenario:
    which, times = draw.service, draw.times(8 * MINUTE)
    broken = fault(Kind.SERVICE, hit, times, service=which, reason=draw.chance.choice(_FAILS))
    truth = incident(Cause.SERVICE, Scope.PROVINCE, hit, times, service=which)
    return _with_service(draw, kind, broken, truth)


def _with_service(draw: Draw, kind: str, broken: Fault, truth: Incident) -> Scenario:
    """The same service may fail in several provinces, if they are few: it is no outage of the country then."""
    service = f"service {broken.service}"
    return local(draw, kind, [broken], [truth], f"{service} {draw.part}", uses=[service])


def _operator(draw: Draw) -> str:
    """One that has customers enough in the province to have a node there: the one whose turn it is, if it has."""
    fitting = [each for each in OPERATORS if len(draw.country.behind_node(draw.province, each)) >= _CUSTOMERS]
    return draw.operator if draw.operator in fitting else draw.chance.choice(fitting)


def _one_of_two(draw: Draw, thing: str, operator: str) -> str:
    """What happens to an operator in three provinces at once is a matter of the country."""
    return f"{thing} of {operator} {draw.part % 2}"


def _fed(draw: Draw, part: float) -> tuple[Site, ...]:
    """The offices behind a share of the province's feeders, neighbours by their codes."""
    feeders = sorted({site.feeder for site in draw.sites})
    count = max(1, round(part * len(feeders)))
    first = draw.chance.randrange(len(feeders) - count + 1)
    chosen = {*feeders[first : first + count]}
    return tuple(site for site in draw.sites if site.feeder in chosen)


KINDS = (
    province_power, feeder, planned_cut, node, cascade, operator_way, province_service, partial_province, shared,
    blocked, two_at_once,
)  # fmt: skip
