"""What changes slowly: certificates."""

from alerts.promql import named_service
from alerts.recorded import SERVICE_CERTIFICATE
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.settings import Settings
from collectors.service.metrics import SSL_EARLIEST_EXPIRY
from inventory.labels import SERVICE

_DAY = 86400


def recordings(_: Settings) -> tuple[Recording, ...]:
    """The median office: one that sits behind a box with a certificate of its own does not speak for the service."""
    return (Recording(SERVICE_CERTIFICATE, f"quantile by ({SERVICE}) (0.5, {SSL_EARLIEST_EXPIRY.name}) - time()"),)


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """No hold: what is looked at changes by the day."""
    least = settings.thresholds.certificate_days * _DAY
    return (
        Alert(
            "CertificateExpiring",
            named_service(f"{SERVICE_CERTIFICATE} < {least:g}"),
            Severity.WARNING,
            Cause.SERVICE,
            Scope.COUNTRY,
            (ALERT_NAME, SERVICE),
        ),
    )
