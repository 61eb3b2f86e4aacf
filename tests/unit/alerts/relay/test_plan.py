"""Who is told of what, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.relay.people import Party
from alerts.relay.plan import NOW, Turn, graver, overdue, telling
from alerts.rule import Severity
from collectors.core.values import Duration
from inventory.hours import Hours, TimeOfDay
from inventory.schema import Level
from tests.unit.inventory.test_hours import at

NIGHT, MORNING = Hours.parse("22:00-06:00"), TimeOfDay.parse("07:30")
LEVELS = (Level(("boss",), Duration(900), Duration(14400)), Level(("director",), Duration(2700)))
DUTY = Party(("duty", "mail"), ("phone",), ("mail",), LEVELS, NIGHT, MORNING)


def test_the_soonest_turn_of_several_parties_holds() -> None:
    found = telling([DUTY, Party(("duty",))], "warning", at(23))
    assert found == {"duty": NOW, "mail": NOW}


def test_without_hours_there_is_no_night_and_no_digest() -> None:
    for severity in Severity:
        assert telling([Party(("duty",))], severity, at(2)) == {"duty": NOW}


def test_what_can_wait_is_never_told_at_once() -> None:
    assert telling([DUTY], "info", at(12)) == dict.fromkeys(("duty", "mail"), Turn(True, at(7, 30, day=23)))


@given(st.sampled_from(list(Severity)), st.floats(at(0), at(0, day=29)))
def test_everybody_is_told_of_everything_within_a_day(severity: Severity, now: float) -> None:
    turns = telling([DUTY], severity, now)
    assert {"duty", "mail"} <= turns.keys()
    assert all(turn.at == 0 or now < turn.at <= now + 86400 for turn in turns.values())
    assert "phone" not in turns or severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("severity", "minutes", "expected"),
    [
        ("critical", 14, []),
        ("critical", 15, ["boss"]),
        ("critical", 45, ["boss", "director"]),
        ("warning", 239, []),
        ("warning", 240, ["boss"]),
        ("warning", 100_000, ["boss"]),
        ("info", 100_000, []),
    ],
)
def test_levels_follow_by_minutes_and_severity(severity: str, minutes: int, expected: list[str]) -> None:
    steps = overdue([DUTY], severity, told=at(8), now=at(8) + 60 * minutes)
    assert [step.channel for step in steps] == expected


@pytest.mark.parametrize(("severity", "turn"), [("critical", NOW), ("warning", Turn(at=at(6, day=23)))])
def test_only_what_is_critical_climbs_at_night(severity: str, turn: Turn) -> None:
    (step, *_) = overdue([DUTY], severity, told=at(18), now=at(23))
    assert step.turn == turn


def test_nobody_is_blamed_for_the_hours_of_sleep_though_a_mailbox_was_told_at_night() -> None:
    morning = at(6, day=23)
    assert [list(overdue([DUTY], "warning", at(23), now)) for now in (morning, morning + 14399)] == [[], []]
    (step,) = overdue([DUTY], "warning", at(23), morning + 14400)
    assert (step.channel, step.waited, step.turn) == ("boss", 14400, NOW)
    assert [step.channel for step in overdue([DUTY], "critical", at(23), at(23, 15))] == ["boss"]


def test_the_graver_of_two_severities() -> None:
    assert (graver("info", "critical"), graver("page", "info"), graver("warning", "warning")) == (
        "critical", "warning", "warning",
    )  # fmt: skip
