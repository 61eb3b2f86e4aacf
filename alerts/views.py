"""The recorded series that explain offices from outside: the router, the neighbours, and what a silence was in the end.

See recorded.py.
"""

from alerts.rule import Recorded
from inventory.labels import FEEDER, OFFICE_IDENTITY, PROVINCE

# The view from the centre
OFFICE_ROUTER_ANSWERS = Recorded(
    "office:router_answers",
    "Whether an office's router answers its province's centre: 1 or 0; none where no router of the province does.",
    OFFICE_IDENTITY,
)
OFFICE_ROUTER_ALIVE = Recorded(
    "office:router:alive", "1 through a silence in which the office's router goes on answering.", OFFICE_IDENTITY
)
OFFICE_ROUTER_LOST = Recorded(
    "office:router:lost", "1 through a silence in which a router that answered before does not.", OFFICE_IDENTITY
)
PROVINCE_AGENTS_SILENT_RATIO = Recorded(
    "province:agents_silent:ratio", "Share of the offices that are silent while their routers answer.", (PROVINCE,)
)
PROVINCE_AGENTS_SILENT = Recorded(
    "province:agents_silent", "The share, where it is a matter of the whole province.", (PROVINCE,)
)
PROVINCE_VIEW_MISSING = Recorded(
    "province:router_view:missing", "Offices whose routers the centre should look at, where it says nothing.",
    (PROVINCE,),
)  # fmt: skip

# Neighbours
OFFICE_FEEDER = Recorded(
    "office:feeder", "1 for the offices on every feeder where some office has lost power.", (*OFFICE_IDENTITY, FEEDER)
)
FEEDER_POWER_LOST_RATIO = Recorded(
    "feeder:power_lost:ratio",
    "Share of the offices on a feeder, of those that know, without power; where there are any.",
    (PROVINCE, FEEDER),
)
OFFICE_FEEDER_LOST = Recorded(
    "office:feeder_lost", "1 through a silence without a last word that began while most on its feeder lost power.",
    OFFICE_IDENTITY,
)  # fmt: skip
FEEDER_POWER_LOST = Recorded(
    "feeder:power_lost", "Offices on a feeder without power, not by plan, where it is a matter of the feeder.",
    (PROVINCE, FEEDER),
)  # fmt: skip
OFFICE_FEEDER_CUT = Recorded(
    "office:feeder_cut", "1 for the offices without power on such a feeder.", (*OFFICE_IDENTITY, FEEDER)
)

# Afterwards
OFFICE_SILENT_SINCE = Recorded(
    "office:silent:since:timestamp_seconds", "When a silent office was heard last, Unix time.", OFFICE_IDENTITY
)
OFFICE_OUTAGE_CAUSE = Recorded(
    "office:outage:cause",
    "When a silence that is over began, Unix time, by the cause that is known now; for a while after the return.",
    (*OFFICE_IDENTITY, "cause", "evidence"),
)

RECORDED: tuple[Recorded, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
