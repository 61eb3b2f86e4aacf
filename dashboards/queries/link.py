"""The links of one office: is it there, how late, how lossy, how fast, and what does the office itself use."""

from alerts import contracts
from collectors.bandwidth.collector import GOODPUT
from collectors.echo.metrics import LOSS, OUTAGE_SECONDS, ROUND_TRIP
from collectors.link import HOP_LOSS, HOP_RTT, TRAFFIC, UP
from dashboards.promql import bits, least, most, rate, select, total
from dashboards.queries.scope import OFFICE
from inventory.facts import LINK_CONTRACT
from inventory.labels import LINK

_HOP = (LINK, "hop")
_DIRECTED = (LINK, "direction")


def state() -> str:
    """1 or 0 by link."""
    return least((LINK,), select(UP, **OFFICE))


def round_trip() -> str:
    """Seconds by link and hop: the median of each burst."""
    return most(_HOP, select(HOP_RTT, stat="median", **OFFICE))


def loss() -> str:
    """0 to 1 by link and hop."""
    return most(_HOP, select(HOP_LOSS, **OFFICE))


def echo_time(stat: str) -> str:
    """Seconds by link: a percentile of each run of echoes to the responder."""
    return most((LINK,), select(ROUND_TRIP, stat=stat, **OFFICE))


def echo_loss() -> str:
    """0 to 1 by link."""
    return most((LINK,), select(LOSS, **OFFICE))


def outage() -> str:
    """Share of the time without an answer, by link."""
    return most((LINK,), rate(select(OUTAGE_SECONDS, **OFFICE)))


def throughput() -> str:
    """Bits per second of the last valid test, by link and direction."""
    return bits(most(_DIRECTED, select(GOODPUT, **OFFICE)))


def contract() -> str:
    """Bits per second by link and direction."""
    return bits(most(_DIRECTED, select(LINK_CONTRACT, **OFFICE)))


def contract_ratio() -> str:
    """The alerts' own measure: median throughput over contracted throughput."""
    return select(contracts.LINK_CONTRACT_RATIO, **OFFICE)


def traffic(direction: str) -> str:
    """Bits per second that the office moves, by link; direction: receive or transmit."""
    return bits(total((LINK,), rate(select(TRAFFIC[f"{direction}_bytes"], **OFFICE))))
