"""The gateway, and the certificates that the way from the offices to here stands on."""

from alerts.promql import OFFICE_KEY, named_office
from alerts.recorded import GATEWAY_FAILING, GATEWAY_FILE_ENDS, GATEWAY_FILES_REJECTED, OFFICE_CERTIFICATE_ENDS
from alerts.rule import ALERT_NAME, Alert, Cause, Recording, Scope, Severity
from alerts.settings import Settings
from collectors.core.gateway import GATEWAY_EXPIRY, GATEWAY_FILES_GOOD, GATEWAY_OFFICE_EXPIRY, GATEWAY_STORE_UP
from collectors.core.observed import CERTIFICATE_ENDS
from inventory.labels import PROVINCE

_DAY = 86_400.0


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """An office's certificate is known to itself and to every gateway it came to: the last that was seen counts."""
    least = settings.thresholds.own_certificate_days * _DAY
    ends = f"max by ({OFFICE_KEY}) ({CERTIFICATE_ENDS.name} or {GATEWAY_OFFICE_EXPIRY.name})"
    return (
        Recording(GATEWAY_FAILING, f"group({GATEWAY_STORE_UP.name} == 0)"),
        Recording(GATEWAY_FILES_REJECTED, f"group({GATEWAY_FILES_GOOD.name} == 0)"),
        Recording(GATEWAY_FILE_ENDS, f"min by (file) ({GATEWAY_EXPIRY.name}) - time() < {least:.0f}"),
        Recording(OFFICE_CERTIFICATE_ENDS, f"{ends} - time() < {least:.0f}"),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """The offices keep what is not taken, so only what goes on for minutes is told."""
    windows = settings.windows
    return (
        Alert(
            "GatewayStoreFailing", str(GATEWAY_FAILING), Severity.CRITICAL, Cause.AGENT, Scope.CENTRE, (ALERT_NAME,),
            hold=windows.gateway_hold_seconds,
        ),
        Alert(
            "GatewayFilesRejected", str(GATEWAY_FILES_REJECTED), Severity.WARNING, Cause.AGENT, Scope.CENTRE,
            (ALERT_NAME,), hold=windows.gateway_hold_seconds,
        ),
        Alert(
            "GatewayCertificateEnding", str(GATEWAY_FILE_ENDS), Severity.WARNING, Cause.AGENT, Scope.CENTRE,
            (ALERT_NAME, "file"),
        ),
        Alert(
            "OfficeCertificateEnding", named_office(str(OFFICE_CERTIFICATE_ENDS)), Severity.WARNING, Cause.AGENT,
            Scope.OFFICE, (ALERT_NAME, PROVINCE),
        ),
    )  # fmt: skip
