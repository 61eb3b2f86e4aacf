"""Scenarios of the country. Services fail beside each other and beside what is local; the rest has it for itself."""

from collections.abc import Mapping, Sequence

from alerts.rule import Cause, Scope
from collectors.core import Reason
from tests.campaign.country import MINUTE, OPERATORS, OWNERS
from tests.campaign.drawing import FAILING, LOCAL, VOTES, Draw, fault, incident
from tests.campaign.faults import Fault, Kind
from tests.campaign.truth import Scenario

_ALONE = frozenset({LOCAL, VOTES})
_STORM = 9  # provinces


def freeze(draw: Draw) -> Scenario:
    """A national service takes connections and says nothing, for 8 minutes."""
    start = draw.chance.uniform(15, 75)
    return _service(draw, "national freeze", Reason.FROZEN, (start, start + 8 * MINUTE))


def maintenance(draw: Draw) -> Scenario:
    """A page says that it is under maintenance, which nobody had announced."""
    return _service(draw, "national maintenance page", Reason.MAINTENANCE, draw.times(8 * MINUTE))


def outage(draw: Draw) -> Scenario:
    """A national service fails with errors."""
    return _service(draw, "national outage", Reason.ERROR, draw.times(8 * MINUTE))


def owner(draw: Draw) -> Scenario:
    """All services of one owner fail within a minute: its data centre, told as one matter."""
    services, times = _of_owner(draw, max(OWNERS, key=lambda one: len(_of_owner(draw, one)))), draw.times(8 * MINUTE)
    begins = (times[0] + (draw.chance.uniform(0, MINUTE) if number else 0) for number in range(len(services)))
    faults = [
        _failing(draw, each, Reason.ERROR, (begin, times[1])) for each, begin in zip(services, begins, strict=True)
    ]
    truth = incident(Cause.SERVICE, Scope.COUNTRY, tuple(draw.country.sites.values()), times)
    claims = frozenset(claim for each in services for claim in _claims(draw, each))
    return Scenario("all services of an owner", tuple(faults), (truth,), claims, frozenset({VOTES}))


def store_restart(draw: Draw) -> Scenario:
    """The centre's Prometheus is killed in the middle of an outage, and comes back: nobody is told twice."""
    start = draw.chance.uniform(15, 75)
    times = (start, start + 14 * MINUTE)
    scenario = _service(draw, "store restarted", Reason.ERROR, times)
    killed = Fault(Kind.STORE, frozenset(), start + 5 * MINUTE, start + 5 * MINUTE + 15)
    faults, claims = (*scenario.faults, killed), scenario.claims | {LOCAL}  # others' holds begin anew with it
    return Scenario(scenario.kind, faults, scenario.incidents, claims, scenario.uses)


def storm(draw: Draw) -> Scenario:
    """Power fails in nine provinces, one after the other: nine incidents."""
    codes = draw.chance.sample(
        sorted(draw.country.inventory.provinces), min(_STORM, len(draw.country.inventory.provinces))
    )
    faults, incidents = [], []
    for code in codes:
        local = Draw(draw.chance, draw.country, code)
        start = draw.chance.uniform(15, 300)
        times, hit = (start, start + draw.chance.uniform(8 * MINUTE, 15 * MINUTE)), local.sites
        part = local.some(hit, draw.chance.uniform(0.4, 0.9))
        faults.append(fault(Kind.POWER, part, times))
        incidents.append(incident(Cause.POWER, Scope.PROVINCE, part, times))
    return Scenario("storm in 9 provinces", tuple(faults), tuple(incidents), frozenset(codes), frozenset({LOCAL}))


def operator_down(draw: Draw) -> Scenario:
    """An operator's backbone: its customers in the whole country are cut off."""
    operator, times = draw.chance.choice(tuple(OPERATORS)[:2]), draw.times()
    hit = [site for site in draw.country.sites.values() if site.operator == operator]
    truth = incident(Cause.LINK, (Scope.COUNTRY, Scope.OPERATOR), hit, times, operator=operator)
    return Scenario("operator at large", (fault(Kind.LINE, hit, times),), (truth,), _ALONE)


def blind(draw: Draw) -> Scenario:
    """The centre's own line: nobody is heard."""
    hit, times = tuple(draw.country.sites.values()), draw.times()
    truth = incident(Cause.AGENT, Scope.CENTRE, hit, times)
    return Scenario("centre blind", (fault(Kind.CENTRE, hit, times),), (truth,), _ALONE)


def _service(draw: Draw, kind: str, reason: Reason, times: tuple[float, float]) -> Scenario:
    which = draw.chance.choice(_of_owner(draw, draw.owner))
    truth = incident(Cause.SERVICE, Scope.COUNTRY, tuple(draw.country.sites.values()), times, service=which)
    broken = _failing(draw, which, reason, times)
    return Scenario(kind, (broken,), (truth,), frozenset(_claims(draw, which)), frozenset({VOTES}))


def _failing(draw: Draw, service: str, reason: Reason, times: tuple[float, float]) -> Fault:
    return Fault(Kind.SERVICE, frozenset(draw.country.sites), *times, service=service, reason=reason)


def _claims(draw: Draw, service: str) -> tuple[str, str]:
    """Two services of one owner are one matter."""
    return f"service {service}", f"owner {_owners(draw)[service]}"


def _of_owner(draw: Draw, owner: str) -> Sequence[str]:
    return [service for service in FAILING if _owners(draw)[service] == owner]


def _owners(draw: Draw) -> Mapping[str, str]:
    services = draw.country.inventory.provinces[draw.province].services
    return {service.id: service.owner.id for service in services}


KINDS = (freeze, maintenance, outage, owner, store_restart, storm, operator_down, blind)
