"""Turns of the loop: however much arrives at once, little is done per turn, in order, and nobody is forgotten."""

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from agent.io.turns import LONGEST, PER_TURN, Turns, Work


class Slow:
    """A clock that goes on by so many seconds with each piece of work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: self.now)


async def done(count: int, work: Callable[[int], bool]) -> list[tuple[int, int]]:
    """(turn of the loop, number) of each piece of work, as it was done."""
    turns, loop = Turns(), asyncio.get_running_loop()
    turn, seen = 0, []

    def next_turn() -> None:
        nonlocal turn
        turn += 1
        loop.call_soon(next_turn)

    def do(number: int) -> bool:
        seen.append((turn, number))
        return work(number)

    next_turn()
    for number in range(count):
        turns.give(partial(do, number))
    while len(seen) < count:
        await asyncio.sleep(0)
    return seen


async def test_who_is_ready_at_once_is_woken_with_a_few_per_turn_and_in_order() -> None:
    seen = await done(50, lambda _: True)
    assert [number for _, number in seen] == list(range(50))
    assert max(Counter(turn for turn, _ in seen).values()) <= PER_TURN


async def test_work_that_wakes_nobody_leaves_the_turn_to_others() -> None:
    seen = await done(2 * PER_TURN, lambda number: number >= PER_TURN)
    assert len({turn for turn, _ in seen}) == 1


async def test_long_work_leaves_the_rest_to_the_next_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)

    def work(_: int) -> bool:
        slow.now += LONGEST / 2
        return False

    seen = await done(10, work)
    assert set(Counter(turn for turn, _ in seen).values()) == {2}


async def test_work_that_fails_holds_nobody_up() -> None:
    turns, finished = Turns(), asyncio.Event()

    def fail() -> bool:
        raise ValueError

    def finish() -> bool:
        finished.set()
        return True

    problems: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, problem: problems.append(problem))
    filling: list[Work] = [lambda: True] * PER_TURN
    for work in (*filling, fail, finish):
        turns.give(work)
    await finished.wait()
    assert [type(problem["exception"]) for problem in problems] == [ValueError]


async def test_a_turn_is_free_again_once_nobody_waits() -> None:
    turns, done_at_once = Turns(), 0

    def work() -> bool:
        nonlocal done_at_once
        done_at_once += 1
        return True

    for turn in (1, 2):
        for _ in range(PER_TURN):
            turns.give(work)
        assert done_at_once == turn * PER_TURN
        await asyncio.sleep(0)
        await asyncio.sleep(0)
