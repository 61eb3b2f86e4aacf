"""What changes slowly: throughput against the contract, and certificates. Two levels, so that no rule ranges over raw
data for a day.
"""

from alerts.promql import LINK_KEY, duration, named_link, named_office, named_service
from alerts.recorded import (
    LINK_CONTRACT_RATIO,
    LINK_GOODPUT,
    LINK_GOODPUT_MEDIAN,
    LINK_TESTED,
    SERVICE_CERTIFICATE,
)
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.settings import Settings
from collectors.bandwidth.collector import GOODPUT, TIMESTAMP
from collectors.service.metrics import SSL_EARLIEST_EXPIRY
from inventory.facts import LINK_CONTRACT
from inventory.labels import LINK, OFFICE, SERVICE

_DAY = 86400


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Bandwidth and certificates."""
    window = duration(settings.trends.bandwidth_seconds)
    each = f"{LINK_KEY}, direction"
    enough = f"changes({LINK_TESTED}[{window}]) >= {settings.thresholds.contract_tests - 1}"
    return (
        Recording(LINK_GOODPUT, f"max by ({each}) ({GOODPUT.name})"),
        Recording(LINK_TESTED, f"max by ({LINK_KEY}) ({TIMESTAMP.name})"),
        Recording(LINK_GOODPUT_MEDIAN, f"quantile_over_time(0.5, {LINK_GOODPUT}[{window}])"),
        Recording(
            LINK_CONTRACT_RATIO,
            f"{LINK_GOODPUT_MEDIAN} / on ({each}) max by ({each}) ({LINK_CONTRACT.name}) and on ({LINK_KEY}) {enough}",
        ),
        # The median office: one that sits behind a box with a certificate of its own does not speak for the service.
        Recording(SERVICE_CERTIFICATE, f"quantile by ({SERVICE}) (0.5, {SSL_EARLIEST_EXPIRY.name}) - time()"),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """No hold: both look at long windows already."""
    limits = settings.thresholds
    return (
        Alert(
            "BandwidthBelowContract",
            named_link(named_office(f"{LINK_CONTRACT_RATIO} < {limits.contract_ratio}")),
            Severity.INFO, Cause.BANDWIDTH, Scope.OFFICE, (OFFICE, LINK),
        ),
        Alert(
            "CertificateExpiring",
            named_service(f"{SERVICE_CERTIFICATE} < {limits.certificate_days * _DAY:g}"),
            Severity.WARNING, Cause.SERVICE, Scope.COUNTRY, (ALERT_NAME, SERVICE),
        ),
    )  # fmt: skip
