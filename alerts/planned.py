"""The recorded series of planned work, and of outages that it explains. See recorded.py."""

from alerts.rule import Recorded
from inventory.labels import LINK, OFFICE_IDENTITY, PROVINCE, SERVICE
from inventory.planned.facts import KIND, PERIOD, WORK

PROVINCE_KNOWN = Recorded(
    "province:known", "1 for every province whose page of facts was read a moment ago.", (PROVINCE,)
)
WORK_RUNNING = Recorded(
    "work:running",
    "Planned end of work under way, Unix time; for some time before it and after it as well.",
    (PROVINCE, WORK, KIND, PERIOD),
)
OFFICE_PLANNED = Recorded(
    "office:planned",
    "1 while an office may lose power (kind: power) or its first line (kind: link) by plan, and was well before.",
    (*OFFICE_IDENTITY, KIND, WORK, PERIOD),
)
LINK_PLANNED = Recorded(
    "link:planned", "1 while a link may fail by plan, and was well before.", (*OFFICE_IDENTITY, LINK, WORK, PERIOD)
)
PROVINCE_SERVICE_PLANNED = Recorded(
    "province_service:planned",
    "1 while a service may not answer by plan, and did before.",
    (PROVINCE, SERVICE, WORK, PERIOD),
)
PROVINCE_OFFICES_UNPLANNED = Recorded(
    "province:offices_unplanned:count", "Expected offices at which nobody works by plan now.", (PROVINCE,)
)
OFFICE_ROUTER_ON_UPS = Recorded(
    "office:router_on_ups", "1 where the router is known to outlive mains, and through the silence.", OFFICE_IDENTITY
)
OFFICE_PLANNED_OUTAGE = Recorded(
    "office:planned_outage",
    "1 while an office has lost power, line or voice by plan: no incident.",
    (*OFFICE_IDENTITY, KIND, PERIOD),
)
OFFICE_OVERRAN = Recorded(
    "office:planned_overran",
    "1 where such an outage goes on although its planned work should be over.",
    (*OFFICE_IDENTITY, KIND, PERIOD),
)
PROVINCE_OUT = Recorded(
    "province:out:ratio",
    "Share of the offices without power or voice, by plan (planned: yes) or not; agents that ended in order left out.",
    (PROVINCE, "planned"),
)
PROVINCE_SERVICE_OVERRAN = Recorded(
    "province_service:planned_overran",
    "1 where a service fails since before its planned work should have been over.",
    (PROVINCE, SERVICE, PERIOD),
)

RECORDED: tuple[Recorded, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
