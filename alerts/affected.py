"""How many offices a wide outage hits, and which: asked for when the message is written.

An alert of one office names it; an alert of an area says here whose states it stands on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.owners import OWNER_SERVICE_FAILING
from alerts.promql import OFFICE_KEY
from alerts.recorded import (
    OFFICE_EXPECTED,
    OFFICE_POWER_LOST,
    OFFICE_SERVICE_BLOCKED,
    OFFICE_SERVICE_FAILING,
    OFFICE_SILENT_CAUSE,
)
from alerts.regions import OFFICE_OPERATOR_EXPLAINED
from alerts.rule import Alert, Recorded
from alerts.rules.planned import NO_WORK
from alerts.views import OFFICE_FEEDER_CUT
from alerts.ways import LINK_UNSTABLE, OFFICE_PATH_SHARED
from inventory.labels import FEEDER, OPERATOR, OWNER, PROVINCE, SERVICE

NAMED = 10  # offices that a message names; the board has them all


@dataclass(frozen=True, slots=True)
class Affected:
    """Offices with this state, among those that share these labels with the alert; by plan, they are no part of it."""

    state: Recorded
    shared: tuple[str, ...] = ()
    services: Recorded | None = None  # says by these labels of which services' states


AFFECTED: Mapping[str, Affected] = {
    "CentreBlind": Affected(OFFICE_SILENT_CAUSE),
    "NationalOwnerDown": Affected(OFFICE_SERVICE_FAILING, (OWNER,), OWNER_SERVICE_FAILING),
    "NationalServiceDown": Affected(OFFICE_SERVICE_FAILING, (SERVICE,)),
    "NationalOperatorDown": Affected(OFFICE_OPERATOR_EXPLAINED, (OPERATOR,)),
    "OperatorRegionSilent": Affected(OFFICE_OPERATOR_EXPLAINED, (PROVINCE, OPERATOR)),
    "NationalOperatorServiceBroken": Affected(OFFICE_SERVICE_FAILING, (OPERATOR,)),
    "OperatorServiceBroken": Affected(OFFICE_SERVICE_FAILING, (PROVINCE, OPERATOR)),
    "ProvincialServicesDown": Affected(OFFICE_SERVICE_FAILING, (PROVINCE,)),
    "ProvincialServiceDown": Affected(OFFICE_SERVICE_FAILING, (PROVINCE, SERVICE)),
    "ServiceBlocked": Affected(OFFICE_SERVICE_BLOCKED, (SERVICE,)),
    "ProvincialPowerLost": Affected(OFFICE_POWER_LOST, (PROVINCE,)),
    "FeederPowerLost": Affected(OFFICE_FEEDER_CUT, (PROVINCE, FEEDER)),
    "ProvincialSilent": Affected(OFFICE_SILENT_CAUSE, (PROVINCE,)),
    "ProvincialPathBroken": Affected(OFFICE_PATH_SHARED, (PROVINCE,)),
    "ProvincialLinksUnstable": Affected(LINK_UNSTABLE, (PROVINCE,)),
}


def affected(alert: Alert) -> Mapping[str, str]:
    """Annotations: `offices`, how many; `offices_first`, the names of some, a semicolon and a space after each."""
    if alert.name not in AFFECTED:
        return {}
    known = AFFECTED[alert.name]
    matchers = ", ".join(f"{label}=%q" for label in known.shared)
    values = "".join(f" $labels.{label}" for label in known.shared)
    of_services = f"{known.state} and on ({SERVICE}) {known.services}" if known.services else str(known.state)
    offices = f"group by ({OFFICE_KEY}) ({of_services}{{{matchers}}} {NO_WORK})"
    # Written anew at each evaluation, for each province that is hit: among its own offices only.
    near, where = (f"{{{PROVINCE}=%q}}", f" $labels.{PROVINCE}") if PROVINCE in known.shared else ("", "")
    named = f"topk({NAMED}, {OFFICE_EXPECTED}{near} and on ({OFFICE_KEY}) {offices})"
    return {
        "offices": _each(f"count({offices})", values, '{{ .Value | printf "%.0f" }}'),
        "offices_first": _each(named, where + values, "{{ or .Labels.office_name .Labels.office }}; "),
    }


def _each(query: str, values: str, words: str) -> str:
    return f'{{{{ range query (printf "{query}"{values}) }}}}{words}{{{{ end }}}}'
