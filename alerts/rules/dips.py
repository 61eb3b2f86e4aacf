"""Dips: when a link carries less than its contract, since when, how deep, and whose matter that is.

A dip begins with low tests in a row (thresholds: dip_tests, contract_ratio) by the method that judges, and ends with
one that reaches recovered_ratio, by whatever method: what any of them has measured a line to carry, it carries. Tests
between both ratios change nothing. A link that has given no figure for the whole window is forgotten, not slow.
"""

from enum import StrEnum

from alerts.contracts import (
    AREA,
    EVERYWHERE,
    LINK_BOUND,
    LINK_DIP,
    LINK_DIP_CAUSE,
    LINK_DIP_LOAD,
    LINK_DIP_SINCE,
    LINK_MEASURED,
    LINK_METHOD,
    LINK_OWN_LOAD,
    LINK_SAMPLE,
    LINK_SLOW,
    LINK_TESTED,
    LOW_COUNT,
    LOW_DEPTH,
    LOW_SINCE,
    METHOD,
    NEIGHBOURS_LOW,
    NEIGHBOURS_MEASURED,
    OFFICE_OUTAGE,
    REGION,
    REGION_LOW,
    REGION_MEASURED,
    REGION_SLOW,
)
from alerts.promql import LINK_KEY, OFFICE_KEY, duration, named_link, named_office, named_province, near_and_far
from alerts.recorded import OFFICE_HEARD, OFFICE_POWER_LOST, PROVINCE_POWER_LOST
from alerts.rule import Alert, Cause, Recorded, Recording, Scope, Severity
from alerts.rules.samples import EACH, EACH_METHOD
from alerts.settings import Settings, Thresholds
from inventory.labels import LINK, OFFICE, OPERATOR, PROVINCE

_AREA_KEY = ", ".join(REGION)
_JUDGED = f"({LINK_SAMPLE} and on ({EACH_METHOD}) {LINK_METHOD})"
_FIGURES = f"({LINK_SAMPLE} unless on ({EACH_METHOD}) {LINK_BOUND})"


