"""What the lab looks like at one moment, as values: read by observe.py, judged here, drawn by view.py."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.lab.phone import Notification


@dataclass(frozen=True, slots=True)
class Cell:
    """One fact about an office: a few words, and whether it is as it should be (None: not known)."""

    text: str
    good: bool | None


UNKNOWN = Cell("?", None)


@dataclass(frozen=True, slots=True)
class OfficeState:
    """One row of the view. link: None in a lab without links; services: by service id.

    figures  how they come to the province, and of pushed ones whether all are there
    """

    id: str
    name: str
    agent: Cell
    power: Cell
    link: Cell | None
    services: Mapping[str, Cell]
    figures: Cell

    @property
    def cells(self) -> Mapping[str, Cell]:
        """All facts by name, in the order of the view."""
        link = {"link": self.link} if self.link else {}
        return {"agent": self.agent, "power": self.power, **link, **self.services, "figures": self.figures}


@dataclass(frozen=True, slots=True)
class AlertState:
    """A firing alert. incident: the same as long as it is the same incident, whatever its subject says meanwhile."""

    name: str
    incident: str
    subject: str
    since: float


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the view shows. troubles: what is wrong with the lab itself, in words."""

    offices: tuple[OfficeState, ...] = ()
    alerts: tuple[AlertState, ...] = ()
    notifications: tuple[Notification, ...] = ()
    troubles: tuple[str, ...] = ()

    @property
    def green(self) -> bool:
        """Everything is known and as it should be, and nothing fires."""
        cells = [cell.good for office in self.offices for cell in office.cells.values()]
        return bool(cells) and all(cells) and not self.alerts and not self.troubles
