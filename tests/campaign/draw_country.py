"""Scenarios of the country. Services fail beside each other and beside what is local; the rest has it for itself."""

from alerts.rule import Cause, Scope
from collectors.core import Reason
from tests.campaign.country import MINUTE, OPERATORS
from tests.campaign.drawing import LOCAL, VOTES, Draw, fault, ids, incident
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
    return Scenario("centre blind", (fault(Kind.LINE, hit, times),), (truth,), _ALONE)


def _service(draw: Draw, kind: str, reason: Reason, times: tuple[float, float]) -> Scenario:
    which = draw.service
    everybody = tuple(draw.country.sites.values())
    broken = Fault(Kind.SERVICE, ids(everybody), *times, service=which, reason=reason)
    truth = incident(Cause.SERVICE, Scope.COUNTRY, everybody, times, service=which)
    return Scenario(kind, (broken,), (truth,), frozenset({f"service {which}"}), frozenset({VOTES}))


KINDS = (freeze, maintenance, outage, store_restart, storm, operator_down, blind)
