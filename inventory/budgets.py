"""Manners as arithmetic: how often a link may be tested, how often a service may be asked. Pure.

A throughput test may fill a link for two seconds at its contracted rate, in each direction; it usually ends sooner. The
monthly budget of the link then says how often such a test is allowed. A service's budget is shared out over the
provinces by their number of communes, so that no province can use up the share of the others.
"""

import math

from inventory.model import FRESHNESS, Link
from inventory.register import Register
from inventory.values import Fields, Scope

TEST_EVERY = 1800.0  # seconds between throughput tests of a link, where its budget allows and nobody says otherwise
LONGEST_TEST_INTERVAL = 86400.0  # a link that cannot be tested once a day has too small a budget to report on
_MONTH = 31 * 86400
_SECONDS_AT_CONTRACT = 2.0
_FEWEST_BYTES, _MOST_BYTES = 1_000_000, 1_000_000_000  # below, TCP has not even started; above, the collector refuses
_MINUTE = 60


def bytes_of_test(link: Link) -> int:
    """What one test may use at most in one direction."""
    return round(min(max(max(link.down, link.up) * _SECONDS_AT_CONTRACT, _FEWEST_BYTES), _MOST_BYTES))


def interval_of_tests(link: Link, wanted: float) -> float:
    """Seconds between two tests: `wanted`, or as many whole minutes more as the link's monthly budget asks for."""
    if link.monthly_budget <= 0:
        return math.inf
    affordable = _MONTH * 2 * bytes_of_test(link) / link.monthly_budget
    return wanted if wanted >= affordable else math.ceil(affordable / _MINUTE) * _MINUTE


def budget_for(link: Link, every: float) -> float:
    """Bytes a month that tests of this link so often may use."""
    return _MONTH / every * 2 * bytes_of_test(link)


def share(budget_per_second: float, scope: Scope, province: str, register: Register) -> float:
    """Requests a second that all offices of a province together may send to a service."""
    if scope is Scope.PROVINCIAL:
        return budget_per_second
    return budget_per_second * len(register.communes_of(province)) / len(register.communes)


def askers(collector: str, offices: int) -> int:
    """How many machines of a province run such a probe."""
    return min(offices, 1) if collector == FRESHNESS else offices


def requests_of(collector: str, target: Fields) -> int:
    """Requests that one probe of a service sends its host at most.

    A second opinion counts, each version of IP, and the connection that looks for a stapled answer.
    """
    if collector == FRESHNESS:
        return 1
    opinions = 1 if target.get("second_opinion") == "false" else 2
    staple = 2 if target.get("staple") == "true" else 1  # a connection of its own
    return opinions * staple * (2 if target.get("family") == "both" else 1)


def interval_of_probes(wanted: float, asking: float, allowed: float) -> float:
    """Seconds between two probes of one office: `wanted`, or as many whole seconds more as the share asks for.

    asking    requests of all offices of the province, when each probes once
    allowed   requests a second
    """
    if allowed <= 0:
        return wanted  # a province that the register does not know, which is told by itself
    return max(wanted, math.ceil(asking / allowed)) if asking / wanted > allowed else wanted
