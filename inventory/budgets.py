"""Manners as arithmetic: how often a link may be tested, how often a service may be asked. Pure.

A throughput test may fill a link for two seconds at its contracted rate, in each direction; it usually ends sooner. A
capacity probe uses a small part of that. The monthly budget of the link, which both share, then says how often each is
allowed. A service's budget is shared out over the provinces by their number of communes, so that no province can use up
the share of the others.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from inventory.model import FRESHNESS, Link
from inventory.register import Register
from inventory.schema import ProbeEntry
from inventory.values import Scope, Technology

TEST_EVERY = 1800.0  # seconds between throughput tests of a link, where its budget allows and nobody says otherwise
TEST_EVERY_BESIDE_PROBES = 43200.0  # the same where capacity probes do the watching
PROBE_EVERY: Mapping[Technology, float] = {  # seconds between capacity probes
    Technology.FTTH: 1800.0,
    Technology.LEASED: 1800.0,
    Technology.MOBILE_4G: 3600.0,
    Technology.MOBILE_5G: 3600.0,
    Technology.SATELLITE: 21600.0,
}
LONGEST_PROBE_INTERVAL = 43200.0  # two a day: with fewer nothing can be said about a day
LONGEST_TEST_INTERVAL = 86400.0  # a link that cannot be tested once a day has too small a budget to report on
LONGEST: Mapping[str, float] = {"bandwidth": LONGEST_TEST_INTERVAL, "capacity": LONGEST_PROBE_INTERVAL}
_MONTH = 31 * 86400
ECHO_EVERY, ECHO_EVERY_METERED = 1.0, 5.0  # seconds
ECHO_MONTH = _MONTH / ECHO_EVERY * 2 * 64  # bytes, there and back
_ECHO_SHARE = 0.05  # of the monthly budget, beside it: more is too much for a link that is paid by the byte
_SECONDS_AT_CONTRACT: Mapping[Technology, float] = {  # of a throughput test at most
    Technology.FTTH: 2.0,
    Technology.LEASED: 2.0,
    Technology.MOBILE_4G: 2.0,
    Technology.MOBILE_5G: 2.0,
    Technology.SATELLITE: 6.0,  # nine round trips of 600 ms, before which nothing is steady
}
LONGEST_TEST_OF_SATELLITE = 15.0  # seconds; other links have the collector's own bound
_TRAIN_OF_METERED = 1_500_000  # bytes of a capacity probe at most where bytes are money,
_TRAIN_SECONDS = 0.45  # unless the link is so fast that its knee would not show within that
_FEWEST_BYTES, _MOST_BYTES = 1_000_000, 1_000_000_000  # below, TCP has not even started; above, the collector refuses
_MINUTE = 60
_MEGABIT = 125_000  # bytes
# What a capacity probe usually uses in one direction, for each Mbit/s: more where packets come in batches, and where
# its receiver's word to stop is long under way. Beside it, the words that open it.
_PROBE_BYTES: Mapping[Technology, int] = {
    Technology.FTTH: 30_000,
    Technology.LEASED: 30_000,
    Technology.MOBILE_4G: 70_000,
    Technology.MOBILE_5G: 70_000,
    Technology.SATELLITE: 140_000,
}
_WORDS_OF_A_PROBE = 100_000


@dataclass(frozen=True, slots=True)
class LinkPace:
    """Seconds between two throughput tests and between two capacity probes of a link; None = the latter do not run."""

    test: float
    probe: float | None = None

    @property
    def affordable(self) -> bool:
        """Whether both come often enough to report on."""
        return self.test <= LONGEST_TEST_INTERVAL and (self.probe or 0.0) <= LONGEST_PROBE_INTERVAL


def bytes_of_test(link: Link) -> int:
    """What one test may use at most in one direction."""
    wanted = max(link.down, link.up) * _SECONDS_AT_CONTRACT[link.technology]
    return round(min(max(wanted, _FEWEST_BYTES), _MOST_BYTES))


def bound_of_probe(link: Link) -> int | None:
    """The most that a capacity probe's train may use where bytes are money; None: the collector's own bound."""
    if link.technology is not Technology.SATELLITE and not is_metered(link):
        return None
    return round(max(_TRAIN_OF_METERED, max(link.down, link.up) * _TRAIN_SECONDS))


def is_metered(link: Link) -> bool:
    """Whether the link's budget is so small that an echo each second would be a notable part of it."""
    return _ECHO_SHARE * link.monthly_budget < ECHO_MONTH


