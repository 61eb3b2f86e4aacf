"""What a look at the way adds: the cause if it comes in time, the place if it comes late, never a second alert."""

from pathlib import Path

import pytest

from tests.rules.case import HOUR, ONE, PORTAL, of_all, office_labels, service, silent, ups
from tests.rules.cases_of_offices import ON_BATTERY, silent_because
from tests.rules.cases_of_ways import (
    LINK,
    NAMES_LIE,
    NETWORK_BROKEN,
    OPERATOR_BROKEN,
    PORTAL_FAILS,
    REGION,
    counted,
    looks,
    region,
    says,
)
from tests.rules.every_case import CASES as OTHERS
from tests.rules.scene import Firing, Scene, offices, province, values
from tests.rules.test_alerts import TEXTS
from tests.rules.test_incidents import during

_DOWN = OTHERS["ServiceDown"].firing
DOWN = Firing(_DOWN.alert, {**_DOWN.labels, "operator": "vnpt"}, _DOWN.vi, _DOWN.en)
PROVINCE_DOWN = OTHERS["ProvincialServiceDown"].firing
WORLD = province(3, 900) | PORTAL_FAILS


def ending(firing: Firing, vi: str, en: str) -> Firing:
    return Firing(
        firing.alert,
        firing.labels,
        f"{firing.vi}; đường đi hỏng ở {vi}",
        f"{firing.en}; the way breaks in {en}",
        firing.more,
    )


def test_a_fault_that_is_found_in_time_is_told_instead_of_the_service(tmp_path: Path) -> None:
    told = Firing(OPERATOR_BROKEN.alert, OPERATOR_BROKEN.labels)
    series = WORLD | looks(("none", 165), ("isp_access", 735))
    Scene(series, during(120, 225) | during(225, 900, told)).judge(tmp_path)


def test_a_fault_that_is_found_late_adds_its_place_and_no_alert(tmp_path: Path) -> None:
    told = ending(DOWN, "đường truy nhập của nhà mạng", "the operator's access line")
    series = WORLD | looks(("none", 255), ("isp_access", 645))
    Scene(series, {240: (DOWN,), 255: (told,), 600: (told,), 885: (told,)}).judge(tmp_path, TEXTS)


@pytest.mark.parametrize(
    ("place", "vi", "en"),
    [
        ("province", "mạng của tỉnh", "the province's network"),
        ("national", "mạng quốc gia", "the national network"),
        ("target", "chính hệ thống đích", "the host itself"),
    ],
)
def test_a_fault_beyond_the_operator_stays_a_matter_of_the_service(
    tmp_path: Path, place: str, vi: str, en: str
) -> None:
    series = WORLD | looks(("none", 165), (place, 735))
    Scene(series, {225: (), 600: (ending(DOWN, vi, en),)}).judge(tmp_path, TEXTS)


def test_a_name_that_nobody_knows_is_its_owners_matter_and_a_lie_the_name_servers(tmp_path: Path) -> None:
    seen = looks(("none", 165), ("dns", 735))
    for verdict, firing in (
        ("unknown_name", ending(DOWN, "máy chủ tên miền", "the name servers")),
        ("lying", NAMES_LIE),
    ):
        (folder := tmp_path / verdict).mkdir()
        Scene(WORLD | seen | says(verdict, 900), {600: (firing,)}).judge(folder, TEXTS)


def test_a_fault_while_everything_works_is_told_once_a_second_look_has_seen_it(tmp_path: Path) -> None:
    series = province(3, HOUR) | looks(("none", 600), ("isp_access", HOUR - 600))
    told = Firing(OPERATOR_BROKEN.alert, OPERATOR_BROKEN.labels)
    Scene(series, {600 + 885: (), 600 + 900: (told,)}).judge(tmp_path)
    brief = province(3, HOUR) | looks(("none", 600), ("mtu", 660), ("none", HOUR - 1260))
    Scene(brief, dict.fromkeys((600, 1200, 1500, 2400), ())).judge(tmp_path)


def test_what_a_look_has_left_behind_is_not_told_after_the_service_came_back(tmp_path: Path) -> None:
    series = (
        province(3, 1800)
        | {PORTAL: values((1, 1800))}
        | service(ONE, (1, 120), (0, 60), (1, 1620))
        | of_all([service(office, (1, 1800)) for office in offices(2, first=2)])
        | looks(("none", 165), ("isp_access", 300), ("none", 1335))
    )
    Scene(series, during(120, 1800)).judge(tmp_path)


