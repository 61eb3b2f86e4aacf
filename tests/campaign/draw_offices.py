"""Scenarios of single offices: one cause, or something that must wake nobody."""

from alerts.rule import Cause, Scope
from collectors.core import Reason
from tests.campaign.country import MINUTE, Site
from tests.campaign.drawing import ALL_ANSWER, LOCAL, Draw, fault, incident
from tests.campaign.faults import Fault, Kind
from tests.campaign.score import unknown
from tests.campaign.truth import Scenario

_ANSWERING = {Kind.WAY: ALL_ANSWER, Kind.NAMES: ALL_ANSWER}


def power(draw: Draw) -> Scenario:
    """Mains fails; UPS and router live on."""
    site, times = draw.site(lambda one: one.kept), draw.times()
    return _of_office("office power", draw, fault(Kind.POWER, [site], times), Cause.POWER)


def power_without_ups(draw: Draw) -> Scenario:
    """Nothing in the office can tell, and nobody beside it is dark."""
    site, times = draw.site(lambda one: not one.battery), draw.times()
    return _of_office("office power, no UPS", draw, fault(Kind.POWER, [site], times), *unknown(Cause.POWER))


def router_off_ups(draw: Draw) -> Scenario:
    """The line dies with mains: a single sign gets out, or none."""
    site, times = draw.site(lambda one: bool(one.battery) and not one.kept and one.learnt), draw.times()
    return _of_office("power, router off UPS", draw, fault(Kind.POWER, [site], times), *unknown(Cause.POWER))


def line(draw: Draw) -> Scenario:
    """The only line is cut. What the office has measured meanwhile comes late, if it sends."""
    site, times = draw.site(lambda one: not one.spare and one.kept), draw.times()
    return _of_office("office link", draw, fault(Kind.LINE, [site], times), Cause.LINK)


def line_with_spare(draw: Draw) -> Scenario:
    """The office is heard over its other line."""
    site, times = draw.site(lambda one: one.spare), draw.times()
    return _of_office("office link, spare", draw, fault(Kind.LINE, [site], times), Cause.LINK)


def lossy(draw: Draw) -> Scenario:
    """Packets are lost, some get through."""
    site, times = draw.site(lambda one: not one.spare), draw.times(8 * MINUTE)
    amount = draw.chance.uniform(0.4, 0.8)
    return _of_office("office link, lossy", draw, fault(Kind.LOSS, [site], times, amount=amount), Cause.LINK)


def flapping(draw: Draw) -> Scenario:
    """Down and up again every few minutes: one incident, not ten."""
    site = draw.site(lambda one: not one.spare and one.kept)
    start, each = draw.chance.uniform(15, 75), draw.chance.uniform(150, 200)
    down = draw.chance.uniform(0.6, 0.75) * each
    times = [(start + number * each, start + number * each + down) for number in range(6)]
    whole = (times[0][0], times[-1][1])
    faults = tuple(fault(Kind.LINE, [site], one) for one in times)
    truth = incident(Cause.LINK, Scope.OFFICE, [site], whole)
    return Scenario("flapping link", faults, (truth,), frozenset({_place(site)}), frozenset({draw.province, LOCAL}))


def network(draw: Draw) -> Scenario:
    """The office's own network is dead, and its router is not."""
    site, times = draw.site(lambda one: True), draw.times()
    causes = unknown(Cause.OFFICE, Cause.AGENT)
    return _of_office("office network", draw, fault(Kind.LAN, [site], times), *causes)


def agent(draw: Draw) -> Scenario:
    """The program crashes; machine and line are fine."""
    site, times = draw.site(lambda one: True), draw.times()
    return _of_office("agent crash", draw, fault(Kind.AGENT, [site], times), *unknown(Cause.AGENT, Cause.OFFICE))


def names(draw: Draw) -> Scenario:
    """The office's name server is silent."""
    site, times = draw.site(lambda one: True), draw.times(8 * MINUTE)
    return _of_office("name server", draw, fault(Kind.NAMES, [site], times), Cause.NAMES)


def way(draw: Draw) -> Scenario:
    """One office's way to the services breaks in its operator's network; the province hears it."""
    site, times = draw.site(lambda one: True), draw.times(8 * MINUTE)
    return _of_office("way to the services", draw, fault(Kind.WAY, [site], times), Cause.LINK)


def service(draw: Draw) -> Scenario:
    """One service fails for one office."""
    site, times = draw.site(lambda one: True), draw.times(8 * MINUTE)
    which = draw.service
    broken = fault(Kind.SERVICE, [site], times, service=which, reason=Reason.ERROR)
    return _of_office("service at one office", draw, broken, Cause.SERVICE)


def clock(draw: Draw) -> Scenario:
    """A machine's clock jumps; its figures keep the right time."""
    site, times = draw.site(lambda one: one.office.pushes), draw.times(15 * MINUTE, 20 * MINUTE)
    amount = draw.chance.choice([-7200.0, 600.0, 3600.0, 86400.0])
    return _of_office("clock jump", draw, fault(Kind.CLOCK, [site], times, amount=amount), Cause.AGENT)


def short(draw: Draw) -> Scenario:
    """A dip of mains, or of a line, that wakes nobody."""
    site, start = draw.site(lambda one: one.kept and not one.spare), draw.chance.uniform(15, 75)
    kind, most = draw.chance.choice([(Kind.POWER, 20.0), (Kind.LINE, 25.0)])
    times = (start, start + draw.chance.uniform(5, most))
    truth = incident(Cause.UNKNOWN, Scope.OFFICE, [site], times, silent=True)
    faults, uses = (fault(kind, [site], times),), frozenset({draw.province, LOCAL})
    return Scenario("short dip", faults, (truth,), frozenset({_place(site)}), uses)


def _of_office(kind: str, draw: Draw, broken: Fault, *causes: Cause) -> Scenario:
    """One fault of one office, and the incident that it is."""
    (site,) = (draw.country.sites[office] for office in broken.offices)
    truth = incident(causes, Scope.OFFICE, [site], (broken.start, broken.end), service=broken.service)
    services = {f"service {broken.service}"} if broken.service else _ANSWERING.get(broken.kind, frozenset())
    return Scenario(kind, (broken,), (truth,), frozenset({_place(site)}), frozenset({draw.province, LOCAL, *services}))


def _place(site: Site) -> str:
    """Half of the province, by turns of its feeders: two offices at once are no neighbours."""
    return f"{site.province} {'odd' if int(site.feeder[-2:]) % 2 else 'even'} feeders"


KINDS = (
    power, power_without_ups, router_off_ups, line, line_with_spare, lossy, flapping, network, agent, names, way,
    service, clock, short,
)  # fmt: skip
