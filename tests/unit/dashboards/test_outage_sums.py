"""Sums of outages, and how much of the time a line was there."""

import pytest

from dashboards.reports.outage_sums import History, Subject, Total, by_office, by_operator, by_province, sums
from dashboards.reports.outages import Outage, Reason
from inventory.planned.schema import Kind

HOUR = 3600.0


def out(hours: float, cause: Reason, plan: Kind | None = None) -> Outage:
    return Outage(0, hours * HOUR, hours * HOUR, 0, cause, "none", cause, plan)


def office(name: str, *outages: Outage, seen: float = 100, operator: str = "vnpt") -> History:
    return History(Subject("04", name[:5], name, operator=operator), seen * HOUR, outages)


def test_each_cause_has_its_number_its_sum_and_its_longest_and_what_was_planned_stands_apart() -> None:
    found = sums(
        "04", [office("a", out(1, Reason.LINK), out(3, Reason.LINK)), office("b", out(2, Reason.LINK, Kind.LINK))]
    )
    assert found.totals == {
        (Reason.LINK, False): Total(2, 4 * HOUR, 3 * HOUR),
        (Reason.LINK, True): Total(1, 2 * HOUR, 2 * HOUR),
    }
    assert (found.members, found.seen) == (2, 200 * HOUR)


@pytest.mark.parametrize(
    ("outages", "available"),
    [
        ((), 1.0),
        ((out(10, Reason.LINK),), 0.9),
        ((out(10, Reason.LINK), out(20, Reason.LINK, Kind.LINK), out(30, Reason.POWER)), 0.8),
        ((out(100, Reason.POWER),), None),
        ((out(100, Reason.LINK),), 0.0),
    ],
)
def test_a_line_is_judged_by_the_time_in_which_nothing_else_was_wrong(
    outages: tuple[Outage, ...], available: float | None
) -> None:
    assert sums("a", [office("a", *outages)]).availability == (None if available is None else pytest.approx(available))


def test_services_are_out_for_their_province_and_count_against_no_line() -> None:
    portal = History(Subject("04", service="portal"), 0, (out(5, Reason.SERVICE),))
    offices = [office("a", out(10, Reason.LINK)), office("b", operator="")]
    (province,) = by_province([*offices, portal])
    assert (province.name, province.members, set(province.totals)) == (
        "04", 2, {(Reason.LINK, False), (Reason.SERVICE, False)},
    )  # fmt: skip
    assert province.availability == pytest.approx(0.95)
    assert [(one.name, one.members) for one in by_operator([*offices, portal])] == [("vnpt", 1)]
    assert [one.name for one in by_office([*offices, portal])] == ["a", "b"]