def test_packets_lost_inside_the_office_are_not_blamed_on_the_link(tmp_path: Path) -> None:
    seen = looks(("none", 150), ("office_lan", 750))
    dead = {ONE.series("link_up", link="wan1"): values((1, 120), (0, 780))}
    dead |= {ONE.series("link_up", link="wan2"): values((1, 900))}
    told = Firing(NETWORK_BROKEN.alert, NETWORK_BROKEN.labels)
    Scene(province(3, 900) | seen | dead, during(120, 210) | during(210, 900, told)).judge(tmp_path)


def test_a_dead_link_is_told_once_with_the_place(tmp_path: Path) -> None:
    dead = {ONE.series("link_up", link="wan1"): values((1, 120), (0, 780))}
    dead |= {ONE.series("link_up", link="wan2"): values((1, 900))}
    down = Firing(
        "LinkDown", office_labels(ONE, "warning", "link", "office/link/04001-1", **LINK),
        "Trung tâm xã 1: đường truyền wan1 (vnpt) bị đứt", "Trung tâm xã 1: the link wan1 (vnpt) is down",
    )  # fmt: skip
    told = ending(down, "mạng trục của nhà mạng", "the operator's backbone")
    series = province(3, 900) | looks(("none", 150), ("isp_backbone", 750)) | dead
    Scene(series, {165: (), 180: (told,), 600: (told,)}).judge(tmp_path, TEXTS)


def test_power_and_silence_stay_what_they_are(tmp_path: Path) -> None:
    broken = looks(("none", 120), ("gateway", 780))
    Scene(province(3, 900) | broken | ups(ONE, (0, 120), (1, 780)), during(150, 900, ON_BATTERY)).judge(tmp_path)
    away = province(3, 900) | broken | silent(ONE, 120, 900)
    quiet = Firing(
        "OfficeSilent", office_labels(ONE, "warning", "unknown", "office/unknown/04001-1", operator="vnpt"),
        more=silent_because("none"),
    )  # fmt: skip
    Scene(away, during(210, 900, quiet)).judge(tmp_path)


def test_a_service_that_fails_at_large_is_told_once_with_the_place_that_most_see(tmp_path: Path) -> None:
    seen = [looks(("none", 135), (place, 765), office=office)
            for office, place in zip(offices(3), ("national", "national", "isp_access"), strict=True)]  # fmt: skip
    fails = [service(office, (1, 120), (0, 780)) for office in offices(3)]
    told = ending(PROVINCE_DOWN, "mạng quốc gia", "the national network")
    Scene(province(3, 900) | {PORTAL: values((1, 900))} | of_all([*seen, *fails]), {165: (), 600: (told,)}).judge(
        tmp_path, TEXTS
    )


def test_an_operators_region_is_told_once_and_its_offices_do_not_judge_services(tmp_path: Path) -> None:
    fails = [service(office, (1, 150), (0, 750)) for office in offices(5)]
    works = [service(office, (1, 900)) for office in offices(5, first=6)]
    series = region("isp_backbone") | {PORTAL: values((1, 900))} | of_all([*fails, *works])
    told = Firing(REGION.alert, REGION.labels)
    Scene(series, during(120, 180) | during(180, 900, told)).judge(tmp_path)


def test_three_of_an_operators_four_customers_are_a_matter_of_the_operator(tmp_path: Path) -> None:
    """As many as are one when they fall silent (OperatorRegionSilent)."""
    theirs = [looks(("none", 120), ("isp_backbone", 780), office=office) for office in offices(3)]
    others = [looks(("none", 900), office=office, operator="viettel") for office in offices(6, first=5)]
    fails = [service(office, (1, 120), (0, 780)) for office in offices(3)]
    works = [service(office, (1, 900)) for office in offices(7, first=4)]
    series = province(10, 900) | looks(("none", 900), office=offices(4)[3]) | {PORTAL: values((1, 900))}
    told = Firing(REGION.alert, REGION.labels)
    Scene(series | of_all([*theirs, *others, *fails, *works]), during(0, 180) | during(180, 900, told)).judge(tmp_path)


def test_where_the_ways_of_others_break_as_well_no_operator_is_blamed(tmp_path: Path) -> None:
    fails = [service(office, (1, 120), (0, 780)) for office in offices(10)]
    series = region("isp_backbone", elsewhere="isp_backbone") | {PORTAL: values((1, 900))} | of_all(fails)
    told = Firing(PROVINCE_DOWN.alert, PROVINCE_DOWN.labels)
    Scene(series, {165: (), 600: (told,), 885: (told,)}).judge(tmp_path)


# --- interrupted lines ----------------------------------------------------------------------------------------------

