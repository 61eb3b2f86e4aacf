"""What each link delivered in one month, against its contract. Pure: tallies and facts in, lines of a report out.

The rule is that of QCVN 34:2022/BTTTT for fixed broadband: the arithmetic mean of the sample rates is at least 0.8 of
the subscribed rate, in each direction. It asks for 1,000 samples; a link with fewer gets an indicative verdict, one
with fewer than 20 gets none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from dashboards.reports.link import DIRECTIONS, Direction, Link
from dashboards.reports.measured import ProvinceMonth, Tally, contract_on
from dashboards.reports.month import Month
from dashboards.reports.statistics import Share, Summary, mean, quantile, summarise

REQUIRED_SHARE = 0.8  # QCVN 34:2022: Pd >= 0.8 Vd, Pu >= 0.8 Vu
REQUIRED_SAMPLES = 1000
FEWEST_SAMPLES = 20


class Verdict(StrEnum):
    """What the month says about one direction of a link, worst first."""

    BELOW = "below"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"
    NO_CONTRACT = "no_contract"
    MEETS = "meets"


@dataclass(frozen=True, slots=True)
class Line:
    """One direction of a link in one month. Rates in bytes/s, ratios 0 to 1.

    contract      in force at the end of the month, None = not in the inventory
    tests         distinct tests, valid or not; rates: of the valid ones
    of_contract   mean of rate / contract in force that day: QCVN's Pd / Vd
    below         valid samples below 0.8 of the contract
    daily         the median of rate / contract for each day of the month, None where the day has no valid sample
    """

    direction: Direction
    contract: float | None
    tests: int
    rates: Summary | None
    of_contract: float | None
    below: Share | None
    daily: tuple[float | None, ...]
    bytes_used: float
    clock_ahead: int
    contract_changed: bool

    @property
    def samples(self) -> int:
        """Valid samples."""
        return self.rates.count if self.rates else 0

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
    """One link, both directions."""

    link: Link
    lines: tuple[Line, ...]

    @property
    def verdict(self) -> Verdict:
        """The worse of the two directions."""
        order = list(Verdict)
        return min((line.verdict for line in self.lines), key=order.index)

    @property
    def bytes_used(self) -> float:
        return sum(line.bytes_used for line in self.lines)


@dataclass(frozen=True, slots=True)
class OperatorMonth:
    """All links of one operator in one direction: where a thousand samples come together."""

    operator: str
    direction: Direction
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
        LinkMonth(link, tuple(line(direction, *found.of(key, direction), month) for direction in DIRECTIONS))
        for key, link in found.links.items()
    ]


def line(direction: Direction, tally: Tally, contracts: Mapping[int, float], month: Month) -> Line:
    """The line of one direction from its tests and the contract (bytes/s) known on each day."""
    valid = [(found.stamp, found.rate) for found in tally.measurements if found.rate is not None]
    shares = [
        (month.day_of(stamp), rate / contract)
        for stamp, rate in valid
        if (contract := contract_on(month.day_of(stamp), contracts))
    ]
    ratios = [ratio for _, ratio in shares]
    return Line(
        direction=direction,
        contract=contract_on(month.days, contracts),
        tests=len(tally.measurements),
        rates=summarise([rate for _, rate in valid]),
        of_contract=mean(ratios) if ratios else None,
        below=Share(sum(ratio < REQUIRED_SHARE for ratio in ratios), len(ratios)) if ratios else None,
        daily=_daily_medians(shares, month.days),
        bytes_used=sum(found.bytes_used for found in tally.measurements),
        clock_ahead=tally.clock_ahead,
        contract_changed=len(set(contracts.values())) > 1,
    )


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
    return min((line.of_contract for line in month.lines if line.of_contract is not None), default=0.0)


def by_operator(links: Sequence[LinkMonth]) -> list[OperatorMonth]:
    """The operators in alphabetical order, download before upload; only samples with a contract count."""
    return [
        _operator(operator, direction, [found for found in links if found.link.operator == operator])
        for operator in sorted({found.link.operator for found in links})
        for direction in DIRECTIONS
    ]


def _operator(operator: str, direction: Direction, links: Sequence[LinkMonth]) -> OperatorMonth:
    lines = [line for found in links for line in found.lines if line.direction == direction and line.below]
    shares = [line.below for line in lines if line.below]
    samples = sum(share.total for share in shares)
    weighted = sum(line.of_contract * line.below.total for line in lines if line.of_contract and line.below)
    return OperatorMonth(
        operator=operator,
        direction=direction,
        links=len(links),
        samples=samples,
        of_contract=weighted / samples if samples else None,
        below=Share(sum(share.count for share in shares), samples) if samples else None,
    )
