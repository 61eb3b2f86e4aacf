"""Scenarios by seed."""

from itertools import combinations

import pytest

from tests.campaign import country, draw
from tests.campaign.country import Country
from tests.campaign.faults import Kind
from tests.campaign.truth import Scenario

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


def test_what_happens_at_the_same_time_does_not_touch(some: Country) -> None:
    drawn = draw.scenarios(3, 80, some)
    found = draw.batches(drawn, 4)
    assert sorted(one.kind for batch in found for one in batch) == sorted(one.kind for one in drawn)
    for batch in found:
        assert len(batch) <= 4
        assert all(one.goes_with(other) for one, other in combinations(batch, 2))


def test_no_place_or_service_is_claimed_twice_nor_used_beside_who_claims_it() -> None:
    first, same = (Scenario("", (), (), frozenset({"04", "portal"}), frozenset({"places"})) for _ in range(2))
    beside = Scenario("", (), (), frozenset({"11"}), frozenset({"places", "vneid"}))
    user = Scenario("", (), (), frozenset({"12"}), frozenset({"portal"}))
    alone = Scenario("", (), (), frozenset({"places"}))
    assert first.goes_with(beside)
    assert beside.goes_with(user)
    assert not any(first.goes_with(other) or other.goes_with(first) for other in (same, user, alone))


def test_a_service_of_the_country_fails_beside_others_and_beside_what_is_no_matter_of_it(some: Country) -> None:
    drawn = draw.scenarios(1, 216, some)
    outages = [one for one in drawn if one.kind in ("national outage", "national freeze")]
    assert any(one.goes_with(other) for one, other in combinations(outages, 2))
    for one in outages:
        failing = {fault.service for fault in one.faults}
        for other in drawn:
            same = {incident.service for incident in other.incidents} & failing
            assert not (one.goes_with(other) and same)
        assert all(one.goes_with(other) for other in drawn if other.kind == "office power")


def test_what_leaves_no_place_alone_is_played_alone(some: Country) -> None:
    batches = draw.batches(draw.scenarios(1, 216, some), 50)
    kinds = [{one.kind for one in batch} for batch in batches]
    assert all(len(batch) == 1 for batch in kinds if batch & {"operator at large", "centre blind"})


def test_the_whole_campaign_is_a_dozen_batches() -> None:
    whole = country.build()
    batches = draw.batches(draw.scenarios(1, 204, whole), 50)
    assert len(batches) <= 12
    assert sum(max(one.length for one in batch) for batch in batches) < 3 * 3600


def test_every_incident_has_its_faults_and_ends_with_them(some: Country) -> None:
    for scenario in draw.scenarios(5, 120, some):
        offices = {office for fault in scenario.faults for office in fault.offices}
        assert all(one.offices <= offices and one.end <= scenario.length for one in scenario.incidents)
        assert all(fault.start < fault.end for fault in scenario.faults)
        assert all(fault.offices or fault.kind is Kind.STORE for fault in scenario.faults)
