"""The recorded series of services by the body that answers for them. See recorded.py."""

from alerts.rule import Recorded
from inventory.labels import OWNER, SERVICE

_NAMED = (SERVICE, "service_name", OWNER, "owner_name")

SERVICE_OWNER = Recorded("service:owner", "1 for every service in the catalogue, with whoever answers for it.", _NAMED)
OWNER_SERVICE_FAILING = Recorded(
    "owner_service:failing",
    "Share of the voters, of services that fail at large; beside one that does a smaller share is enough.",
    _NAMED,
)
OWNER_FAILING = Recorded(
    "owner:failing", "How many services of one owner that is, where there are several; until the last of them works.",
    (OWNER, "owner_name"),
)  # fmt: skip
SERVICE_OWNER_EXPLAINED = Recorded(
    "service:owner_explained", "1 for a service that is told together with others of its owner, not by itself.",
    (SERVICE,),
)  # fmt: skip

RECORDED: tuple[Recorded, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
