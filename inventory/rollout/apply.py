"""Looks at offices, plans them, carries the plans out: the first one alone, then several at once, with a stop rule."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from inventory.rollout import facts, plan
from inventory.rollout.bundle import Bundle
from inventory.rollout.facts import Layout
from inventory.rollout.plan import Plan, Upload
from inventory.rollout.ssh import Login, OfficeError, Shell

_LOOK = 30.0  # seconds for the script that only reads
_STEP = 600.0  # seconds for one step: installing on a small machine takes minutes

Connect = Callable[[Login], AbstractAsyncContextManager[Shell]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One office as it should be: its agent.yml, where its pages are, how to get there."""

    office: str
    config: bytes
    listen: str
    login: Login
    layout: Layout


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one office; `error` is "" when it is as it should be."""

    office: str
    plan: Plan | None
    done: int = 0
    error: str = ""


async def look(wanted: Wanted, bundle: Bundle, connect: Connect) -> Result:
    """Plan one office without changing anything on it."""
    try:
        async with connect(wanted.login) as shell:
            made = await _plan(wanted, bundle, shell)
    except OfficeError as error:
        return Result(wanted.office, None, error=str(error))
    return Result(wanted.office, made, error=made.refusal)


async def carry_out(wanted: Wanted, bundle: Bundle, connect: Connect, say: Callable[[str], None]) -> Result:
    """Plan one office and do it, step by step; the first step that fails ends it."""
    done, made = 0, None
    try:
        async with connect(wanted.login) as shell:
            made = await _plan(wanted, bundle, shell)
            for step in made.steps:
                say(f"{wanted.office}: {step.purpose}")
                if isinstance(step, Upload):
                    await shell.upload(bundle.path if step.content is None else step.content, step.path)
                else:
                    await shell.run(step.script, _STEP)
                done += 1
    except OfficeError as error:
        purpose = f"{made.steps[done].purpose}: " if made and done < len(made.steps) else ""
        return Result(wanted.office, made, done, f"{purpose}{error}")
    return Result(wanted.office, made, done, made.refusal)


async def _plan(wanted: Wanted, bundle: Bundle, shell: Shell) -> Plan:
    try:
        there = facts.parse(await shell.run(facts.script(wanted.layout), _LOOK))
    except ValueError as error:
        raise OfficeError(str(error)) from None
    return plan.make(wanted.office, wanted.config, wanted.listen, bundle, there, wanted.layout)


One = Callable[[Wanted], Awaitable[Result]]


async def everywhere(offices: Sequence[Wanted], one: One, at_once: int) -> tuple[Result, ...]:
    """`one` for every office, so many at once; results in the order of the offices."""
    slots = asyncio.Semaphore(at_once)

    async def turn(wanted: Wanted) -> Result:
        async with slots:
            try:
                return await one(wanted)
            except Exception as error:  # noqa: BLE001 - whatever one office does, the others are carried to their end
                return Result(wanted.office, None, error=f"{type(error).__name__}: {error}")

    return tuple(await asyncio.gather(*(turn(wanted) for wanted in offices)))


async def in_waves(offices: Sequence[Wanted], one: One, at_once: int, most_failures: int) -> tuple[Result, ...]:
    """The first office alone, the others only if it went well; no new one is begun after more than `most_failures`."""
    failures = 0

    async def unless_too_many(wanted: Wanted) -> Result:
        nonlocal failures
        if failures > most_failures:
            return Result(wanted.office, None, error="not begun: too many others have failed")
        result = await one(wanted)
        failures += bool(result.error)
        return result

    first = await everywhere(offices[:1], unless_too_many, 1)
    if failures:
        most_failures = 0
    return first + await everywhere(offices[1:], unless_too_many, at_once)
