"""The one verdict of every office, for boards: the same states that the alerts speak of."""

from alerts.promql import OFFICE_KEY
from alerts.recorded import (
    OFFICE_EXPECTED,
    OFFICE_LINK_BAD,
    OFFICE_POWER_LOST,
    OFFICE_SILENT_CAUSE,
    OFFICE_VERDICT,
)
from alerts.rule import Cause, Recording


def recordings() -> tuple[Recording, ...]:
    """power, link, unknown (silent without a last word) or ok; the first that holds."""
    silent = f'label_replace({OFFICE_SILENT_CAUSE}, "verdict", "$1", "cause", "(.*)")'
    verdicts = (
        _verdict(str(OFFICE_POWER_LOST), Cause.POWER),
        f"max by ({OFFICE_KEY}, verdict) ({silent})",
        _verdict(str(OFFICE_LINK_BAD), Cause.LINK),
        _verdict(f"max by ({OFFICE_KEY}) ({OFFICE_EXPECTED})", "ok"),
    )
    return (Recording(OFFICE_VERDICT, f" or on ({OFFICE_KEY}) ".join(verdicts)),)


def _verdict(expr: str, word: str) -> str:
    return f'label_replace({expr}, "verdict", "{word}", "", "")'
