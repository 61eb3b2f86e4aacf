"""When things truly were: boots, steps, clocks that nobody set, and what has left already."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.buffer.scrape import Stamp
from agent.uplink import timeline_text
from agent.uplink.timeline import BOOTS, NETWORK_TIME, Timeline, Unknown

NOW = 1_800_000_000.0
HOUR, DAY = 3600.0, 86400.0
STEPS = [HOUR, -HOUR, 30 * DAY, -30 * DAY, -NOW]


def at(seconds: float, boot: str = "b1", wall: float = NOW) -> Stamp:
    """A moment of a boot whose wall clock shows `wall` at its beginning."""
    return Stamp(boot, seconds, wall + seconds)


def first(boot: str = "b1", *, battery: bool = False, wall: float = NOW) -> Timeline:
    return Timeline().begun(at(10, boot, wall), battery, None)


def test_nothing_has_a_time_before_somebody_has_told_it() -> None:
    assert first().time(at(20)) is Unknown.NOT_YET
    assert first().skew(NOW + 20, 20) is None


@pytest.mark.parametrize("wrong", STEPS)
def test_what_is_told_holds_for_the_whole_boot_whatever_the_wall_clock_said(wrong: float) -> None:
    told = first(wall=NOW + wrong).heard(NOW + 500, 0, 500)
    assert told.time(at(20, wall=NOW + wrong)) == NOW + 20
    assert told.time(at(9999, wall=NOW + wrong)) == NOW + 9999
    assert told.skew(NOW + wrong + 500, 500) == wrong


def test_small_differences_are_no_news() -> None:
    told = first().heard(NOW + 500, 0, 500)
    assert told.heard(NOW + 604.9, 0, 600).time(at(20)) == NOW + 20


def test_an_answer_that_was_long_on_its_way_tells_an_older_time_and_is_no_news() -> None:
    told = first().heard(NOW + 500, NETWORK_TIME, 500)
    assert told.heard(NOW + 580, 0, 600, late=20).time(at(20)) == NOW + 20
    assert told.heard(NOW + 580, 0, 600, late=10).time(at(20)) == NOW
    assert told.heard(NOW + 620, 0, 600, late=20).time(at(20)) == NOW + 40  # nobody tells a time that is still to come


def test_who_knows_worse_is_not_heard_and_who_knows_better_is() -> None:
    told = first().heard(NOW + 500, 1, 500)
    assert told.heard(NOW + 500 + DAY, NETWORK_TIME, 500) == told
    assert told.heard(NOW + 500 + DAY, 0, 500).time(at(20)) == NOW + 20 + DAY


@pytest.mark.parametrize("wrong", STEPS)
def test_a_step_moves_what_has_not_left_and_nothing_else(wrong: float) -> None:
    told = first().heard(NOW + wrong + 500, NETWORK_TIME, 500).left(at(520)).heard(NOW + 600, 0, 600)
    assert told.time(at(520)) == NOW + wrong + 520
    assert told.time(at(535)) == (Unknown.TAKEN if wrong > 0 else NOW + 535)


def test_after_a_step_back_the_times_that_are_used_are_not_used_again() -> None:
    told = first().heard(NOW + HOUR, 0, 0).left(at(500)).heard(NOW + 600, 0, 600)
    assert told.time(at(HOUR + 499)) is Unknown.TAKEN
    assert told.time(at(HOUR + 501)) == NOW + HOUR + 501


def test_a_quartz_that_drifts_through_an_outage_is_made_good_evenly() -> None:
    three_days = 3 * DAY
    told = first().heard(NOW + 100, 0, 100).left(at(100)).heard(NOW + 100 + three_days - 13, 0, 100 + three_days)
    half = told.time(at(100 + three_days / 2))
    assert isinstance(half, float)
    assert half == pytest.approx(NOW + 100 + three_days / 2 - 6.5)
    assert told.time(at(100)) == NOW + 100


def test_a_restart_of_the_agent_leaves_times_as_they_are() -> None:
    told = first().heard(NOW + HOUR, NETWORK_TIME, 0)
    again = timeline_text.read(timeline_text.write(told)).begun(at(700), False, at(690)).heard(NOW + 800, 0, 800)
    assert again.time(at(690)) == NOW + HOUR + 690  # it may have left: nobody knows
    assert again.time(at(HOUR + 720)) == NOW + HOUR + 720


def boots(*, battery: bool = True, dark: float = 600.0, wrong: float = 0.0, told: bool = True) -> Timeline:
    """b1 was told the time; b2 never, its wall clock was `wrong`; b3 has just begun, and is told the time."""
    one = first().heard(NOW + 100, 0, 100)
    two = one.begun(Stamp("b2", 30, NOW + 1000 + dark + wrong), battery, at(1000))
    three = two.begun(Stamp("b3", 30, NOW + 9000), True, Stamp("b2", 330, 0))
    return three.heard(NOW + 9000, 0, 30) if told else three


def test_a_boot_that_was_told_nothing_is_believed_where_its_clock_has_a_battery_and_fits() -> None:
    assert boots().time(Stamp("b2", 90, 0)) == NOW + 1000 + 600 + 60
    assert boots(told=False).time(Stamp("b2", 90, 0)) is Unknown.NOT_YET


@pytest.mark.parametrize("wrong", STEPS)
def test_a_clock_that_does_not_fit_between_the_boots_is_not_believed(wrong: float) -> None:
    dark = 600.0 if wrong < 0 else 8000.0 - 600  # it must not fit into the darkness by chance
    assert boots(dark=dark, wrong=wrong).time(Stamp("b2", 90, 0)) is Unknown.NEVER


def test_without_a_battery_a_boot_that_was_told_nothing_is_never_known() -> None:
    assert boots(battery=False).time(Stamp("b2", 90, 0)) is Unknown.NEVER
    assert boots().time(Stamp("of another machine", 90, NOW)) is Unknown.NEVER


def test_a_boot_that_was_told_keeps_its_time_through_all_others() -> None:
    assert boots().time(at(500)) == NOW + 500


def test_of_two_boots_that_claim_a_time_the_earlier_has_it() -> None:
    told = first().heard(NOW + HOUR, 0, 0).begun(Stamp("b2", 5, NOW), False, at(600)).heard(NOW + 700, 0, 5)
    assert told.time(Stamp("b2", 5 + HOUR - 400, 0)) is Unknown.TAKEN
    assert told.time(Stamp("b2", 1000, 0)) == NOW + 695 + 1000


def test_only_so_many_boots_are_remembered() -> None:
    found = Timeline()
    for number in range(BOOTS + 10):
        found = found.begun(at(1, f"b{number}"), True, None)
    assert len(found.courses) == BOOTS


@pytest.mark.parametrize(
    "text", ["", "{}", '{"version": 2, "boots": []}', '{"version": 1, "boots": [{"boot": "x"}]}', "[" * 9000]
)
def test_a_text_that_is_no_timeline_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        timeline_text.read(text)


# --- any life of a machine ------------------------------------------------------------------------------------------

steps = st.sampled_from(("scrape", "scrape", "send", "hear", "lie", "restart", "reboot"))
waits = st.floats(0.5, 4000.0)


@settings(deadline=None)
@given(st.lists(st.tuples(steps, waits, st.sampled_from(STEPS)), max_size=40), st.booleans())
def test_no_time_is_given_twice_and_none_changes_once_it_has_left(
    life: list[tuple[str, float, float]], battery: bool
) -> None:
    truth, booted, boot = NOW, NOW - 10.0, 0
    found = first("0", battery=battery)
    scrapes: list[Stamp] = []
    left: dict[Stamp, float] = {}
    for what, wait, wrong in life:
        truth += wait
        if what == "reboot":
            boot, booted = boot + 1, truth - 5.0
        here = Stamp(str(boot), truth - booted, truth)
        match what:
            case "scrape":
                scrapes.append(here)
            case "hear":
                found = found.heard(truth + 0.7, 0, here.monotonic)
            case "lie":  # somebody tells a wrong time
                found = found.heard(truth + wrong, NETWORK_TIME, here.monotonic)
            case "restart" | "reboot":
                newest = scrapes[-1] if scrapes else None
                found = timeline_text.read(timeline_text.write(found)).begun(here, battery, newest)
            case "send":
                for stamp in scrapes:
                    time = found.time(stamp)
                    if isinstance(time, float):
                        assert left.setdefault(stamp, time) == pytest.approx(time, abs=0.001)
                        found = found.left(stamp)
    times = sorted(left.values())
    assert all(other - one > 0.001 for one, other in pairwise(times))
