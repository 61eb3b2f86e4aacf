"""A running lab: what may be asked of it and what may be done to it. tests/lab/start.py makes one."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.lab import orders, plans
from tests.lab.centre import Centre
from tests.lab.errors import LabError
from tests.lab.later import Later
from tests.lab.observe import Observer
from tests.lab.office import Office
from tests.lab.orders import AgentAction, LinkAction, PowerAction
from tests.lab.process import Processes
from tests.lab.services import SERVICES, Condition, ServiceHost
from tests.lab.state import State
from tests.lab.ups import State as UpsState
from tests.lab.waiting import eventually


@dataclass(frozen=True, slots=True)
class Lab:
    """Offices and services by the names that orders use. shaped: whether there are links."""

    number: int
    folder: Path
    shaped: bool
    processes: Processes
    centre: Centre
    offices: Mapping[str, Office]
    services: Mapping[str, ServiceHost]
    observer: Observer
    later: Later

    @property
    def addresses(self) -> Mapping[str, str]:
        """What to open in a browser."""
        parts = {"Prometheus": "prometheus", "Alertmanager": "alertmanager", "on-call phone": "phone"}
        pages = {name: self.centre.url(part) + "/" for name, part in parts.items()}
        status = {f"status page, {name}": f"http://{office.agent_address}/" for name, office in self.offices.items()}
        return {**pages, **status}

    # --- watching ---------------------------------------------------------------------------------------------------

    async def state(self) -> State:
        """Everything at this moment; what cannot be found out is among the troubles."""
        troubles = [f"{process.name} ended, see {process.log}" for process in self.processes.failed]
        known = [office.entry for office in self.offices.values()]
        try:
            offices, alerts, notifications, away = await asyncio.gather(
                self.observer.offices(known, [service.id for service in SERVICES], links=self.shaped),
                self.observer.alerts(),
                self.observer.notifications(),
                self.observer.away(),
            )
        except LabError as problem:
            return State(troubles=(*troubles, str(problem)))
        return State(offices, alerts, notifications, (*troubles, *away))

    async def until(self, condition: Callable[[State], bool], what: str, within: float) -> State:
        """The first state that meets the condition. LabError after `within` seconds, with the last state."""
        return await eventually(self.state, condition, what, within)

    # --- disturbing -------------------------------------------------------------------------------------------------

    async def power(self, office: str, action: PowerAction) -> None:
        """Mains of an office, as its UPS sees it; an empty battery takes everything with it until mains is back."""
        ups = self.offices[office].ups
        match action:
            case PowerAction.CUT:
                ups.set_state(UpsState.ON_BATTERY)
            case PowerAction.LOW:
                ups.set_state(UpsState.LOW_BATTERY)
            case PowerAction.DEAD:
                await self._go_dark(office)
            case PowerAction.RESTORE:
                ups.set_state(UpsState.ON_LINE, charge=1.0)
                await self._come_back(office)

    async def _go_dark(self, office: str) -> None:
        """Everything at once, and nobody is asked to end."""
        await asyncio.gather(*(self.processes[f"{part}-{office}"].kill() for part in ("agent", "ups")))
        if self.shaped:
            self.offices[office].link.cut()

    async def _come_back(self, office: str) -> None:
        ups = self.processes[f"ups-{office}"]
        if ups.alive():
            return  # it never went dark
        self.offices[office].machine.boot()
        if self.shaped:
            self.offices[office].link.restore()
        await ups.start()
        await self.processes[f"agent-{office}"].start()

    async def link(self, office: str, action: LinkAction, amount: float = 0) -> None:
        """The way from an office to the province; what is cut for some seconds is restored then.

        LabError in a lab without links.
        """
        link = self.offices[office].link
        self.later.forget(office)
        match action:
            case LinkAction.CUT:
                link.cut()
                if amount:
                    self.later.after(amount, office, partial(self.link, office, LinkAction.RESTORE))
            case LinkAction.RESTORE:
                link.restore()
            case LinkAction.SHAPE:
                link.shape(amount, amount)
            case LinkAction.LOSS:
                link.lose(amount)

    async def service(self, service: str, condition: Condition) -> None:
        """The host of a service."""
        await self.services[service].become(condition)

    async def agent(self, office: str, action: AgentAction) -> None:
        """The agent of an office."""
        process = self.processes[f"agent-{office}"]
        await (process.kill() if action is AgentAction.KILL else process.start())

    async def obey(self, order: orders.Order) -> None:
        """Carry out what a person has ordered."""
        match order:
            case orders.Power(office, action):
                await self.power(office, action)
            case orders.Plan(office, seconds):
                await plans.announce(self.folder, self.offices[office].entry.id, datetime.now(UTC), seconds)
            case orders.Link(office, action, amount):
                await self.link(office, action, amount)
            case orders.Service(service, condition):
                await self.service(service, condition)
            case orders.Agent(office, action):
                await self.agent(office, action)
