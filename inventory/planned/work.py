"""Planned work as other parts read it: which offices, links and services it concerns, and when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from inventory.planned.schema import Kind, WorkEntry
from inventory.planned.window import Window


@dataclass(frozen=True, slots=True)
class Place:
    """What of an office decides whether work concerns it. `links`: the operator of each by its id, in order."""

    office: str
    commune: str
    feeder: str
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work in one province.

    offices    that may lose power, or the link that their machine uses for everything, by id
    links      that may fail, as (office, link); services: that may not answer
    """

    id: str
    kind: Kind
    title: str
    times: tuple[Window, ...]
    offices: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    services: tuple[str, ...] = ()

    def concerns(self, office: str) -> bool:
        """Whether the office may lose its power, a link or a service."""
        return bool(self.services) or office in self.offices or any(office == where for where, _ in self.links)


def works(
    entries: Mapping[str, WorkEntry], places: Sequence[Place], national: Mapping[str, WorkEntry]
) -> Iterator[Work]:
    """The works of a province: its own, and the country's. What is cancelled is none."""
    for key, entry in {**national, **entries}.items():
        if not entry.cancelled:
            yield _work(key, entry, places)


def _work(key: str, entry: WorkEntry, places: Sequence[Place]) -> Work:
    here = _concerned(entry, places)
    of_operator = {(place.office, link): None for place in here for link, whose in place.links.items()
                   if whose == entry.operator}  # fmt: skip
    if entry.kind is Kind.POWER:
        offices = tuple(place.office for place in here)
    else:
        offices = tuple(place.office for place in here if (place.office, next(iter(place.links), "")) in of_operator)
    return Work(key, entry.kind, entry.title, entry.times, offices, tuple(of_operator), entry.services)


def _concerned(entry: WorkEntry, places: Iterable[Place]) -> list[Place]:
    if not entry.places:
        return list(places)
    return [
        place
        for place in places
        if place.office in entry.offices
        or place.commune in entry.communes
        or (place.feeder and place.feeder in entry.feeders)
    ]
