"""Looks after the office's certificate for as long as one is configured."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path

from agent.certificate.files import Pair
from agent.tasks import started
from collectors.core import Sample
from collectors.core.collector import stable_offset
from collectors.core.logline import logline
from collectors.core.observed import CERTIFICATE_ENDS, CERTIFICATE_FAILED
from collectors.core.ports import Clock
from collectors.core.push import Push

_log = logging.getLogger(__name__)
_FIRST, _SPREAD = 60.0, 3600.0  # seconds after the start; offices that start together do not ask together
_DAY, _SOONER = 86_400.0, 3600.0  # seconds to the next look; after one that failed

Ask = Callable[[], Awaitable[str]]
InThread = Callable[[Callable[[], None]], Awaitable[None]]


class Keeper:
    """`ask` has the certificates renewed where that is due, and tells what came of it as JSON."""

    def __init__(self, clock: Clock, ask: Ask, in_thread: InThread = asyncio.to_thread) -> None:
        self._clock, self._ask, self._in_thread = clock, ask, in_thread
        self._of: tuple[Pair, ...] = ()
        self._ends: dict[str, float] = {}
        self._failed: dict[str, bool] = {}
        self._task: asyncio.Task[None] | None = None

    def update(self, push: Push | None, office: str) -> None:
        """Look after these from now on."""
        named = push.receivers.values() if push else ()
        pairs = tuple(Pair(Path(to.certificate), Path(to.key)) for to in named if to.certificate)
        if pairs == self._of:
            return
        self.close()
        self._of = pairs
        if pairs:
            self._task = started(self._run(stable_offset(office, _SPREAD)), "certificate")

    def close(self) -> None:
        if self._task:
            self._task.cancel()
        self._task = None
        self._ends, self._failed = {}, {}

    def samples(self) -> Iterator[Sample]:
        """What /metrics shows."""
        for receiver, ends in self._ends.items():
            yield CERTIFICATE_ENDS(ends, receiver=receiver)
        for receiver, failed in self._failed.items():
            yield CERTIFICATE_FAILED(failed, receiver=receiver)

    async def _run(self, offset: float) -> None:
        await self._in_thread(self._settle)
        await self._clock.sleep(_FIRST + offset)
        while True:
            found = _read(await self._ask())
            for receiver, said in found.items():
                self._note(receiver, said)
            good = bool(found) and not any(self._failed.values())
            await self._clock.sleep(_DAY if good else _SOONER)

    def _settle(self) -> None:
        for pair in self._of:
            try:
                if pair.settle():
                    _log.info(logline("certificate_settled", file=pair.certificate))
            except OSError as error:
                _log.error(logline("certificate_not_settled", file=pair.certificate, error=str(error)))

    def _note(self, receiver: str, said: Mapping[str, object]) -> None:
        ends, error = said.get("ends"), said.get("error")
        self._failed[receiver] = error is not None
        if isinstance(ends, int | float):
            self._ends[receiver] = float(ends)
        if said.get("renewed"):
            _log.info(logline("certificate_renewed", receiver=receiver, ends=ends))
        if error is not None:
            _log.warning(logline("certificate_not_renewed", receiver=receiver, error=error))


def _read(text: str) -> Mapping[str, Mapping[str, object]]:
    try:
        found = json.loads(text)
    except ValueError:
        _log.warning(logline("certificate_not_renewed", error="the helper process said nothing"))
        return {}
    return found if isinstance(found, dict) else {}
