"""Turns of the loop: however much arrives at once, a few are woken per turn, in order, and nobody is forgotten."""

import asyncio
from collections import Counter

from agent.io.turns import PER_TURN, Turns


async def woken(count: int, *, cancelled: frozenset[int] = frozenset()) -> list[tuple[int, bytes]]:
    """(turn of the loop, what it was given) of those who waited, as they were woken."""
    turns, loop = Turns(), asyncio.get_running_loop()
    turn, seen = 0, []

    def next_turn() -> None:
        nonlocal turn
        turn += 1
        loop.call_soon(next_turn)

    async def wait(wanted: asyncio.Future[bytes]) -> None:
        data = await wanted
        seen.append((turn, data))

    wanted: list[asyncio.Future[bytes]] = [loop.create_future() for _ in range(count)]
    waiting = [asyncio.create_task(wait(one)) for one in wanted]
    await asyncio.sleep(0)
    next_turn()
    for number, one in enumerate(wanted):
        turns.give(one, bytes([number]))
    for number in cancelled:
        waiting[number].cancel()
    await asyncio.wait(waiting)
    return seen


async def test_those_who_are_ready_at_once_are_woken_a_few_per_turn_and_in_order() -> None:
    seen = await woken(50)
    assert [data for _, data in seen] == [bytes([number]) for number in range(50)]
    assert max(Counter(turn for turn, _ in seen).values()) <= PER_TURN


async def test_one_who_gave_up_takes_no_turn_and_holds_nobody_up() -> None:
    late = frozenset({PER_TURN + 1, PER_TURN + 2, 2 * PER_TURN + 1})
    seen = await woken(2 * PER_TURN + 2, cancelled=late)
    assert [data for _, data in seen] == [bytes([n]) for n in range(2 * PER_TURN + 2) if n not in late]


async def test_a_turn_is_free_again_once_nobody_waits() -> None:
    turns, loop = Turns(), asyncio.get_running_loop()
    for data in (b"first", b"second"):
        wanted: asyncio.Future[bytes] = loop.create_future()
        turns.give(wanted, data)
        assert wanted.done()
        assert await wanted == data
        await asyncio.sleep(0)
        await asyncio.sleep(0)
