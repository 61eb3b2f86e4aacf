"""When a state of offices is a matter of their whole province, or of their feeder."""

import math

from alerts.planned import OFFICE_ROUTER_ON_UPS, PROVINCE_OFFICES_UNPLANNED
from alerts.promql import OFFICE_KEY, duration, held
from alerts.recorded import OFFICE_ON_MAINS, OFFICE_PROVINCE_CUT, OFFICE_SILENT, PROVINCE_POWER_LOST
from alerts.rule import Recorded, Recording
from alerts.rules.planned import NO_WORK
from alerts.settings import Thresholds, Windows
from alerts.views import OFFICE_FEEDER_CUT, OFFICE_SILENT_SINCE
from inventory.labels import PROVINCE


def whole_province(
    state: Recorded | str, share: Recorded, verdict: Recorded, limits: Thresholds
) -> tuple[Recording, ...]:
    """`share` of the province's offices is in this state; `verdict` is the share where it is too much to be chance.

    Offices at which somebody works by plan are left out of both: they say nothing of the others.
    """
    count = f"count by ({PROVINCE}) (({state}) {NO_WORK})"
    return (
        Recording(share, f"{count} / on ({PROVINCE}) {PROVINCE_OFFICES_UNPLANNED}"),
        Recording(verdict, held(share, limits.area_ratio, count, limits.area_offices, verdict, limits)),
    )


def told_lately(state: Recorded, hold: float, windows: Windows) -> str:
    """Where `state` lasted for `hold` seconds: until those whom it had cut off have tried to send again.

    Who sends was turned away all the time, and tries again after a pause of minutes; all others are heard at once.
    """
    return f"count_over_time({state}[{duration(windows.settling_seconds)}]) >= {evaluations(hold, windows)}"


def evaluations(hold: float, windows: Windows) -> int:
    """How often a state has been seen that has lasted for `hold` seconds."""
    return math.ceil(hold / windows.evaluation_seconds) + 1


def dark_lately(power_lost: Recorded | str, windows: Windows) -> str:
    """What has lost power, and what has got it back and may still be starting: machines, routers, their lines."""
    return f"last_over_time({power_lost}[{duration(2 * windows.keep_seconds)}])"


def no_power_cut(windows: Windows) -> str:
    """To be appended to what a power cut across the province explains, while machines and routers still start too."""
    return f"unless on ({PROVINCE}) {dark_lately(PROVINCE_POWER_LOST, windows)}"


def no_cut_of_province(windows: Windows) -> str:
    """The same of an office that such a cut took: mains comes back to one after the other."""
    return f"unless on ({OFFICE_KEY}) {dark_lately(OFFICE_PROVINCE_CUT, windows)}"


def no_cut_of_feeder(windows: Windows) -> str:
    """The same of what a power cut on a feeder explains: an office that it took, until that has had time to start."""
    return f"unless on ({OFFICE_KEY}) {dark_lately(OFFICE_FEEDER_CUT, windows)}"


def no_other_silence(windows: Windows) -> str:
    """To be appended to silences that a power cut may explain: not of who had mains at the last word, with a router on
    the UPS, and not one that is older than any word is remembered.
    """
    told = f"{OFFICE_SILENT} and on ({OFFICE_KEY}) {OFFICE_ON_MAINS} and on ({OFFICE_KEY}) {OFFICE_ROUTER_ON_UPS}"
    long_ago = f"time() - {OFFICE_SILENT_SINCE} > {windows.memory_seconds + windows.silent_seconds:g}"
    return f"unless on ({OFFICE_KEY}) ({told}) unless on ({OFFICE_KEY}) ({long_ago})"
