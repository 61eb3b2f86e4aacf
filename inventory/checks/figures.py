"""Whether a contract's figures can be true: most slips are a wrong unit or a lost zero."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from inventory import budgets
from inventory.model import Link
from inventory.schema import ProbeEntry
from inventory.values import Technology

# Slowest and fastest line that is sold, Mbit/s, with room to spare.
SPEEDS: Mapping[Technology, tuple[float, float]] = {
    Technology.FTTH: (5, 10_000),
    Technology.LEASED: (0.5, 10_000),
    Technology.MOBILE_4G: (0.5, 300),
    Technology.MOBILE_5G: (5, 2_000),
    Technology.SATELLITE: (0.25, 500),
}
_BITS = 8 / 1e6


class Finding(NamedTuple):
    """A field of a plan or link, what is wrong with it, and what to do."""

    field: str
    message: str
    hint: str


def findings(link: Link, probes: Mapping[str, ProbeEntry]) -> Iterator[Finding]:
    """Speeds out of range, an upload far above the download, a budget that cannot be kept. probes: the province's."""
    least, most = SPEEDS[link.technology]
    for field, rate in (("down_mbps", link.down * _BITS), ("up_mbps", link.up * _BITS)):
        if not least <= rate <= most:
            message = f"{rate:g} Mbit/s cannot be the speed of a link of type {link.technology}"
            yield Finding(field, message, f"{least:g} to {most:g}, in Mbit/s as the contract has it")
    if link.up > 2 * link.down:
        message = f"the upload of {link.up * _BITS:g} Mbit/s is over twice the download of {link.down * _BITS:g}"
        yield Finding("up_mbps", message, "down and up may be swapped")
    if any(budgets.is_too_seldom(name, entry) for name, entry in probes.items()):
        return  # told of the probe, and no matter of the budget
    if not (pace := budgets.pace(link, probes)).affordable:
        yield _too_small(link, pace)


def _too_small(link: Link, pace: budgets.LinkPace) -> Finding:
    """One throughput test a day, and with capacity probes two of those beside it, must be affordable."""
    budget, test = f"{link.monthly_budget / 1e9:g} GB", f"{2 * budgets.bytes_of_test(link) / 1e6:.0f} MB"
    if pace.probe is None:
        slowest = budgets.LinkPace(budgets.LONGEST_TEST_INTERVAL)
        message = f"{budget} do not allow one throughput test of this link a day"
        uses = f"a test uses up to {test}"
    else:
        slowest = budgets.LinkPace(budgets.LONGEST_TEST_INTERVAL, budgets.LONGEST_PROBE_INTERVAL)
        message = f"{budget} do not allow one throughput test and two capacity probes of this link a day"
        uses = f"a test uses up to {test}, a probe about {budgets.bytes_of_probe(link) / 1e6:.1f} MB"
    return Finding("monthly_budget", message, f"{budgets.budget_for(link, slowest) / 1e9:.2g}GB would; {uses}")
