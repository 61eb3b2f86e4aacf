"""The relay's process: desk, couriers, clerk and pages, from the start to SIGTERM."""

import asyncio
import logging
import signal
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

from aiohttp import web

from alerts.relay.acknowledge import Links, load_key, pages
from alerts.relay.clerk import Clerk
from alerts.relay.config import RelaySettings
from alerts.relay.courier import Courier, disk_errors_told
from alerts.relay.desk import Desk
from alerts.relay.incident import Book
from alerts.relay.metrics import RECEIVERS_GOOD, TOKEN_GOOD, Tally
from alerts.relay.notes import Notes
from alerts.relay.people import Receivers
from alerts.relay.sender import AppriseSender, Post
from alerts.relay.server import application
from alerts.relay.store import Store
from alerts.relay.tokens import Tokens
from alerts.relay.watch import Watch
from alerts.relay.web import Web
from alerts.relay.writer import Writer
from collectors.core import Sample
from collectors.core.logline import logline
from collectors.core.values import HostPort

log = logging.getLogger(__name__)

_GRACE = 5.0  # seconds that a delivery under way may take at the end
_TICK = 5.0  # seconds between two looks at what its time has come for
_LOOK = 60.0  # seconds between two questions to Alertmanager, and to Zalo about a token that has ended
_ADDRESS = 65536  # bytes of a webhook's address: a national receiver names the channels of all provinces
_ALERTS = 64 * 1024 * 1024  # bytes of all of Alertmanager's alerts


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clocks."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Relay:
    """All parts of it. Raises OSError where the queue cannot be had, DecodeError for a receivers.yml never right."""

    def __init__(self, settings: RelaySettings) -> None:
        clock, folder = SystemClock(), settings.queue
        self.settings = settings
        self.store = Store(folder, settings.queue_limit, clock.monotonic())
        self.apprise, self.tally = AppriseSender(), Tally(settings.channels)
        self.tokens = Tokens(settings.zalo, folder / "tokens", Web(), clock) if settings.zalo else None
        self.links = Links(settings.acknowledge.url, load_key(folder)) if settings.acknowledge else None
        writer = Writer(self.store, Notes(folder), clock, self.wake, self.links, settings.pages)
        self.desk = Desk(settings, Receivers(settings.receivers, folder / "kept"), Book(folder), writer, clock)
        self.clerk = Clerk(self.desk, self.tally.escalation)
        post = Post(self.apprise, Web(), self.tokens)
        self.couriers = {
            name: Courier(name, channel, settings, self.store, self.desk.book, post, self.tally, clock, self.wake)
            for name, channel in settings.channels.items()
        }

    def wake(self, channel: str) -> None:
        """There is something new for this channel."""
        self.couriers[channel].news.set()

    def adopt_strays(self) -> None:
        """What waits for a channel that relay.yml no longer has, nobody would deliver: a default one takes it over."""
        heir = self.settings.default[0]
        for letter in self.store.strays(self.settings.channels):
            log.warning("%s", logline("channel_gone", channel=letter.channel, to=heir))
            with disk_errors_told():
                self.desk.book.also_told(letter.incident, heir)
                if self.store.knows(letter.id_for(heir)):
                    self.store.finish(letter, self.desk.clock.monotonic())
                else:
                    self.store.hand_over(letter, heir, self.desk.clock.monotonic(), letter.held)

    def samples(self) -> Iterator[Sample]:
        """Everything that /metrics shows."""
        clock = self.desk.clock
        yield from self.tally.samples(self.store, clock.now(), clock.monotonic())
        yield RECEIVERS_GOOD(self.desk.receivers.good)
        for name, channel in self.settings.channels.items():
            if channel.zns and self.tokens:
                yield TOKEN_GOOD(self.tokens.good, channel=name)

    def applications(self) -> Iterator[tuple[HostPort, web.Application]]:
        """Where each listens."""
        yield self.settings.listen, application(self.desk, self.tally.receipt, self.samples)
        if self.links and self.settings.acknowledge:
            yield (
                self.settings.acknowledge.listen,
                pages(self.links, self.desk.book, self.desk.clock, self.clerk.acknowledge),
            )

    async def tick(self) -> None:
        """For ever."""
        while True:
            self.clerk.tick(self.desk.clock.now())
            await asyncio.sleep(_TICK)

    async def look(self) -> None:
        """For ever: what other services know that nobody tells the relay."""
        url = self.settings.alertmanager
        watch = Watch(url, Web(largest=_ALERTS), self.clerk) if url else None
        while True:
            if watch:
                await watch.look()
            if self.tokens:
                await self.tokens.keep()
            await asyncio.sleep(_LOOK)


async def run(settings: RelaySettings) -> None:
    """Serve until SIGTERM or SIGINT. Raises OSError when the queue or a port cannot be had."""
    relay = Relay(settings)
    relay.adopt_strays()
    async with AsyncExitStack() as stack:
        stack.callback(relay.apprise.close)
        addresses = [await _serve(stack, where, app) for where, app in relay.applications()]
        store = relay.store
        log.info("%s", logline("relay_started", listen=",".join(addresses), waiting=len(store), damaged=store.damaged))
        await _deliver_until_told(relay)
    log.info("%s", logline("relay_stopped", waiting=len(relay.store)))


async def _serve(stack: AsyncExitStack, where: HostPort, app: web.Application) -> str:
    """Where it really listens: with port 0 the machine has chosen."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, max_line_size=_ADDRESS, max_field_size=_ADDRESS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, where.host, where.port).start()
    host, port = runner.addresses[0][:2]
    return f"{host}:{port}"


async def _deliver_until_told(relay: Relay) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with asyncio.TaskGroup() as group:
        others = [group.create_task(relay.tick()), group.create_task(relay.look())]
        tasks = [group.create_task(courier.run(), name=name) for name, courier in relay.couriers.items()]
        await told.wait()
        for courier in relay.couriers.values():
            courier.stop()
        await asyncio.wait(tasks, timeout=_GRACE)
        for task in (*tasks, *others):
            task.cancel()
