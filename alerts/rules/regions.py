"""How far a silence reaches: one operator in a region or at large, a whole province, or all but the centre itself.

An operator is blamed where most of its customers are lost while those of others, beside them, are heard. Whoever is
without power says nothing about any line, and neither does, near a power cut, whoever has no UPS to tell.
"""

from alerts.contracts import AREA, EVERYWHERE, REGION
from alerts.promql import (
    LINK_KEY,
    OFFICE_KEY,
    duration,
    held,
    named_province,
    near,
    near_and_far,
)
from alerts.recorded import (
    CENTRE_BLIND,
    CENTRE_DEAF,
    LINK_DOWN,
    LINK_EXPECTED,
    OFFICE_POWER_LOST,
    OFFICE_SILENT,
    OFFICE_SILENT_CAUSE,
    PROVINCE_EXPECTED,
    PROVINCE_SILENT,
    PROVINCE_SILENT_CAUSE,
    PROVINCE_SILENT_RATIO,
)
from alerts.regions import (
    AREA_CUSTOMERS,
    OFFICE_FRESH,
    OFFICE_OPERATOR_EXPLAINED,
    OFFICE_SENDS,
    OFFICE_WAY,
    OPERATOR_DOWN,
    OPERATOR_LOST,
    OPERATOR_SHARE,
    POWER_AREA,
    REGION_CUSTOMERS,
    REGION_LOST_COUNT,
    REGION_OTHERS_SHARE,
    REGION_SHARE,
    REGION_SILENT,
)
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.rules.areas import dark_lately, no_power_cut, told_lately, whole_province
from alerts.rules.offices import AWAY
from alerts.rules.planned import NO_WORK_ON_LINK
from alerts.rules.routers import BEHIND_ROUTER
from alerts.settings import Settings, Thresholds, Windows
from collectors.core.observed import AGENT_START
from inventory.labels import OPERATOR, PROVINCE

