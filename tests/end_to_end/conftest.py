"""One lab for all tests that need one: it takes a while to start, and little to be put right again."""

import sys
from collections.abc import AsyncIterator, Callable, Sequence

import pytest_asyncio

from tests.lab.lab import Lab
from tests.lab.orders import AgentAction, LinkAction, PowerAction
from tests.lab.phone import Notification
from tests.lab.services import Condition
from tests.lab.start import running
from tests.lab.state import State
from tests.tools import needs_root, tool

OVER = "ĐÃ HẾT"  # in the title of a notification
GREEN_WITHIN = 240.0  # seconds for everything to be well after a start or a repair
TOLD_WITHIN = 90.0  # seconds from a fault, or its repair, to the phone: twice what it takes on a busy machine


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lab() -> AsyncIterator[Lab]:
    """A running lab with links. Tests should take `duty` rather than this, so that each finds it in order."""
    needs_root()
    for name in ("prometheus", "alertmanager", "nginx", "snmpd", "ip", "tc", "nft"):
        tool(name)
    async with running(lambda text: print(f"lab: {text}", file=sys.stderr)) as lab:
        yield lab


class Duty:
    """The on-call engineer during one test: what reached the phone since it began."""

    def __init__(self, lab: Lab, before: int) -> None:
        self.lab = lab
        self._before = before

    async def notifications(self) -> Sequence[Notification]:
        return (await self.lab.observer.notifications())[self._before :]

    async def told(self, *words: str) -> Notification:
        """Wait for a notification whose title holds all these words."""

        def found(state: State) -> Sequence[Notification]:
            new = state.notifications[self._before :]
            return [one for one in new if all(word in one.title for word in words)]

        state = await self.lab.until(lambda state: bool(found(state)), f"a notification with {words}", TOLD_WITHIN)
        return found(state)[0]

    async def sees(self, condition: Callable[[State], bool], what: str) -> State:
        """Wait until the lab looks so."""
        return await self.lab.until(condition, what, TOLD_WITHIN)


@pytest_asyncio.fixture(loop_scope="session")
async def duty(lab: Lab) -> AsyncIterator[Duty]:
    """The lab, all green and with nothing left to be told; whatever the test breaks is repaired after it."""
    await lab.until(lambda state: state.green and settled(state), "all green, all told", GREEN_WITHIN)
    yield Duty(lab, len(await lab.observer.notifications()))
    await repair(lab)


def settled(state: State) -> bool:
    """Whether the last word about everything that was told is that it is over."""
    last = {subject(one.title): one.title for one in state.notifications}
    return all(OVER in title for title in last.values())


def subject(title: str) -> str:
    """The office or the province in "[ĐÃ HẾT] Xã Bảo Lạc: mất điện lưới, từ ..."."""
    return title.partition("] ")[2].partition(":")[0]


async def repair(lab: Lab) -> None:
    """Undo every fault that a test may have caused."""
    for office in lab.offices:
        await lab.power(office, PowerAction.RESTORE)
        await lab.link(office, LinkAction.RESTORE)
        await lab.agent(office, AgentAction.START)
    for service, host in lab.services.items():
        if host.condition is not Condition.REPAIRED:
            await lab.service(service, Condition.REPAIRED)
