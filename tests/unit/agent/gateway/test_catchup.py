"""Whose turn it is to send what piled up."""

import heapq
from collections import Counter
from dataclasses import dataclass

import pytest

from agent.gateway.catchup import CatchUp

COUNTRY, AT_ONCE, PIECES = 3321, 50, 6


def test_offices_that_catch_up_take_turns() -> None:
    turns = CatchUp(2)
    assert turns.wait("a", 0) == turns.wait("b", 0) == 0
    assert turns.offices == 2
    waits = {turns.wait(office, 0) for office in ("c", "d", "e", "f")}
    assert len(waits) == 4  # nobody comes back together with everybody
    assert all(5 <= wait <= 15 for wait in waits)
    assert turns.wait("a", 9) == 0  # still its turn
    assert turns.wait("c", 11) == 0  # that of b has ended
    assert turns.wait("b", 12) > 0


def test_who_has_caught_up_makes_room_at_once() -> None:
    turns = CatchUp(1)
    turns.wait("a", 0)
    assert turns.wait("b", 1) > 0
    turns.done("a", 2)
    turns.done("nobody", 2)
    assert turns.wait("b", 2) == 0


def test_the_more_offices_wait_the_less_often_each_asks() -> None:
    turns = CatchUp(2)
    waits = [turns.wait(f"office {number}", number / 1000) for number in range(2000)]
    assert waits[:2] == [0, 0]
    assert max(waits[2:6]) <= 60
    assert all(300 <= wait <= 900 for wait in waits[-100:])
    assert max(waits[-100:]) - min(waits[-100:]) > 300  # and not all at the same moment


def test_an_office_that_is_gone_from_the_inventory_is_forgotten() -> None:
    turns = CatchUp(1)
    turns.wait("a", 0)
    turns.keep_only(["b"])
    assert turns.wait("b", 0) == 0


@dataclass(frozen=True, slots=True)
class Seen:
    """Seconds until the last had sent all; how often offices were sent away: on average, and the one most often."""

    seconds: float
    refused: float
    most: int


def country(seconds: float) -> Seen:
    """All come back at the same moment with an hour each, in six requests; one takes so long, rests included."""
    turns, left, refused = CatchUp(AT_ONCE), dict.fromkeys(range(COUNTRY), PIECES), Counter[int]()
    asks = [(0.0, number) for number in left]
    now = 0.0
    while asks:
        now, number = heapq.heappop(asks)
        wait = turns.wait(f"office {number}", now)
        if wait:
            refused[number] += 1
        elif left[number] == 1:
            turns.done(f"office {number}", now + seconds)
            continue
        else:
            left[number] -= 1
        heapq.heappush(asks, (now + (wait or seconds), number))
    return Seen(now, refused.total() / COUNTRY, max(refused.values()))


@pytest.mark.parametrize("seconds", [0.5, 2.0, 8.0], ids=["fast", "usual", "weak lines"])
def test_an_hour_of_a_whole_country_is_taken_without_long_breaks_and_nobody_is_forgotten(seconds: float) -> None:
    seen = country(seconds)
    assert seen.seconds < 500 + COUNTRY / AT_ONCE * PIECES * seconds
    assert seen.refused < 5
    assert seen.most < 12
