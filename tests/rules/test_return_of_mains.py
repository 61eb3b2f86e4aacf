"""Mains comes back line by line and office by office: the end of a power cut across a province is no new incident."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.settings import PRODUCTION
from tests.rules.case import MINUTE, of_all, office_labels, ups
from tests.rules.cases_of_offices import CASES
from tests.rules.scene import STEP, Firing, Office, Scene, offices, province, values
from tests.rules.test_incidents import during

CUT, BACK = 120.0, 600.0
TOLD = CUT + STEP
PROVINCE = replace(CASES["ProvincialPowerLost"].firing, vi="", en="", more={})
WITH_UPS, BARE, FINE = offices(5), offices(4, first=6), offices(11, first=10)  # a quarter, a fifth, and the others
Times = Mapping[float, Sequence[Firing]]


def country(back: Mapping[Office, float], end: float) -> dict[str, str]:
    """All of 04 that are without mains from CUT on get it back at their own times; a bare one is silent until then."""
    series = province(20, end) | province(3, end, "11")
    series |= of_all([ups(one, (0, end)) for one in FINE])
    series |= of_all([ups(one, (0, CUT), (1, back[one] - CUT), (0, end - back[one])) for one in WITH_UPS])
    for one in BARE:
        heard = values((1, CUT), ("gone", back[one] - CUT), (1, end - back[one]))
        series[one.series("agent_start_time_seconds")] = heard
    return series


def one_by_one(those: Iterable[Office], every: float) -> dict[Office, float]:
    return {one: BACK + every * place for place, one in enumerate(those)}


@pytest.mark.parametrize("order", [(*WITH_UPS, *BARE), (*BARE, *WITH_UPS)])
def test_offices_that_get_mains_back_after_the_others_are_no_incidents_of_their_own(
    tmp_path: Path, order: Sequence[Office]
) -> None:
    """The province is over two minutes after one alone is known to be left."""
    back = one_by_one(order, 2 * MINUTE)
    over = back[WITH_UPS[-2]] + 2 * MINUTE
    end = BACK + 25 * MINUTE
    times: Times = during(0, TOLD) | during(TOLD, over, PROVINCE) | during(over + STEP, end)
    Scene(country(back, end), times).judge(tmp_path)


def test_the_last_that_stays_away_for_long_is_told_by_itself(tmp_path: Path) -> None:
    back = dict.fromkeys((*WITH_UPS, *BARE), BACK) | {BARE[0]: BACK + 20 * MINUTE}
    own = Firing("OfficeSilent", office_labels(BARE[0], "warning", "unknown", f"office/unknown/{BARE[0].id}"))
    times: Times = during(BACK + 3 * MINUTE, BACK + 4 * MINUTE) | during(BACK + 6 * MINUTE, BACK + 20 * MINUTE, own)
    Scene(country(back, BACK + 25 * MINUTE), times).judge(tmp_path)


def test_several_that_stay_away_are_told_once_the_others_have_been_back_for_long(tmp_path: Path) -> None:
    settings = replace(PRODUCTION, windows=replace(PRODUCTION.windows, power_return_seconds=600))
    back = dict.fromkeys((*WITH_UPS, *BARE), BACK) | dict.fromkeys(BARE[:2], BACK + 30 * MINUTE)
    own = [
        Firing("OfficeSilent", office_labels(one, "warning", "unknown", f"office/unknown/{one.id}")) for one in BARE[:2]
    ]
    times: Times = during(BACK + 3 * MINUTE, BACK + 14 * MINUTE) | during(BACK + 16 * MINUTE, BACK + 30 * MINUTE, *own)
    Scene(country(back, BACK + 32 * MINUTE), times, settings=settings).judge(tmp_path)


def test_a_line_that_is_cut_once_its_office_has_mains_back_is_told_meanwhile(tmp_path: Path) -> None:
    """Alertmanager holds it back while the province is still told; the rules do not."""
    cut, end = BACK + 6 * MINUTE, BACK + 15 * MINUTE
    back = dict.fromkeys((*WITH_UPS, *BARE), BACK) | dict.fromkeys(WITH_UPS[1:3], end - MINUTE)
    series = country(back, end)
    one = WITH_UPS[0]
    series[one.series("agent_start_time_seconds")] = values((1, cut), ("gone", end - cut))
    series[one.series("ups_on_battery", ups="ups-1", collector="ups")] = values(
        (0, CUT), (1, BACK - CUT), (0, cut - BACK), ("gone", end - cut)
    )
    own = Firing("OfficeSilent", office_labels(one, "warning", "link", f"office/link/{one.id}"))
    Scene(series, during(BACK, cut + 90, PROVINCE) | during(cut + 105, end, PROVINCE, own)).judge(tmp_path)
