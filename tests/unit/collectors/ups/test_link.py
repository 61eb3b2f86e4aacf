"""Has the card lost its UPS? Each way to say so alone, and a source that is just not filled in."""

import pytest

from collectors.core.ports import SnmpValue
from collectors.ups.canonical import Condition, Source
from tests.unit.collectors.ups.cards import seen, verdict

POWERNET = "1.3.6.1.4.1.318.1.1.1"
CYBERPOWER = "1.3.6.1.4.1.3808.1.1.1"
SOCOMEC = "1.3.6.1.4.1.4555.1.1.7.1"
STANDARD = "1.3.6.1.2.1.33.1"
STATUS, LINK, FLAGS = "4.1.1.0", "8.1.0", "11.1.1.0"
UNKNOWN, ON_LINE = 1, 2


def powernet(**said: SnmpValue) -> dict[str, SnmpValue]:
    """status, link and flags of a card with 230 V at its input."""
    places = {"status": STATUS, "link": LINK, "flags": FLAGS}
    card: dict[str, SnmpValue] = {f"{POWERNET}.3.2.1.0": 230, f"{POWERNET}.5.2.1.0": 230, f"{POWERNET}.2.1.1.0": 2}
    return {**card, **{f"{POWERNET}.{places[name]}": value for name, value in said.items()}}


def flags(*ones: int) -> bytes:
    return b"".join(b"1" if number in ones else b"0" for number in range(1, 65))


@pytest.mark.parametrize(
    "said",
    [
        {"link": 2},
        {"flags": flags(4, 19)},
        {"flags": b"UNKNOWN"},
        {"link": 2, "flags": flags(4, 6, 19)},
        {"link": 1, "flags": flags(4, 19)},
    ],
    ids=["by its object", "by its flag", "by the word", "by its object alone", "by its flag alone"],
)
def test_a_lost_link_is_told_by_either_object(said: dict[str, SnmpValue]) -> None:
    assert verdict(powernet(status=ON_LINE, **said)) == "ups_link_lost"


@pytest.mark.parametrize("said", [{"link": 1}, {"flags": flags(4, 6, 19)}, {"link": 1, "flags": flags(4, 6, 19)}])
def test_a_link_that_stands_is_told_by_either_object(said: dict[str, SnmpValue]) -> None:
    found = seen(powernet(status=ON_LINE, **said))
    assert found.conditions[Condition.LINK_LOST] is False
    assert verdict(powernet(status=ON_LINE, **said)) == "mains"


def test_flags_that_end_before_the_link_say_nothing_of_it() -> None:
    assert Condition.LINK_LOST not in seen(powernet(status=ON_LINE, flags=b"00010")).conditions


def test_flags_that_nobody_has_filled_say_nothing_of_the_link() -> None:
    assert Condition.LINK_LOST not in seen(powernet(status=ON_LINE, flags=flags())).conditions


def test_an_unknown_source_is_battery_where_the_link_stands_and_a_flag_says_battery() -> None:
    card = {**powernet(status=UNKNOWN, flags=flags(2, 6, 19)), f"{POWERNET}.3.2.1.0": 0}
    assert seen(card).source is Source.BATTERY
    assert verdict(card) == "outage"


def test_an_unknown_source_is_a_lost_link_whatever_old_flags_say_where_nothing_says_that_the_link_stands() -> None:
    assert verdict(powernet(status=UNKNOWN, flags=b"01010")) == "ups_link_lost"
    assert verdict(powernet(status=UNKNOWN, flags=flags(2, 19))) == "ups_link_lost"


def test_an_unknown_source_gives_way_to_battery_in_another_mib_where_the_link_stands() -> None:
    unknown, on_battery = {f"{CYBERPOWER}.4.1.1.0": UNKNOWN}, {f"{STANDARD}.4.1.0": 5}
    assert verdict({**unknown, **on_battery}) == "ups_link_lost"
    assert verdict({**unknown, **on_battery, f"{STANDARD}.6.1.0": 0}) == "outage"


def test_an_unknown_source_is_a_lost_link_beside_an_old_alarm_that_says_that_nothing_is_wrong() -> None:
    old: dict[str, SnmpValue] = {f"{SOCOMEC}.2.1.0": 2, f"{SOCOMEC}.6.3.15.0": 0, f"{SOCOMEC}.6.3.36.0": 0}
    assert verdict({**old, f"{SOCOMEC}.4.1.0": 3}) == "mains"
    assert verdict({**old, f"{SOCOMEC}.4.1.0": UNKNOWN}) == "ups_link_lost"


@pytest.mark.parametrize("said", [{}, {"link": 1}, {"flags": flags(6, 19)}])
def test_an_unknown_source_that_nothing_else_tells_is_a_lost_link(said: dict[str, SnmpValue]) -> None:
    assert verdict(powernet(status=UNKNOWN, **said)) == "ups_link_lost"


def test_an_unknown_source_never_gives_way_to_mains_in_another_mib_which_may_be_old() -> None:
    unknown, on_line = {f"{CYBERPOWER}.4.1.1.0": UNKNOWN}, {f"{STANDARD}.4.1.0": 3}
    assert verdict({**unknown, **on_line, f"{STANDARD}.6.1.0": 0}) == "ups_link_lost"
