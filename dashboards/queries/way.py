"""The way from one office to a service: where it breaks, its hops and name servers; and what interrupts its lines."""

from alerts.promql import duration
from alerts.settings import PRODUCTION
from collectors.core import Metric
from collectors.echo.metrics import DIPS, OUTAGES
from collectors.modem.collector import DIPS as SIGNAL_DIPS
from collectors.modem.collector import RSRP
from collectors.path.locate import Fault
from collectors.path.metrics import FAULT, INFO, LOSS, MTU, NAMES, REDUCED, RESOLVER, RTT
from collectors.path.names import Names
from dashboards.promql import coded, least, most, select, total
from dashboards.queries.scope import OFFICE
from inventory.labels import LINK

_WINDOW = duration(PRODUCTION.trends.echo_seconds)


def fault() -> str:
    """The place of the fault in Fault, from 1, by link."""
    return coded(FAULT, "where", tuple(Fault), (LINK,), **OFFICE)


def hop_time(stat: str) -> str:
    """Seconds by hop: min or median of the last look."""
    return most(("hop",), select(RTT, stat=stat, **OFFICE))


def hop_loss() -> str:
    """0 to 1 by hop, lost up to there."""
    return most(("hop",), select(LOSS, **OFFICE))


def ends() -> str:
    """1 for the address of the gateway and of the operator's first router."""
    return most(("hop", "address"), select(INFO, **OFFICE))


def largest() -> str:
    """Bytes of the largest packet that comes through whole."""
    return least((), select(MTU, **OFFICE))


def reduced() -> str:
    """1 where raw packets cannot be sent."""
    return most((), select(REDUCED, **OFFICE))


def names() -> str:
    """What the comparison of name servers gave: its place in Names, from 1."""
    return coded(NAMES, "verdict", tuple(Names), (LINK,), **OFFICE)


def resolver_time() -> str:
    """Seconds by name server."""
    return most(("resolver",), select(RESOLVER, **OFFICE))


def outages() -> str:
    """Of the last hour, by link."""
    return _counted(OUTAGES)


def dips() -> str:
    """Bursts of lost or late echoes in the last hour, by link."""
    return _counted(DIPS)


def signal_dips() -> str:
    """By the modem, in the last hour, by link."""
    return _counted(SIGNAL_DIPS)


def _counted(counter: Metric) -> str:
    return total((LINK,), f"increase({select(counter, **OFFICE)}[{_WINDOW}])")


def signal() -> str:
    """RSRP by link, dBm."""
    return most((LINK,), select(RSRP, **OFFICE))
