"""How the report's page writes words and numbers: Vietnamese first, English beside it, decimal comma, Mbit/s."""

from html import escape

from alerts.settings import PRODUCTION
from collectors.messages import text

_STEPS = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def say(key: str, /, **values: object) -> str:
    """A message of the bandwidth report as HTML: Vietnamese, then English in an element of its own."""
    return f'{vietnamese(key, **values)} <i lang="en">{english(key, **values)}</i>'


def vietnamese(key: str, /, **values: object) -> str:
    """The Vietnamese message, escaped for HTML."""
    return escape(text(f"reports.bandwidth.{key}", "vi", **values))


def english(key: str, /, **values: object) -> str:
    """The English message, escaped for HTML."""
    return escape(text(f"reports.bandwidth.{key}", "en", **values))


def mbit(rate: float) -> str:
    """Bytes per second as Mbit/s with three significant figures: 0,52 · 9,47 · 94,1 · 941."""
    value = rate * 8 / 1e6
    return decimal(value, 0 if value >= 99.95 else 1 if value >= 9.995 else 2)


def decimal(value: float, places: int) -> str:
    """A number as Vietnamese write it: 1.234,5."""
    return f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))


def percent(ratio: float, places: int = 0) -> str:
    """0.875 -> 88 % with a narrow no-break space."""
    return f"{decimal(100 * ratio, places)}\u202f%"


def size(octets: float) -> str:
    """Bytes in decimal units, as operators bill them: 1,84 GB."""
    for unit, factor in _STEPS:
        if octets >= factor:
            value = octets / factor
            return f"{decimal(value, 0 if value >= 99.5 else 1)}\u202f{unit}"
    return f"{decimal(octets, 0)}\u202fB"


def limits() -> dict[str, str]:
    """The alerts' thresholds, as the page's texts name them."""
    known = PRODUCTION.thresholds
    return {
        "below": percent(known.contract_ratio),
        "recovered": percent(known.recovered_ratio),
        "own_load": percent(known.own_load_ratio),
        "region": percent(known.region_ratio),
        "region_links": str(known.region_links),
        "low_tests": str(known.dip_tests),
    }
