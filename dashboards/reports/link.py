"""Who a report speaks about: a link, and its two directions."""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["down", "up"]
DIRECTIONS: tuple[Direction, ...] = ("down", "up")
Key = tuple[str, str]  # office, link: what a measurement knows of it
Point = tuple[float, float]  # (Unix time of the scrape, value)


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A telecom link of an office, as the inventory publishes it; names are "" where it does not know the link."""

    province: str
    commune: str
    office: str
    link: str
    province_name: str = ""
    commune_name: str = ""
    office_name: str = ""
    operator: str = ""
    technology: str = ""
