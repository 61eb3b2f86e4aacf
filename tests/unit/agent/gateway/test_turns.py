"""So many at once, and no address keeps another one waiting."""

import asyncio
from collections.abc import Callable

from agent.gateway.turns import Turns
from tests.fakes.time import run


class Work:
    """Begun in this order, and ended when it is told."""

    def __init__(self, most: int, each: int) -> None:
        self.turns, self.begun, self.tasks = Turns(most, each), list[str](), list[asyncio.Task[None]]()
        self._ends = dict[str, asyncio.Event]()

    async def ask(self, *names: str) -> None:
        """Each from the address that its first letter is."""
        for name in names:
            self._ends[name] = asyncio.Event()
            self.tasks.append(asyncio.create_task(self._one(name), name=name))
        await asyncio.sleep(1)

    async def end(self, name: str, then: Callable[[], object] = int) -> None:
        """then: what happens in the moment in which the next one is called."""
        self._ends[name].set()
        asyncio.get_running_loop().call_soon(then)
        await asyncio.sleep(1)

    async def _one(self, name: str) -> None:
        async with self.turns.turn(name[0]):
            self.begun.append(name)
            await self._ends[name].wait()


def test_so_many_are_at_work_and_addresses_take_turns() -> None:
    async def scene() -> list[str]:
        work = Work(2, 2)
        await work.ask("a1", "a2", "a3", "a4", "a5", "b1", "c1")
        assert work.begun == ["a1", "a2"]
        for name in ("a1", "a2", "a3", "b1", "c1", "a4", "a5"):
            await work.end(name)
        await work.ask("d1", "d2")
        return work.begun

    assert run(scene()) == ["a1", "a2", "a3", "b1", "c1", "a4", "a5", "d1", "d2"]


def test_who_gives_up_costs_nobody_a_turn() -> None:
    async def scene() -> list[str]:
        work = Work(1, 1)
        await work.ask("a1", "b1", "c1", "d1")
        _, waiting, called, _ = work.tasks
        waiting.cancel()
        await asyncio.sleep(1)
        await work.end("a1", called.cancel)
        await work.end("d1")
        await work.ask("e1")
        return work.begun

    assert run(scene()) == ["a1", "d1", "e1"]


def test_no_address_has_more_than_its_part() -> None:
    """Whoever begins and does not go on keeps nobody out but himself."""

    async def scene() -> list[str]:
        work = Work(4, 2)
        await work.ask("a1", "a2", "a3", "a4", "b1")
        assert work.begun == ["a1", "a2", "b1"]
        await work.end("b1")
        assert work.begun == ["a1", "a2", "b1"]
        await work.end("a1")
        return work.begun

    assert run(scene()) == ["a1", "a2", "b1", "a3"]
