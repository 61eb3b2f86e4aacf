"""planned.yml as written: of a province, or of the country for services that all provinces use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inventory.planned.window import Window


class Kind(StrEnum):
    """What is worked at: the label `kind`, a closed list."""

    POWER = "power"
    LINK = "link"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class WorkEntry:
    """One piece of work.

    title      what is done, as whoever does it says
    communes   whose offices it concerns, by code; offices, feeders: single ones, by id
    operator   of links: whose; without communes, offices and feeders all its links in the province
    services   by their ids in the catalogue
    source     whose file it was imported from, "" for what people write here by hand
    ref        under which number or name it stands there
    cancelled  it was planned, and will not be
    """

    kind: Kind
    times: tuple[Window, ...]
    title: str = ""
    communes: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    feeders: tuple[str, ...] = ()
    operator: str = ""
    services: tuple[str, ...] = ()
    source: str = ""
    ref: str = ""
    cancelled: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """Everything that says where."""
        return (*self.communes, *self.offices, *self.feeders)

    def check(self) -> Iterable[tuple[str, str]]:
        """Each kind says where in its own way."""
        if not self.times:
            yield "times", "is empty: when is it?"
        if (self.kind is Kind.SERVICE) != bool(self.services):
            yield "services", "belongs to work of kind service, and to nothing else"
        if (self.kind is Kind.LINK) != bool(self.operator):
            yield "operator", "belongs to work of kind link, and to nothing else"
        if self.kind is Kind.POWER and not self.places:
            yield "kind", "is power, but neither communes nor offices nor feeders say where"
        if self.kind is Kind.SERVICE and self.places:
            yield "kind", "is service, which is told for all offices: leave out communes, offices and feeders"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """planned.yml. `works` by an id of our own."""

    works: Mapping[str, WorkEntry] = field(default_factory=dict)
