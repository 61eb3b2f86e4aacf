"""Services that are asked every 5 or 15 minutes: an outage reaches the offices one by one, and is told once.

Each office sees the change at its own moment of the interval, as the stable offsets of the agents have it.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from alerts.settings import PRODUCTION
from tests.rules.case import PORTAL, of_all, service
from tests.rules.every_case import CASES
from tests.rules.scene import STEP, Firing, Office, Scene, offices, province, selector, values

PACES = pytest.mark.parametrize("every", [300.0, 900.0])
NATIONAL, PROVINCIAL, OFFICE = (
    CASES[name].firing for name in ("NationalServiceDown", "ProvincialServiceDown", "ServiceDown")
)
ANYTHING = 'ALERTS{{alertstate="firing", alertname!~"Watchdog|{}"}}'
BEGIN = 300.0


def look(every: float) -> float:
    """Seconds between two evaluations: some per probe, for these scenes are long."""
    return min(every / 10, 60.0)


def interval(every: float, seconds: float, *codes: str) -> dict[str, str]:
    """What the register says."""
    name = "service_probe_interval_seconds"
    return {selector(name, province=code, service="portal", job="facts"): values((every, seconds)) for code in codes}


def factor(every: float) -> float:
    """By how much the windows of such a service are longer."""
    return next(pace.factor for pace in PRODUCTION.windows.paces if pace.over < every <= pace.most)


def seen(office: Office, moment: float, every: float) -> float:
    """When an office's next probe after the moment is on the page of its agent: a number of 0..29 spreads evenly."""
    return (moment + every * (office.number * 11 % 30) / 30) // STEP * STEP


def outage(office: Office, every: float, over: float, end: float) -> dict[str, str]:
    down, up = seen(office, BEGIN, every), seen(office, over, every)
    return service(office, (1, down), (0, up - down), (1, end - up))


def never_beside(name: str, end: float) -> dict[tuple[float, str], dict[str, float]]:
    """Anything else fires at no minute."""
    return {(60.0 * minute, ANYTHING.format(name)): {} for minute in range(int(end / 60))}


@PACES
def test_a_national_outage_and_its_end_are_told_once_and_as_one(every: float, tmp_path: Path) -> None:
    over, end = BEGIN + 4 * every, BEGIN + 4 * every + 2 * every + 4 * factor(every) * 120
    voters: Sequence[Office] = (*offices(30), *offices(30, "11"))
    series = (
        province(30, end)
        | province(30, end, "11")
        | {PORTAL: values((1, end))}
        | interval(every, end, "04", "11")
        | of_all([outage(office, every, over, end) for office in voters])
    )
    told = Firing(NATIONAL.alert, NATIONAL.labels)
    moments = {BEGIN: (), BEGIN + 2 * every: (told,), over: (told,), end - look(every): ()}
    Scene(series, moments, never_beside("NationalServiceDown", end), every=look(every)).judge(tmp_path)


@PACES
@pytest.mark.parametrize("count", [3, 12])
def test_an_outage_of_a_province_is_told_once_and_as_one(every: float, count: int, tmp_path: Path) -> None:
    over, end = BEGIN + 4 * every, BEGIN + 4 * every + 2 * every + 4 * factor(every) * 120
    series = (
        province(count, end)
        | {PORTAL: values((1, end))}
        | interval(every, end, "04")
        | of_all([outage(office, every, over, end) for office in offices(count)])
    )
    told = Firing(PROVINCIAL.alert, PROVINCIAL.labels)
    moments = {BEGIN: (), over: (told,), end - look(every): ()}
    Scene(series, moments, never_beside("ProvincialServiceDown", end), every=look(every)).judge(tmp_path)


@PACES
def test_one_office_is_told_after_two_probes_and_an_hour_of_flapping_is_one_alert(every: float, tmp_path: Path) -> None:
    hold = factor(every) * PRODUCTION.windows.office_service_hold_seconds
    down, pause = 3 * every, every
    parts: list[tuple[float | str, float]] = [(1.0, BEGIN), *[(0.0, max(down, hold + every)), (1.0, pause)] * 3]
    end = sum(seconds for _, seconds in parts)
    series = (
        province(3, end)
        | {PORTAL: values((1, end))}
        | interval(every, end, "04")
        | service(offices(1)[0], *parts)
        | of_all([service(office, (1, end)) for office in offices(2, first=2)])
    )
    told = Firing(OFFICE.alert, OFFICE.labels)
    step = look(every)
    moments: dict[float, Sequence[Firing]] = {BEGIN + step * place: () for place in range(int(hold / step))}
    moments |= {BEGIN + hold + step * place: (told,) for place in range(int((end - BEGIN - hold) / step))}
    Scene(series, moments, every=step).judge(tmp_path)


def test_the_longest_pause_of_a_failing_service_is_within_the_windows_of_its_pace() -> None:
    """agent/backoff.py: only what is asked more often than every two minutes is asked less while it fails."""
    windows = PRODUCTION.windows
    assert windows.backed_off_seconds <= windows.seldom_probe_seconds
    for pace in windows.paces:
        slowest = windows.backed_off_seconds if pace.factor == 1 else pace.factor * windows.probe_seconds
        assert slowest <= 3 * pace.factor * windows.province_service_hold_seconds


def test_the_register_may_be_away_for_a_moment(tmp_path: Path) -> None:
    every, end = 900.0, 5400.0
    away = {name: values((900, 1200), ("gone", 300), (900, end - 1500)) for name in interval(every, end, "04")}
    single = service(offices(1)[0], (1, BEGIN), (0, 1500), (1, end - 1800))
    series = province(3, end) | {PORTAL: values((1, end))} | away | single
    others = of_all([service(office, (1, end)) for office in offices(2, first=2)])
    moments = {look(every) * place: () for place in range(int(end / look(every)))}
    Scene(series | others, moments, every=look(every)).judge(tmp_path)
