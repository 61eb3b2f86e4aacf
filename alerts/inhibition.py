"""Which alert silences which: the second net below the rules, which subtract the same things in their expressions.

Alertmanager needs it in the moments when an expression has ended already and the alert above is still kept, and where
two alerts stand for one cause that no expression joins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alerts.rule import ALERT_NAME
from inventory.labels import FEEDER, LINK, OFFICE, OPERATOR, OWNER, PROVINCE, SERVICE


@dataclass(frozen=True, slots=True)
class Inhibition:
    """While one of `sources` fires, `targets` with the same values of the labels `equal` are not told."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    equal: tuple[str, ...] = ()


_BEHIND_THE_OFFICE = ("OperatorPathBroken", "PathMtuBlackHole", "NameServerFault")
CAUSE = "cause"
_UNSTABLE = ("LinkUnstable", "SignalDips")
_LINES = ("LinkDown", "LinkLossy")
_ALONE = ("OfficeReachesNothing", "ServiceDown")
_BY_THE_OPERATOR = (
    "OperatorServiceBroken", "OfficeSilent", *_LINES, *_BEHIND_THE_OFFICE, "OperatorRegionSlow", "LinkSlow",
    *_ALONE,
)  # fmt: skip
_BURNING = ("ErrorBudgetBurning", "ErrorBudgetBurningSlowly")
_SILENT = (
    "NationalOperatorDown", "OperatorRegionSilent", "ProvincialSilent", "ProvincialAgentsSilent", "OfficeSilent",
)  # fmt: skip
INHIBITIONS = (
    Inhibition(("CentreBlind",), _SILENT),
    Inhibition(("NationalOwnerDown",), ("NationalServiceDown",), (OWNER,)),
    Inhibition(
        ("NationalServiceDown",),
        ("ProvincialServiceDown", "NationalOperatorServiceBroken", "OperatorServiceBroken", "ServiceDown"),
        (SERVICE,),
    ),
    Inhibition(("NationalServiceDown",), _BURNING, (SERVICE,)),
    Inhibition(_BURNING[:1], _BURNING[1:], (SERVICE,)),
    Inhibition(("ProvincialServicesDown",), ("ProvincialServiceDown",), (PROVINCE,)),
    Inhibition(("ProvincialServiceDown",), ("OperatorServiceBroken", "ServiceDown"), (PROVINCE, SERVICE)),
    Inhibition(
        ("NationalOperatorDown",),
        ("OperatorRegionSilent", "NationalOperatorServiceBroken", *_BY_THE_OPERATOR, "ProvincialPathBroken"),
        (OPERATOR,),
    ),
    Inhibition(("OperatorRegionSilent",), (*_BY_THE_OPERATOR, "ProvincialPathBroken"), (PROVINCE, OPERATOR)),
    Inhibition(("NationalOperatorServiceBroken",), ("OperatorServiceBroken", "ServiceDown"), (OPERATOR, SERVICE)),
    Inhibition(("OperatorServiceBroken",), ("ServiceDown",), (PROVINCE, OPERATOR, SERVICE)),
    Inhibition(("ProvincialPathBroken",), ("OperatorServiceBroken", *_ALONE, *_LINES), (PROVINCE, OPERATOR)),
    Inhibition(
        ("ProvincialPowerLost",),
        (
            "FeederPowerLost",
            "OnBattery",
            "BatteryLow",
            "ProvincialSilent",
            "OfficeSilent",
            "OperatorRegionSlow",
            "LinkSlow",
        ),
        (PROVINCE,),
    ),
    Inhibition(("FeederPowerLost",), ("OnBattery", "BatteryLow"), (PROVINCE, FEEDER)),
    Inhibition(("ProvincialSilent", "ProvincialAgentsSilent"), ("OfficeSilent",), (PROVINCE,)),
    Inhibition(
        ("OnBattery", "BatteryLow"),
        ("OfficeSilent", *_LINES, "LinkSlow", *_ALONE, "UpsUnreachable"),
        (OFFICE,),
    ),
    Inhibition(
        ("OfficeSilent",),
        (*_LINES, "LinkSlow", *_ALONE, "UpsUnreachable", "ProbeFailing", "ConfigurationRejected"),
        (OFFICE,),
    ),
    Inhibition(("OperatorRegionSlow",), ("LinkSlow", "BandwidthBelowContract"), (PROVINCE, OPERATOR)),
    Inhibition(("LinkDown", "LinkLossy"), ("LinkSlow",), (OFFICE, LINK)),
    Inhibition(("OnBattery", "BatteryLow", "OfficeSilent"), ("OfficeNetworkBroken", *_BEHIND_THE_OFFICE), (OFFICE,)),
    Inhibition(("ProvincialPathBroken",), (*_BEHIND_THE_OFFICE, "OperatorRegionSlow"), (PROVINCE, OPERATOR)),
    Inhibition(("LinkDown", "LinkLossy"), ("OperatorPathBroken", "PathMtuBlackHole", *_UNSTABLE), (OFFICE, LINK)),
    Inhibition(("OfficeNetworkBroken",), (*_LINES, "OperatorPathBroken", *_ALONE), (OFFICE,)),
    Inhibition(_BEHIND_THE_OFFICE, _ALONE, (OFFICE,)),
    Inhibition(("OfficeReachesNothing",), ("ServiceDown",), (OFFICE,)),
    Inhibition(("ProvincialLinksUnstable",), ("LinkUnstable",), (PROVINCE,)),
    # Of the same cause: work on power explains no line.
    Inhibition(("PlannedWork",), ("OnBattery", "BatteryLow"), (OFFICE, CAUSE)),
    Inhibition(
        ("PlannedWork",),
        ("LinkDown", "LinkLossy", "OperatorPathBroken", "PathMtuBlackHole", *_UNSTABLE),
        (OFFICE, LINK, CAUSE),
    ),
    Inhibition(("PlannedWork",), ("LinkSlow", "BandwidthBelowContract"), (OFFICE, LINK)),
    Inhibition(("PlannedWork",), ("ProvincialServiceDown", "ServiceDown"), (PROVINCE, SERVICE, CAUSE)),
)

# From what explains most to what explains least. Of two levels the upper one inhibits the lower, if one explains the
# other; power goes before silence at the same office, for it explains it.
HIERARCHY = (
    ("CentreBlind",),
    ("NationalOwnerDown",),
    ("NationalServiceDown",),
    ("ProvincialServicesDown",),
    ("ProvincialServiceDown",),
    ("NationalOperatorDown",),
    ("OperatorRegionSilent",),
    ("ProvincialPathBroken",),
    ("NationalOperatorServiceBroken",),
    ("OperatorServiceBroken",),
    ("ProvincialPowerLost",),
    ("ProvincialSilent",),
    ("FeederPowerLost",),
    ("OnBattery", "BatteryLow"),
    ("OfficeSilent",),
    ("OfficeNetworkBroken",),
    ("LinkDown", "LinkLossy", "OperatorPathBroken"),
    ("OfficeReachesNothing",),
    ("ServiceDown",),
)


def inhibit_rules() -> list[Mapping[str, Any]]:
    """As Alertmanager's configuration has them."""
    return [
        {
            "source_matchers": [_any(each.sources)],
            "target_matchers": [_any(each.targets)],
            "equal": list(each.equal),
        }
        for each in INHIBITIONS
    ]


def _any(names: tuple[str, ...]) -> str:
    return f'{ALERT_NAME}=~"{"|".join(names)}"'
