"""Scenarios by seed, and what may happen at the same time."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

from tests.campaign import draw_areas, draw_country, draw_offices
from tests.campaign.country import OPERATORS, OWNERS, Country
from tests.campaign.drawing import FAILING, Draw
from tests.campaign.drawing import LOCAL as OF_PLACES
from tests.campaign.truth import Scenario

Kind = Callable[[Draw], Scenario]
LOCAL: Sequence[Kind] = (*draw_offices.KINDS, *draw_areas.KINDS)
NATIONAL: Sequence[Kind] = draw_country.KINDS
_SHARE_NATIONAL = 0.06  # some of them need a batch for themselves


def scenarios(seed: int, count: int, country: Country, only: Sequence[str] = ()) -> tuple[Scenario, ...]:
    """The kinds take turns; where, when and how is drawn. only: kinds by the names of their functions."""
    local, national = (_chosen(kinds, only) for kinds in (LOCAL, NATIONAL))
    many = max(1, round(count * _SHARE_NATIONAL)) if local else count
    turns = [*_turns(local, count - many if national else count), *_turns(national, many)]
    places, services, owners, operators = (
        _deck(f"{seed}/{number}", cards)
        for number, cards in enumerate((sorted(country.inventory.provinces), FAILING, OWNERS, sorted(OPERATORS)))
    )
    return tuple(
        kind(Draw(_chance(seed, number, kind), country, next(places), next(services), next(owners), next(operators)))
        for number, kind in turns
    )


def _chosen(kinds: Sequence[Kind], only: Sequence[str]) -> Sequence[Kind]:
    return [kind for kind in kinds if not only or kind.__name__ in only]


def _turns(kinds: Sequence[Kind], count: int) -> Iterator[tuple[int, Kind]]:
    return ((number, kinds[number % len(kinds)]) for number in range(count) if kinds)


def _deck(seed: str, of: Sequence[str]) -> Iterator[str]:
    """In an order of chance, each once before any is drawn again: so that many go together."""
    chance = Random(seed)
    while True:
        yield from chance.sample(of, len(of))


def _chance(seed: int, number: int, kind: Kind) -> Random:
    return Random(f"{seed}/{kind.__module__}/{kind.__name__}/{number}")


def batches(drawn: Sequence[Scenario], most: int) -> Sequence[tuple[Scenario, ...]]:
    """Groups whose scenarios do not touch each other, of at most so many: each goes into the first that has room.

    First those of the country, for they go with few; then the longest, so that they share a batch and its time.
    """
    found: list[list[Scenario]] = []
    for one in sorted(drawn, key=lambda one: (OF_PLACES in one.uses, -one.length)):
        fitting = (batch for batch in found if len(batch) < most and all(map(one.goes_with, batch)))
        batch = next(fitting, None)
        if batch is None:
            found.append(batch := [])
        batch.append(one)
    return [tuple(batch) for batch in found]
