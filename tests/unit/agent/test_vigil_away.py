"""An office that was away says for how long and why."""

import asyncio
from pathlib import Path

from agent.journal.chronicle import PATIENCE
from collectors.core.lastword import Away, Evidence, Word
from collectors.ups import Verdict
from tests.fakes.time import run
from tests.unit.agent.office import Office, boot, cut_off, play, until_low


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
