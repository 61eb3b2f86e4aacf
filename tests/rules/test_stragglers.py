"""Who sends his figures tries again only after a pause: once a way is whole again, he comes back minutes later."""

from collections.abc import Sequence
from pathlib import Path

from tests.rules.case import of_all, office_labels, silent
from tests.rules.cases_of_operators import PROVINCES, VNPT_DOWN, VNPT_OUT, both_operators
from tests.rules.every_case import CASES
from tests.rules.scene import STEP, Firing, Office, Scene, offices, province, values
from tests.rules.test_incidents import during

CUT, BACK, END = 150.0, 450.0, 900.0
SETTLED = BACK + 300
BLIND = Firing("CentreBlind", CASES["CentreBlind"].firing.labels)
ANYTHING_ELSE = 'ALERTS{{alertstate="firing", alertname!~"Watchdog|{}"}}'


def sending(office: Office, back: float) -> dict[str, str]:
    """Nothing of him from the cut until he has tried again; nobody scrapes him, so no mark says that he is away."""
    before, pause, after = (int(seconds / STEP) for seconds in (CUT, back - CUT, END - back))
    names = {"agent_start_time_seconds": "1700000000", "agent_push_scrape_interval_seconds": "15"}
    return {office.series(name): f"{value}x{before - 1} _x{pause} {value}x{after - 1}" for name, value in names.items()}


def one_by_one(those: Sequence[Office]) -> dict[str, str]:
    """The last of them just within the longest pause."""
    pauses = [285 * number / len(those) // STEP * STEP for number in range(1, len(those) + 1)]
    return of_all([sending(office, BACK + pause) for office, pause in zip(those, pauses, strict=True)])


def never_beside(name: str) -> dict[tuple[float, str], dict[str, float]]:
    """Anything else fires at no moment."""
    return {(STEP * place, ANYTHING_ELSE.format(name)): {} for place in range(int(END / STEP))}


def cut_off(office: Office) -> dict[str, str]:
    """One that is scraped, and heard again at once."""
    heard = values((1700000000, CUT), ("gone", BACK - CUT), (1700000000, END - BACK))
    return {office.series("agent_start_time_seconds"): heard}


def test_once_the_centre_hears_again_nobody_is_told_who_has_not_tried_again_yet(tmp_path: Path) -> None:
    series = of_all([province(12, END, code) for code in ("04", "11")])
    for code in ("04", "11"):
        series |= of_all([cut_off(office) for office in offices(6, code)]) | one_by_one(offices(6, code, 7))
    moments = during(BACK - 60, BACK, BLIND) | during(BACK + 150, END)
    Scene(series, moments, never_beside("CentreBlind")).judge(tmp_path)


def test_whoever_stays_away_is_told_then(tmp_path: Path) -> None:
    first, *others = offices(12)
    lost = silent(first, CUT, END)
    told = Firing("OfficeSilent", office_labels(first, "warning", "unknown", f"office/unknown/{first.id}"))
    series = province(12, END) | of_all([cut_off(office) for office in others]) | lost
    moments = during(BACK + 150, SETTLED) | during(SETTLED + 60, END, told)
    Scene(series, moments).judge(tmp_path)


def test_a_centre_that_was_deaf_for_one_look_only_delays_nothing(tmp_path: Path) -> None:
    first, *others = offices(12)
    away = values((1700000000, CUT), ("gone", 75), (1700000000, END - CUT - 75))
    deaf = {office.series("agent_start_time_seconds"): away for office in others}
    told = Firing("OfficeSilent", office_labels(first, "warning", "unknown", f"office/unknown/{first.id}"))
    blind = {(CUT + 60, "centre:blind"): {"centre:blind": 1.0}, (CUT + 75, "centre:blind"): {}}
    Scene(province(12, END) | deaf | silent(first, CUT, END), during(CUT + 180, END, told), blind).judge(tmp_path)


def test_neither_are_they_once_their_province_is_heard_again(tmp_path: Path) -> None:
    series = of_all([province(12, END, code) for code in ("04", "08", "11")]) | one_by_one(offices(6))
    told = Firing("ProvincialSilent", CASES["ProvincialSilent"].firing.labels)
    Scene(series, {BACK - STEP: (told,), END - STEP: ()}, never_beside(told.alert)).judge(tmp_path)


def test_nor_once_their_operator_works_again(tmp_path: Path) -> None:
    series = both_operators(6, 6, END) | one_by_one(offices(6))
    told = Firing(VNPT_OUT.alert, VNPT_OUT.labels)
    Scene(series, {BACK - STEP: (told,), END - STEP: ()}, never_beside(VNPT_OUT.alert)).judge(tmp_path)


def test_nor_is_a_province_once_the_operator_works_again_in_the_country(tmp_path: Path) -> None:
    """In two of three provinces all are back at once, in the third one by one."""
    series = of_all([both_operators(4, 4, END, code) for code in PROVINCES])
    for code in PROVINCES[:2]:
        series |= of_all([sending(office, BACK) for office in offices(4, code)])
    series |= one_by_one(offices(4, PROVINCES[2]))
    told = Firing(VNPT_DOWN.alert, VNPT_DOWN.labels)
    Scene(series, {BACK - STEP: (told,), END - STEP: ()}, never_beside(told.alert)).judge(tmp_path)