_REGION = ", ".join(REGION)
_AREA = f"{PROVINCE}, {AREA}"
_CUSTOMER = f"{OFFICE_KEY}, {OPERATOR}"
_PROVINCE_OPERATOR = f"{PROVINCE}, {OPERATOR}"
_ALL = f'{AREA}="{EVERYWHERE}"'
BY_WAY = f"* on ({OFFICE_KEY}) group_left ({OPERATOR}) {OFFICE_WAY}"  # to be appended to series of offices
# To be appended to what has an operator: one that is lost there, or at large, explains what its other customers see.
NO_OUTAGE = f"unless on ({_PROVINCE_OPERATOR}) {REGION_SILENT} unless on ({OPERATOR}) {OPERATOR_DOWN}"
UNEXPLAINED = f"({AWAY} unless on ({OFFICE_KEY}) {OFFICE_OPERATOR_EXPLAINED})"
MUTE = f"({UNEXPLAINED} or {BEHIND_ROUTER})"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Operators first: what they explain is no matter of a province. Needs silence, power and links of this moment."""
    limits, windows = settings.thresholds, settings.windows
    blind_lately = told_lately(CENTRE_BLIND, windows.area_hold_seconds, windows)
    return (
        *_customers(settings),
        *_regions(limits),
        *_at_large(limits),
        Recording(OFFICE_OPERATOR_EXPLAINED, _explained(limits)),
        *whole_province(UNEXPLAINED, PROVINCE_SILENT_RATIO, PROVINCE_SILENT, limits),
        Recording(PROVINCE_SILENT_CAUSE, _blamed(limits)),
        Recording(CENTRE_BLIND, _blind(limits)),
        Recording(CENTRE_DEAF, f"group({CENTRE_BLIND}) or group({blind_lately})"),
    )


def _customers(settings: Settings) -> tuple[Recording, ...]:
    """Who is lost, and who could be. Near a power cut a silence without a known cause says nothing; nor does
    whoever may still be starting after it.

    An office that sends once a minute is heard for longer than one that is scraped is: nobody who may have been lost
    together with the others stands for them.
    """
    limits, windows = settings.thresholds, settings.windows
    fresh = duration(_fresh(windows))
    silent = f'{AWAY} {BY_WAY}{{{OPERATOR}!=""}}'
    down = f'{LINK_DOWN} * on ({LINK_KEY}) group_left ({OPERATOR}) {LINK_EXPECTED}{{{OPERATOR}!=""}}'
    alone = f"unless on ({OFFICE_KEY}) {dark_lately(OFFICE_POWER_LOST, windows)} {NO_WORK_ON_LINK}"
    cut = f'label_replace({down} {alone}, "cause", "{Cause.LINK}", "", "")'
    known = f'group by ({_CUSTOMER}) ({LINK_EXPECTED}{{{OPERATOR}!=""}})'
    powered = f"({OFFICE_FRESH} unless on ({OFFICE_KEY}) {OFFICE_POWER_LOST} or on ({OFFICE_KEY}) {OPERATOR_LOST})"
    dark = f"count by ({_AREA}) ({near(str(OFFICE_POWER_LOST))}) >= {limits.quorum_offices}"
    doubtful = near(f'{OPERATOR_LOST}{{cause!="{Cause.LINK}"}}')
    unlit = f"unless on ({_AREA}) {dark_lately(POWER_AREA, windows)} {no_power_cut(windows)}"
    lost = near_and_far(f'({OPERATOR_LOST}{{cause="{Cause.LINK}"}} or ({doubtful} {unlit}))')
    return (
        Recording(OFFICE_FRESH, f"max by ({OFFICE_KEY}) (present_over_time({AGENT_START.name}[{fresh}]))"),
        Recording(POWER_AREA, dark),
        Recording(OPERATOR_LOST, f"group by ({_CUSTOMER}, cause) ({silent} or {cut})"),
        Recording(AREA_CUSTOMERS, f"count by ({_REGION}) ({near(f'{known} and on ({OFFICE_KEY}) {powered}')})"),
        Recording(
            REGION_CUSTOMERS,
            f"{AREA_CUSTOMERS} or"
            f' label_replace(sum by ({_PROVINCE_OPERATOR}) ({AREA_CUSTOMERS}), "{AREA}", "{EVERYWHERE}", "", "")',
        ),
        Recording(REGION_LOST_COUNT, f"count by ({_REGION}) ({lost}) or 0 * {REGION_CUSTOMERS}"),
        Recording(REGION_SHARE, f"{REGION_LOST_COUNT} / {REGION_CUSTOMERS}"),
    )


def _fresh(windows: Windows) -> float:
    """A message goes out once a minute, with looks that are up to a scrape old by then; and a moment for its way."""
    return windows.silent_seconds + 1.5 * windows.scrape_seconds


def _regions(limits: Thresholds) -> tuple[Recording, ...]:
    """Near: most of a few; in the province also many. Nobody is blamed where the customers of others are lost, too,
    but two operators may be lost at once: then those of all others are well.
    """
    customers, lost = _others(str(REGION_CUSTOMERS), _AREA), _others(str(REGION_LOST_COUNT), _AREA)
    near_others = f"{REGION_OTHERS_SHARE} <= {limits.area_ratio}"
    far_others = f"{REGION_OTHERS_SHARE}{{{_ALL}}} <= {limits.area_ratio}"
    beside = (
        f"{near_others} or ({REGION_SHARE} and on ({_PROVINCE_OPERATOR}) {far_others} unless {REGION_OTHERS_SHARE})"
    )
    most = held(REGION_SHARE, limits.region_ratio, str(REGION_LOST_COUNT), limits.region_links, REGION_SILENT, limits)
    many = held(REGION_SHARE, limits.area_ratio, f"{REGION_LOST_COUNT}{{{_ALL}}}", limits.area_offices, REGION_SILENT,
                limits)  # fmt: skip
    return (
        Recording(REGION_OTHERS_SHARE, f"{lost} / ({customers} >= {limits.quorum_offices})"),
        Recording(
            REGION_SILENT, f"({most} or {many}) and ({beside}) or ({most}) and on ({_AREA}) ({_sound(most, limits)})"
        ),
    )


def _sound(most: str, limits: Thresholds) -> str:
    """Provinces in which those operators that have not lost most are well, and are no small part of it."""
    each, every = f"sum by ({_AREA})", f"{REGION_CUSTOMERS}{{{_ALL}}}"
    lost, rest = (f"{each} ({one}{{{_ALL}}} unless ({most}))" for one in (REGION_LOST_COUNT, REGION_CUSTOMERS))
    enough = f"({rest} >= {limits.region_links}) >= {limits.area_ratio} * {each} ({every})"
    return f"{enough} and {lost} / {rest} <= {limits.area_ratio}"


def _others(count: str, within: str) -> str:
    """What all operators have together, less each one's own."""
    return f"(0 - {count} + on ({within}) group_left () sum by ({within}) ({count}))"