def bytes_of_probe(link: Link) -> int:
    """What a capacity probe usually uses, both directions together."""
    return round((link.down + link.up) / _MEGABIT * _PROBE_BYTES[link.technology]) + _WORDS_OF_A_PROBE


def pace(link: Link, probes: Mapping[str, ProbeEntry]) -> LinkPace:
    """How often the link is measured: as the province wants, or as much less often as the link's budget asks for.

    Where both share the budget, both slow down, the tests to one a day at most; probes then have what is left.
    """
    test = probes.get("bandwidth", ProbeEntry()).every
    if "capacity" not in probes:
        return LinkPace(interval_of_tests(link, test or TEST_EVERY))
    probe = probes["capacity"].every or PROBE_EVERY[link.technology]
    test_bytes = 2 * bytes_of_test(link) if "bandwidth" in probes else 0
    return _shared(link, LinkPace(test or TEST_EVERY_BESIDE_PROBES, probe), test_bytes)


def is_too_seldom(name: str, entry: ProbeEntry) -> bool:
    """Whether a province wants a probe less often than anything could be said from."""
    return name in LONGEST and (entry.every or 0.0) > LONGEST[name]


def _shared(link: Link, wanted: LinkPace, test_bytes: int) -> LinkPace:
    probe_bytes, probe_every = bytes_of_probe(link), wanted.probe or math.inf
    needed = _MONTH * (test_bytes / wanted.test + probe_bytes / probe_every)
    if needed <= link.monthly_budget:
        return wanted
    stretched = wanted.test * needed / max(1, link.monthly_budget)
    for_tests = link.monthly_budget - _MONTH * probe_bytes / LONGEST_PROBE_INTERVAL  # the probes keep two a day
    leaving = _MONTH * test_bytes / for_tests if for_tests > 0 else math.inf
    test = max(wanted.test, _whole_minutes(min(LONGEST_TEST_INTERVAL, max(stretched, leaving))))
    left = link.monthly_budget - _MONTH * test_bytes / test
    if left <= 0:
        return LinkPace(math.inf, math.inf)
    return LinkPace(test, max(probe_every, _whole_minutes(_MONTH * probe_bytes / left)))


def _whole_minutes(seconds: float) -> float:
    return math.ceil(seconds / _MINUTE) * _MINUTE


def interval_of_tests(link: Link, wanted: float) -> float:
    """Seconds between two tests: `wanted`, or as many whole minutes more as the link's monthly budget asks for."""
    if link.monthly_budget <= 0:
        return math.inf
    affordable = _MONTH * 2 * bytes_of_test(link) / link.monthly_budget
    return wanted if wanted >= affordable else _whole_minutes(affordable)


def interval_of_echoes(link: Link) -> float:
    """Seconds between two echoes: one, or five on a link that is paid by the byte."""
    return ECHO_EVERY_METERED if is_metered(link) else ECHO_EVERY


def budget_for(link: Link, slowest: LinkPace) -> float:
    """Bytes a month that measuring this link so often may use."""
    probes = bytes_of_probe(link) / slowest.probe if slowest.probe else 0.0
    return _MONTH * (2 * bytes_of_test(link) / slowest.test + probes)


def share(budget_per_second: float, scope: Scope, province: str, register: Register) -> float:
    """Requests a second that all offices of a province together may send to a service."""
    if scope is Scope.PROVINCIAL:
        return budget_per_second
    return budget_per_second * len(register.communes_of(province)) / len(register.communes)


def askers(collector: str, offices: int) -> int:
    """How many machines of a province run such a probe."""
    return min(offices, 1) if collector == FRESHNESS else offices


def interval_of_probes(wanted: float, asking: float, allowed: float) -> float:
    """Seconds between two probes of one office: `wanted`, or as many whole seconds more as the share asks for.

    asking    requests of all offices of the province, when each probes once
    allowed   requests a second
    """
    if allowed <= 0:
        return wanted  # a province that the register does not know, which is told by itself
    return max(wanted, math.ceil(asking / allowed)) if asking / wanted > allowed else wanted
