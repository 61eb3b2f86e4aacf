"""One incident, one alert, the right cause: what else happens at the same time must not raise another one."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.rules.case import MINUTE, ONE, PORTAL, of_all, office_labels, service, silent, ups
from tests.rules.cases_of_offices import ON_BATTERY
from tests.rules.every_case import CASES
from tests.rules.scene import STEP, Firing, Office, Scene, offices, province, selector, values
from tests.rules.test_alerts import TEXTS

SILENT = Firing("OfficeSilent", office_labels(ONE, "warning", "link", "office/link/04001-1"))
SILENT_UNKNOWN = Firing("OfficeSilent", office_labels(ONE, "warning", "unknown", "office/unknown/04001-1"))
PORTAL_DOWN = CASES["ProvincialServiceDown"].firing
SERVICE_DOWN = CASES["ServiceDown"].firing


def during(start: float, end: float, *firing: Firing) -> dict[float, Sequence[Firing]]:
    """The same alerts at every evaluation from `start` until before `end`."""
    return {start + STEP * number: firing for number in range(int((end - start) / STEP))}


def test_an_office_that_goes_dark_after_its_power_keeps_power_as_the_cause_for_hours(tmp_path: Path) -> None:
    battery = ups(ONE, (0, 300), (1, 60), ("gone", 7200))
    series = province(3, 7560) | battery | silent(ONE, 360, 7560)
    moments = during(330, 1200, ON_BATTERY) | {2400: [ON_BATTERY], 7500: [ON_BATTERY]}
    Scene(series, moments).judge(tmp_path)


def test_when_power_returns_the_incident_ends_and_no_other_begins(tmp_path: Path) -> None:
    battery = ups(ONE, (0, 300), (1, 60), ("gone", 1500), (0, 1140))
    heartbeat = {ONE.series("agent_start_time_seconds"): values((1, 360), ("gone", 1500), (1, 1140))}
    moments = during(1860, 1860 + 120, ON_BATTERY) | during(1980, 3000)
    Scene(province(3, 3000) | battery | heartbeat, moments).judge(tmp_path)


def test_a_link_cut_soon_after_power_returned_is_a_link_cut(tmp_path: Path) -> None:
    battery = ups(ONE, (0, 300), (1, 300), (0, 300), ("gone", 2700))
    series = province(3, 3600) | battery | silent(ONE, 900, 3600)
    Scene(series, during(990, 1500, SILENT) | {3500: [SILENT]}).judge(tmp_path)


def test_a_silent_office_without_a_ups_has_no_known_cause(tmp_path: Path) -> None:
    moments = during(210, 1200, SILENT_UNKNOWN) | {3500: [SILENT_UNKNOWN]}
    Scene(province(3, 3600) | silent(ONE, 120, 3600), moments).judge(tmp_path)


def test_a_dip_shorter_than_the_hold_wakes_nobody(tmp_path: Path) -> None:
    Scene(province(3, 600) | ups(ONE, (0, 300), (1, 30), (0, 270)), during(0, 600)).judge(tmp_path)


@pytest.mark.parametrize("count", [3, 12])
def test_a_broken_portal_is_one_alert_however_the_offices_notice_it(tmp_path: Path, count: int) -> None:
    seen = [service(office, (1, 300 + _spread(office.number)), (0, 900 - _spread(office.number)))
            for office in offices(count)]  # fmt: skip
    quiet = during(300, 360)
    last = during(435, 1200, PORTAL_DOWN)
    Scene(province(count, 1200) | {PORTAL: values((1, 1200))} | of_all(seen), quiet | last).judge(tmp_path)


def _spread(number: int) -> float:
    """Offices probe once a minute, each at its own second."""
    return STEP * (number % 4)


def test_when_a_portal_returns_office_by_office_nobody_is_told_of_single_offices(tmp_path: Path) -> None:
    seen = [service(office, (1, 300), (0, 300 + _spread(office.number)), (1, 600 - _spread(office.number)))
            for office in offices(12)]  # fmt: skip
    over = during(600 + 45 + 120 + STEP, 1200)
    still = during(600, 600 + 120, PORTAL_DOWN)
    Scene(province(12, 1200) | {PORTAL: values((1, 1200))} | of_all(seen), still | over).judge(tmp_path)


def test_a_national_outage_is_not_also_told_by_province(tmp_path: Path) -> None:
    both = (*offices(12), *offices(3, "11"))
    seen = [service(office, (1, 300 + _spread(office.number)), (0, 900 - _spread(office.number))) for office in both]
    national = CASES["NationalServiceDown"].firing
    series = province(12, 1200) | province(3, 1200, "11") | {PORTAL: values((1, 1200))} | of_all(seen)
    Scene(series, during(375, 1200, national)).judge(tmp_path)


def test_one_province_alone_is_never_the_country(tmp_path: Path) -> None:
    down = of_all([service(office, (1, 120), (0, 480)) for office in offices(12)])
    fine = of_all([service(office, (1, 600)) for office in offices(3, "11")])
    series = province(12, 600) | province(3, 600, "11") | {PORTAL: values((1, 600))} | down | fine
    share = Firing("ProvincialServiceDown", PORTAL_DOWN.labels)
    Scene(series, during(180, 600, share)).judge(tmp_path)


@pytest.mark.parametrize(
    ("reason", "vi", "en"),
    [("maintenance", "đang bảo trì", "under maintenance"), ("frozen", "bị treo", "frozen")],
)
def test_a_message_about_a_service_says_why_it_fails(tmp_path: Path, reason: str, vi: str, en: str) -> None:
    def because(office: Office, why: str) -> dict[str, str]:
        return {office.series("probe_result", service="portal", collector="service", reason=why): values((1, 600))}

    first, second, third = offices(3)
    failing = because(first, reason) | because(second, reason) | because(third, "error")
    one = province(3, 600) | {PORTAL: values((1, 600))} | service(first, (0, 600)) | because(first, reason)
    one |= of_all([service(office, (1, 600)) for office in (second, third)])
    most = province(3, 600) | {PORTAL: values((1, 600))} | failing
    most |= of_all([service(office, (0, 600)) for office in (first, second, third)])
    said = ((one, SERVICE_DOWN), (most, PORTAL_DOWN))
    for number, (series, firing) in enumerate(said):
        (folder := tmp_path / str(number)).mkdir()
        told = Firing(firing.alert, firing.labels, f"{firing.vi} ({vi})", f"{firing.en} ({en})", firing.more)
        Scene(series, {450: [told]}).judge(folder, TEXTS)


def test_an_office_without_power_or_with_a_bad_link_has_no_vote(tmp_path: Path) -> None:
    dark, deaf = offices(2)
    series = (
        province(4, 1200)
        | {PORTAL: values((1, 1200))}
        | ups(dark, (0, 300), (1, 900))
        | service(dark, (1, 300), (0, 900))
        | {deaf.series("link_up", link="wan1"): values((1, 300), (0, 900))}
        | service(deaf, (1, 300), (0, 900))
        | of_all([service(office, (1, 1200)) for office in offices(2, first=3)])
    )
    labels = office_labels(deaf, "warning", "link", "office/link/04002-1", link="wan1")
    Scene(series, {1100: [ON_BATTERY, Firing("LinkDown", labels)]}).judge(tmp_path)


def test_a_probe_that_cannot_run_says_nothing_about_the_service(tmp_path: Path) -> None:
    broken = {ONE.series("probe_result", collector="service", service="portal", reason="internal"): values((1, 900))}
    series = province(3, 900) | {PORTAL: values((1, 900))} | service(ONE, (0, 900)) | broken
    labels = office_labels(ONE, "info", "agent", "office/agent/ProbeFailing/04", collector="service", reason="internal")
    Scene(series, {400: [], 800: [Firing("ProbeFailing", labels)]}).judge(tmp_path)


def test_a_province_without_power_is_one_alert_also_when_its_offices_go_dark(tmp_path: Path) -> None:
    cut = of_all([ups(office, (0, 300), (1, 60), ("gone", 1440)) | silent(office, 360, 1800) for office in offices(8)])
    firing = CASES["ProvincialPowerLost"].firing
    told = Firing(firing.alert, firing.labels)
    Scene(province(12, 1800) | cut, during(315, 1800, told)).judge(tmp_path)


def test_a_silent_office_is_not_forgotten_while_the_register_is_away(tmp_path: Path) -> None:
    away = {office.facts(): values((1, 600), ("gone", 150), (1, 450)) for office in offices(3)}
    series = province(3, 1200) | silent(ONE, 120, 1200) | away
    Scene(series, during(210, 1200, SILENT_UNKNOWN)).judge(tmp_path)


def test_an_outage_keeps_its_names_while_the_register_is_away(tmp_path: Path) -> None:
    """A label that changes makes another alert of the same incident, and so another notification."""
    away = values((1, 300), ("gone", 165), (1, 735))
    facts = {office.facts(): away for office in offices(4)} | {PORTAL: away}
    fails = of_all([service(office, (1, 120), (0, 1080)) for office in offices(4)])
    told = Firing(PORTAL_DOWN.alert, PORTAL_DOWN.labels)
    Scene(province(4, 1200) | fails | facts, during(180, 1200, told)).judge(tmp_path)


def test_a_province_whose_page_alone_is_away_is_told_for_as_long_as_it_is(tmp_path: Path) -> None:
    away = {office.facts(): values((1, 300), ("gone", 1500)) for office in offices(5)}
    told = Firing(CASES["FactsMissing"].firing.alert, CASES["FactsMissing"].firing.labels)
    Scene(province(5, 1800) | province(3, 1800, "11") | away, during(285, 480) | during(480, 1800, told)).judge(
        tmp_path
    )


def test_an_office_that_left_the_register_is_not_missed(tmp_path: Path) -> None:
    series = province(3, 1200) | silent(ONE, 600, 1200) | {ONE.facts(): values((1, 600), ("gone", 600))}
    Scene(series, during(600, 1200)).judge(tmp_path)


def test_two_names_for_one_office_break_no_rule(tmp_path: Path) -> None:
    other = ONE.facts().replace("Trung tâm xã 1", "Trung tâm xã Một")
    series = province(3, 600) | {other: values((1, 600))} | ups(ONE, (0, 120), (1, 480))
    firing = 'count by (alertname) (ALERTS{alertname="OnBattery", alertstate="firing"})'
    Scene(series, values={(150, firing): {'{alertname="OnBattery"}': 1}}).judge(tmp_path)


def test_an_office_that_nobody_entered_is_still_watched(tmp_path: Path) -> None:
    stranger = {ONE.series("agent_start_time_seconds"): values((1, 600))}
    bare = {name: value for name, value in ON_BATTERY.labels.items() if name not in ONE.names}
    firing = Firing(
        "OnBattery", bare, "04001-1: mất điện lưới, đang dùng UPS", "04001-1: mains power lost, running on the UPS"
    )
    series = province(3, 600, first=2) | stranger | ups(ONE, (0, 120), (1, 480))
    Scene(series, {150: [firing]}).judge(tmp_path, TEXTS)


def test_an_office_that_nobody_entered_is_not_missed(tmp_path: Path) -> None:
    """What the register is taken for may be a minute old: then he would be silent for as long."""
    stranger = silent(ONE, 120, 600)
    silences: dict[tuple[float, str], dict[str, float]] = {
        (120 + 60.0, "office:silent"): {},
        (300, "office:silent"): {},
    }
    Scene(province(3, 600, first=2) | stranger, values=silences).judge(tmp_path)


def test_a_flapping_link_is_one_alert(tmp_path: Path) -> None:
    flaps = [((1.0, 60.0), ("gone", 105.0))] * 6
    parts: list[tuple[float | str, float]] = [(1, 120), ("gone", 120), *(part for flap in flaps for part in flap)]
    series = province(3, 20 * MINUTE) | {ONE.series("agent_start_time_seconds"): values(*parts)}
    Scene(series, during(225, 1100, SILENT_UNKNOWN)).judge(tmp_path)


def test_every_office_has_exactly_one_verdict_and_says_what_it_stands_on(tmp_path: Path) -> None:
    powerless, cut, deaf, fine, mute, lossy, cabled = offices(7)
    lan = {cabled.series("link_up", link="wan1"): values((1, 900))}
    lan |= {cabled.series("link_hop_loss_ratio", link="wan1", hop="gateway"): values((0, 300), (0.5, 600))}
    lan |= {cabled.series("path_fault", link="wan1", collector="path", where="office_lan"): values((0, 315), (1, 585))}
    series = (
        province(20, 900)
        | ups(powerless, (0, 300), (1, 60), ("gone", 540))
        | silent(powerless, 360, 900)
        | ups(cut, (0, 300), ("gone", 600))
        | silent(cut, 300, 900)
        | {deaf.series("link_up", link="wan1"): values((0, 900))}
        | silent(mute, 300, 900)
        | {lossy.series("link_up", link="wan1"): values((1, 900))}
        | {lossy.series("link_hop_loss_ratio", link="wan1", hop="first_hop"): values((0.5, 900))}
        | lan
    )
    verdicts = {
        powerless: ("power", "battery"),
        cut: ("link", "mains"),
        deaf: ("link", "down"),
        fine: ("ok", "heard"),
        mute: ("unknown", "none"),
        lossy: ("link", "lossy"),
        cabled: ("lan", "way"),
    }
    expected = {
        selector("office:verdict", **office.labels, verdict=word, evidence=evidence): 1.0
        for office, (word, evidence) in verdicts.items()
    }
    watched = "|".join(office.id for office in verdicts)
    asked: dict[tuple[float, str], dict[str, float]] = {(800, f'office:verdict{{office=~"{watched}"}}'): expected}
    for moment in (300.0 + STEP * place for place in range(20)):
        asked[moment, "count(count by (office) (office:verdict) != 1)"] = {}
        asked[moment, "count(office:verdict)"] = {"{}": 20.0}
    Scene(series, values=asked).judge(tmp_path)


def test_a_router_that_drops_pings_does_not_make_a_link_lossy(tmp_path: Path) -> None:
    losses = {"gateway": 0.0, "first_hop": 0.6, "reference": 0.0}
    hops = {
        ONE.series("link_hop_loss_ratio", link="wan1", hop=hop): values((loss, 900)) for hop, loss in losses.items()
    }
    Scene(province(3, 900) | hops, {800: []}).judge(tmp_path)


def test_without_a_hop_outside_the_gateway_tells_the_loss(tmp_path: Path) -> None:
    hops = {ONE.series("link_hop_loss_ratio", link="wan1", hop="gateway"): values((0.5, 900))}
    up = {ONE.series("link_up", link="wan1"): values((1, 900))}
    labels = office_labels(ONE, "warning", "link", "office/link/04001-1", link="wan1")
    Scene(province(3, 900) | hops | up, {800: [Firing("LinkLossy", labels)]}).judge(tmp_path)
