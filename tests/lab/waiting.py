"""Waiting for something to become true, by looking again and again until a deadline."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.lab.errors import LabError

LOOK = 0.2  # seconds between two looks

T = TypeVar("T")


async def eventually(read: Callable[[], Awaitable[T]], good: Callable[[T], bool], what: str, within: float) -> T:
    """The first good value. LabError after `within` seconds, with the last one that was read."""
    deadline = asyncio.get_running_loop().time() + within
    while not good(value := await read()):
        if asyncio.get_running_loop().time() > deadline:
            raise LabError(f"waited {within:g} s for {what}, in vain; last seen: {value}")
        await asyncio.sleep(LOOK)
    return value
