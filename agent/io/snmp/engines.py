"""Engines: one for each set of credentials. pysnmp mixes up two keys of one user name within one engine."""

import asyncio

from agent.io.snmp.credentials import Credentials
from agent.io.snmp.engine import Engine
from collectors.core import ProbeError, Reason

# Polls in a row without an answer from anybody after which there is a new engine, in case it is this one's fault:
# seldom, because it costs 0.1 s of a core and is almost never the cause.
REBUILD_AFTER = frozenset((3, 30, 300, 3000, 30000))


class Engines:
    """`opened` opens an engine where there is none. A poll that borrows one keeps it until it has ended."""

    def __init__(self) -> None:
        self._opened: dict[Credentials, asyncio.Task[Engine]] = {}

    async def opened(self, credentials: Credentials, timeout: float) -> Engine:
        """Raises ProbeError (TIMEOUT) when this machine is too busy."""
        try:
            async with asyncio.timeout(timeout):
                return await self._engine(credentials)
        except TimeoutError:
            raise ProbeError(Reason.TIMEOUT, "this machine was too busy to begin in time") from None

    def failed(self, engine: Engine, *, beyond_repair: bool) -> None:
        """A poll has ended without an answer. beyond_repair: because of what the engine remembers."""
        engine.failures += 1
        if beyond_repair or engine.failures in REBUILD_AFTER:
            engine.retire()

    async def close(self) -> None:
        for opening in self._opened.values():
            if not opening.cancel() and not opening.exception():
                opening.result().close()
        self._opened.clear()
        for _ in range(3):  # the event loop closes cancelled timers and sockets in its next rounds
            await asyncio.sleep(0)

    async def _engine(self, credentials: Credentials) -> Engine:
        failures = 0
        while True:
            if credentials not in self._opened:
                self._opened[credentials] = asyncio.create_task(Engine.open(credentials))
            opening = self._opened[credentials]
            try:
                engine = await asyncio.shield(opening)
            except Exception:
                self._opened.pop(credentials, None)
                raise
            if not engine.retired:
                engine.failures = max(engine.failures, failures)  # a new engine goes on counting
                return engine
            failures = engine.failures
            if self._opened.get(credentials) is opening:
                del self._opened[credentials]
