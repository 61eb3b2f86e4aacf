"""Scenarios by seed."""

import pytest

from tests.campaign import country, draw
from tests.campaign.country import Country
from tests.campaign.draw_country import EVERYWHERE
from tests.campaign.faults import Kind

KINDS = len(draw.LOCAL) + len(draw.NATIONAL)


@pytest.fixture(scope="module")
def some() -> Country:
    return country.build(["04", "11", "12", "46"])


def test_the_same_seed_gives_the_same_scenarios(some: Country) -> None:
    assert draw.scenarios(7, 40, some) == draw.scenarios(7, 40, some)
    assert draw.scenarios(7, 40, some) != draw.scenarios(8, 40, some)


def test_two_hundred_scenarios_are_of_every_kind(some: Country) -> None:
    drawn = draw.scenarios(1, 216, some)
    assert len(drawn) == 216
    assert len({scenario.kind for scenario in drawn}) == KINDS


def test_only_some_kinds_may_be_asked_for(some: Country) -> None:
    drawn = draw.scenarios(1, 6, some, ["power", "freeze"])
    assert {scenario.kind for scenario in drawn} == {"office power", "national freeze"}
    assert {scenario.kind for scenario in draw.scenarios(1, 4, some, ["freeze"])} == {"national freeze"}


def test_what_happens_at_the_same_time_claims_nothing_twice(some: Country) -> None:
    drawn = draw.scenarios(3, 80, some)
    batches = [*draw.batches(drawn, 4)]
    assert sorted(one.kind for batch in batches for one in batch) == sorted(one.kind for one in drawn)
    for batch in batches:
        claims = [claim for one in batch for claim in one.claims]
        assert len(claims) == len(set(claims))
        assert len(batch) == 1 or EVERYWHERE not in claims


def test_every_incident_has_its_faults_and_ends_with_them(some: Country) -> None:
    for scenario in draw.scenarios(5, 120, some):
        offices = {office for fault in scenario.faults for office in fault.offices}
        assert all(one.offices <= offices and one.end <= scenario.length for one in scenario.incidents)
        assert all(fault.start < fault.end for fault in scenario.faults)
        assert all(fault.offices or fault.kind is Kind.STORE for fault in scenario.faults)
