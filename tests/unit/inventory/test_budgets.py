"""How often a link may be tested and a service asked."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.values import Duration
from inventory import asked, budgets, register
from inventory.model import Link, Organisation
from inventory.schema import Name, ProbeEntry
from inventory.values import Fields, Scope, Technology

MBPS = 1e6 / 8
MONTH = 31 * 86400


BOTH = {"capacity": ProbeEntry(), "bandwidth": ProbeEntry()}


def link(down: float, up: float, budget: int, technology: Technology = Technology.FTTH) -> Link:
    operator = Organisation("vnpt", Name("VNPT", "VNPT"))
    return Link("main", operator, technology, down * MBPS, up * MBPS, budget, "", "", None, "")


def test_a_test_may_use_two_seconds_of_the_faster_direction() -> None:
    assert budgets.bytes_of_test(link(100, 20, 0)) == 25_000_000


def test_a_slow_link_is_still_given_enough_to_measure() -> None:
    assert budgets.bytes_of_test(link(1, 1, 0)) == 1_000_000


def test_a_test_over_a_satellite_may_last_until_it_can_be_steady() -> None:
    assert budgets.bytes_of_test(link(8, 2, 0, Technology.SATELLITE)) == 6_000_000


@pytest.mark.parametrize(
    ("technology", "budget", "bound"),
    [
        (Technology.SATELLITE, 10**12, 1_500_000),
        (Technology.MOBILE_4G, 10**9, 1_500_000),
        (Technology.MOBILE_4G, 10**11, None),
        (Technology.FTTH, 10**11, None),
    ],
)
def test_a_probe_is_bounded_closely_where_bytes_are_money(
    technology: Technology, budget: int, bound: int | None
) -> None:
    assert budgets.bound_of_probe(link(20, 5, budget, technology)) == bound


def test_a_fast_link_s_probe_is_not_bounded_so_closely_that_it_shows_nothing() -> None:
    bound = budgets.bound_of_probe(link(200, 50, 10**12, Technology.SATELLITE))
    assert bound == pytest.approx(0.45 * 200 * MBPS)


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
    enough = math.ceil(budgets.budget_for(tested, budgets.LinkPace(86400)))
    assert budgets.interval_of_tests(link(40, 15, enough), 1800) <= 86400


def test_without_capacity_probes_the_tests_have_the_budget_to_themselves() -> None:
    tested = link(40, 15, 4 * 10**9)
    assert budgets.pace(tested, {"bandwidth": ProbeEntry()}) == budgets.LinkPace(13440)
    assert budgets.pace(tested, {"bandwidth": ProbeEntry(every=Duration(86400))}).test == 86400


@pytest.mark.parametrize(
    ("technology", "every"),
    [(Technology.FTTH, 1800), (Technology.MOBILE_4G, 3600), (Technology.SATELLITE, 21600)],
)
def test_capacity_probes_watch_and_tests_come_twice_a_day(technology: Technology, every: float) -> None:
    assert budgets.pace(link(20, 20, 10**12, technology), BOTH) == budgets.LinkPace(43200, every)


def test_a_province_may_want_another_pace() -> None:
    wanted = {"capacity": ProbeEntry(every=Duration(600)), "bandwidth": ProbeEntry(every=Duration(3600))}
    assert budgets.pace(link(20, 20, 10**12), wanted) == budgets.LinkPace(3600, 600)


@given(
    rates=st.tuples(st.floats(0.5, 1000), st.floats(0.5, 1000)),
    budget=st.integers(0, 10**12),
    technology=st.sampled_from(Technology),
    probes=st.sampled_from([BOTH, {"capacity": ProbeEntry()}, {"capacity": ProbeEntry(every=Duration(600))}]),
)
def test_probes_and_tests_together_stay_within_the_budget_or_are_refused(
    rates: tuple[float, float], budget: int, technology: Technology, probes: dict[str, ProbeEntry]
) -> None:
    tested = link(*rates, budget, technology)
    pace = budgets.pace(tested, probes)
    assert pace.probe is not None
    tests = 2 * budgets.bytes_of_test(tested) / pace.test if "bandwidth" in probes else 0
    assert MONTH * (tests + budgets.bytes_of_probe(tested) / pace.probe) <= budget or not pace.affordable


def test_a_scarce_budget_slows_both_down_and_is_then_used() -> None:
    tested = link(40, 15, 3 * 10**9, Technology.MOBILE_4G)
    pace = budgets.pace(tested, BOTH)
    assert pace.probe is not None
    assert 43200 < pace.test <= 86400
    assert 3600 < pace.probe <= 43200
    used = MONTH * (2 * budgets.bytes_of_test(tested) / pace.test + budgets.bytes_of_probe(tested) / pace.probe)
    assert used > 0.95 * tested.monthly_budget


@pytest.mark.parametrize("technology", Technology)
def test_tests_that_are_wanted_all_the_time_leave_two_probes_a_day(technology: Technology) -> None:
    wanted = {"capacity": ProbeEntry(), "bandwidth": ProbeEntry(every=Duration(60))}
    slowest = budgets.LinkPace(budgets.LONGEST_TEST_INTERVAL, budgets.LONGEST_PROBE_INTERVAL)
    tested = link(40, 15, 0, technology)
    budget = round(3 * budgets.budget_for(tested, slowest))
    pace = budgets.pace(link(40, 15, budget, technology), wanted)
    assert pace.affordable
    assert pace.probe is not None
    used = MONTH * (2 * budgets.bytes_of_test(tested) / pace.test + budgets.bytes_of_probe(tested) / pace.probe)
    assert 0.95 * budget < used <= budget


@pytest.mark.parametrize("technology", Technology)
def test_the_budget_that_is_asked_for_is_enough_for_both(technology: Technology) -> None:
    slowest = budgets.LinkPace(budgets.LONGEST_TEST_INTERVAL, budgets.LONGEST_PROBE_INTERVAL)
    enough = math.ceil(budgets.budget_for(link(40, 15, 0, technology), slowest))
    assert budgets.pace(link(40, 15, enough, technology), BOTH).affordable
    assert not budgets.pace(link(40, 15, round(0.98 * enough), technology), BOTH).affordable


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
        ({"kind": "icmp"}, 6),
        ({"kind": "icmp", "count": "20", "second_opinion": "false"}, 20),
    ],
)
def test_a_second_opinion_and_a_second_version_of_ip_are_requests_too(target: Fields, requests: int) -> None:
    assert asked.requests_of("service", target) == requests
    assert asked.requests_of("freshness", target) == 1


def test_owners_reports_are_read_by_one_machine_and_services_asked_by_all() -> None:
    assert (budgets.askers("freshness", 56), budgets.askers("service", 56)) == (1, 56)
