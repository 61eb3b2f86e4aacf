"""Owners: several services of one that fail in the whole country at once are one matter, and one call.

They never fail in one evaluation: some are asked every minute, some four times an hour. So beside a service that fails
for most voters a small share of another is enough, if it is spread over the country, and what joins later is told with
the first. Where one has been told by itself already, the others wait a little longer and are told as one.
"""

from alerts.owners import OWNER_FAILING, OWNER_SERVICE_FAILING, SERVICE_OWNER, SERVICE_OWNER_EXPLAINED
from alerts.promql import duration
from alerts.recorded import PROVINCE_SERVICE_RATIO, SERVICE_EXPECTED, SERVICE_FAILING, SERVICE_RATIO
from alerts.rule import Alert, Cause, Recording, Scope, Severity
from alerts.rules.votes import paced_at_large
from alerts.settings import Pace, Settings, Thresholds, Windows
from alerts.votes import SERVICE_VOTERS
from inventory.facts import SERVICE_INFO
from inventory.labels import OWNER, SERVICE

# To be appended to services that fail: those that are told as a matter of their owner.
NO_OWNER = f"unless on ({SERVICE}) {SERVICE_OWNER_EXPLAINED}"
_NAMES = ", ".join(label for label in SERVICE_OWNER.labels if label != SERVICE)


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Needs the verdicts on services of the same moment. Some dozen services: it costs nothing."""
    limits, windows = settings.thresholds, settings.windows
    count = f"count by ({OWNER}, owner_name) ({OWNER_SERVICE_FAILING})"
    together = f"{SERVICE_FAILING} and on ({SERVICE}) ({OWNER_SERVICE_FAILING} and on ({OWNER}) {OWNER_FAILING})"
    new = f"({together}) unless on ({SERVICE}) ({_told(windows)})"
    return (
        Recording(SERVICE_OWNER, _owner(windows)),
        Recording(OWNER_SERVICE_FAILING, _failing(limits)),
        Recording(OWNER_FAILING, f"{count} >= {limits.owner_services} or ({count} and on ({OWNER}) {OWNER_FAILING})"),
        Recording(
            SERVICE_OWNER_EXPLAINED,
            f"group by ({SERVICE}) ({new} or ({together}) and on ({SERVICE}) {SERVICE_OWNER_EXPLAINED})",
        ),
    )


def no_owner_lately(pace: Pace, windows: Windows) -> str:
    """To be appended to what stands below: provinces get well one by one, while the alert above is still kept."""
    kept = duration(pace.factor * windows.keep_seconds)
    return f"unless on ({SERVICE}) last_over_time({SERVICE_OWNER_EXPLAINED}[{kept}])"


def named(expr: str) -> str:
    """The same series of services with the service's name, and its owner where the register knows one."""
    known = f"({SERVICE_OWNER} or on ({SERVICE}) {SERVICE_EXPECTED})"
    return f"({expr}) * on ({SERVICE}) group_left (service_name, {OWNER}) {known}"


def _owner(windows: Windows) -> str:
    """As the register has them, also while its page is away for a moment."""
    known = f'last_over_time({SERVICE_INFO.name}{{{OWNER}!=""}}[{duration(windows.facts_memory_seconds)}])'
    named = f'label_replace({known}, "service_name", "$1", "name", "(.*)")'
    return f"topk by ({SERVICE}) (1, max by ({SERVICE}, {_NAMES}) ({named}))"


def _failing(limits: Thresholds) -> str:
    """What fails for most; and where such a one is, what fails for some in several provinces, and in many of all."""
    hit = f"count by ({SERVICE}) ({PROVINCE_SERVICE_RATIO} > {limits.owner_ratio})"
    many = f"{hit} / on ({SERVICE}) count by ({SERVICE}) ({PROVINCE_SERVICE_RATIO}) > {limits.area_ratio}"
    begun = (
        f"{SERVICE_RATIO} > {limits.owner_ratio} and on ({SERVICE}) {SERVICE_VOTERS} >= {limits.national_voters}"
        f" and on ({SERVICE}) {hit} >= {limits.quorum_provinces} and on ({SERVICE}) {many}"
    )
    less = f"{limits.owner_ratio * limits.release_ratio:g}"
    still = f"{SERVICE_RATIO} > {less} and on ({SERVICE}) {OWNER_SERVICE_FAILING}"
    some = f"({SERVICE_FAILING} or on ({SERVICE}) ({begun}) or on ({SERVICE}) ({still}))"
    proven = f"{SERVICE_OWNER} and on ({SERVICE}) {SERVICE_FAILING}"
    return f"{some} * on ({SERVICE}) group_left ({_NAMES}) {SERVICE_OWNER} and on ({OWNER}) ({proven})"


def _told(windows: Windows) -> str:
    """Services that have been told by themselves, at the latest a moment ago."""
    return " or ".join(
        f"{SERVICE_FAILING} and {SERVICE_FAILING} offset"
        f" {duration(pace.factor * windows.country_service_hold_seconds + windows.evaluation_seconds)}"
        f" {paced_at_large(pace)}"
        for pace in windows.paces
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """As soon as the first would be told by itself, where nothing of the owner was told before."""
    windows = settings.windows
    alone = f"{SERVICE_OWNER} and on ({SERVICE}) ({SERVICE_FAILING} {NO_OWNER})"
    lasting = f"{SERVICE_FAILING} and {SERVICE_FAILING} offset {duration(windows.country_service_hold_seconds)}"
    first = f"{SERVICE_OWNER} and on ({SERVICE}) ({lasting})"
    return (
        _alert(f"{OWNER_FAILING} unless on ({OWNER}) ({alone}) and on ({OWNER}) ({first})", 0, windows),
        _alert(f"{OWNER_FAILING} and on ({OWNER}) ({alone})", windows.owner_hold_seconds, windows),
    )


def _alert(expr: str, hold: float, windows: Windows) -> Alert:
    return Alert(
        "NationalOwnerDown", expr, Severity.CRITICAL, Cause.SERVICE, Scope.COUNTRY, (OWNER,),
        hold=hold, keep=windows.keep_seconds,
    )  # fmt: skip
