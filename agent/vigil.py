"""Watches over the office's power: keeps the journal, sends the last word, learns of the router.

Fed with every outcome. What it has to wait for happens in a task of its own: no probe waits for a disk or a line.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from agent.config import Name
from agent.disk import Disk
from agent.journal.chronicle import Chronicle
from agent.journal.entry import Mark
from agent.journal.story import story
from agent.outcome import Outcome
from agent.power.router import Router
from agent.power.word import Power, Upses, of_reading, said
from agent.tasks import started, within
from agent.uplink.post import Post
from collectors.core import Sample
from collectors.core.lastword import Word
from collectors.core.logline import logline
from collectors.core.observed import JOURNAL_FAILURES, ROUTER_ON_UPS, WRITES_HELD
from collectors.core.ports import Clock
from collectors.link import UP

_log = logging.getLogger(__name__)
LOOK = 2.0  # seconds between two looks at what is due
HEARTBEAT = 60.0  # seconds between two entries of the journal: an absence is as exact as this
HEARTBEAT_ON_BATTERY = 15.0
AGAIN = 60.0  # seconds after which a word on battery is said again, with what is left
FAREWELL = 2.0  # seconds that the last word gets when the agent is told to end


@dataclass(frozen=True, slots=True)
class Hands:
    """What the vigil has others do.

    wake   look at the link now
    sync   put on the disk what else is held in memory; whether it is there
    """

    wake: Callable[[], None]
    sync: Callable[[], Awaitable[bool]]


class Vigil:
    """From `start` to `stop`."""

    def __init__(self, clock: Clock, chronicle: Chronicle, disk: Disk, post: Post, hands: Hands) -> None:
        self._clock, self._chronicle, self._disk, self._post, self._hands = clock, chronicle, disk, post, hands
        self._known = chronicle.before
        self._said = chronicle.before.told
        self._router = Router(chronicle.before.on_ups, chronicle.before.deaths)
        self._upses, self._power = Upses(), Power()
        self._began = self._spoken = clock.monotonic()
        self._on_disk = False  # all that was held when the disk went to rest
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # --- seeing -----------------------------------------------------------------------------------------------------

    def see(self, outcome: Outcome) -> None:
        """Take note of a finished run; a word that changes leaves at once."""
        at = self._clock.monotonic()
        if power := of_reading(outcome.reading):
            self._upses = self._upses.with_one(outcome.probe.key, power, at)
            self._weigh()
        if getattr(outcome.probe.target, "interface", ""):
            return  # a further link: the last word leaves by the default route, and so the router there counts
        for sample in outcome.reading.samples:
            if sample.metric is UP:
                self._know(link=sample.value == 1)
                self._learn(self._router.link(sample.value == 1, at - outcome.seconds))

    def keep_only(self, keys: Iterable[str]) -> None:
        """Other probes are not configured any more."""
        self._upses = self._upses.only(keys)
        self._weigh()

    def taken(self, word: Word) -> None:
        """The province has heard this word."""
        self._know(told=word)

    def _weigh(self) -> None:
        power = self._upses.office()
        if power.word is Word.LOW_BATTERY and self._disk.held and self._on_disk:
            power = replace(power, word=Word.DYING)
        before, self._power = self._power, power
        if power.word is not before.word:
            _log.warning(logline("power_word", word=power.word, before=before.word, runtime=power.runtime))
            self._know(power=power.word, since=self._clock.now())
            self._relate(power.word)
            self._say(power.word)

    def _relate(self, word: Word) -> None:
        """What the word means for the router; a suspicion means nothing yet."""
        if word in (Word.OUTAGE, Word.LOW_BATTERY):
            self._learn(self._router.mains_lost(self._clock.monotonic()))
            self._hands.wake()
        elif word is Word.MAINS:
            self._learn(self._router.mains_back())

    def _learn(self, router: Router) -> None:
        if router.on_ups is not self._router.on_ups:
            _log.info(logline("router_on_ups", known=router.on_ups))
        self._router = router
        self._know(on_ups=router.on_ups, deaths=router.deaths)

    def _know(self, **news: object) -> None:
        known = replace(self._known, **news)  # type: ignore[arg-type]  # the names are checked by replace
        if known != self._known:
            self._known = known
            self._changed.set()

    def _say(self, word: Word, *, again: bool = False) -> None:
        if self._post.open and (again or word is not self._said):
            self._post.say(word, said(replace(self._power, word=word)))
            self._said, self._spoken = word, self._clock.monotonic()

    # --- acting -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Act from now on."""
        self._task = started(self._run(), "vigil")

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            await self._act()
            await within(LOOK, self._changed)

    async def _act(self) -> None:
        word, now = self._power.word, self._clock.monotonic()
        if word.nearly_empty and not self._disk.held:
            await self._lie_down()
        elif not word.nearly_empty:
            self._disk.held = False
            await self._chronicle.keep(self._known, HEARTBEAT_ON_BATTERY if word.on_battery else HEARTBEAT)
        if word.on_battery and now - self._spoken >= AGAIN:
            self._say(self._power.word, again=True)
        elif word is Word.UNKNOWN and now - self._began >= AGAIN:
            self._know(power=word)  # what the agent before this one knew holds no more
            self._say(word)

    async def _lie_down(self) -> None:
        """All that is held goes to the disk, then the disk rests until more is left than that.

        It rests even if not all could be written, but then the word stays `low_battery`: `dying` says that all is safe.
        """
        synced = await self._hands.sync()
        marked = await self._chronicle.mark(Mark.DYING, self._known)
        self._on_disk, self._disk.held = synced and marked, True
        if not self._on_disk:
            _log.warning(logline("not_all_on_disk", histories=synced, journal=marked))
        self._weigh()

    async def stop(self) -> None:
        """Mark a clean end, and say so; a machine that is shut down for want of power goes on saying that."""
        if self._task:
            self._task.cancel()
        if not self._power.word.on_battery:
            self._say(Word.STOPPING)
        await asyncio.gather(self._chronicle.mark(Mark.STOPPED, self._known), self._post.flush(FAREWELL))

    # --- telling ----------------------------------------------------------------------------------------------------

    def samples(self) -> Iterator[Sample]:
        """What /metrics shows."""
        yield from self._chronicle.ledger.samples()
        if self._known.on_ups is not None:
            yield ROUTER_ON_UPS(self._known.on_ups)
        yield WRITES_HELD(self._disk.held)
        yield JOURNAL_FAILURES(self._chronicle.failures)
        yield from self._post.samples()

    def story(self) -> Name | None:
        """What officers should know of the last absence."""
        return story(self._chronicle.ledger.last, self._clock.now())
