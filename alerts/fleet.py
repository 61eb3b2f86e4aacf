"""The recorded series of agents that run, but not as they should. See recorded.py."""

from alerts.rule import Recorded
from inventory.labels import OFFICE_IDENTITY

OFFICE_VERSION_BEHIND = Recorded(
    "office:version_behind", "1 where the agent is of another release than its province wants.",
    (*OFFICE_IDENTITY, "version"),
)  # fmt: skip
OFFICE_PROBES_STALE = Recorded(
    "office_probe:stale", "Probes of a kind, where none of them has given anything for three of its turns.",
    (*OFFICE_IDENTITY, "collector"),
)  # fmt: skip

RECORDED: tuple[Recorded, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
