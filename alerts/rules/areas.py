"""When a state of offices is a matter of their whole province."""

from alerts.promql import agreed
from alerts.recorded import PROVINCE_OFFICES
from alerts.rule import Recorded, Recording
from alerts.settings import Thresholds
from inventory.labels import PROVINCE


def whole_province(
    state: Recorded | str, share: Recorded, verdict: Recorded, limits: Thresholds
) -> tuple[Recording, ...]:
    """`share` of the province's offices is in this state; `verdict` is the share where it is too much to be chance."""
    count = f"count by ({PROVINCE}) ({state})"
    return (
        Recording(share, f"{count} / on ({PROVINCE}) {PROVINCE_OFFICES}"),
        Recording(verdict, agreed(share, limits.area_ratio, count, limits.area_offices)),
    )
