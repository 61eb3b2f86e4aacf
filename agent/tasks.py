"""Tasks that run beside the probes: a defect in one of them ends it, is said, and ends nothing else."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from collectors.core.logline import logline

_log = logging.getLogger(__name__)


def started(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """A task of this name. Keep it: the loop alone does not."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_ended)
    return task


async def within(seconds: float, event: asyncio.Event) -> bool:
    """Whether the event came within so many seconds. `asyncio.wait_for` may swallow a cancellation (before 3.12)."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.error(logline("task_defect", task=task.get_name()), exc_info=error)
