"""Whatever befalls an office, in any order: each return is counted once, and a resting disk is left alone."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.journal.keeper import FILE
from collectors.core.lastword import Away, Word
from collectors.ups import SUSPECTED, Verdict
from tests.fakes.time import run
from tests.unit.agent.office import Office, boot, cut_off

SETTLED = 3.0  # seconds in which a vigil has done what is due

events = st.one_of(
    st.sampled_from(Verdict),
    st.sampled_from(["suspect", "link up", "link down", "killed", "stopped", "power cut", "shut down"]),
    st.floats(1, 2000).map(lambda seconds: round(seconds, 1)),
)
BACK = {"killed": False, "stopped": False, "power cut": True, "shut down": True}  # whether the machine boots, too


class Life:
    """An office through a list of events."""

    def __init__(self, folder: Path) -> None:
        self.office = Office(folder)
        self.returns: list[bool] = []
        self.resting: bytes | None = None

    async def live(self, happenings: list[Verdict | str | float]) -> None:
        self.office.begin()
        await asyncio.sleep(SETTLED)
        for event in happenings:
            await self.befall(event)
            await asyncio.sleep(SETTLED)
            self.check()
        await self.office.vigil.stop()

    async def befall(self, event: Verdict | str | float) -> None:
        if isinstance(event, float):
            await asyncio.sleep(event)
        elif isinstance(event, Verdict):
            self.office.read(event)
        elif event == "suspect":
            self.office.read(Verdict.MAINS, SUSPECTED(1))
        elif event.startswith("link"):
            self.office.link(works=event == "link up")
        else:
            await self.be_away(event)

    async def be_away(self, event: str) -> None:
        if event in ("stopped", "shut down"):
            await self.office.vigil.stop()
        cut_off(self.office)
        await asyncio.sleep(300)
        self.returns.append(BACK[event])
        self.resting = None
        if BACK[event]:
            boot(self.office)
        else:
            self.office.begin()

    def check(self) -> None:
        disk, content = self.office.post.disk, (self.office.folder / FILE).read_bytes()
        if disk.held and self.resting:
            assert content == self.resting, "written while the disk rests"
        self.resting = content if disk.held else None
        totals = self.office.journal.ledger.totals
        assert sum(total.count for total in totals.values()) == len(self.returns)
        agent = sum(total.count for (cause, _), total in totals.items() if cause is Away.AGENT)
        assert agent == self.returns.count(False)


@settings(max_examples=60, deadline=None)
@given(st.lists(events, max_size=25))
def test_every_return_is_counted_once_and_a_resting_disk_is_left_alone(
    happenings: list[Verdict | str | float],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        life = Life(Path(folder))
        run(life.live(happenings))
        last = life.office.post.said[-1]
        assert last is Word.STOPPING or last.on_battery
