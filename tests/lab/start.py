"""Making a lab, step by step, so that leaving it takes everything away again."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from tests.lab import register
from tests.lab.authority import Authority
from tests.lab.centre import Centre
from tests.lab.ground import Contract, Ground, Loopback, Namespaces
from tests.lab.lab import Lab
from tests.lab.later import Later
from tests.lab.observe import Observer
from tests.lab.office import Office
from tests.lab.papers import Papers
from tests.lab.plan import Claim
from tests.lab.process import Command, Processes
from tests.lab.product import communewatch
from tests.lab.services import SERVICES, ServiceHost
from tests.tools import debian
from tests.tools.catalogue import LAB

MBIT = 1e6
READY_WITHIN = 60.0  # seconds until all programs answer

Say = Callable[[str], None]


@asynccontextmanager
async def running(say: Say, *, loopback: bool = False) -> AsyncIterator[Lab]:
    """A lab whose parts all answer; `say` is told of each step. Without root, or if asked for, all on loopback."""
    await asyncio.to_thread(debian.fetch, LAB)
    async with AsyncExitStack() as stack:
        claim = Claim.take()
        stack.callback(claim.close)
        ground = make_ground(claim.number, say, loopback=loopback or os.geteuid() != 0)
        stack.callback(ground.close)
        processes = Processes(claim.folder / "logs")
        stack.push_async_callback(processes.stop)
        maker = Maker(claim, ground, processes)
        say("services: web servers with certificates of the lab's own authority")
        services = await maker.start_services()
        say("inventory, alert rules and certificates: checked, rendered and issued by the product")
        centre = Centre(ground.province(), claim.folder / "centre", maker.rendered, maker.key_file, maker.papers.folder)
        offices = maker.plan_offices()
        await maker.prepare(services, offices, centre)
        say("province: phone, relay, Alertmanager, responder, facts, Prometheus, gateway")
        for command in centre.commands():
            await processes.start(command)
        say("offices: a UPS and an agent each; office4 pushes its figures, the others are scraped")
        for office in offices:
            await maker.start_office(office)
        observer = Observer(centre.url("prometheus"), centre.url("phone"))
        stack.push_async_callback(observer.close)
        later = Later()
        stack.callback(later.close)
        lab = Lab(
            claim.number,
            claim.folder,
            ground.shaped,
            processes,
            centre,
            {office.entry.name: office for office in offices},
            {host.service.id: host for host in services},
            observer,
            later,
        )
        await until_answering(lab)
        yield lab
        say("stopping")


def make_ground(number: int, say: Say, *, loopback: bool) -> Ground:
    """Namespaces for root, else loopback."""
    if loopback:
        say("network: everything on loopback; links to shape and to cut exist only in a lab that root starts")
        return Loopback(number)
    say("network: router, province, services and offices in namespaces of their own, links shaped as contracted")
    plans = [register.PLANS[office.plan] for office in register.OFFICES]
    return Namespaces(number, [Contract(plan.down * MBIT, plan.up * MBIT) for plan in plans])


class Maker:
    """The steps, and the files that they share."""

    def __init__(self, claim: Claim, ground: Ground, processes: Processes) -> None:
        self._folder = claim.folder
        self._ground = ground
        self._processes = processes
        self._authority = Authority(claim.folder / "tls", datetime.now(UTC))
        self._key = secrets.token_hex(32)
        self._inventory = claim.folder / "inventory"
        self.papers = Papers(claim.folder / "ca")
        self._mounts: dict[str, str] = {}
        self.rendered = claim.folder / "rendered"
        self.key_file = claim.folder / register.KEY_FILE
        self.key_file.touch(mode=0o600)
        self.key_file.write_text(self._key, encoding="utf-8")

    async def start_services(self) -> Sequence[ServiceHost]:
        """The web servers, what makes them slow, and the hosts file in which offices find them."""
        folder, backend = self._folder / "services", self._folder / "backend.sock"
        await self._processes.start(Command("backend", (sys.executable, "-m", "tests.lab.backend", str(backend))))
        services = [
            ServiceHost(service, self._ground.service(index), folder, self._authority, backend)
            for index, service in enumerate(SERVICES)
        ]
        for host in services:
            await host.start(self._processes)
        if self._ground.shaped:  # a file of one's own for /etc/hosts needs a mount namespace, and so root
            hosts = self._folder / "hosts"
            self._mounts["/etc/hosts"] = str(hosts)
            lines = ["127.0.0.1 localhost", *(f"{host.place.address} {host.service.host}" for host in services)]
            hosts.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return services

    def plan_offices(self) -> Sequence[Office]:
        """The offices with their addresses; nothing runs yet."""
        folder = self._folder / "offices"
        return [Office(entry, index, self._ground, folder) for index, entry in enumerate(register.OFFICES)]

    async def prepare(self, services: Sequence[ServiceHost], offices: Sequence[Office], centre: Centre) -> None:
        """The lab's inventory, and what the product makes of it; certificates for the offices that push."""
        await asyncio.gather(self.papers.begin(centre.address), self._render(services, offices, centre))
        for office in offices:
            office.install(self.rendered, self._key)
        pushing = (office for office in offices if office.entry.path == "push")
        issued = (self.papers.give(office, self._inventory) for office in pushing)
        alerts = ("--settings", "lab", "--inventory", str(self._inventory), "--relay", centre.url("relay"))
        await asyncio.gather(communewatch("alerts", "build", *alerts, "--out", str(self.rendered)), *issued)

    async def _render(self, services: Sequence[ServiceHost], offices: Sequence[Office], centre: Centre) -> None:
        world = register.World(
            agents={office.entry.name: office.agent_address for office in offices},
            upses={office.entry.name: office.ups_address for office in offices},
            services={host.service.id: host.target(self._authority, by_name=self._ground.shaped) for host in services},
            responder=centre.where("responder"),
            link={"reference": str(centre.address)},
            path=services[0].way,
            last_word=centre.url("prometheus") + "/api/v1/write",
            gateway=f"https://{centre.where('gateway')}/api/v1/write",
            authority=self.papers.authority,
        )
        register.write(self._inventory, world)
        await communewatch("inventory", "check", str(self._inventory))
        await communewatch("inventory", "render", "--out", str(self.rendered), str(self._inventory))

    async def start_office(self, office: Office) -> None:
        """Its UPS and its agent."""
        await self._processes.start(office.ups_command())
        await self._processes.start(office.agent_command(self._mounts))


async def until_answering(lab: Lab) -> None:
    """Until every program with pages of its own serves them."""
    agents = {name: f"http://{office.agent_address}/healthz" for name, office in lab.offices.items()}
    for name, url in {**lab.centre.health, **agents}.items():
        await lab.processes.until(partial(lab.observer.answers, url), f"{name} at {url}", READY_WITHIN)
