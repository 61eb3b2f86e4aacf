"""A few scenarios of the campaign, in three provinces: found, with the right cause and reach, told once, and over once.

`make campaign` plays hundreds in the whole country; here nothing is said of how fast it is. A batch in which this
machine could not keep up with the scaled time says nothing either way: it is played again, more slowly.
"""

import pytest

from tests.campaign import country, draw
from tests.campaign.report import wrong
from tests.campaign.run import Outcome, watched
from tests.campaign.truth import Scenario

PROVINCES = ("04", "11", "12")
KINDS = ("power", "line", "freeze")
SEED = 2012  # short ones, at once; an office that sends, and so comes back with a backlog
PACES = (24.0, 12.0, 6.0)


@pytest.mark.timeout(900)
async def test_what_happens_is_told_once_with_its_cause_and_reach() -> None:
    some = country.build(PROVINCES)
    batches = [*draw.batches(draw.scenarios(SEED, 3, some, KINDS), len(PROVINCES))]
    for outcome in await played(some, batches):
        found = [verdict for verdict in outcome.score.verdicts if verdict.wanted]
        assert all(verdict.cause_right and verdict.scope_right for verdict in found), [*wrong(outcome.score)]
        assert all(verdict.firing == verdict.resolved == 1 for verdict in found), [*wrong(outcome.score)]
        assert outcome.score.false == (), [*wrong(outcome.score)]


async def played(some: country.Country, batches: list[tuple[Scenario, ...]]) -> list[Outcome]:
    """Each batch once, as fast as this machine can."""
    for pace in PACES:
        async with watched(some, pace) as world:
            outcomes = [await world.play(batch) for batch in batches]
        if all(outcome.counts for outcome in outcomes):
            return outcomes
    pytest.skip(f"this machine is too busy for a country of {len(some.sites)} offices, even at pace {PACES[-1]:g}")
