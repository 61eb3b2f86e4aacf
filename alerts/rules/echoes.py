"""Lines that are interrupted again and again, and signals that dip: by echoes, link probes, and what a modem says.

An interruption that was told as a silence, a power cut or a dead link is not told again once the office is back. One
that was too short for that counts: an office that sends its figures once a minute is cut off unseen for two minutes,
and its own record tells of it afterwards.
"""

from alerts.planned import LINK_PLANNED
from alerts.promql import LINK_KEY, OFFICE_KEY, duration, named_link, named_office, named_province, one_of
from alerts.recorded import CENTRE_BLIND, LINK_LOSS, OFFICE_HEARD, OFFICE_POWER_LOST, PROVINCE_SILENT
from alerts.regions import OFFICE_OPERATOR_EXPLAINED
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.rules.areas import whole_province
from alerts.scraped import ALERTS
from alerts.settings import Settings
from alerts.ways import (
    LINK_DIPS,
    LINK_OUTAGES,
    LINK_UNSTABLE,
    PROVINCE_UNSTABLE,
    PROVINCE_UNSTABLE_RATIO,
)
from collectors.echo.metrics import DIPS, OUTAGES
from collectors.link import UP
from collectors.modem.collector import DIPS as MODEM_DIPS
from inventory.facts import LINK_INFO
from inventory.labels import OFFICE, PROVINCE, TECHNOLOGY
from inventory.values import Technology

EVIDENCE = MODEM, INFERRED = "modem", "inferred"
_TOLD = ("OfficeSilent", "OfficeNetworkBroken", "LinkDown", "LinkLossy", "OperatorPathBroken")
_MOBILE = (Technology.MOBILE_4G, Technology.MOBILE_5G)


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Per link, then whether it is a matter of the whole province."""
    limits, window = settings.thresholds, duration(settings.trends.echo_seconds)
    calm = _calm(window, limits.loss_ratio)
    mobile = f"{LINK_INFO.name}{{{TECHNOLOGY}=~{one_of(_MOBILE)}}}"
    dips = f"sum by ({LINK_KEY}) (increase({DIPS.name}[{window}]))"
    told = f"sum by ({LINK_KEY}) (increase({MODEM_DIPS.name}[{window}]))"
    late = f"({dips} unless on ({LINK_KEY}) {mobile}) >= {limits.dips} {calm}"
    return (
        Recording(LINK_OUTAGES, f"({_outages(window)}) {calm}"),
        Recording(LINK_UNSTABLE, f"{LINK_OUTAGES} >= {limits.outages} or {late}"),
        Recording(
            LINK_DIPS,
            f"{_evidence(told, MODEM)} or on ({LINK_KEY})"
            f" {_evidence(f'{dips} and on ({LINK_KEY}) {mobile}', INFERRED)} {calm}",
        ),
        *whole_province(
            f"group by ({OFFICE_KEY}) ({LINK_UNSTABLE})", PROVINCE_UNSTABLE_RATIO, PROVINCE_UNSTABLE, limits
        ),
    )


def _outages(window: str) -> str:
    """By echoes; where there are none, by the link's probe: down and up again are two changes."""
    heard = f"sum by ({LINK_KEY}) (increase({OUTAGES.name}[{window}]))"
    return f"{heard} or on ({LINK_KEY}) floor(max by ({LINK_KEY}) (changes({UP.name}[{window}])) / 2) > 0"


def _calm(window: str, loss: float) -> str:
    """Nothing else was told of this line, its office, or all that stand beside it, within the window."""
    told = f'{ALERTS.name}{{{ALERT_NAME}=~"{"|".join(_TOLD)}", alertstate="firing"}}'
    of_office = (told, OFFICE_POWER_LOST, OFFICE_OPERATOR_EXPLAINED)
    return " ".join((
        f"and on ({OFFICE_KEY}) {OFFICE_HEARD}",
        *(f"unless on ({OFFICE_KEY}) present_over_time({state}[{window}])" for state in of_office),
        f"unless on ({LINK_KEY}) present_over_time({LINK_PLANNED}[{window}])",
        f"unless on ({PROVINCE}) present_over_time({PROVINCE_SILENT}[{window}])",
        f"unless on () present_over_time({CENTRE_BLIND}[{window}])",
        f"unless on ({LINK_KEY}) {LINK_LOSS} > {loss}",
    ))  # fmt: skip


def _evidence(expr: str, word: str) -> str:
    return f'label_replace({expr}, "evidence", "{word}", "", "")'


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Where many lines of a province are interrupted, what all of them lead to is likelier the cause."""
    keep = 2 * settings.trends.evaluation_seconds  # interrupted just now, and so not heard, is no calmer
    no_area = f"unless on ({PROVINCE}) {PROVINCE_UNSTABLE}"
    dips = f"{LINK_DIPS} >= {settings.thresholds.dips} unless on ({LINK_KEY}) {LINK_UNSTABLE}"
    return (
        Alert(
            "ProvincialLinksUnstable", named_province(str(PROVINCE_UNSTABLE)),
            Severity.WARNING, Cause.UNKNOWN, Scope.PROVINCE, (PROVINCE,),
        ),
        Alert(
            "LinkUnstable", named_link(named_office(f"{LINK_UNSTABLE} {no_area}")),
            Severity.WARNING, Cause.LINK, Scope.OFFICE, (OFFICE,), keep=keep,
        ),
        Alert(
            "SignalDips", named_link(named_office(dips)), Severity.INFO, Cause.LINK, Scope.OFFICE, (OFFICE,),
        ),
    )  # fmt: skip