OUTAGES = "link_echo_outages_total"


def test_what_was_told_as_a_silence_is_not_told_again_when_the_office_is_back_with_what_it_kept(tmp_path: Path) -> None:
    """It comes back after half an hour, and its counters tell of five outages."""
    gone = ("gone", 1800.0)
    back = {
        ONE.series("agent_start_time_seconds"): values((1700000000, 600), gone, (1700000000, HOUR)),
        ONE.series(OUTAGES, link="wan1", collector="echo"): values((0, 600), gone, (5, HOUR)),
    }
    answers: dict[tuple[float, str], dict[str, float]] = {
        (moment, 'count(ALERTS{alertname="LinkUnstable"})'): {} for moment in (2700.0, 3600.0, 5900.0)
    }
    Scene(province(3, 6000) | back, values=answers).judge(tmp_path)


def test_a_line_without_echoes_is_judged_by_its_probe_however_short_each_cut(tmp_path: Path) -> None:
    """Half a minute down in ten minutes: each too short to be told by itself."""
    flapping = {ONE.series("link_up", link="wan1"): values(*[(1, 570), (0, 30)] * 7)}
    answers = {
        (1500.0, 'count(ALERTS{alertname="LinkUnstable", link="wan1"})'): {},
        (2400.0, 'count(ALERTS{alertname="LinkUnstable", link="wan1"})'): {"{}": 1.0},
        (4100.0, 'count(ALERTS{alertname=~"Link.*", alertstate="firing"})'): {"{}": 1.0},
    }
    Scene(province(3, 4200) | flapping, values=answers).judge(tmp_path)


def test_silences_too_short_to_be_told_do_not_hide_that_a_line_is_interrupted(tmp_path: Path) -> None:
    """Each time the office is missed for some seconds, and its counter tells afterwards."""
    back = {
        ONE.series("agent_start_time_seconds"): " ".join([values((1700000000, 525), ("gone", 75.0))] * 7),
        ONE.series(OUTAGES, link="wan1", collector="echo"): values(*[(number, 600.0) for number in range(7)]),
    }
    answers = {
        (2550.0, 'count(ALERTS{alertname="LinkUnstable"})'): {"{}": 1.0},
        (4000.0, 'count(ALERTS{alertname="OfficeSilent", alertstate="firing"})'): {},
    }
    Scene(province(3, 4200) | looks(("none", 4200)) | back, values=answers).judge(tmp_path)


def test_a_line_that_happens_to_be_interrupted_when_it_is_judged_has_not_become_calm(tmp_path: Path) -> None:
    cut = values(("gone", 90), (1700000000, 510))
    back = {
        ONE.series("agent_start_time_seconds"): " ".join([values((1700000000, 525)), *[cut] * 6]),
        ONE.series(OUTAGES, link="wan1", collector="echo"): values((0, 615), *[(float(n), 600.0) for n in range(1, 7)]),
    }
    told = 'count(ALERTS{alertname="LinkUnstable"})'
    answers: dict[tuple[float, str], dict[str, float]] = {(at, told): {"{}": 1.0} for at in (2100.0, 2400.0, 2700.0)}
    answers[2400.0, 'count(office:heard{office="04001-1"})'] = {}
    Scene(province(3, 4200) | looks(("none", 4200)) | back, values=answers).judge(tmp_path)


def test_few_outages_and_dips_of_a_fibre_are_no_dips_of_a_signal(tmp_path: Path) -> None:
    series = province(3, 2 * HOUR) | looks(("none", 2 * HOUR)) | counted("link_echo_dips_total", 1200, 2 * HOUR)
    Scene(series | counted(OUTAGES, 2400, 2 * HOUR), dict.fromkeys((HOUR, 5400, 7100), ())).judge(tmp_path)


def test_without_a_modem_dips_are_inferred_and_said_to_be(tmp_path: Path) -> None:
    series = (
        province(3, 2 * HOUR) | looks(("none", 2 * HOUR), medium="4g") | counted("link_echo_dips_total", 450, 2 * HOUR)
    )
    told = Firing(
        "SignalDips",
        office_labels(ONE, "info", "link", "office/link/04001-1", **LINK, evidence="inferred"),
        "Trung tâm xã 1: sóng của đường truyền wan1 (vnpt) sụt 8 lần trong 1 giờ (suy đoán)",
        "Trung tâm xã 1: the signal of the link wan1 (vnpt) dipped 8 times within 1 h (inferred)",
    )
    Scene(series, {HOUR: (told,)}).judge(tmp_path, TEXTS)
