"""What a UPS says of its battery wavers; what people are told of it does not."""

from pathlib import Path

from tests.rules.case import ONE, ups
from tests.rules.cases_of_offices import ON_BATTERY
from tests.rules.every_case import CASES
from tests.rules.scene import Firing, Scene, province, values
from tests.rules.test_incidents import during

END = 900.0
ALONE = Firing(ON_BATTERY.alert, ON_BATTERY.labels)
LOW = Firing("BatteryLow", CASES["BatteryLow"].firing.labels)


def runtime(*parts: tuple[float | str, float]) -> dict[str, str]:
    """Seconds that are left, as the UPS reckons."""
    return {ONE.series("ups_battery_runtime_seconds", ups="ups-1"): values(*parts)}


def test_a_battery_that_was_told_to_be_low_stays_so_until_mains_is_back(tmp_path: Path) -> None:
    """Somebody has switched off a machine: the UPS reckons with more time, for a while."""
    series = province(3, END) | ups(ONE, (0, 120), (1, 600), (0, END - 720))
    series |= runtime((1800, 300), (500, 60), (800, 180), (500, END - 540))
    moments = during(150, 330, ALONE) | during(330, 840, ALONE, LOW) | during(840, END)
    Scene(series, moments).judge(tmp_path)


def test_a_wrong_figure_at_the_moment_of_the_transfer_is_no_low_battery(tmp_path: Path) -> None:
    series = province(3, END) | ups(ONE, (0, 120), (1, END - 120)) | runtime((1800, 120), (0, 30), (1700, END - 150))
    Scene(series, during(150, END, ALONE)).judge(tmp_path)


def test_what_was_said_of_it_does_not_outlast_the_power_cut(tmp_path: Path) -> None:
    series = province(3, END) | ups(ONE, (0, 120), (1, 180), (0, 300), (1, END - 600))
    series |= runtime((500, 450), (1800, END - 450))
    Scene(series, during(150, 420, ALONE, LOW) | during(420, 630) | during(630, END, ALONE)).judge(tmp_path)
