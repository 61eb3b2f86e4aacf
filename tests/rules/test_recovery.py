"""A service comes back, and offices that asked it less often see so one after the other: no new incident of that."""

from pathlib import Path

from alerts.settings import PRODUCTION
from tests.rules.case import PORTAL, of_all, service
from tests.rules.every_case import CASES
from tests.rules.scene import STEP, Office, Scene, offices, province, values

OUTAGE, END = 300.0, 1200.0
PAUSE = PRODUCTION.windows.backed_off_seconds
NATIONAL = CASES["NationalServiceDown"].firing
ANYTHING_ELSE = 'ALERTS{alertstate="firing", alertname!~"Watchdog|NationalServiceDown"}'


def votes(office: Office) -> dict[str, str]:
    """Down from 120 s on; up again at the office's own moment of the pause."""
    seen = (OUTAGE + PAUSE * office.number / 30) // STEP * STEP
    return service(office, (1, 120), (0, seen - 120), (1, END - seen))


def test_a_recovery_that_takes_as_long_as_the_longest_pause_is_still_the_same_incident(tmp_path: Path) -> None:
    voters = [*offices(30), *offices(30, "11")]
    series = province(30, END) | province(30, END, "11") | {PORTAL: values((1, END))} | of_all([*map(votes, voters)])
    moments = [STEP * step for step in range(int(END / STEP))]
    nothing = {(float(moment), ANYTHING_ELSE): dict[str, float]() for moment in moments}
    Scene(series, {OUTAGE: (NATIONAL,), END - STEP: ()}, nothing).judge(tmp_path)
