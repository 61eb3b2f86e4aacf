"""The services as one office sees them."""

from alerts.promql import named_joint, named_service
from collectors.core.observed import JOINT_SUCCESS, PROBE_DURATION, PROBE_RESULT, PROBE_SUCCESS
from collectors.service.metrics import HTTP_PHASE, SSL_EARLIEST_EXPIRY
from dashboards.promql import least, most, select
from dashboards.queries.scope import CHOSEN_SERVICES, OFFICE
from inventory.labels import JOINT, SERVICE

_OF_SERVICES = {"collector": "service", **OFFICE}


def success() -> str:
    """1 or 0 by service."""
    return named_service(least((SERVICE,), select(PROBE_SUCCESS, CHOSEN_SERVICES, **_OF_SERVICES)))


def result() -> str:
    """1 for each service and the reason of its last result."""
    found = select(PROBE_RESULT, CHOSEN_SERVICES, **_OF_SERVICES)
    return named_service(most((SERVICE, "reason"), f"{found} == 1"))


def errands() -> str:
    """1 or 0 by errand that needs several services; nothing where it is not known."""
    return named_joint(least((JOINT,), select(JOINT_SUCCESS, **OFFICE)))


def response_time() -> str:
    """Seconds of the whole probe by service."""
    return named_service(most((SERVICE,), select(PROBE_DURATION, CHOSEN_SERVICES, **_OF_SERVICES)))


def phases() -> str:
    """Seconds by service and phase."""
    return named_service(most((SERVICE, "phase"), select(HTTP_PHASE, CHOSEN_SERVICES, **OFFICE)))


def certificate() -> str:
    """Seconds until the first certificate ends, by service."""
    return named_service(f"{least((SERVICE,), select(SSL_EARLIEST_EXPIRY, CHOSEN_SERVICES, **OFFICE))} - time()")
