"""From readings of a UPS to the word that leaves, the entry on the disk, and the disk's rest."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from agent.disk import Disk
from agent.io.machine import Machine
from agent.journal import entry
from agent.journal.chronicle import PATIENCE, Chronicle
from agent.journal.entry import Entry, Mark
from agent.journal.keeper import FILE, Keeper
from agent.journal.slots import Slots
from agent.outcome import Outcome
from agent.uplink.post import Post
from agent.vigil import AGAIN, HEARTBEAT, Hands, Vigil
from collectors import link
from collectors.core import Reading, Reason, Sample
from collectors.core.lastword import Away, Evidence, Word
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

    def begin(self) -> Vigil:
        disk = self.post.disk = Disk()
        chronicle = Chronicle(self.clock, self.machine, Keeper(self.folder, disk, at_once), lambda: self.agreed)
        self.vigil = Vigil(self.clock, chronicle, disk, self.post, Hands(lambda: self.done.append("wake"), self.sync))
        self.vigil.start()
        return self.vigil

    async def sync(self) -> None:
        self.done.append("sync")

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


def test_every_step_of_an_outage_is_said_in_the_moment_it_is_known(tmp_path: Path) -> None:
    office = play(tmp_path, until_low)
    assert office.post.said == [Word.MAINS, Word.SUSPECT, Word.OUTAGE, Word.LOW_BATTERY, Word.DYING]
    assert [at for _, at in office.post.words] == [1001, 1011, 1016, 1046, 1046]


def test_a_low_battery_puts_everything_on_the_disk_before_the_dying_word(tmp_path: Path) -> None:
    office = play(tmp_path, until_low)
    assert office.done == ["wake", "wake", "sync"]
    assert office.journal.mark is Mark.DYING
    assert office.journal.known.power is Word.LOW_BATTERY
    assert ("agent_writes_held", 1.0) in office.shown()


def test_nothing_is_written_from_then_on_until_mains_is_back(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        await until_low(office)
        dying = (tmp_path / FILE).read_bytes()
        for _ in range(30):
            await asyncio.sleep(10)
            office.read(Verdict.LOW_BATTERY, CHARGE(0.05))
        assert (tmp_path / FILE).read_bytes() == dying
        office.read(Verdict.MAINS)
        await asyncio.sleep(1)

    office = play(tmp_path, act)
    assert office.post.said[-1] is Word.MAINS
    assert (office.journal.mark, office.journal.known.power) == (Mark.RUNNING, Word.MAINS)
    assert ("agent_writes_held", 0.0) in office.shown()


def test_on_battery_the_word_is_said_again_with_what_is_left(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        office.read(Verdict.OUTAGE)
        await asyncio.sleep(3.5 * AGAIN)

    assert play(tmp_path, act).post.said == [Word.OUTAGE] * 4


def test_on_mains_nothing_is_repeated(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        for _ in range(100):
            office.read(Verdict.MAINS)
            await asyncio.sleep(15)

    assert play(tmp_path, act).post.said == [Word.MAINS]


def test_the_journal_beats_once_a_minute_and_at_every_change(tmp_path: Path) -> None:
    beats: list[float] = []

    async def act(office: Office) -> None:
        before = b""
        for _ in range(int(10 * HEARTBEAT)):
            if (found := (tmp_path / FILE).read_bytes()) != before:
                beats.append(office.journal.time)
                before = found
            await asyncio.sleep(1)

    play(tmp_path, act)
    assert 9 <= len(beats) <= 11


def test_an_office_that_was_cut_off_says_why_it_was_away(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        await until_low(office)
        cut_off(office)
        await asyncio.sleep(7200)
        boot(office)
        await asyncio.sleep(10)
        office.read(Verdict.MAINS)

    office = play(tmp_path, act)
    absence = office.journal.ledger.last
    assert absence
    assert (absence.cause, absence.evidence) == (Away.POWER, Evidence.UPS)
    assert absence.seconds is not None
    assert abs(absence.seconds - 7200) < 2
    assert office.post.said[-1] is Word.MAINS
    shown = dict(office.shown())
    assert shown["office_absences_total"] == 1
    assert shown["office_last_absence_seconds"] == shown["office_absence_seconds_total"] == absence.seconds


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


def test_counts_go_on_over_restarts(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        for _ in range(3):
            await asyncio.sleep(5)
            await office.vigil.stop()
            await asyncio.sleep(20)
            office.begin()
        await asyncio.sleep(3)

    office = play(tmp_path, act)
    shown = dict(office.shown())
    assert shown["office_absences_total"] == 3
    assert shown["office_absence_seconds_total"] == 60


def test_without_a_clock_the_length_is_told_as_soon_as_the_time_is_known(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        await asyncio.sleep(5)
        cut_off(office)
        office.clock.wall -= 7200  # a clock without a battery goes on where it stopped
        await asyncio.sleep(7200)
        boot(office, trusted=False)
        await asyncio.sleep(100)
        assert "office_absences_total" not in dict(office.shown())
        office.clock.wall += 7200
        office.machine.trusted = True
        await asyncio.sleep(3)

    absence = play(tmp_path, act).journal.ledger.last
    assert absence
    assert (absence.cause, absence.evidence) == (Away.POWER, Evidence.INFERRED)
    assert absence.seconds is not None
    assert abs(absence.seconds - 7200) < 60


def test_a_clock_that_the_province_agrees_with_is_good_enough(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        office.agreed = True
        await asyncio.sleep(100)
        cut_off(office)
        await asyncio.sleep(7200)
        office.agreed = False
        boot(office, trusted=False)
        await asyncio.sleep(100)
        assert "office_absences_total" not in dict(office.shown())
        office.agreed = True
        await asyncio.sleep(3)

    office = Office(tmp_path)
    office.machine.trusted = False

    async def go() -> None:
        office.begin()
        await act(office)

    run(go())
    absence = office.journal.ledger.last
    assert absence
    assert (absence.cause, absence.evidence) == (Away.POWER, Evidence.INFERRED)


def test_a_clock_that_is_never_told_the_time_leaves_the_cause_open(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        await asyncio.sleep(5)
        cut_off(office)
        await asyncio.sleep(7200)
        boot(office, trusted=False)
        await asyncio.sleep(PATIENCE + 3)

    absence = play(tmp_path, act).journal.ledger.last
    assert absence
    assert (absence.cause, absence.evidence, absence.seconds) == (Away.UNKNOWN, Evidence.NONE, None)


def test_a_clean_end_is_marked_and_said(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        office.read(Verdict.MAINS)
        await asyncio.sleep(1)
        await office.vigil.stop()

    office = play(tmp_path, act)
    assert office.journal.mark is Mark.STOPPED
    assert office.post.said == [Word.MAINS, Word.STOPPING]


def test_a_machine_that_shuts_down_on_battery_goes_on_saying_why(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        await until_low(office)
        await office.vigil.stop()

    office = play(tmp_path, act)
    assert office.post.said[-1] is Word.DYING
    assert office.journal.mark is Mark.DYING


def test_after_a_start_the_word_before_is_taken_back_although_no_ups_is_there_to_say_so(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        office.read(Verdict.OUTAGE)
        office.vigil.taken(Word.OUTAGE)
        await asyncio.sleep(1)
        cut_off(office)
        boot(office)
        await asyncio.sleep(AGAIN + 3)

    office = play(tmp_path, act)
    assert office.post.said[-1] is Word.UNKNOWN
    assert office.journal.known.power is Word.UNKNOWN


def test_a_word_that_the_province_has_is_not_said_again_after_a_restart(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        office.read(Verdict.MAINS)
        office.vigil.taken(Word.MAINS)
        await asyncio.sleep(1)
        cut_off(office)
        office.begin()
        office.read(Verdict.MAINS)
        await asyncio.sleep(1)

    assert play(tmp_path, act).post.said == [Word.MAINS]


def test_a_router_that_lives_on_the_ups_is_learnt_and_remembered(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        office.read(Verdict.MAINS)
        office.link(works=True)
        office.read(Verdict.OUTAGE)
        await asyncio.sleep(31)
        office.link(works=True)
        await asyncio.sleep(3)
        cut_off(office)
        boot(office)
        await asyncio.sleep(3)

    assert ("office_router_on_ups", 1.0) in play(tmp_path, act).shown()


def test_a_further_link_teaches_nothing_about_the_router_of_the_first(tmp_path: Path) -> None:
    backup = replace(LINK, target=link.Target(interface="wwan0"))

    async def act(office: Office) -> None:
        office.read(Verdict.MAINS)
        office.link(works=True)
        office.read(Verdict.OUTAGE)
        office.vigil.see(Outcome(backup, Reading(Reason.UNREACHABLE, (UP(0),)), office.clock.now(), 0))
        await asyncio.sleep(31)
        office.link(works=True)

    assert ("office_router_on_ups", 1.0) in play(tmp_path, act).shown()


def test_where_nothing_can_be_kept_everything_else_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    office = play(folder, until_low)
    assert office.post.said[-1] is Word.DYING
    assert dict(office.shown())["agent_journal_failures_total"] > 0
