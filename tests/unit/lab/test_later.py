import asyncio

from tests.lab.later import Later


async def test_the_last_order_about_a_thing_counts() -> None:
    later, done, happened = Later(), list[str](), asyncio.Event()

    async def first() -> None:
        done.append("first")

    async def second() -> None:
        done.append("second")
        happened.set()

    later.after(0, "office1", first)
    later.after(0, "office1", second)
    await happened.wait()
    assert done == ["second"]
    later.after(0, "office1", first)
    later.forget("office1")
    later.forget("office2")
    later.after(0, "office3", first)
    later.close()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert done == ["second"]
