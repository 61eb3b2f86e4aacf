"""Scenarios by seed, and what may happen at the same time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

from tests.campaign import draw_areas, draw_country, draw_offices
from tests.campaign.country import Country
from tests.campaign.drawing import Draw
from tests.campaign.truth import Scenario

Kind = Callable[[Draw], Scenario]
LOCAL: Sequence[Kind] = (*draw_offices.KINDS, *draw_areas.KINDS)
NATIONAL: Sequence[Kind] = draw_country.KINDS
_SHARE_NATIONAL = 0.08  # each has the country for itself, and so costs as much time as all local ones of a batch


def scenarios(seed: int, count: int, country: Country, only: Sequence[str] = ()) -> tuple[Scenario, ...]:
    """The kinds take turns; where, when and how is drawn. only: kinds by the names of their functions."""
    local, national = (_chosen(kinds, only) for kinds in (LOCAL, NATIONAL))
    many = max(1, round(count * _SHARE_NATIONAL)) if local else count
    turns = [*_turns(local, count - many if national else count), *_turns(national, many)]
    return tuple(_drawn(kind, seed, number, country) for number, kind in turns)


def _chosen(kinds: Sequence[Kind], only: Sequence[str]) -> Sequence[Kind]:
    return [kind for kind in kinds if not only or kind.__name__ in only]


def _turns(kinds: Sequence[Kind], count: int) -> Iterator[tuple[int, Kind]]:
    return ((number, kinds[number % len(kinds)]) for number in range(count) if kinds)


def _drawn(kind: Kind, seed: int, number: int, country: Country) -> Scenario:
    chance = Random(f"{seed}/{kind.__module__}/{kind.__name__}/{number}")
    return kind(Draw(chance, country, chance.choice(sorted(country.inventory.provinces))))


def batches(drawn: Sequence[Scenario], most: int) -> Iterator[tuple[Scenario, ...]]:
    """Groups that claim nothing twice, of at most so many; the long ones together."""
    left = sorted(drawn, key=lambda one: one.length)
    while left:
        batch: list[Scenario] = []
        for one in left:
            if len(batch) < most and _goes_with(one, batch):
                batch.append(one)
        yield tuple(batch)
        left = [one for one in left if one not in batch]


def _goes_with(one: Scenario, others: Iterable[Scenario]) -> bool:
    claimed = {claim for other in others for claim in other.claims}
    if draw_country.EVERYWHERE in one.claims | claimed:
        return not claimed
    return not one.claims & claimed
