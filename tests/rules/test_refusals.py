"""Offices that a service turns away: they say nothing about whether it works, and hide nobody who does."""

from pathlib import Path

from tests.rules.case import HOUR, MINUTE, PORTAL, of_all, service
from tests.rules.every_case import CASES
from tests.rules.scene import Firing, Office, Scene, offices, province, selector, values

END = 2 * HOUR


def refused(office: Office, name: str, collector: str) -> dict[str, str]:
    """From ten minutes on."""
    return {
        office.series("probe_success", service=name, collector=collector): values((1, 600), (0, END - 600)),
        office.series("probe_result", service=name, collector=collector, reason="blocked"): values(
            ("gone", 600), (1, END - 600)
        ),
    }


def test_a_journey_that_is_turned_away_is_not_called_broken(tmp_path: Path) -> None:
    journey = selector("journey_info", service="way", name="Đường tới tờ khai", job="facts")
    walked = of_all([refused(office, "way", "journey") for office in offices(3)])
    Scene(province(3, END) | {journey: values((1, END))} | walked, {END - MINUTE: ()}).judge(tmp_path)


def test_an_outage_is_told_by_the_offices_that_are_not_turned_away(tmp_path: Path) -> None:
    turned_away = of_all([refused(office, "portal", "service") for office in offices(2)])
    others = service(Office(3), (1, 600), (0, END - 600)) | service(Office(4), (1, END)) | service(Office(5), (1, END))
    down = {**CASES["ServiceDown"].firing.labels, **Office(3).labels, **Office(3).names}
    Scene(
        province(5, END) | {PORTAL: values((1, END))} | turned_away | others,
        {600 + 5 * MINUTE: (Firing("ServiceDown", {**down, "incident": "office/service/04003-1"}),)},
    ).judge(tmp_path)
