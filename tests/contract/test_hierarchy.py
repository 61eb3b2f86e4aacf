"""What explains what: every pair of levels either inhibits, or has a reason why it need not."""

import re
from collections.abc import Iterator
from itertools import combinations

import pytest

from alerts import rules
from alerts.inhibition import HIERARCHY, INHIBITIONS
from alerts.rule import Alert
from alerts.settings import PRODUCTION

Pair = tuple[str, str]

_SERVICE = ("NationalOwnerDown", "NationalServiceDown", "ProvincialServicesDown", "ProvincialServiceDown")
_OPERATOR = ("NationalOperatorDown", "OperatorRegionSilent", "ProvincialPathBroken")
_OPERATOR_SERVICE = ("NationalOperatorServiceBroken", "OperatorServiceBroken")
_LINE = ("LinkDown", "LinkLossy", "OperatorPathBroken")
_POWER_OF_MANY = ("ProvincialPowerLost", "FeederPowerLost")
_POWER = ("OnBattery", "BatteryLow")
_OF_THE_OFFICE = ("OfficeNetworkBroken", *_LINE, "OfficeReachesNothing", "ServiceDown")


def every(upper: tuple[str, ...], lower: tuple[str, ...]) -> frozenset[Pair]:
    return frozenset((one, other) for one in upper for other in lower)


APART = {
    "who is heard is no matter of the centre": every(
        ("CentreBlind",),
        (*_SERVICE, *_OPERATOR_SERVICE, "ProvincialPathBroken", *_POWER_OF_MANY, *_POWER, *_OF_THE_OFFICE),
    ),
    "a service that fails cuts neither lines nor power": every(
        _SERVICE,
        (*_OPERATOR, *_POWER_OF_MANY, "ProvincialSilent", *_POWER, "OfficeSilent", "OfficeNetworkBroken", *_LINE),
    ),
    "what stands below names no owner, and leaves out each service that fails at large": every(
        ("NationalOwnerDown",), ("ProvincialServiceDown", *_OPERATOR_SERVICE, "ServiceDown")
    ),
    "what most services of a province share leaves out each that fails at large": every(
        ("NationalOwnerDown", "NationalServiceDown"), ("ProvincialServicesDown",)
    ),
    "what fails over one operator, or for one office, works for most of the province": every(
        ("ProvincialServicesDown",), ("OperatorServiceBroken", "ServiceDown")
    ),
    "one service that others miss, too, is not all that an office misses alone": every(
        (*_SERVICE, *_OPERATOR_SERVICE), ("OfficeReachesNothing",)
    ),
    "what one province sees explains nothing in others": frozenset(
        (one, "NationalOperatorServiceBroken")
        for one in ("ProvincialServicesDown", "ProvincialServiceDown", "OperatorRegionSilent", "ProvincialPathBroken")
    ),
    "an operator takes no power away and breaks no office's own network": every(
        (*_OPERATOR, *_OPERATOR_SERVICE), (*_POWER_OF_MANY, *_POWER, "OfficeNetworkBroken")
    ),
    "a province counts only silence that no operator explains": every(
        (*_OPERATOR, *_OPERATOR_SERVICE), ("ProvincialSilent",)
    ),
    "who votes, or looks at the way, is heard over a good line": every(
        (*_OPERATOR_SERVICE, "ProvincialPathBroken"), ("OfficeSilent",)
    )
    | every(_OPERATOR_SERVICE, _LINE),
    "each office by its own power and silence, which stand below": every(
        (*_POWER_OF_MANY, "ProvincialSilent"), _OF_THE_OFFICE
    )
    | every(("ProvincialSilent",), ("FeederPowerLost", *_POWER)),
    "who is silent does not say what feeds him: the rule alone leaves him out": every(
        ("FeederPowerLost",), ("OfficeSilent",)
    ),
    "an office with a spare line judges services over that, one without judges none": every(
        ("LinkDown", "LinkLossy"), ("OfficeReachesNothing", "ServiceDown")
    ),
}  # fmt: skip


def related() -> Iterator[Pair]:
    apart = frozenset().union(*APART.values())
    for upper, lower in combinations(HIERARCHY, 2):
        yield from ((one, other) for one in upper for other in lower if (one, other) not in apart)


RELATED = list(related())
INHIBITED = {(one, other): each for each in INHIBITIONS for one in each.sources for other in each.targets}
GROUPS = rules.groups(PRODUCTION)


def of_name(name: str) -> list[Alert]:
    return [alert for group in GROUPS for alert in group.alerts if alert.name == name]


@pytest.mark.parametrize(("upper", "lower"), RELATED)
def test_the_upper_inhibits_the_lower(upper: str, lower: str) -> None:
    assert (upper, lower) in INHIBITED


@pytest.mark.parametrize(("upper", "lower"), RELATED)
def test_the_upper_is_told_no_later_than_the_lower(upper: str, lower: str) -> None:
    """Alerts on services have a rule for each pace, in the same order."""
    above, below = of_name(upper), of_name(lower)
    for number, one in enumerate(below):
        assert above[number if len(above) == len(below) else 0].hold <= one.hold


def test_a_reason_is_not_given_for_what_inhibits_all_the_same() -> None:
    assert {pair for pairs in APART.values() for pair in pairs} & INHIBITED.keys() == set()


def test_every_alert_of_the_hierarchy_exists_once() -> None:
    names = [name for level in HIERARCHY for name in level]
    assert len(names) == len({*names})
    assert all(of_name(name) for name in names)


# What an upper alert stands on, where it does not name an office: the lower must look at it, or at whom it leaves out.
STATES = {
    "CentreBlind": "centre:blind",
    "NationalOwnerDown": "owner:failing",
    "NationalServiceDown": "service:failing",
    "ProvincialServicesDown": "province:services_failing",
    "ProvincialServiceDown": "province_service:failing",
    "NationalOperatorDown": "operator:down",
    "OperatorRegionSilent": "operator_region:silent",
    "ProvincialPathBroken": "province_operator:path:fault",
    "NationalOperatorServiceBroken": "operator_service:broken",
    "OperatorServiceBroken": "province_operator_service:broken",
    "ProvincialPowerLost": "province:power_lost",
    "FeederPowerLost": "feeder:power_lost",
    "ProvincialSilent": "province:silent",
    "OnBattery": "office:power_lost",
    "BatteryLow": "office:power_lost",
    "OfficeSilent": "office:heard",
    "OfficeNetworkBroken": "link:path:cause",
    "OperatorPathBroken": "link:path:cause",
    "LinkDown": "link:down",
    "LinkLossy": "link:loss:ratio",
    "OfficeReachesNothing": "office:reaches_nothing",
}
FILLED = {recording.series.name: recording.expr for group in GROUPS for recording in group.recordings}


def below(expr: str) -> frozenset[str]:
    """All recorded series that an expression stands on, however far below."""
    found: set[str] = set()
    left = [expr]
    while left:
        names = {*re.findall(r"[a-z_]+(?::[a-z_]+)+", left.pop())} & FILLED.keys()
        left += [FILLED[name] for name in names - found]
        found |= names
    return frozenset(found)


@pytest.mark.parametrize(("upper", "lower"), RELATED)
def test_the_rules_themselves_leave_out_what_the_upper_explains(upper: str, lower: str) -> None:
    for alert in of_name(lower):
        assert STATES[upper] in below(alert.expr)