class Blame(StrEnum):
    """Whose matter a dip is: the label `cause` of `link:dip:cause`, a closed list. The first that holds is told."""

    POWER = "power"  # the office had no mains: no word about the operator
    REGION = "region"  # neighbours with the same operator are low, too
    OWN_LOAD = "own_load"  # the office itself used a good part of the line
    LINE = "line"  # this line alone


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Needs the samples of the same moment."""
    return (*_latched(settings), *_dips(settings), *_regions(settings), _cause(settings))


def _latched(settings: Settings) -> tuple[Recording, ...]:
    """What is remembered from low test to low test, by series that refer to their own past.

    The count goes last and says 0 after a good test: it tells the others whether there is anything to remember.
    """
    under = f"({_JUDGED} < {settings.thresholds.contract_ratio})"
    low, one = f"max by ({EACH}) {under}", f"(0 * max by ({EACH}) {under} + 1)"
    began = f"max by ({EACH}) (0 * {under} + on ({LINK_KEY}, {METHOD}) group_left () {LINK_TESTED})"
    good = f"max by ({EACH}) (({_FIGURES} or {_JUDGED}) >= {settings.thresholds.recovered_ratio})"
    count = _past(LOW_COUNT, settings)
    since, depth = (f"({_past(each, settings)} and on ({EACH}) {count} > 0)" for each in (LOW_SINCE, LOW_DEPTH))
    deeper = f"({low} < on ({EACH}) {depth}) or on ({EACH}) {depth} or on ({EACH}) {low}"
    counted = f"0 * {good} or on ({EACH}) {count} + on ({EACH}) {one} or on ({EACH}) {one} or on ({EACH}) {count}"
    known = f"and on ({EACH}) {LINK_METHOD}"
    return (
        Recording(LOW_SINCE, f"({since} or on ({EACH}) {began}) unless on ({EACH}) {good} {known}"),
        Recording(LOW_DEPTH, f"({deeper}) unless on ({EACH}) {good} {known}"),
        Recording(LOW_COUNT, f"({counted}) {known}"),
    )


def _past(series: Recorded, settings: Settings) -> str:
    return f"last_over_time({series}[{duration(settings.trends.fresh_seconds)}])"


def _dips(settings: Settings) -> tuple[Recording, ...]:
    enough = f"{LOW_COUNT} >= {settings.thresholds.dip_tests}"
    method = f"on ({EACH}) group_left ({METHOD}) {LINK_METHOD}"
    return (
        Recording(LINK_DIP, f"({LOW_DEPTH} and on ({EACH}) ({enough})) * {method}"),
        Recording(LINK_DIP_SINCE, f"({LOW_SINCE} and on ({EACH}) {LINK_DIP}) * {method}"),
        Recording(LINK_DIP_LOAD, f"({LINK_OWN_LOAD} and on ({EACH}) {LINK_DIP}) * {method}"),
    )


# --- neighbours -----------------------------------------------------------------------------------------------------


def _regions(settings: Settings) -> tuple[Recording, ...]:
    """A link that was not tested since its neighbours got slow says nothing about them."""
    window = duration(settings.trends.dip_hold_seconds)
    measured = f"group by ({LINK_KEY}) (present_over_time({LINK_SAMPLE}[{window}]))"
    slow = f"min by ({LINK_KEY}) ({LINK_DIP} unless on ({OFFICE_KEY}) {OFFICE_OUTAGE})"
    others = f"0 * {_areas(LINK_SLOW)} + on ({_AREA_KEY}) group_left ()"
    return (
        Recording(LINK_MEASURED, named_link(measured)),
        Recording(LINK_SLOW, f"{named_link(slow)} and on ({LINK_KEY}) {LINK_MEASURED}"),
        Recording(REGION_MEASURED, f"count by ({_AREA_KEY}) ({_areas(LINK_MEASURED)})"),
        Recording(REGION_LOW, f"count by ({_AREA_KEY}) ({_areas(LINK_SLOW)})"),
        Recording(REGION_SLOW, _agreed(settings.thresholds)),
        Recording(NEIGHBOURS_LOW, f"{others} ({REGION_LOW} - 1)"),
        Recording(NEIGHBOURS_MEASURED, f"{others} ({REGION_MEASURED} - 1)"),
    )


def _areas(links: Recorded) -> str:
    """Each link with its areas."""
    return near_and_far(f'{links}{{{OPERATOR}!=""}}')


def _agreed(limits: Thresholds) -> str:
    share = f"{REGION_LOW} / on ({_AREA_KEY}) {REGION_MEASURED}"
    near, far = f'{AREA}!="{EVERYWHERE}"', f'{AREA}="{EVERYWHERE}"'

    def over(where: str, ratio: float, links: int) -> str:
        return f"({share} > {ratio} and on ({_AREA_KEY}) {REGION_LOW}{{{where}}} >= {links})"

    return (
        f"{over(near, limits.region_ratio, limits.region_links)} or {over(far, limits.area_ratio, limits.area_offices)}"
    )


# --- whose matter ---------------------------------------------------------------------------------------------------


def _cause(settings: Settings) -> Recording:
    """Power is the cause until a low test without an outage says that it is not."""
    told = f'{LINK_DIP_CAUSE}{{cause="{Blame.POWER}"}}'
    again = f"{_JUDGED} unless on ({OFFICE_KEY}) {OFFICE_OUTAGE}"
    power = (
        f"{LINK_DIP} and on ({OFFICE_KEY}) {OFFICE_OUTAGE}"
        f" or (({LINK_DIP} and on ({EACH}) {told}) unless on ({EACH}) ({again}))"
    )
    region = f"{LINK_DIP} and on ({LINK_KEY}) ({_areas(LINK_SLOW)} and on ({_AREA_KEY}) {REGION_SLOW})"
    own_load = f"{LINK_DIP} and on ({EACH}) {LINK_OWN_LOAD} >= {settings.thresholds.own_load_ratio}"
    causes = ((power, Blame.POWER), (region, Blame.REGION), (own_load, Blame.OWN_LOAD), (str(LINK_DIP), Blame.LINE))
    named = (f'label_replace({expr}, "cause", "{cause}", "", "")' for expr, cause in causes)
    return Recording(LINK_DIP_CAUSE, f" or on ({EACH}) ".join(named))


def of_cause(cause: Blame) -> str:
    """The dips of one cause, without that label."""
    return f'max by ({EACH_METHOD}) ({LINK_DIP_CAUSE}{{cause="{cause}"}})'


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """The operator's region before single links; nothing about lines while the power is away."""
    trends = settings.trends
    moment = 2 * trends.contract_evaluation_seconds
    no_area = f"unless on ({PROVINCE}) {PROVINCE_POWER_LOST}"
    region = f"max by ({PROVINCE}, {OPERATOR}) ({REGION_SLOW}) {no_area}"
    line = (
        f"{of_cause(Blame.LINE)} and on ({OFFICE_KEY}) {OFFICE_HEARD}"
        f" unless on ({OFFICE_KEY}) {OFFICE_POWER_LOST} {no_area}"
    )
    return (
        Alert(
            "OperatorRegionSlow", named_province(region), Severity.WARNING, Cause.BANDWIDTH, Scope.PROVINCE,
            (PROVINCE, OPERATOR), hold=moment, keep=moment,
        ),
        Alert(
            "LinkSlow", named_link(named_office(line)), Severity.WARNING, Cause.BANDWIDTH, Scope.OFFICE,
            (OFFICE, LINK), hold=trends.dip_hold_seconds, keep=moment,
        ),
    )  # fmt: skip
