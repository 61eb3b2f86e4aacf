"""The one verdict on every expected office, and what it stands on: the same states that the alerts speak of."""

from alerts.promql import OFFICE_KEY
from alerts.recorded import (
    LINK_DOWN,
    OFFICE_EXPECTED,
    OFFICE_LINK_BAD,
    OFFICE_POWER_LOST,
    OFFICE_SILENT,
    OFFICE_SILENT_CAUSE,
    OFFICE_VERDICT,
)
from alerts.regions import LINK_CUT_OFF, OFFICE_OPERATOR_EXPLAINED
from alerts.rule import Cause, Recorded, Recording
from alerts.verdicts import Evidence, Verdict
from alerts.votes import OFFICE_REACHES_NOTHING
from alerts.ways import LINK_PATH_CAUSE, OFFICE_PATH_SHARED, OFFICE_TROUBLED

_ON = f"on ({OFFICE_KEY})"


def recordings() -> tuple[Recording, ...]:
    """The first that holds."""
    verdicts = (
        _verdict(_offices(OFFICE_POWER_LOST), Verdict.POWER, Evidence.BATTERY),
        _verdict(_lost_with_their_operator(), Verdict.LINK, Evidence.OPERATOR),
        _silent(),
        _verdict(_by_the_way(Cause.OFFICE), Verdict.LAN, Evidence.WAY),
        _verdict(_offices(LINK_CUT_OFF), Verdict.LINK, Evidence.CUT_OFF),
        _verdict(_offices(f"{OFFICE_LINK_BAD} and {_ON} {LINK_DOWN}"), Verdict.LINK, Evidence.DOWN),
        _verdict(_offices(OFFICE_LINK_BAD), Verdict.LINK, Evidence.LOSSY),
        _verdict(_offices(OFFICE_PATH_SHARED), Verdict.LINK, Evidence.OPERATOR),
        _verdict(_by_the_way(Cause.LINK), Verdict.LINK, Evidence.WAY),
        _verdict(_by_the_way(Cause.NAMES), Verdict.UNKNOWN, Evidence.NAMES),
        _verdict(_offices(OFFICE_REACHES_NOTHING), Verdict.LAN, Evidence.ALONE),
        _verdict(_offices(OFFICE_EXPECTED), Verdict.OK, Evidence.HEARD),
    )
    first = f" or {_ON} ".join(verdicts)
    return (Recording(OFFICE_VERDICT, f"({first}) and {_ON} {OFFICE_EXPECTED}"),)


def _lost_with_their_operator() -> str:
    """An office that works over a spare line is not lost."""
    return _offices(f"{OFFICE_OPERATOR_EXPLAINED} and {_ON} ({OFFICE_SILENT} or {OFFICE_LINK_BAD})")


def _silent() -> str:
    """A cause is the verdict of the same name, but for the office's own network."""
    known = f'label_replace({OFFICE_SILENT_CAUSE}, "verdict", "$1", "cause", "(.*)")'
    lan = f'label_replace({known}, "verdict", "{Verdict.LAN}", "cause", "{Cause.OFFICE}")'
    return f"max by ({OFFICE_KEY}, verdict, evidence) ({lan})"


def _by_the_way(cause: Cause) -> str:
    """What a look has found counts while something fails in the office."""
    return _offices(f'{LINK_PATH_CAUSE}{{cause="{cause}"}} and {_ON} {OFFICE_TROUBLED}')


def _offices(state: Recorded | str) -> str:
    return f"group by ({OFFICE_KEY}) ({state})"


def _verdict(expr: str, verdict: Verdict, evidence: Evidence) -> str:
    return f'label_replace(label_replace({expr}, "verdict", "{verdict}", "", ""), "evidence", "{evidence}", "", "")'
