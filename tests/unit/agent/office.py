"""An office's vigil for the tests: its machine boots and loses power, and its words are heard."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from agent.disk import Disk
from agent.io.machine import Machine
from agent.journal import entry
from agent.journal.chronicle import Chronicle
from agent.journal.entry import Entry
from agent.journal.keeper import FILE, Keeper
from agent.journal.slots import Slots
from agent.outcome import Outcome
from agent.uplink.post import Post
from agent.vigil import Hands, Vigil
from collectors.core import Reading, Reason, Sample
from collectors.core.lastword import Word
from collectors.link import UP
from collectors.ups import CHARGE, POWER_VERDICT, SUSPECTED, Verdict
from tests.fakes.ports import FakePorts
from tests.fakes.time import FakeClock, run
from tests.unit.agent.conftest import probe

UPS, LINK = probe("ups/ups1"), probe("link/main")


class LabMachine(Machine):
    """A machine whose boots a test makes."""

    boots = "boot one"
    trusted = True
    since = 0.0

    def boot(self) -> str:
        return self.boots

    def uptime(self) -> float:
        return asyncio.get_running_loop().time() - self.since

    def trusts_its_clock(self) -> bool:
        return self.trusted


class Listener(Post):
    """Hears what is said."""

    def __init__(self) -> None:
        super().__init__(FakePorts(), lambda: True)
        self.words: list[tuple[Word, float]] = []
        self.on_disk: list[bool] = []
        self.disk = Disk()

    @property
    def open(self) -> bool:
        return True

    def say(self, word: Word, samples: Iterable[Sample]) -> None:
        self.words.append((word, asyncio.get_running_loop().time()))

    @property
    def said(self) -> list[Word]:
        return [word for word, _ in self.words]


async def at_once(work: Callable[..., object], *arguments: object) -> object:
    return work(*arguments)


@dataclass
class Office:
    """One agent's vigil, and what it has others do."""

    folder: Path
    machine: LabMachine = field(default_factory=LabMachine)
    clock: FakeClock = field(default_factory=FakeClock)
    post: Listener = field(default_factory=Listener)
    done: list[str] = field(default_factory=list)
    agreed: bool = False
    syncs: bool = True

    def begin(self) -> Vigil:
        disk = self.post.disk = Disk()
        chronicle = Chronicle(self.clock, self.machine, Keeper(self.folder, disk, at_once), lambda: self.agreed)
        self.vigil = Vigil(self.clock, chronicle, disk, self.post, Hands(lambda: self.done.append("wake"), self.sync))
        self.vigil.start()
        return self.vigil

    async def sync(self) -> bool:
        self.done.append("sync")
        return self.syncs

    def read(self, verdict: Verdict, *more: Sample) -> None:
        verdicts = (POWER_VERDICT(one is verdict, verdict=one) for one in Verdict)
        self.vigil.see(Outcome(UPS, Reading(Reason.OK, (*verdicts, *more)), self.clock.now(), 0))

    def link(self, works: bool) -> None:
        self.vigil.see(Outcome(LINK, Reading(Reason.OK, (UP(works),)), self.clock.now(), 0))

    @property
    def journal(self) -> Entry:
        text = Slots(self.folder / FILE).read()
        assert text is not None
        return entry.read(text)

    def shown(self) -> Iterator[tuple[str, float]]:
        """Without the counts of what never happened."""
        found = ((sample.metric.name, sample.value) for sample in self.vigil.samples())
        return ((name, value) for name, value in found if value or not name.startswith("office_absence"))


def play(folder: Path, act: Callable[[Office], Awaitable[None]]) -> Office:
    office = Office(folder)

    async def go() -> None:
        office.begin()
        await asyncio.sleep(1)
        await act(office)

    run(go())
    return office


async def until_low(office: Office) -> None:
    office.read(Verdict.MAINS)
    await asyncio.sleep(10)
    office.read(Verdict.MAINS, SUSPECTED(1))
    await asyncio.sleep(5)
    office.read(Verdict.OUTAGE, CHARGE(0.9))
    await asyncio.sleep(30)
    office.read(Verdict.LOW_BATTERY, CHARGE(0.1))
    await asyncio.sleep(1)


def cut_off(office: Office) -> None:
    """Power is gone: nothing is said or written any more."""
    task = office.vigil._task
    assert task
    task.cancel()


def boot(office: Office, *, trusted: bool = True) -> None:
    """Power is back, and the machine starts."""
    office.machine.boots += " and another"
    office.machine.since = asyncio.get_running_loop().time() - 30
    office.machine.trusted = trusted
    office.begin()
