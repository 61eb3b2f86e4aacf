"""A line that is down, and a power cut at the same office: two matters, each told once."""

from pathlib import Path

from tests.rules.case import ONE, ups
from tests.rules.cases_of_offices import ON_BATTERY
from tests.rules.every_case import CASES
from tests.rules.scene import Firing, Scene, province, values
from tests.rules.test_incidents import during

DOWN = Firing("LinkDown", {**CASES["LinkDown"].firing.labels})
DARK = Firing(ON_BATTERY.alert, ON_BATTERY.labels)
END = 1200.0


def lines(*parts: tuple[float | str, float]) -> dict[str, str]:
    """The first of an office, which is heard over its second."""
    fact = next(name for name in CASES["LinkDown"].series if name.startswith("link_info"))
    first, second = (ONE.series("link_up", link=link) for link in ("wan1", "wan2"))
    return {fact: values((1, END)), first: values(*parts), second: values((1, END))}


def test_a_line_that_was_told_is_down_all_through_a_short_power_cut(tmp_path: Path) -> None:
    """Else it would be over when power is back, and begin again three minutes later."""
    series = province(3, END) | lines((1, 120), (0, END - 120)) | ups(ONE, (0, 420), (1, 120), (0, END - 540))
    moments = during(180, 450, DOWN) | during(450, 660, DOWN, DARK) | during(660, END, DOWN)
    Scene(series, moments).judge(tmp_path)


def test_one_that_dies_a_moment_before_mains_is_told_once_the_router_has_had_time_to_start(tmp_path: Path) -> None:
    series = province(3, END) | lines((1, 405), (0, END - 405)) | ups(ONE, (0, 420), (1, 120), (0, END - 540))
    moments = during(450, 660, DARK) | during(660, 720) | during(720, END, DOWN)
    Scene(series, moments).judge(tmp_path)
