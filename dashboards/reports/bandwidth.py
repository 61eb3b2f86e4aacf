"""What each link delivered in one month, against its contract. Pure: tallies and facts in, lines of a report out.

The rule is that of QCVN 34:2022/BTTTT for fixed broadband: the arithmetic mean of the sample rates is at least 0.8 of
the subscribed rate, in each direction. It asks for 1,000 samples; a link with fewer gets an indicative verdict, one
with fewer than 20 gets none. The verdict stands on the best method that was used (alerts/methods.py), and names it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from alerts.methods import Method
from alerts.rules.samples import POWER
from alerts.settings import PRODUCTION
from dashboards.reports.link import DIRECTIONS, Direction, Key, Link
from dashboards.reports.measured import Measurement, ProvinceMonth, Tally, contract_on
from dashboards.reports.month import Month
from dashboards.reports.statistics import Share, Summary, mean, quantile, summarise

REQUIRED_SHARE = PRODUCTION.thresholds.contract_ratio  # QCVN 34:2022: Pd >= 0.8 Vd, Pu >= 0.8 Vu
REQUIRED_SAMPLES = 1000
FEWEST_SAMPLES = 20
NO_FIGURE = "failed"  # the reason of a test that names none


class Verdict(StrEnum):
    """What the month says about one direction of a link, worst first."""

    BELOW = "below"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"
    NO_CONTRACT = "no_contract"
    MEETS = "meets"


@dataclass(frozen=True, slots=True)
class Line:
    """One direction of a link in one month, by one method. Rates in bytes/s, ratios 0 to 1.

    method        None = there was no test by any method
    contract      in force at the end of the month, None = not in the inventory
    tests         distinct tests, accepted or not; rates: of those with a figure
    at_least      accepted tests that only say that the link is faster than they are; each counts as the contract
    of_contract   mean of rate / contract in force that day: QCVN's Pd / Vd
    below         accepted samples below 0.8 of the contract
    daily         the median of rate / contract for each day of the month, None where the day has no accepted sample
    rejected      tests that count for nothing, by reason, most frequent first
    """

    direction: Direction
    method: Method | None
    contract: float | None
    tests: int
    rates: Summary | None
    at_least: int
    of_contract: float | None
    below: Share | None
    daily: tuple[float | None, ...]
    rejected: tuple[tuple[str, int], ...]
    bytes_used: float
    clock_ahead: int
    contract_changed: bool

    @property
    def samples(self) -> int:
        """Accepted samples."""
        return (self.rates.count if self.rates else 0) + self.at_least

    @property
    def tells(self) -> bool:
        """Whether figures, and not bounds, are most of its samples: a line that lets a second's traffic pass and then
        slows down looks faster than it is.
        """
        return self.samples > 0 and 2 * self.at_least <= self.samples

    @property
    def indicative(self) -> bool:
        """Whether there are fewer samples than QCVN 34:2022 asks for."""
        return self.samples < REQUIRED_SAMPLES

    @property
    def verdict(self) -> Verdict:
        return judge(self.samples, self.of_contract)


def judge(samples: int, of_contract: float | None) -> Verdict:
    """The verdict on a number of valid samples and their mean share of the contract."""
    if not samples:
        return Verdict.NO_DATA
    if of_contract is None:
        return Verdict.NO_CONTRACT
    if samples < FEWEST_SAMPLES:
        return Verdict.TOO_FEW
    return Verdict.MEETS if of_contract >= REQUIRED_SHARE else Verdict.BELOW


@dataclass(frozen=True, slots=True)
class LinkMonth:
    """One link: both directions, each by every method that was used, the best method first."""

    link: Link
    lines: tuple[Line, ...]

    @property
    def judged(self) -> tuple[Line, ...]:
        """What the verdict stands on: of each direction the best method that has figures, else one with bounds."""
        return tuple(
            next((line for line in lines if line.tells), next((line for line in lines if line.samples), lines[0]))
            for direction in DIRECTIONS
            if (lines := [line for line in self.lines if line.direction == direction])
        )

    @property
    def verdict(self) -> Verdict:
        """The worse of the two directions."""
        order = list(Verdict)
        return min((line.verdict for line in self.judged), key=order.index)

    @property
    def bytes_used(self) -> float:
        return sum(line.bytes_used for line in self.lines)


@dataclass(frozen=True, slots=True)
class OperatorMonth:
    """All links of one operator in one direction by one method: where a thousand samples come together."""

    operator: str
    direction: Direction
    method: Method | None
    links: int
    samples: int
    of_contract: float | None
    below: Share | None

    @property
    def verdict(self) -> Verdict:
        return judge(self.samples, self.of_contract)

    @property
    def indicative(self) -> bool:
        return self.samples < REQUIRED_SAMPLES


def links_of(found: ProvinceMonth, month: Month) -> list[LinkMonth]:
    """Every link that the inventory or the measurements know."""
    return [
        LinkMonth(link, tuple(one for direction in DIRECTIONS for one in _lines(direction, found, key, month)))
        for key, link in found.links.items()
    ]


def _lines(direction: Direction, found: ProvinceMonth, key: Key, month: Month) -> Iterator[Line]:
    tallies, contracts = found.of(key, direction)
    for method, tally in tallies.items():
        yield line(direction, method, tally, contracts, month)
    if not tallies:
        yield line(direction, None, Tally(), contracts, month)


def line(
    direction: Direction, method: Method | None, tally: Tally, contracts: Mapping[int, float], month: Month
) -> Line:
    """The line of one direction from its tests and the contract (bytes/s) known on each day."""
    weighed = [weigh(test, contract_on(month.day_of(test.stamp), contracts)) for test in tally.measurements]
    shares = [(month.day_of(one.test.stamp), one.ratio) for one in weighed if one.ratio is not None]
    ratios = [ratio for _, ratio in shares]
    return Line(
        direction=direction,
        method=method,
        contract=contract_on(month.days, contracts),
        tests=len(weighed),
        rates=summarise([one.rate for one in weighed if one.rate is not None]),
        at_least=sum(one.rate is None and one.ratio is not None for one in weighed),
        of_contract=mean(ratios) if ratios else None,
        below=Share(sum(ratio < REQUIRED_SHARE for ratio in ratios), len(ratios)) if ratios else None,
        daily=_daily_medians(shares, month.days),
        rejected=tuple(Counter(one.why for one in weighed if one.why).most_common()),
        bytes_used=sum(test.bytes_used for test in tally.measurements),
        clock_ahead=tally.clock_ahead,
        contract_changed=len(set(contracts.values())) > 1,
    )


@dataclass(frozen=True, slots=True)
class Weighed:
    """A test held against the contract of its day.

    rate   bytes/s of an accepted figure; ratio: of the contract, None = not accepted, or no contract known
    why    "" = accepted; else the first of the reasons why it counts for nothing
    """

    test: Measurement
    rate: float | None = None
    ratio: float | None = None
    why: str = ""


def weigh(test: Measurement, contract: float | None) -> Weighed:
    """A test in a power outage says nothing about the operator. A link that is faster than the test meets its contract,
    though nobody knows how fast it is: that counts as the contract at most, and is no rate.
    """
    if test.outage:
        return Weighed(test, why=POWER)
    if test.rate is not None:
        return Weighed(test, test.rate, test.rate / contract if contract else None)
    if contract and test.at_least is not None and test.at_least >= REQUIRED_SHARE * contract:
        return Weighed(test, ratio=min(test.at_least / contract, 1.0))
    return Weighed(test, why=test.why[0] if test.why else NO_FIGURE)


def _daily_medians(shares: Iterable[tuple[int, float]], days: int) -> tuple[float | None, ...]:
    medians: dict[int, float] = {
        day: quantile(sorted(ratio for _, ratio in found), 0.5)
        for day, found in groupby(sorted(shares), key=lambda share: share[0])
    }
    return tuple(medians.get(day) for day in range(1, days + 1))


def worst_first(links: Iterable[LinkMonth]) -> list[LinkMonth]:
    """Links below contract first, the furthest below on top; within one verdict by commune."""
    order = list(Verdict)
    return sorted(links, key=lambda month: (order.index(month.verdict), _worst(month), month.link))


def _worst(month: LinkMonth) -> float:
    return min((line.of_contract for line in month.judged if line.of_contract is not None), default=0.0)


def by_operator(links: Sequence[LinkMonth]) -> list[OperatorMonth]:
    """The operators in alphabetical order, download before upload; only samples with a contract count.

    Each link takes part with the method that judges it; methods are not mixed.
    """
    return [
        _operator(operator, direction, method, [found for found in links if found.link.operator == operator])
        for operator in sorted({found.link.operator for found in links})
        for direction in DIRECTIONS
        for method in _methods(operator, direction, links)
    ]


def _methods(operator: str, direction: Direction, links: Sequence[LinkMonth]) -> list[Method | None]:
    """Those that judge a link; None only where nothing was tested at all."""
    used = {
        line.method
        for found in links
        if found.link.operator == operator
        for line in found.judged
        if line.direction == direction
    }
    return [method for method in Method if method in used] or [None]


def _operator(operator: str, direction: Direction, method: Method | None, links: Sequence[LinkMonth]) -> OperatorMonth:
    judged = [line for found in links for line in found.judged if (line.direction, line.method) == (direction, method)]
    lines = [line for line in judged if line.below]
    shares = [line.below for line in lines if line.below]
    samples = sum(share.total for share in shares)
    weighted = sum(line.of_contract * line.below.total for line in lines if line.of_contract and line.below)
    return OperatorMonth(
        operator=operator,
        direction=direction,
        method=method,
        links=len(judged),
        samples=samples,
        of_contract=weighted / samples if samples else None,
        below=Share(sum(share.count for share in shares), samples) if samples else None,
    )
