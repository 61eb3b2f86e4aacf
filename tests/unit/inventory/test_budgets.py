"""How often a link may be tested and a service asked."""

import math

import pytest

from inventory import budgets, register
from inventory.model import Link, Organisation
from inventory.schema import Name
from inventory.values import Fields, Scope, Technology

MBPS = 1e6 / 8
MONTH = 31 * 86400


def link(down: float, up: float, budget: int) -> Link:
    operator = Organisation("vnpt", Name("VNPT", "VNPT"))
    return Link("main", operator, Technology.FTTH, down * MBPS, up * MBPS, budget, "", "", None, "")


def test_a_test_may_use_two_seconds_of_the_faster_direction() -> None:
    assert budgets.bytes_of_test(link(100, 20, 0)) == 25_000_000


def test_a_slow_link_is_still_given_enough_to_measure() -> None:
    assert budgets.bytes_of_test(link(1, 1, 0)) == 1_000_000


def test_a_large_budget_leaves_the_wanted_interval() -> None:
    assert budgets.interval_of_tests(link(100, 100, 10**12), 1800) == 1800


@pytest.mark.parametrize("budget", [500_000_000, 4_000_000_000, 30_000_000_000])
def test_the_tests_of_a_month_stay_within_the_budget(budget: int) -> None:
    tested = link(40, 15, budget)
    interval = budgets.interval_of_tests(tested, 1800)
    used = MONTH / interval * 2 * budgets.bytes_of_test(tested)
    assert 0.9 * budget < used <= budget
    assert interval % 60 == 0


def test_no_budget_allows_no_test() -> None:
    assert budgets.interval_of_tests(link(40, 15, 0), 1800) == math.inf


def test_the_budget_that_is_asked_for_is_enough() -> None:
    tested = link(40, 15, 0)
    enough = math.ceil(budgets.budget_for(tested, 86400))
    assert budgets.interval_of_tests(link(40, 15, enough), 1800) <= 86400


def test_the_shares_of_all_provinces_make_up_the_budget() -> None:
    units = register.load()
    shares = [budgets.share(60, Scope.NATIONAL, province, units) for province in units.provinces]
    assert sum(shares) == pytest.approx(60)
    assert budgets.share(60, Scope.NATIONAL, "04", units) == pytest.approx(60 * 56 / 3321)


def test_a_host_of_one_province_serves_that_province_alone() -> None:
    assert budgets.share(60, Scope.PROVINCIAL, "04", register.load()) == 60


def test_a_share_that_is_large_enough_leaves_the_wanted_interval() -> None:
    assert budgets.interval_of_probes(60, 56, budgets.share(60, Scope.NATIONAL, "04", register.load())) == 60


@pytest.mark.parametrize("asking", [57, 61, 100, 400])
def test_more_offices_than_the_share_is_made_for_ask_less_often(asking: int) -> None:
    share = budgets.share(60, Scope.NATIONAL, "04", register.load())
    interval = budgets.interval_of_probes(30, asking, share)
    assert 0.9 * share < asking / interval <= share
    assert interval == int(interval)


@pytest.mark.parametrize(
    ("target", "requests"),
    [
        ({}, 2),
        ({"second_opinion": "false"}, 1),
        ({"second_opinion": "true", "family": "both"}, 4),
        ({"second_opinion": "false", "family": "both"}, 2),
        ({"staple": "true"}, 4),
    ],
)
def test_a_second_opinion_and_a_second_version_of_ip_are_requests_too(target: Fields, requests: int) -> None:
    assert budgets.requests_of("service", target) == requests
    assert budgets.requests_of("freshness", target) == 1


def test_owners_reports_are_read_by_one_machine_and_services_asked_by_all() -> None:
    assert (budgets.askers("freshness", 56), budgets.askers("service", 56)) == (1, 56)
