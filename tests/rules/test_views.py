"""What the centre's view and the neighbours say of silent offices, and what a silence was in the end."""

from collections.abc import Mapping
from pathlib import Path

from tests.rules.case import HOUR, of_all, silent, ups
from tests.rules.cases_of_feeders import fed
from tests.rules.cases_of_views import router
from tests.rules.scene import Office, Scene, offices, province, selector, values

LOST, LATER = 420.0, 1500.0
UNTIL = LOST + LATER
AGENT_DEAD, LINE_CUT, NO_WORD, UNFED, ON_BATTERY, NEIGHBOUR = offices(6)
MAINS = ((0, LOST), ("gone", LATER))


def because(*found: tuple[Office, str, str]) -> Mapping[str, float]:
    return {
        selector("office:silent:cause", **office.labels, cause=cause, evidence=evidence): 1.0
        for office, cause, evidence in found
    }


def test_the_centres_view_and_the_neighbours_tell_agent_line_and_power_apart(tmp_path: Path) -> None:
    """Twenty more offices are fine, and say so of their routers; the line's router comes back before its office."""
    series = (
        province(26, UNTIL)
        | of_all([silent(office, LOST, UNTIL) for office in (AGENT_DEAD, LINE_CUT, NO_WORD, UNFED)])
        | of_all([ups(office, *MAINS) for office in (AGENT_DEAD, LINE_CUT)])
        | of_all([router(office, (1, UNTIL)) for office in (AGENT_DEAD, *offices(3, first=20))])
        | router(LINE_CUT, (1, LOST), (0, 600), (1, LATER - 600))
        | router(NO_WORD, (1, LOST), (0, LATER))
        | of_all([fed(office, UNTIL, "471-E16.2") for office in (UNFED, ON_BATTERY, NEIGHBOUR)])
        | fed(AGENT_DEAD, UNTIL, "473-E16.2")
        | ups(ON_BATTERY, (0, LOST), (1, 600), (0, LATER - 600))
    )
    told = because(
        (AGENT_DEAD, "agent", "router_answers"),
        (LINE_CUT, "link", "router_lost"),
        (NO_WORD, "unknown", "router_dark"),
        (UNFED, "power", "neighbours_power"),
    )
    moments = (LOST + 75, LOST + 300, LOST + 600 + 120)
    Scene(series, values={(at, "office:silent:cause"): told for at in moments}).judge(tmp_path)


def test_a_centre_whose_own_line_is_cut_has_no_view_and_blames_nobodys_agent(tmp_path: Path) -> None:
    few = offices(3)
    series = (
        province(3, UNTIL)
        | of_all([silent(office, LOST, UNTIL) for office in few])
        | of_all([ups(office, *MAINS) for office in few])
        | of_all([router(office, (1, LOST), (0, LATER)) for office in few])
    )
    told = because(*((office, "link", "mains") for office in few))
    seen = {(LOST + 90, "office:router_answers"): {}, (LOST + 300, "office:silent:cause"): told}
    Scene(series, values=seen).judge(tmp_path)


def test_a_router_that_never_answers_says_nothing(tmp_path: Path) -> None:
    series = (
        province(3, UNTIL) | silent(AGENT_DEAD, LOST, UNTIL) | ups(AGENT_DEAD, *MAINS)
        | router(AGENT_DEAD, (0, UNTIL)) | router(LINE_CUT, (1, UNTIL))
    )  # fmt: skip
    told = because((AGENT_DEAD, "link", "mains"))
    Scene(series, values={(LOST + 300, "office:silent:cause"): told}).judge(tmp_path)


def test_neighbours_who_have_power_or_lost_it_long_after_explain_nothing(tmp_path: Path) -> None:
    """The first is fed with one that has power, too; the second fell silent fifteen minutes before its neighbour."""
    first, battery, mains, second, late = offices(5)
    series = (
        province(20, UNTIL)
        | of_all([silent(office, LOST, UNTIL) for office in (first, second)])
        | of_all([fed(office, UNTIL, "a") for office in (first, battery, mains)])
        | of_all([fed(office, UNTIL, "b") for office in (second, late)])
        | ups(battery, (0, LOST), (1, LATER))
        | ups(mains, (0, UNTIL))
        | ups(late, (0, LOST + 900), (1, LATER - 900))
    )
    told = because((first, "unknown", "none"), (second, "unknown", "none"))
    Scene(series, values={(LOST + 1200, "office:silent:cause"): told}).judge(tmp_path)


# --- afterwards -----------------------------------------------------------------------------------------------------

BACK = LOST + 600


def heard_again(office: Office, started: float) -> dict[str, str]:
    """Silent for ten minutes; `started`: when the agent that is heard afterwards began."""
    away = values((100, LOST), ("gone", BACK - LOST), (started, HOUR - BACK))
    return {office.series("agent_start_time_seconds"): away}


def test_what_a_silence_was_is_known_once_it_is_over(tmp_path: Path) -> None:
    line, behind, restarted, shut_down, nobody_knows = offices(5)
    journal = {"cause": "shutdown", "evidence": "journal"}
    gone = f"_x{int(BACK / 15)}"
    series = (
        province(9, HOUR)
        | of_all([heard_again(office, 100) for office in (line, behind, restarted)])
        | of_all([heard_again(office, BACK - 5) for office in (shut_down, nobody_knows)])
        | router(behind, (1, HOUR))
        | {selector("router_uptime_seconds", province="04", router=restarted.id): f"{gone} 60+15x100"}
        | {shut_down.series("office_last_absence_seconds", **journal): f"{gone} 600x100"}
        | {shut_down.series("office_last_absence_end_timestamp_seconds", **journal): f"{gone} {BACK}x100"}
    )
    found = {
        selector("office:outage:cause", **office.labels, cause=cause, evidence=evidence): LOST
        for office, cause, evidence in (
            (line, "link", "agent_ran"),
            (behind, "office", "behind_router"),
            (restarted, "power", "router_restarted"),
            (shut_down, "agent", "shutdown"),
            (nobody_knows, "unknown", "none"),
        )
    }
    told = {(BACK + 60, "office:outage:cause"): found, (BACK - 15, "office:outage:cause"): {}}
    Scene(series, values=told | {(BACK + 900, "office:outage:cause"): {}}).judge(tmp_path)
