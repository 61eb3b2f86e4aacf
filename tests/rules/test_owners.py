"""Several services at once: told together where they are one matter, and apart where they are not."""

from pathlib import Path

from tests.rules.case import ONE, of_all, wide_labels
from tests.rules.cases_of_operators import PROVINCES, VNPT_MISSES_PORTAL_AT_LARGE, both_operators
from tests.rules.cases_of_owners import (
    BOTH,
    CASES,
    MPS,
    NAMES,
    alone,
    answers,
    asked,
    country,
    everybody,
    known,
)
from tests.rules.cases_of_ways import OPERATOR_BROKEN, looks
from tests.rules.scene import STEP, Firing, Scene, offices, province, selector
from tests.rules.test_incidents import during

END = 600.0


def bare(firing: Firing) -> Firing:
    return Firing(firing.alert, firing.labels)


def down(service: str, owner: str) -> Firing:
    labels = {"service": service, "service_name": NAMES[service], "owner": owner}
    return Firing(
        "NationalServiceDown",
        wide_labels("critical", "country", "service", f"country/service/{service}", **labels),
    )


OWNER_DOWN = bare(CASES["NationalOwnerDown"].firing)
REACHES_NOTHING = bare(CASES["OfficeReachesNothing"].firing)


# --- of one owner ---------------------------------------------------------------------------------------------------


def test_services_of_one_owner_are_one_incident_until_the_last_of_them_works(tmp_path: Path) -> None:
    series = (
        country(END)
        | known(MPS, END)
        | answers(everybody(), "portal", (1, 120), (0, 180), (1, END - 300))
        | answers(everybody(), "vneid", (1, 135), (0, 300), (1, END - 435))
    )
    over = 435 + 120
    Scene(series, during(120, 135) | during(135, over, OWNER_DOWN) | during(over, END)).judge(tmp_path)


def test_provinces_that_get_well_one_after_the_other_are_not_told_at_the_end(tmp_path: Path) -> None:
    first, last = [*offices(4), *offices(2, "11")], [*offices(2, first=5), *offices(4, "11", 3)]
    series = country(END, 6) | known(MPS, END)
    for service in MPS:
        series |= answers(first, service, (1, 120), (0, 120), (1, END - 240))
        series |= answers(last, service, (1, 120), (0, 240), (1, END - 360))
    ended = {(270.0, "service:failing"): {}, (270.0, "count(province_service:failing)"): {"{}": 2.0}}
    Scene(series, during(135, 360, OWNER_DOWN) | during(360, END), ended).judge(tmp_path)


def test_what_is_asked_seldom_joins_and_is_not_told_by_itself(tmp_path: Path) -> None:
    """A third of the offices has seen it when the first is about to be told; the others follow within five minutes."""
    end = 600.0
    slow = [
        answers([office], "vneid", (1, 120 + 90 * (office.number - 1)), (0, end - 120 - 90 * (office.number - 1)))
        for office in everybody()
    ]
    series = country(end) | known(MPS, end) | asked(end, *BOTH, portal=60, vneid=300) | of_all(slow)
    series |= answers(everybody(), "portal", (1, 120), (0, end - 120))
    Scene(series, during(120, 135) | during(135, end, OWNER_DOWN)).judge(tmp_path)


def test_what_is_asked_four_times_an_hour_joins_as_well(tmp_path: Path) -> None:
    """Hardly one office in ten has seen it when the first is about to be told, but offices of all provinces have."""
    end, voters = 600.0, everybody(30)
    series = country(end, 30) | known(MPS, end) | asked(end, *BOTH, portal=60, vneid=900)
    for office in voters:
        quick, slow = 120 + STEP * (office.number % 4), 135 + 30 * (office.number * 11 % 30)
        series |= answers([office], "portal", (1, quick), (0, end - quick))
        series |= answers([office], "vneid", (1, slow), *((0, end - slow),) * (slow < end))
    Scene(series, during(120, 165) | during(165, end, OWNER_DOWN)).judge(tmp_path)


def test_others_that_follow_one_that_was_told_are_told_together_and_a_little_later(tmp_path: Path) -> None:
    portal, owners = down("portal", "mps"), {**MPS, "civil_status": "mps"}
    series = country(END) | known(owners, END)
    for service, begin in (("portal", 120), ("vneid", 300), ("civil_status", 330)):
        series |= answers(everybody(), service, (1, begin), (0, END - begin))
    moments = during(120, 135) | during(135, 420, portal) | during(420, END, portal, OWNER_DOWN)
    count = {(END - STEP, "owner:failing"): {selector("owner:failing", owner="mps", owner_name="Cơ quan mps"): 3.0}}
    Scene(series, moments, count).judge(tmp_path)


def test_services_of_different_owners_are_incidents_of_their_own(tmp_path: Path) -> None:
    owners = {"portal": "mps", "civil_status": "moj"}
    series = country(END) | known(owners, END)
    for service in owners:
        series |= answers(everybody(), service, (1, 120), (0, END - 120))
    told = [down(service, owner) for service, owner in owners.items()]
    Scene(series, during(120, 135) | during(135, END, *told)).judge(tmp_path)


