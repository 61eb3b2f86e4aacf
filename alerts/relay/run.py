"""The relay's process: desk, couriers and pages, from the start to SIGTERM."""

import asyncio
import logging
import signal
import time
from dataclasses import dataclass

from aiohttp import web

from alerts.relay.config import RelaySettings
from alerts.relay.courier import Courier
from alerts.relay.desk import Desk
from alerts.relay.metrics import Tally
from alerts.relay.sender import AppriseSender
from alerts.relay.server import application
from alerts.relay.store import Store
from collectors.core.logline import logline

log = logging.getLogger(__name__)

_GRACE = 5.0  # seconds that a delivery under way may take at the end


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clocks."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def run(settings: RelaySettings) -> None:
    """Serve until SIGTERM or SIGINT. Raises OSError when the queue or the port cannot be had."""
    store, clock = Store(settings.queue, settings.queue_limit), SystemClock()
    sender, tally = AppriseSender(), Tally(settings.channels)
    couriers: dict[str, Courier] = {}
    desk = Desk(settings, store, clock, couriers)
    for name, channel in settings.channels.items():
        couriers[name] = Courier(name, channel, settings.retry, store, sender, tally, clock, desk.wake)
    desk.adopt_strays()
    runner = web.AppRunner(application(desk, tally), access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.listen.host, settings.listen.port).start()
        log.info("%s", logline("relay_started", listen=_address(runner), waiting=len(store), damaged=store.damaged))
        await _deliver_until_told(couriers)
    finally:
        await runner.cleanup()
        sender.close()
    log.info("%s", logline("relay_stopped", waiting=len(store)))


async def _deliver_until_told(couriers: dict[str, Courier]) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(courier.run(), name=name) for name, courier in couriers.items()]
        await told.wait()
        for courier in couriers.values():
            courier.stop()
        await asyncio.wait(tasks, timeout=_GRACE)
        for task in tasks:
            task.cancel()


def _address(runner: web.AppRunner) -> str:
    """Where it really listens: with port 0 the machine has chosen."""
    host, port = runner.addresses[0][:2]
    return f"{host}:{port}"
