"""A power cut from the first sign to the return: told in time, last words received, the time away accounted for."""

import time

import pytest

from alerts.settings import LAB
from tests.end_to_end.conftest import OVER, TOLD_WITHIN, Duty
from tests.lab.lab import Lab
from tests.lab.orders import PowerAction
from tests.lab.state import State
from tests.lab.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

POWER = "nguồn điện"  # the cause, as titles name it
DARK = LAB.windows.silent_seconds + LAB.windows.office_service_hold_seconds  # seconds: every alert had its time
HEARTBEAT = 15.0  # seconds between two entries of the journal on battery


def was_away(state: State, office: str) -> bool:
    return any(one.id == office and one.agent.text.endswith("s: power") for one in state.offices)


async def until(lab: Lab, expression: str, what: str) -> float:
    """The value of the first answer that Prometheus gives to a query that must have one."""
    found = await eventually(lambda: lab.observer.query(expression), bool, what, TOLD_WITHIN)
    return found[0].value


async def test_a_power_cut_is_told_from_the_first_sign_to_the_time_away(duty: Duty) -> None:
    lab, office = duty.lab, duty.lab.offices["office2"].entry
    of = f'office="{office.id}"'
    absences = f'office_absences_total{{{of}, cause="power", evidence="ups"}}'
    before = {one.value for one in await lab.observer.query(absences)} or {0.0}

    await lab.power(office.name, PowerAction.CUT)
    await until(lab, f'office_last_word{{{of}, word="outage"}} == 1', "the word of the outage, by remote write")
    await duty.told(office.commune_name, POWER)
    assert len(await duty.notifications()) == 1
    await until(lab, f"office_router_on_ups{{{of}}} == 1", "what the outage teaches: the link lives on")

    await lab.power(office.name, PowerAction.LOW)
    await until(lab, f'office_last_word{{{of}, word="dying"}} == 1', "the dying word")
    await until(lab, f"office_last_word_charge_ratio{{{of}}} < 0.2", "what is left in the battery")
    went = time.time()
    await lab.power(office.name, PowerAction.DEAD)
    verdict = f'office:verdict{{{of}, verdict="power"}} and on (office) office:silent'
    await until(lab, verdict, "silence, explained as power")
    await duty.sees(lambda _: time.time() - went > DARK, "the office dark for long enough to be told of otherwise")

    came = time.time()
    await lab.power(office.name, PowerAction.RESTORE)
    away = await until(lab, f'office_last_absence_seconds{{{of}, cause="power", evidence="ups"}}', "the time away")
    assert came - went <= away + 2 <= came - went + 2 * HEARTBEAT + TOLD_WITHIN
    await duty.sees(lambda state: was_away(state, office.name), "the view, which says so")
    assert await until(lab, absences, "the count of power cuts") == max(before) + 1
    await until(lab, f'office_last_word{{{of}, word="mains"}} == 1', "the word that mains is back")
    await duty.told(OVER, office.commune_name, POWER)
    titles = [one.title for one in await duty.notifications()]
    assert [title for title in titles if POWER not in title or office.commune_name not in title] == []
    assert sum(OVER in title for title in titles) == 1, titles


async def test_the_way_of_the_last_word_is_open_before_it_is_needed(duty: Duty) -> None:
    ready = await duty.lab.observer.query("agent_last_word_ready == 1")
    assert {one.labels["office"] for one in ready} == {one.entry.id for one in duty.lab.offices.values()}
