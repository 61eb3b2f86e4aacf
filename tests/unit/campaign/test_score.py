"""What was told, held against the truth."""

from dataclasses import replace

import pytest

from alerts.rule import Cause, Scope
from tests.campaign.figures import NOBODY, confusion, figures, together
from tests.campaign.notices import Notice
from tests.campaign.score import Score, judge
from tests.campaign.truth import Incident

POWER = Incident((Cause.POWER,), (Scope.OFFICE,), frozenset({"a"}), frozenset({"04"}), 100, 700)
OUTAGE = Incident(
    (Cause.SERVICE,), (Scope.COUNTRY,), frozenset({"a", "b"}), frozenset({"04"}), 100, 700, service="portal"
)
TOLD = Notice(160, "province-04", True, "OnBattery", "power", "office", "warning", "04", "a")
OVER = replace(TOLD, at=900, firing=False)


def score(truth: list[Incident], *notices: Notice) -> Score:
    return judge([("kind", one) for one in truth], notices, 2, 3600)


def test_one_message_of_the_right_cause_and_reach_and_one_that_it_is_over_is_all_right() -> None:
    (verdict,) = score([POWER], TOLD, OVER).verdicts
    assert (verdict.cause_right, verdict.scope_right, verdict.firing, verdict.resolved) == (True, True, 1, 1)
    assert verdict.delay == 60


def test_the_first_message_counts_even_when_a_better_one_follows() -> None:
    wrong = replace(TOLD, at=150, cause="link")
    (verdict,) = score([POWER], TOLD, wrong).verdicts
    assert not verdict.cause_right
    assert verdict.firing == 2


def test_messages_to_several_people_are_counted_by_whoever_got_most() -> None:
    other = replace(TOLD, channel="power-04")
    (verdict,) = score([POWER], TOLD, other, replace(other, at=300)).verdicts
    assert verdict.firing == 2


def test_nobody_told_is_an_incident_that_was_missed() -> None:
    found = figures(score([POWER]))
    assert (found.recall, found.cause, found.scope) == (0, 0, 0)
    assert confusion(score([POWER])) == {("power/office", NOBODY): 1}


@pytest.mark.parametrize(
    "notice",
    [
        replace(TOLD, office="c", province="08"),
        replace(TOLD, at=50),
        replace(TOLD, at=700 + 901),
        replace(TOLD, office="", province="08", scope="province"),
        replace(TOLD, office="", province="", scope="country", service="vneid"),
    ],
    ids=["elsewhere", "before", "long after", "another province", "another service"],
)
def test_a_message_about_nothing_that_happens_is_false(notice: Notice) -> None:
    found = score([POWER], notice)
    assert found.false == (notice,)
    assert found.verdicts[0].first is None


def test_a_message_that_something_is_over_is_never_false() -> None:
    assert score([POWER], replace(OVER, office="c")).false == ()


def test_of_two_incidents_at_a_place_the_message_is_about_the_one_of_its_cause() -> None:
    both = score([OUTAGE, POWER], TOLD).verdicts
    assert [verdict.first for verdict in both] == [None, TOLD]


def test_a_national_message_is_about_the_outage_of_its_service() -> None:
    national = Notice(150, "province-04", True, "NationalServiceDown", "service", "country", service="portal")
    other = replace(OUTAGE, service="vneid")
    assert [verdict.first for verdict in score([other, OUTAGE], national).verdicts] == [None, national]


def test_beside_an_outage_of_all_services_of_an_owner_that_of_another_owners_service_is_its_own() -> None:
    one = Notice(150, "province-04", True, "NationalServiceDown", "service", "country", service="portal")
    every = replace(one, alert="NationalOwnerDown", service="")
    owner = replace(OUTAGE, service="")
    for truth in ([owner, OUTAGE], [OUTAGE, owner]):
        told = {verdict.incident.service: verdict.told for verdict in score(truth, one, every).verdicts}
        assert told == {"portal": (one,), "": (every,)}


def test_a_message_with_several_offices_is_about_each() -> None:
    (verdict,) = score([POWER], replace(TOLD, office="x,a")).verdicts
    assert verdict.first


def test_what_should_wake_nobody_is_no_incident_and_any_message_but_information_is_false() -> None:
    quiet = replace(POWER, silent=True)
    found = score([quiet], TOLD)
    assert (figures(found).incidents, found.false) == (0, (TOLD,))
    assert score([quiet], replace(TOLD, severity="info")).false == ()


def test_of_several_right_causes_each_is_right() -> None:
    truth = replace(POWER, causes=(Cause.POWER, Cause.UNKNOWN))
    (verdict,) = score([truth], replace(TOLD, cause="unknown")).verdicts
    assert verdict.cause_right


def test_false_messages_are_counted_over_the_years_of_all_batches() -> None:
    year = 365.25 * 86400
    one = judge([], [TOLD], 100, year / 2)
    found = figures(together([one, one]))
    assert found.office_years == pytest.approx(100)
    assert found.per_100_years == pytest.approx(2)
