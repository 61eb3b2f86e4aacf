"""From readings of a UPS to the word that leaves, the entry on the disk, and the disk's rest."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from agent.journal.entry import Mark
from agent.journal.keeper import FILE
from agent.outcome import Outcome
from agent.vigil import AGAIN, HEARTBEAT
from collectors import link
from collectors.core import Reading, Reason
from collectors.core.lastword import Word
from collectors.link import UP
from collectors.ups import CHARGE, Verdict
from tests.unit.agent.office import LINK, Office, boot, cut_off, play, until_low


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


def test_what_cannot_be_put_on_the_disk_keeps_the_dying_word_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def act(office: Office) -> None:
        office.syncs = False
        await until_low(office)
        await asyncio.sleep(10)

    office = play(tmp_path, act)
    assert office.post.said[-1] is Word.LOW_BATTERY
    assert "event=not_all_on_disk histories=False journal=True" in caplog.text
    assert office.done.count("sync") == 1, "the disk rests all the same"
    assert ("agent_writes_held", 1.0) in office.shown()


def test_the_next_low_battery_tries_again(tmp_path: Path) -> None:
    async def act(office: Office) -> None:
        office.syncs = False
        await until_low(office)
        office.read(Verdict.MAINS)
        await asyncio.sleep(3)
        office.syncs = True
        await until_low(office)

    assert play(tmp_path, act).post.said[-1] is Word.DYING


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
    assert office.post.said[-1] is Word.LOW_BATTERY
    assert dict(office.shown())["agent_journal_failures_total"] > 0
