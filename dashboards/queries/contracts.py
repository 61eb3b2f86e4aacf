"""Links against their contracts: what the alerts' rules have recorded, and the figures that it stands on."""

from alerts import contracts
from alerts.promql import named_link, named_office
from alerts.rules.dips import Blame
from alerts.settings import PRODUCTION
from collectors.bandwidth import metrics as goodput
from collectors.capacity import metrics as capacity
from collectors.core import Metric
from collectors.core.observed import LINK_BUDGET_LEFT
from collectors.echo.metrics import ROUND_TRIP
from dashboards.promql import bits, least, most, number, or_nought, select, total
from dashboards.queries.scope import OFFICE, PROVINCE
from inventory.facts import LINK_BUDGET, LINK_CONTRACT
from inventory.labels import LINK, OFFICE_IDENTITY, OPERATOR
from inventory.labels import OFFICE as OFFICE_LABEL

_DIRECTED = (LINK, "direction")
_MEASURED = (LINK, "direction", "method")

# --- a province -----------------------------------------------------------------------------------------------------


def dips_of(cause: Blame) -> str:
    """How many directions of links are in a dip of this cause."""
    return or_nought(number((), select(contracts.LINK_DIP_CAUSE, cause=cause, **PROVINCE)))


def regions() -> str:
    """How many areas in which an operator is slow."""
    return or_nought(number((), select(contracts.REGION_SLOW, **PROVINCE)))


def dips() -> str:
    """The lowest test of every dip that lasts, with names, direction, method and cause."""
    labels = (*OFFICE_IDENTITY, LINK, "direction", "method", "cause")
    return named_link(named_office(most(labels, select(contracts.LINK_DIP_CAUSE, **PROVINCE))))


def dip_length() -> str:
    """Seconds since each of them began."""
    return f"time() - {most((OFFICE_LABEL, LINK, 'direction'), select(contracts.LINK_DIP_SINCE, **PROVINCE))}"


def slow_regions() -> str:
    """Share of an operator's tested links that are low, by area."""
    return most((contracts.AREA, OPERATOR), select(contracts.REGION_SLOW, **PROVINCE))


def worst_shares() -> str:
    """The ten links of which the most samples of a month are below the limit, by name, direction and method."""
    labels = (*OFFICE_IDENTITY, *_MEASURED)
    shares = most(labels, select(contracts.LINK_BELOW_RATIO, **PROVINCE))
    return f"topk(10, {named_office(shares)})"


# --- an office ------------------------------------------------------------------------------------------------------


def rate(metric: Metric) -> str:
    """Bits per second by link and direction."""
    return bits(most(_DIRECTED, select(metric, **OFFICE)))


def capacity_of_links() -> str:
    """Of the last probe that gave a figure."""
    return rate(capacity.CAPACITY)


def at_least() -> str:
    """What a link was seen to carry that is faster than the probe."""
    return rate(capacity.AT_LEAST)


def goodput_of_links() -> str:
    """Of the last throughput test."""
    return rate(goodput.GOODPUT)


def limit() -> str:
    """What the alerts hold against a line: the contract's share."""
    return f"{bits(most(_DIRECTED, select(LINK_CONTRACT, **OFFICE)))} * {PRODUCTION.thresholds.contract_ratio}"


def median() -> str:
    """The alerts' own measure."""
    return most(_MEASURED, select(contracts.LINK_CONTRACT_RATIO, **OFFICE))


def share_below() -> str:
    """Share of a month's samples below the limit."""
    return most(_MEASURED, select(contracts.LINK_BELOW_RATIO, **OFFICE))


def samples() -> str:
    """How many samples that is."""
    return most(_MEASURED, select(contracts.LINK_SAMPLES, **OFFICE))


def rejected() -> str:
    """Tests of a month that count for nothing, by method and reason."""
    return total(("method", "reason"), select(contracts.LINK_REJECTED_COUNT, **OFFICE))


def dip_depth() -> str:
    """The lowest test of each dip while it lasts, by its cause."""
    return most((LINK, "direction", "cause"), select(contracts.LINK_DIP_CAUSE, **OFFICE))


def own_load() -> str:
    """What the office itself moved, of the contract."""
    return most(_DIRECTED, select(contracts.LINK_OWN_LOAD, **OFFICE))


def neighbours(state: str) -> str:
    """Other links of the operator nearby: low, or tested at all."""
    series = contracts.NEIGHBOURS_LOW if state == "low" else contracts.NEIGHBOURS_MEASURED
    return most((LINK, OPERATOR), select(series, f'{contracts.AREA}!="{contracts.EVERYWHERE}"', **OFFICE))


def loaded_round_trip() -> str:
    """Seconds while a probe filled the line's queue."""
    return most(_DIRECTED, select(capacity.LOADED, **OFFICE))


def idle_round_trip() -> str:
    """Seconds at the median of the echoes to the responder."""
    return most((LINK,), select(ROUND_TRIP, stat="p50", **OFFICE))


def budget_used() -> str:
    """Share of the month's bytes for tests that is used, after the last of them."""
    left = least((LINK,), select(LINK_BUDGET_LEFT, **OFFICE))
    return f"1 - {left} / on ({LINK}) {most((LINK,), select(LINK_BUDGET, **OFFICE))}"


def bytes_of_day(method: str) -> str:
    """Bytes of the day's tests up to now, by link."""
    counter = capacity.BYTES if method == "capacity" else goodput.BYTES
    return total((LINK,), f"increase({select(counter, **OFFICE)}[1d])")