def test_another_service_that_fails_for_some_of_one_province_is_no_matter_of_the_owner(tmp_path: Path) -> None:
    series = country(END, 5) | known(MPS, END) | answers(everybody(5), "portal", (1, 120), (0, END - 120))
    series |= answers(offices(2), "vneid", (1, 120), (0, END - 120))
    series |= answers([*offices(3, first=3), *offices(5, "11")], "vneid", (1, END))
    Scene(series, values={(300.0, "owner:failing"): {}, (END - STEP, "owner:failing"): {}}).judge(tmp_path)


def test_services_of_different_owners_that_only_one_network_misses_are_one_incident_of_it(tmp_path: Path) -> None:
    """The government's own network is an operator like any other: what is lost behind it is its matter."""
    owners = {"portal": "mps", "civil_status": "moj"}
    series = known(owners, END)
    for code in PROVINCES:
        series |= both_operators(3, 3, END, code)
        for service in owners:
            series |= answers(offices(3, code), service, (1, 120), (0, END - 120))
            series |= answers(offices(3, code, 4), service, (1, END))
    told = [
        Firing(
            VNPT_MISSES_PORTAL_AT_LARGE.alert,
            {**VNPT_MISSES_PORTAL_AT_LARGE.labels, "service": service, "service_name": NAMES[service]},
        )
        for service in owners
    ]
    assert len({one.labels["incident"] for one in told}) == 1
    Scene(series, during(180, END, *told)).judge(tmp_path)


# --- at one office alone --------------------------------------------------------------------------------------------


def test_an_office_that_reaches_nothing_is_broken_itself_until_it_reaches_something(tmp_path: Path) -> None:
    series = alone(END, (1, 120), (0, 300), (1, END - 420))
    word = {selector("office:verdict", **ONE.labels, verdict="lan", evidence="alone"): 1.0}
    asked_for = {(300.0, 'office:verdict{verdict!="ok"}'): word, (END - STEP, 'office:verdict{verdict!="ok"}'): {}}
    moments = during(120, 240) | during(240, 540, REACHES_NOTHING) | during(540, END)
    Scene(series, moments, asked_for).judge(tmp_path)


def test_what_is_asked_seldom_is_not_blamed_by_an_office_that_reaches_nothing(tmp_path: Path) -> None:
    end = 1200.0
    series = alone(end, (1, 120), (0, 840), (1, end - 960)) | asked(end, "04", civil_status=300)
    series |= answers([ONE], "civil_status", (1, 300), (0, 720), (1, end - 1020))
    series |= answers(offices(3, first=2), "civil_status", (1, end))
    Scene(series, during(240, 1080, REACHES_NOTHING) | during(1080, end)).judge(tmp_path)


def test_what_is_asked_again_last_is_not_blamed_once_the_office_reaches_something(tmp_path: Path) -> None:
    """A page that asks to log in answers, so the probes back off: the last of them runs three minutes later."""
    end = 900.0
    series = alone(end, (1, 120), (0, 300), (1, end - 420)) | answers(
        [ONE], "vneid", (1, 120), (0, 480), (1, end - 600)
    )
    Scene(series, during(240, 540, REACHES_NOTHING) | during(540, end)).judge(tmp_path)


def test_what_goes_on_failing_once_the_office_reaches_something_is_told(tmp_path: Path) -> None:
    end = 900.0
    series = alone(end, (1, 120), (0, 300), (1, end - 420)) | answers([ONE], "vneid", (1, 120), (0, end - 120))
    counted = 'count(ALERTS{alertname="ServiceDown", alertstate="firing"})'
    told: dict[tuple[float, str], dict[str, float]] = {(moment, counted): {"{}": 1.0} for moment in (735.0, 885.0)}
    Scene(series, values=told).judge(tmp_path)


def test_a_look_at_the_way_says_more(tmp_path: Path) -> None:
    series = alone(END, (1, 120), (0, END - 120)) | looks(("none", 165), ("isp_access", END - 165))
    told = bare(OPERATOR_BROKEN)
    Scene(series, during(120, 225) | during(225, END, told)).judge(tmp_path)


def test_where_too_few_judge_the_services_nobody_says_that_others_reach_them(tmp_path: Path) -> None:
    series = province(2, END) | asked(END, "04", portal=60, vneid=60) | known(MPS, END)
    for service in MPS:
        series |= answers([ONE], service, (1, 120), (0, END - 120)) | answers(offices(1, first=2), service, (1, END))
    Scene(series, values={(END - STEP, 'ALERTS{alertname="OfficeReachesNothing"}'): {}}).judge(tmp_path)


def test_what_others_miss_as_well_counts_for_nothing(tmp_path: Path) -> None:
    """Civil status is down for the province; of the two others the office misses one."""
    series = alone(END, (1, END)) | asked(END, "04", civil_status=60)
    series |= answers(offices(4), "civil_status", (1, 120), (0, END - 120))
    series |= answers([ONE], "portal", (1, 120), (0, END - 120))
    Scene(series, values={(END - STEP, "office:reaches_nothing"): {}}).judge(tmp_path)
