"""Who has a vote on a service, how many it takes, and whose matter it then is."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.rules.case import PORTAL, of_all, office_labels, service
from tests.rules.cases_of_operators import (
    PROVINCES,
    VNPT_MISSES_PORTAL,
    VNPT_MISSES_PORTAL_AT_LARGE,
    both_operators,
    everywhere,
    over,
    votes,
)
from tests.rules.every_case import CASES as OTHERS
from tests.rules.scene import STEP, Firing, Office, Scene, offices, province, selector, values
from tests.rules.test_incidents import during

END = 480.0
PORTAL_DOWN = OTHERS["ProvincialServiceDown"].firing
NATIONAL = OTHERS["NationalServiceDown"].firing
SERVICE_DOWN = OTHERS["ServiceDown"].firing
FIRING = 'ALERTS{alertstate="firing", alertname!="Watchdog"}'


def bare(firing: Firing) -> Firing:
    return Firing(firing.alert, firing.labels)


def down_at(office: Office, **more: str) -> Firing:
    own = {"service": "portal", "service_name": "Cổng Dịch vụ công", **more}
    return Firing("ServiceDown", office_labels(office, "warning", "service", f"office/service/{office.id}", **own))


def verdict(code: str, scope: str, word: str, of: str = "portal") -> Mapping[str, float]:
    return {selector("service:verdict", province=code, service=of, scope=scope, verdict=word): 1.0}


def asked_each_minute(*services: str, code: str = "04", seconds: float = END) -> dict[str, str]:
    name = "service_probe_interval_seconds"
    return {selector(name, province=code, service=one, job="facts"): values((60, seconds)) for one in services}


def reference(office: Office, *parts: tuple[float | str, float]) -> dict[str, str]:
    """The link's own view: the operator's first router always answers, the host behind it loses so much."""
    return {
        office.series("link_up", link="wan1"): values((1, END)),
        office.series("link_hop_loss_ratio", link="wan1", hop="first_hop"): values((0, END)),
        office.series("link_hop_loss_ratio", link="wan1", hop="reference"): values(*parts),
    }


def answers(office: Office, of: str, *parts: tuple[float | str, float]) -> dict[str, str]:
    return {office.series("probe_success", service=of, collector="service"): values(*parts)}


# --- enough of them -------------------------------------------------------------------------------------------------


def test_two_voters_are_not_enough_evidence_and_each_speaks_for_itself(tmp_path: Path) -> None:
    series = province(2, END) | votes(offices(2), [], END)
    told = during(120 + 120, END, *(down_at(office) for office in offices(2)))
    few = verdict("04", "none", "not_enough_evidence")
    asked = {(moment, "service:verdict"): few for moment in (60.0, 300.0)}
    Scene(series, told, asked).judge(tmp_path)


def test_four_voters_of_the_country_are_not_enough_for_a_national_verdict(tmp_path: Path) -> None:
    codes = PROVINCES[:2]
    series = of_all([province(2, END, code) | votes(offices(2, code), [], END) for code in codes])
    national: dict[tuple[float, str], dict[str, float]] = {
        (moment, "service:failing"): {} for moment in (150.0, 300.0, END - STEP)
    }
    Scene(series, values=national).judge(tmp_path)


def test_one_voter_in_each_of_many_provinces_is_enough_for_the_country(tmp_path: Path) -> None:
    codes = [f"{number:02}" for number in range(10, 16)]
    series = of_all([province(1, END, code) | votes(offices(1, code), [], END) for code in codes])
    Scene(series, during(120 + 15, END, Firing(NATIONAL.alert, NATIONAL.labels))).judge(tmp_path)


def test_nobody_votes_until_the_roll_has_been_taken(tmp_path: Path) -> None:
    """Three of ten in each province always miss it: before there is a roll they are not all there is."""
    codes = PROVINCES[:2]
    everybody = [office for code in codes for office in offices(10, code)]
    votings = of_all([service(office, (0 if office.number < 4 else 1, END)) for office in everybody])
    series = of_all([province(10, END, code) for code in codes]) | votings
    asked: dict[tuple[float, str], Mapping[str, float]] = {
        (0.0, "service:voters:count"): {},
        (0.0, "service:failing"): {},
        (float(STEP), "service:voters:count"): {selector("service:voters:count", service="portal"): 20.0},
        (float(STEP), "service:failing"): {},
    }
    Scene(series, values=asked).judge(tmp_path)


# --- who reaches a control target -----------------------------------------------------------------------------------


def test_an_office_that_reaches_neither_its_reference_nor_any_service_has_no_vote(tmp_path: Path) -> None:
    cut, fine = Office(1), offices(4, first=2)
    lost = of_all([answers(cut, of, (1, 120), (0, END - 120)) for of in ("portal", "vneid")])
    works = of_all([answers(office, of, (1, END)) for office in fine for of in ("portal", "vneid")])
    series = province(5, END) | lost | works | asked_each_minute("portal", "vneid") | {PORTAL: values((1, END))}
    series |= reference(cut, (0, 120), (1, END - 120)) | of_all([reference(office, (0, END)) for office in fine])
    told = Firing("LinkDown", office_labels(cut, "warning", "link", "office/link/04001-1", link="wan1"))
    asked = {
        (300.0, "province_service:voters:count"): {
            selector("province_service:voters:count", province="04", service=of): 4.0 for of in ("portal", "vneid")
        },
        (300.0, 'office:verdict{verdict!="ok"}'): {
            selector("office:verdict", **cut.labels, verdict="link", evidence="cut_off"): 1.0
        },
    }
    Scene(series, during(120, 120 + 60) | during(120 + 60 + STEP, END, told), asked).judge(tmp_path)


def test_one_service_that_answers_is_control_enough_while_the_reference_is_lost(tmp_path: Path) -> None:
    own, fine = Office(1), offices(2, first=2)
    series = province(3, END) | asked_each_minute("portal", "vneid") | {PORTAL: values((1, END))}
    series |= reference(own, (0, 120), (1, END - 120)) | answers(own, "portal", (1, 120), (0, END - 120))
    series |= answers(own, "vneid", (1, END))
    series |= of_all([answers(office, of, (1, END)) for office in fine for of in ("portal", "vneid")])
    Scene(series, during(120 + 120, END, bare(SERVICE_DOWN))).judge(tmp_path)


def test_a_service_that_is_asked_seldom_controls_nothing(tmp_path: Path) -> None:
    """Its last answer is older than the cut."""
    cut, fine = Office(1), offices(3, first=2)
    seldom = {
        selector("service_probe_interval_seconds", province="04", service="land", job="facts"): values((900, END))
    }
    series = province(4, END) | asked_each_minute("portal") | seldom | {PORTAL: values((1, END))}
    series |= reference(cut, (0, 120), (1, END - 120)) | answers(cut, "portal", (1, 120), (0, END - 120))
    series |= answers(cut, "land", (1, END)) | of_all([answers(office, "portal", (1, END)) for office in fine])
    voters = selector("province_service:voters:count", province="04", service="portal")
    Scene(series, values={(300, 'province_service:voters:count{service="portal"}'): {voters: 3.0}}).judge(tmp_path)


def test_an_office_keeps_its_way_while_the_register_is_away(tmp_path: Path) -> None:
    office, away = Office(1), values((1, 120), ("gone", END - 120))
    lines = over("viettel", [office], END, link="lte", rank=2) | over("vnpt", [office], END)
    facts = {name: away.replace("1x", "2x") if "lte" in name and "rank" in name else away for name in lines}
    series = province(2, END) | facts | {office.facts(): away, Office(2).facts(): away}
    way = {selector("office:way", **office.labels, link="wan1", operator="vnpt"): 1.0}
    Scene(series, values={(moment, 'office:way{operator!=""}'): way for moment in (105.0, END - STEP)}).judge(tmp_path)


# --- whose matter ---------------------------------------------------------------------------------------------------


def test_what_fails_over_every_operator_is_the_services_matter(tmp_path: Path) -> None:
    series = both_operators(4, 4, END) | votes(offices(8), [], END)
    Scene(series, during(120 + 60, END, bare(PORTAL_DOWN))).judge(tmp_path)


def test_the_governments_own_network_is_told_apart_from_the_internet(tmp_path: Path) -> None:
    own, internet = offices(3), offices(5, first=4)
    series = province(8, END) | over("tslcd", own, END) | over("vnpt", internet, END) | votes(own, internet, END)
    labels = {**VNPT_MISSES_PORTAL.labels, "operator": "tslcd", "incident": "operator/link/04/tslcd"}
    Scene(series, during(120 + 60, END, Firing("OperatorServiceBroken", labels))).judge(tmp_path)


def test_an_operator_alone_in_a_province_cannot_be_told_from_the_service(tmp_path: Path) -> None:
    series = province(4, END) | over("vnpt", offices(4), END) | votes(offices(4), [], END)
    Scene(series, during(120 + 60, END, bare(PORTAL_DOWN))).judge(tmp_path)


def test_with_too_few_beside_them_the_customers_of_one_operator_accuse_the_service(tmp_path: Path) -> None:
    series = both_operators(4, 2, END) | votes(offices(4), offices(2, first=5), END)
    Scene(series, during(120 + 60, END, bare(PORTAL_DOWN))).judge(tmp_path)


def test_few_customers_in_each_province_are_one_matter_of_their_operator(tmp_path: Path) -> None:
    codes = (*PROVINCES, "14")
    series = everywhere(
        both_operators(2, 3, END, code) | votes(offices(2, code), offices(3, code, 3), END) for code in codes
    )
    Scene(series, during(120 + 60, END, bare(VNPT_MISSES_PORTAL_AT_LARGE))).judge(tmp_path)


def test_an_outage_that_reaches_all_in_their_turn_is_never_an_operators(tmp_path: Path) -> None:
    """Each office asks at its own second of the minute."""
    seen = {office: 120 + STEP * (office.number % 4) for office in offices(16)}
    series = both_operators(8, 8, END) | {PORTAL: values((1, END))}
    series |= of_all([service(office, (1, at), (0, END - at)) for office, at in seen.items()])
    blamed = 'count(ALERTS{alertname=~"Operator.*", alertstate="firing"})'
    others: dict[tuple[float, str], dict[str, float]] = {(float(STEP * place), blamed): {} for place in range(30)}
    Scene(series, during(120 + 60 + 45, END, bare(PORTAL_DOWN)), others).judge(tmp_path)


def test_a_service_has_exactly_one_verdict_in_each_province(tmp_path: Path) -> None:
    """All of 04, one operator of 11, one office of 12, nobody of 14; two voters in 15."""
    four = ("04", "11", "12", "14")
    series = everywhere(both_operators(4, 4, END, code) for code in four) | province(2, END, "15")
    series |= votes(offices(8), [], END) | votes(offices(4, "11"), offices(4, "11", 5), END)
    series |= votes(offices(1, "12"), offices(7, "12", 2), END) | votes([], offices(8, "14"), END)
    series |= votes([], offices(2, "15"), END)
    expected = {
        **verdict("04", "province", "broken"),
        **verdict("11", "operator", "broken"),
        **verdict("12", "office", "broken"),
        **verdict("14", "none", "ok"),
        **verdict("15", "none", "not_enough_evidence"),
    }
    Scene(series, values={(300, "service:verdict"): expected}).judge(tmp_path)


def test_a_national_outage_is_the_verdict_in_every_province(tmp_path: Path) -> None:
    series = of_all([province(4, END, code) | votes(offices(4, code), [], END) for code in PROVINCES])
    expected = {name: 1.0 for code in PROVINCES for name in verdict(code, "national", "broken")}
    Scene(series, values={(300, "service:verdict"): expected}).judge(tmp_path)


def missed_by_some(codes: Sequence[str], until: float) -> dict[str, str]:
    """Five of thirteen offices of each province miss it, one province a quarter of a minute after the other."""
    found: dict[str, str] = {}
    for number, code in enumerate(codes):
        begin = 120.0 + STEP * (number % 3)
        some = [service(office, (1, begin), (0, until - begin), (1, END - until)) for office in offices(5, code)]
        works = [service(office, (1, END)) for office in offices(8, code, 6)]
        found |= province(13, END, code) | of_all([*some, *works])
    return found | {PORTAL: values((1, END))}


def test_an_outage_for_some_in_many_provinces_is_one_of_the_country(tmp_path: Path) -> None:
    codes = [f"{number}" for number in range(10, 18)]
    told = bare(NATIONAL)
    moments = during(120, 165) | during(165, 300 + 120, told) | during(300 + 120, END)
    Scene(missed_by_some(codes, 300), moments).judge(tmp_path)


def test_an_outage_for_some_in_four_provinces_is_a_matter_of_each(tmp_path: Path) -> None:
    codes = [f"{number}" for number in range(10, 14)]
    counted = 'count(ALERTS{alertname="ProvincialServiceDown", alertstate="firing"})'
    asked: dict[tuple[float, str], Mapping[str, float]] = {
        (240.0, "service:failing"): {},
        (240.0, counted): {"{}": 4.0},
    }
    Scene(missed_by_some(codes, END - STEP), values=asked).judge(tmp_path)


# --- flapping -------------------------------------------------------------------------------------------------------


def test_a_share_that_hovers_about_the_limit_is_one_incident_without_an_end(tmp_path: Path) -> None:
    """Of six voters four or three miss it, in turns: over half is an outage, and it ends below 37.5 %."""
    end = 1380.0
    parts: list[tuple[float | str, float]] = [(1, 120), (0, 300), *[(1.0, 240.0), (0.0, 60.0)] * 3, (1, 60)]
    swinging = service(Office(1), *parts)
    steady = of_all([service(office, (1, 120), (0, end - 120)) for office in offices(3, first=2)])
    works = of_all([service(office, (1, end)) for office in offices(2, first=5)])
    series = province(6, end) | {PORTAL: values((1, end))} | swinging | steady | works
    Scene(series, during(120 + 60, end, bare(PORTAL_DOWN))).judge(tmp_path)
