"""What the register says, and who is on the roll of voters: it changes seldom, and is looked at once a minute.

All offices, links and probes are read here, so that what looks each quarter of a minute need not.
"""

from alerts.promql import LINK_KEY, OFFICE_KEY, duration, remembered
from alerts.recorded import (
    LINK_EXPECTED,
    OFFICE_EXPECTED,
    OFFICE_HEARD,
    OFFICE_JUDGE,
    OFFICE_SILENT,
    PROVINCE_EXPECTED,
    PROVINCE_OFFICES,
    PROVINCE_SERVICE_INTERVAL,
    SERVICE_INTERVAL,
)
from alerts.regions import LINK_RANKED, OFFICE_FIRST_WAY, OFFICE_SENDS
from alerts.rule import Recording
from alerts.settings import Settings, Windows
from alerts.votes import OFFICE_ENROLLED, OPERATOR_ENROLLED, PROVINCE_SERVICES
from collectors.core import Metric
from collectors.core.observed import PROBE_SUCCESS, PUSH_INTERVAL
from collectors.link import UP
from collectors.path.metrics import FAULT
from inventory.facts import LINK_INFO, LINK_RANK, OFFICE_INFO
from inventory.facts import SERVICE_INTERVAL as SERVICE_PROBE_INTERVAL
from inventory.labels import OPERATOR, PROVINCE, SERVICE

_PROVINCE_SERVICE = f"{PROVINCE}, {SERVICE}"


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """While a province's page of facts is away its last facts hold: nobody is "resolved" by forgetting him."""
    return (*_offices(settings.windows), *_links(settings.windows), *_services(settings.windows), *_roll())


def _offices(windows: Windows) -> tuple[Recording, ...]:
    names = ", ".join(OFFICE_EXPECTED.labels)
    return (
        # topk: two pages that name an office differently must not break every rule that joins on it.
        Recording(
            OFFICE_EXPECTED,
            f"topk by ({OFFICE_KEY}) (1, max by ({names}) {_remembered(OFFICE_INFO, windows)})"
            f" or on ({OFFICE_KEY}) {OFFICE_HEARD}",
        ),
        Recording(PROVINCE_EXPECTED, f"topk by ({PROVINCE}) (1, max by (province, province_name) ({OFFICE_EXPECTED}))"),
        Recording(PROVINCE_OFFICES, f"count by ({PROVINCE}) ({OFFICE_EXPECTED})"),
        Recording(
            OFFICE_SENDS,
            f"group by ({OFFICE_KEY}) ({PUSH_INTERVAL.name} or {OFFICE_SENDS} and on ({OFFICE_KEY}) {OFFICE_SILENT})",
        ),
    )


def _links(windows: Windows) -> tuple[Recording, ...]:
    names = ", ".join(LINK_EXPECTED.labels)
    known = f'{LINK_EXPECTED}{{{OPERATOR}!=""}}'
    ranks = f"max by ({LINK_KEY}) (last_over_time({LINK_RANK.name}[{duration(windows.facts_memory_seconds)}]))"
    ranked = f"{known} * on ({LINK_KEY}) group_left () {ranks}"
    first = f"group by ({', '.join(OFFICE_FIRST_WAY.labels)}) (bottomk by ({OFFICE_KEY}) (1, {LINK_RANKED}))"
    return (
        Recording(
            LINK_EXPECTED,
            f"topk by ({LINK_KEY}) (1, max by ({names}) {_remembered(LINK_INFO, windows)})"
            f" or on ({LINK_KEY}) group by ({LINK_KEY}) ({UP.name} or {FAULT.name})",
        ),
        Recording(LINK_RANKED, f"{ranked} or on ({LINK_KEY}) {known}"),
        Recording(OFFICE_FIRST_WAY, f"{first} or on ({OFFICE_KEY}) group by ({OFFICE_KEY}) ({OFFICE_EXPECTED})"),
    )


def _remembered(facts: Metric, windows: Windows) -> str:
    return remembered(facts.name, OFFICE_INFO.name, windows.facts_memory_seconds)


def _services(windows: Windows) -> tuple[Recording, ...]:
    """How often each is asked."""
    known = f"max_over_time({SERVICE_PROBE_INTERVAL.name}[{duration(windows.facts_memory_seconds)}])"
    quick = f"{PROVINCE_SERVICE_INTERVAL} <= {windows.probe_seconds:g}"
    return (
        Recording(PROVINCE_SERVICE_INTERVAL, f"max by ({_PROVINCE_SERVICE}) ({known})"),
        Recording(SERVICE_INTERVAL, f"quantile by ({SERVICE}) (0.5, {PROVINCE_SERVICE_INTERVAL})"),
        Recording(PROVINCE_SERVICES, f"count by ({PROVINCE}) ({quick})"),
    )


def _roll() -> tuple[Recording, ...]:
    """Who is able to judge now, and which services they ask: votes.py strikes off who is no longer able to."""
    asked = f'{PROBE_SUCCESS.name}{{collector="service"}} * on ({OFFICE_KEY}) group_left ({OPERATOR}) {OFFICE_ENROLLED}'
    return (
        Recording(OFFICE_ENROLLED, str(OFFICE_JUDGE)),
        Recording(OPERATOR_ENROLLED, f"count by ({PROVINCE}, {OPERATOR}, {SERVICE}) ({asked})"),
    )