def _at_large(limits: Thresholds) -> tuple[Recording, ...]:
    """Several regions of one operator are one matter; so are many customers of a small one, few in each province."""
    lost, customers = (f"sum by ({OPERATOR}) ({one}{{{_ALL}}})" for one in (REGION_LOST_COUNT, REGION_CUSTOMERS))
    all_lost, every = (f"scalar(sum({one}{{{_ALL}}}))" for one in (REGION_LOST_COUNT, REGION_CUSTOMERS))
    others = f"({all_lost} - {lost}) / ({every} - {customers})"
    regions = (
        f"count by ({OPERATOR}) (group by ({_PROVINCE_OPERATOR}) ({REGION_SILENT})) >= {limits.operator_provinces}"
    )
    mostly = f"count by ({OPERATOR}) ({REGION_SHARE}{{{_ALL}}} > {limits.region_ratio}) >= {limits.operator_provinces}"
    many = held(OPERATOR_SHARE, limits.region_ratio, lost, limits.area_offices, OPERATOR_DOWN, limits)
    scattered = f"({many}) and on ({OPERATOR}) {mostly} and on ({OPERATOR}) {others} <= {limits.area_ratio}"
    return (
        Recording(OPERATOR_SHARE, f"{lost} / {customers}"),
        Recording(OPERATOR_DOWN, f"{OPERATOR_SHARE} and on ({OPERATOR}) ({regions}) or ({scattered})"),
    )


def _explained(limits: Thresholds) -> str:
    """At large also the few of a province, unless most of the operator's customers there are heard."""
    region = f"{near_and_far(str(OPERATOR_LOST))} and on ({_REGION}) {REGION_SILENT}"
    hit = f"{REGION_SHARE}{{{_ALL}}} > {limits.area_ratio}"
    large = f"{OPERATOR_LOST} and on ({OPERATOR}) {OPERATOR_DOWN} and on ({_PROVINCE_OPERATOR}) {hit}"
    return f"group by ({_CUSTOMER}) ({region}) or group by ({_CUSTOMER}) ({large})"


def _blamed(limits: Thresholds) -> str:
    """Lines, where a good part of them had mains at their last word: they would have told of a power cut. Where hardly
    any could, it may as well be one. Decided once: a cause that flips is a second notification.
    """
    mute, on = f"count by ({PROVINCE}) {UNEXPLAINED}", f"on ({PROVINCE})"
    cut_off = (
        f'count by ({PROVINCE}) ({UNEXPLAINED} and on ({OFFICE_KEY}) {OFFICE_SILENT_CAUSE}{{cause="{Cause.LINK}"}})'
    )
    enough = f"group by ({PROVINCE}) ({cut_off} / {on} {mute} > {limits.area_ratio})"
    told = f"group by ({PROVINCE}, cause) (topk by ({PROVINCE}) (1, {PROVINCE_SILENT_CAUSE}))"
    causes = " or ".join(
        f'{on} label_replace({provinces}, "cause", "{cause}", "", "")'
        for provinces, cause in ((enough, Cause.LINK), (f"group by ({PROVINCE}) ({PROVINCE_SILENT})", Cause.UNKNOWN))
    )
    return f"{PROVINCE_SILENT} * {on} group_left (cause) ({told} or {causes})"


