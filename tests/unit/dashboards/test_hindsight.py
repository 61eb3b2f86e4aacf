"""What an outage was, once the office is back: what was told then is corrected by whoever knows better."""

import pytest

from collectors.core.lastword import Away
from dashboards.reports.completeness import Absence
from dashboards.reports.hindsight import Hindsight, Named, corrected
from dashboards.reports.outages import Outage, Reason
from inventory.planned.schema import Kind

STEP, BEGIN, END = 60.0, 6000.0, 9000.0
MINUTES = [BEGIN + STEP * place for place in range(1, 50)]


def silence(told: Reason = Reason.LINK, plan: Kind | None = None, silences: tuple[float, ...] = (BEGIN,)) -> Outage:
    return Outage(BEGIN, END, END - BEGIN, 0, told, "mains", told, plan, silences)


def after(outage: Outage, later: Hindsight) -> tuple[Reason, str]:
    found = corrected(outage, later, STEP)
    assert found.told is outage.told
    return found.cause, found.evidence


def named(cause: Reason, evidence: str = "agent_ran", since: float = BEGIN, at: float = END + 15) -> Named:
    return Named(since, at, cause, evidence)


def battery(*on: range) -> list[tuple[float, bool]]:
    """What a UPS measured each minute: on battery in these."""
    return [(moment, any(place in minutes for minutes in on)) for place, moment in enumerate(MINUTES)]


def test_without_news_it_is_what_was_told() -> None:
    assert after(silence(), Hindsight()) == (Reason.LINK, "mains")


def test_on_battery_through_most_of_what_was_measured_in_the_dark_is_power_whatever_else_is_said() -> None:
    later = Hindsight(named=[named(Reason.LINK)], battery=battery(range(30)))
    assert after(silence(), later) == (Reason.POWER, "backlog")


def test_a_battery_that_lasted_for_minutes_only_is_enough() -> None:
    assert after(silence(), Hindsight(battery=battery(range(5))[:5])) == (Reason.POWER, "backlog")


def test_a_short_cut_of_power_within_a_cut_of_the_line_is_not_its_cause() -> None:
    assert after(silence(), Hindsight(named=[named(Reason.LINK)], battery=battery(range(20, 30)))) == (
        Reason.LINK, "agent_ran",
    )  # fmt: skip


def test_one_sample_at_the_edge_says_nothing() -> None:
    assert after(silence(), Hindsight(battery=battery(range(5))[:1])) == (Reason.LINK, "mains")


def test_the_last_cause_that_was_recorded_of_this_silence_counts() -> None:
    later = Hindsight(
        named=[
            named(Reason.POWER, "ups", at=END + 60),
            named(Reason.LINK, at=END + 15),
            named(Reason.UNKNOWN, "none", at=END + 90),
            named(Reason.AGENT, "shutdown", since=BEGIN - 900, at=END + 120),
        ]
    )
    assert after(silence(Reason.UNKNOWN), later) == (Reason.POWER, "ups")


@pytest.mark.parametrize(
    ("away", "cause"),
    [(Away.POWER, Reason.POWER), (Away.SHUTDOWN, Reason.AGENT), (Away.AGENT, Reason.AGENT)],
)
def test_the_journal_tells_of_an_absence_that_makes_up_most_of_it(away: Away, cause: Reason) -> None:
    assert after(silence(), Hindsight(absences=[Absence(BEGIN + 300, END, away)])) == (cause, "journal")


@pytest.mark.parametrize(
    "absence",
    [Absence(BEGIN + 300, BEGIN + 305, Away.AGENT), Absence(0, 900, Away.POWER), Absence(BEGIN, END, Away.UNKNOWN)],
    ids=["a restart within it", "another one", "one that nobody explains"],
)
def test_other_absences_say_nothing(absence: Absence) -> None:
    assert after(silence(), Hindsight(absences=[absence])) == (Reason.LINK, "mains")


def test_an_office_that_measured_on_mains_all_the_time_had_lost_its_line() -> None:
    assert after(silence(Reason.UNKNOWN), Hindsight(battery=battery())) == (Reason.LINK, "backlog")


def test_or_its_own_network_where_the_centre_saw_the_router() -> None:
    assert after(silence(Reason.AGENT), Hindsight(battery=battery())) == (Reason.LAN, "backlog")


def test_measured_for_a_few_minutes_on_mains_leaves_it_open() -> None:
    assert after(silence(Reason.UNKNOWN), Hindsight(battery=battery()[:10])) == (Reason.UNKNOWN, "mains")


def test_what_was_no_guess_stays() -> None:
    known = silence(Reason.POWER, silences=())
    assert after(known, Hindsight(named=[named(Reason.LINK)], battery=battery())) == (Reason.POWER, "mains")


def test_planned_work_on_a_line_explains_no_cut_of_power() -> None:
    on_battery = Hindsight(battery=battery(range(50)))
    assert not corrected(silence(plan=Kind.LINK), on_battery, STEP).planned
    assert corrected(silence(Reason.POWER, Kind.POWER), on_battery, STEP).planned
    assert corrected(silence(plan=Kind.LINK), Hindsight(), STEP).planned


def test_a_planned_cut_of_power_explains_no_line_that_failed_with_power() -> None:
    planned = silence(Reason.POWER, Kind.POWER)
    assert not corrected(planned, Hindsight(battery=battery()), STEP).planned
    assert not corrected(planned, Hindsight(named=[named(Reason.LINK)], battery=battery()), STEP).planned
    assert corrected(planned, Hindsight(named=[named(Reason.LINK)]), STEP).planned  # its router may have lost power
    assert corrected(planned, Hindsight(named=[named(Reason.AGENT, "shutdown")]), STEP).planned
