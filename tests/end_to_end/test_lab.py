"""The whole chain in the lab: a fault in an office or a service becomes one notification with the right cause."""

import time
from collections.abc import Iterator
from functools import partial

import pytest

from alerts.settings import LAB
from tests.end_to_end.conftest import OVER, Duty
from tests.lab.lab import Lab
from tests.lab.orders import AgentAction, LinkAction, PowerAction
from tests.lab.services import Condition
from tests.lab.state import Cell, State
from tests.lab.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(700)]

POWER, LINK, SERVICE = "nguồn điện", "đường truyền", "dịch vụ"  # causes, as the titles name them
# A fault that lasts so long has had the time to be told about by every alert that could take it for its own.
LONGEST_HOLD = LAB.windows.office_service_hold_seconds + LAB.windows.group_wait_seconds


def cell(state: State, office: str, name: str) -> Cell:
    return next(one for one in state.offices if one.id == office).cells[name]


def fired_for(state: State, alert: str, seconds: float) -> bool:
    return any(one.name == alert and time.time() - one.since > seconds for one in state.alerts)


async def test_everything_is_green(lab: Lab) -> None:
    state = await lab.until(lambda state: state.green, "all green", within=120)
    assert [office.id for office in state.offices] == list(lab.offices)
    for office in state.offices:
        assert set(office.services) == {"portal", "vneid", "civil_status"}


async def test_a_broken_portal_is_told_once_and_blamed_on_nobody_else(duty: Duty) -> None:
    portal = duty.lab.services["portal"].service.title
    await duty.lab.service("portal", Condition.BROKEN)
    await duty.told(portal, SERVICE)
    await duty.sees(lambda state: fired_for(state, "ProvincialServiceDown", LONGEST_HOLD), "an outage that lasts")
    await duty.lab.service("portal", Condition.REPAIRED)
    await duty.told(OVER, portal)
    titles = [one.title for one in await duty.notifications()]
    assert len(titles) == 2, titles
    assert all(portal in title for title in titles)


async def test_a_power_cut_is_told_with_the_office_and_its_cause(duty: Duty) -> None:
    office = duty.lab.offices["office1"].entry
    await duty.lab.power(office.name, PowerAction.CUT)
    await duty.told(office.commune_name, POWER)
    await duty.lab.power(office.name, PowerAction.RESTORE)
    await duty.told(OVER, office.commune_name)
    titles = [one.title for one in await duty.notifications()]
    assert len(titles) == 2, titles


async def test_a_cut_link_silences_the_office_and_is_told_as_such(duty: Duty) -> None:
    """And once it is back its echoes tell of an outage."""
    office = duty.lab.offices["office2"].entry
    outages = partial(duty.lab.observer.query, f'link_echo_outages_total{{office="{office.id}"}}')
    (before,) = await eventually(outages, bool, "echoes", within=60)
    await duty.lab.link(office.name, LinkAction.CUT)
    await duty.told(office.commune_name, LINK)
    state = await duty.lab.state()
    assert cell(state, office.name, "agent") == Cell("silent", good=False)
    assert all(cell(state, other, "agent").good for other in duty.lab.offices if other != office.name)
    await duty.lab.link(office.name, LinkAction.RESTORE)
    await duty.told(OVER, office.commune_name)
    await eventually(outages, lambda found: any(one.value > before.value for one in found), "an outage", within=60)
    titles = [one.title for one in await duty.notifications()]
    assert len(titles) == 2, titles


async def test_an_office_that_goes_dark_after_a_power_cut_stays_a_matter_of_power(duty: Duty) -> None:
    """Beside it an office whose agent was killed: one more notification, with no word of power."""
    dark, killed = duty.lab.offices["office1"].entry, duty.lab.offices["office3"].entry
    await duty.lab.power(dark.name, PowerAction.CUT)
    await duty.told(dark.commune_name, POWER)
    await duty.lab.link(dark.name, LinkAction.CUT)  # its router has gone dark with the rest
    await duty.lab.agent(killed.name, AgentAction.KILL)
    await duty.told(killed.commune_name)
    await duty.sees(lambda state: fired_for(state, "OnBattery", LONGEST_HOLD), "a power cut that lasts")
    await duty.lab.link(dark.name, LinkAction.RESTORE)
    await duty.lab.power(dark.name, PowerAction.RESTORE)
    await duty.lab.agent(killed.name, AgentAction.START)
    await duty.told(OVER, dark.commune_name)
    await duty.told(OVER, killed.commune_name)
    titles = [one.title for one in await duty.notifications()]
    assert len(titles) == 4, titles
    assert [title for title in titles if (dark.commune_name in title) is not (POWER in title)] == []


def conditions() -> Iterator[tuple[Condition, str]]:
    """What a host does, and the reason that every office must find."""
    yield Condition.DOWN, "refused"
    yield Condition.SLOW, "slow"
    yield Condition.FROZEN, "frozen"
    yield Condition.MAINTENANCE, "maintenance"
    yield Condition.BROKEN, "error"
    yield Condition.REPAIRED, "ok"


def all_find(service: str, reason: str, state: State) -> bool:
    return {office.services[service].text for office in state.offices} == {reason}


async def test_every_fault_of_a_service_is_recognised_for_what_it_is(duty: Duty) -> None:
    for condition, reason in conditions():
        await duty.lab.service("vneid", condition)
        await duty.sees(partial(all_find, "vneid", reason), f"{reason} in every office")


async def test_a_link_that_is_shaped_anew_is_measured_as_such(duty: Duty) -> None:
    office, rate = duty.lab.offices["office1"].entry, 2e6
    await duty.lab.link(office.name, LinkAction.SHAPE, rate)

    async def measured(metric: str) -> list[float]:
        payload = f'{metric}{{office="{office.id}"}} * 8 / {rate}'
        return [one.value for one in await duty.lab.observer.query(payload)]

    for metric in ("link_goodput_bytes_per_second", "link_capacity_bytes_per_second"):
        shares = await eventually(
            partial(measured, metric), lambda found: len(found) == 2 and max(found) < 1.02, "new tests", within=300
        )
        assert min(shares) > 0.85


async def test_a_lossy_link_shows_its_loss(duty: Duty) -> None:
    office = duty.lab.offices["office3"].entry
    await duty.lab.link(office.name, LinkAction.LOSS, 0.3)
    loss = f'max(link_hop_loss_ratio{{office="{office.id}"}}) > 0.1'

    async def shown() -> list[float]:
        return [one.value for one in await duty.lab.observer.query(loss)]

    await eventually(shown, bool, "loss on the link", within=120)