def _blind(limits: Thresholds) -> str:
    """Who hears whole provinces well is not blind: then it is those provinces. Who may be lost, too, has no say.

    Those who send come in by a door of their own: where it is shut in most provinces, all others are heard, and the
    centre may see that the routers of those who send are well.
    """
    provinces = f"count({PROVINCE_SILENT_RATIO} > {limits.area_ratio}) / count({PROVINCE_EXPECTED})"
    share = _share_lost(UNEXPLAINED, str(OFFICE_FRESH))
    return (
        f"{share} > {limits.blind_ratio}"
        f" and count({UNEXPLAINED}) >= {limits.area_offices}"
        f" and {provinces} > {limits.blind_provinces_ratio}"
        f" or {_share_lost(MUTE, str(OFFICE_FRESH))} and {_door_shut(limits)}"
    )


def _door_shut(limits: Thresholds) -> str:
    """In fewer provinces it is as likely theirs."""
    senders = f"and on ({OFFICE_KEY}) {OFFICE_SENDS}"
    lost = f"({MUTE} {senders})"
    provinces = f"count(group by ({PROVINCE}) ({lost}))"
    return (
        f"{_share_lost(lost, f'{OFFICE_FRESH} {senders}')} > {limits.blind_ratio}"
        f" and count({lost}) >= {limits.area_offices}"
        f" and {provinces} >= {limits.operator_provinces}"
        f" and {provinces} / count(group by ({PROVINCE}) ({OFFICE_SENDS})) > {limits.blind_provinces_ratio}"
    )


def _share_lost(lost: str, fresh: str) -> str:
    heard = f"(count({fresh} unless on ({OFFICE_KEY}) {OFFICE_SILENT}) or vector(0))"
    return f"count({lost}) / (count({lost}) + {heard})"


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """The centre, then an operator at large, then provinces, then an operator in one of them.

    Once the centre hears again, or an operator at large works, those who have not tried yet may look like a province or
    a region; never like three.
    """
    windows = settings.windows
    hears = f"unless on () {CENTRE_DEAF}"
    province = f"{PROVINCE_SILENT_CAUSE} {no_power_cut(windows)} {hears}"
    large = (
        f"unless on ({OPERATOR}) ({OPERATOR_DOWN} or {told_lately(OPERATOR_DOWN, windows.area_hold_seconds, windows)})"
    )
    region = f"max by ({_PROVINCE_OPERATOR}) ({REGION_SILENT}) {large} {hears}"
    return (
        Alert(
            "CentreBlind", str(CENTRE_BLIND), Severity.CRITICAL, Cause.AGENT, Scope.CENTRE, (ALERT_NAME,),
            hold=windows.area_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "NationalOperatorDown", f"{OPERATOR_DOWN} unless on () {CENTRE_BLIND}", Severity.CRITICAL, Cause.LINK,
            Scope.COUNTRY, (OPERATOR,), hold=windows.area_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "ProvincialSilent", named_province(province), Severity.CRITICAL, None, Scope.PROVINCE, (PROVINCE,),
            hold=windows.area_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "OperatorRegionSilent", named_province(region), Severity.CRITICAL, Cause.LINK, Scope.OPERATOR,
            (PROVINCE, OPERATOR), hold=windows.region_hold_seconds, keep=windows.keep_seconds,
        ),
    )  # fmt: skip
