"""What the centre says by itself: the facts that it publishes, and what its agents see of the offices' routers."""

from collections.abc import Iterable
from datetime import UTC, datetime

from agent.uplink.series import labels as labelled
from collectors.router import ANSWERS
from inventory import facts
from inventory.labels import PROVINCE, ROUTER
from inventory.model import Inventory
from inventory.planned import facts as planned
from inventory.planned.schema import Kind as Planned
from inventory.planned.window import Window
from inventory.planned.work import Work
from tests.campaign.clock import Clock
from tests.campaign.country import Country, Site
from tests.campaign.faults import Fault
from tests.campaign.life import Life
from tests.campaign.wire import Values

_UNREAD = frozenset((facts.LINK_CONTRACT, facts.LINK_BUDGET))  # no rate is measured here


def published(inventory: Inventory, pace: float) -> Values:
    """The page of facts. How often services are asked is a time, and shrinks as all times do."""
    found = {}
    for sample in facts.samples(inventory):
        if sample.metric not in _UNREAD:
            quick = sample.metric is facts.SERVICE_INTERVAL
            found[labelled(sample, {"job": "facts"})] = sample.value / pace if quick else sample.value
    return found


def announced(country: Country, plans: Iterable[Fault], clock: Clock) -> Values:
    """The part of the page that speaks of planned cuts."""
    found = {}
    for number, plan in enumerate(plans):
        window = Window(*(datetime.fromtimestamp(clock.unix(moment), UTC) for moment in (plan.start, plan.end)))
        work = Work(f"plan-{number}", Planned.POWER, "", (window,), tuple(sorted(plan.offices)))
        offices = {key: country.sites[key].office.labels for key in work.offices}
        for province in {labels[PROVINCE] for labels in offices.values()}:
            for sample in planned.samples(province, (work,), offices):
                found[labelled(sample, {"job": "facts"})] = sample.value
    return found


def routers(offices: Iterable[tuple[Site, Life]], moment: float) -> Values:
    """A router answers while it has power and its line carries something, and the centre's own does."""
    found = {}
    for site, life in offices:
        place = {PROVINCE: site.province, ROUTER: site.id, "job": "centre", "instance": f"centre-{site.province}"}
        sample = ANSWERS(life.router_seen(moment))
        found[labelled(sample, place)] = sample.value
    return found
