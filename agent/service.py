"""`communewatch agent run`: configuration, runner and pages put together, until SIGTERM."""

import asyncio
import logging
import signal
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path

from agent import VERSION, joint, log, user_agent
from agent.board import Board
from agent.buffer.durable import DurableBuffer, buffer_folder
from agent.certificate.keeper import Keeper as CertificateKeeper
from agent.config import Configuration, Fingerprint, fingerprint, load
from agent.confirmation import Confirmation
from agent.curiosity import Curiosity
from agent.debug import debug_page
from agent.disk import Disk, state_folder
from agent.exposition import expose
from agent.io.machine import Machine
from agent.io.ports import MachinePorts
from agent.io.renewal import renewed
from agent.itself import Itself
from agent.journal.chronicle import Chronicle
from agent.journal.keeper import Keeper
from agent.outcome import Outcome
from agent.page import status_page
from agent.purse import Purse, budget_file
from agent.runner import Runner
from agent.server import Request, Response, Server
from agent.status import History, Timed, assess, joint_rows
from agent.traps import Traps
from agent.uplink.line import Line
from agent.uplink.post import Post
from agent.uplink.uplink import Uplink
from agent.uplink.watch import Watch
from agent.usual import Usual, state_file
from agent.vigil import Hands, Vigil
from collectors.core import Sample
from collectors.core.decode import DecodeError
from collectors.core.logline import logline
from collectors.core.push import Destination
from collectors.core.values import HostPort
from collectors.link import UP

_log = logging.getLogger(__name__)
_AT_START = ("concurrency", "contact")  # settings that the runner and the User-Agent are made with
_LOOK = 2.0  # seconds between looks at the configuration file and the clocks


class Service:
    """One running agent."""

    def __init__(self, path: Path, seen: Fingerprint, configuration: Configuration, ports: MachinePorts) -> None:
        """`seen`: the file as it was before it was read, so that no change is missed."""
        self._path = path
        self._configuration = configuration
        self._ports = ports
        self._board = Board()
        self._history = History()
        self._changes = log.Changes()
        self._itself = Itself(ports.clock)
        disk, machine = Disk(), Machine()
        self._usual = Usual(state_file(), disk)
        purse = Purse(budget_file(), disk)
        self._runner = Runner(ports, self._publish, configuration.settings.concurrency, self._usual, purse)
        self._post = Post(ports, machine.trusts_its_clock)
        chronicle = Chronicle(ports.clock, machine, Keeper(state_folder(), disk), lambda: self._post.agrees)
        self._vigil = Vigil(ports.clock, chronicle, disk, self._post, Hands(self._wake_links, self._sync))
        self._traps = Traps(self._runner.wake, ports.clock)
        self._curiosity = Curiosity()
        self._confirmation = Confirmation()
        watch, storage = Watch(machine, state_folder(), disk), DurableBuffer(buffer_folder(), disk)
        self._uplink = Uplink(storage, watch, self._samples, self._line_to, buffer_folder())
        self._certificate = CertificateKeeper(ports.clock, partial(renewed, path))
        self._server = self._new_server()
        self._seen = seen

    async def run(self, stop: asyncio.Event, reload: asyncio.Event) -> None:
        """Serve and probe until `stop`. OSError when the address of the pages cannot be had."""
        settings = self._configuration.settings
        port = await self._listen(self._server, settings.listen)
        _log.info(logline("started", version=VERSION, office=settings.identity.office, port=port))
        self._take(self._configuration)
        self._vigil.start()
        try:
            while not stop.is_set():
                await self._look(reload)
                with suppress(TimeoutError):
                    await asyncio.wait_for(_first(stop, reload), _LOOK)
        finally:
            _log.info(logline("stopping"))
            self._traps.close()
            await asyncio.gather(self._runner.stop(), self._vigil.stop())
            self._post.close()
            self._certificate.close()
            await self._uplink.close()
            await self._server.close()

    def _take(self, configuration: Configuration) -> None:
        """Measure, hear and tell what this configuration asks for."""
        self._runner.update(configuration.probes)
        self._traps.update(configuration)
        self._curiosity.keep_only(configuration.probes)
        settings = configuration.settings
        self._post.update(settings.last_word, asdict(settings.identity), self._vigil.taken)
        self._certificate.update(settings.push, settings.identity.office)
        self._uplink.update(settings.push, asdict(settings.identity))

    async def _look(self, reload: asyncio.Event) -> None:
        if step := self._itself.watch_clock():
            _log.warning(logline("clock_jumped", seconds=step))
        seen = fingerprint(self._path)
        if reload.is_set() or seen != self._seen:
            reload.clear()
            self._seen = seen
            await self._reload()

    async def _reload(self) -> None:
        """Take the new configuration if it is good; keep the one in use if it is not, and say so."""
        try:
            configuration = await asyncio.to_thread(load, self._path)
            await self._ports.prepare(configuration.needs)
            if configuration.settings.listen != self._configuration.settings.listen:
                await self._move(configuration.settings.listen)
        except (DecodeError, OSError, ImportError) as error:
            self._itself.config_good = False
            problems = error.problems if isinstance(error, DecodeError) else (f"{type(error).__name__}: {error}",)
            for problem in problems:
                _log.error(logline("config_rejected", problem=problem))
            return
        before, now = self._configuration.settings, configuration.settings
        if late := [name for name in _AT_START if getattr(before, name) != getattr(now, name)]:
            _log.warning(logline("restart_needed", settings=",".join(late), message="they hold from the next start on"))
        self._configuration = configuration
        self._itself.config_good = True
        self._itself.config_time = self._ports.clock.now()
        self._take(configuration)
        for keeper in (self._board, self._vigil):
            keeper.keep_only(probe.key for probe in configuration.probes)
        _log.info(logline("config_loaded", probes=len(configuration.probes)))

    async def _move(self, listen: HostPort) -> None:
        """OSError when the new address cannot be had; then the pages are where they were."""
        await self._server.close()  # first: nobody gets 0.0.0.0 while somebody has the same port of 127.0.0.1
        self._server = self._new_server()
        try:
            await self._listen(self._server, listen)
        except OSError:
            await self._listen(self._server, self._configuration.settings.listen)
            raise

    @staticmethod
    async def _listen(server: Server, listen: HostPort) -> int:
        return await server.listen(listen.host, listen.port or 0)

    def _line_to(self, receiver: Destination) -> Line:
        from agent.io.line import HttpLine  # noqa: PLC0415 - only where something is sent

        return HttpLine(receiver, user_agent(self._configuration.settings.contact))

    def _wake_links(self) -> None:
        for probe in self._configuration.probes:
            if probe.collector.name == "link":
                self._runner.wake(probe.key)

    async def _sync(self) -> bool:
        return await self._usual.sync(self._ports.clock.now())

    def _publish(self, outcome: Outcome) -> None:
        self._vigil.see(outcome)  # first: a last word does not wait for a page
        self._board.publish(outcome, self._ports.clock.monotonic())
        self._rows()
        for sample in outcome.reading.samples:
            if sample.metric is UP and not getattr(outcome.probe.target, "interface", ""):
                self._uplink.link(sample.value == 1)
        for key, wait in self._curiosity.see(outcome, self._ports.clock.monotonic()).items():
            asyncio.get_running_loop().call_later(wait, self._runner.wake, key)
        for key in self._confirmation.see(outcome, self._configuration.probes):
            self._runner.wake(key)
        if line := self._changes.line(outcome):
            _log.log(logging.INFO if outcome.reading.success else logging.WARNING, line)

    def _new_server(self) -> Server:
        return Server(
            {
                "/": self._status,
                "/metrics": self._metrics,
                "/healthz": lambda _: Response(b"ok\n", "text/plain; charset=utf-8"),
                "/debug/probes": self._debug,
            }
        )

    def _metrics(self, request: Request) -> Response:
        page = expose(self._samples(), request.headers.get("accept", ""))
        return Response(page.body, page.content_type)

    def _samples(self) -> tuple[Sample, ...]:
        """Everything that is known now: what is scraped, and what is sent."""
        now = self._ports.clock.monotonic()
        fresh = {outcome.probe.key for outcome in self._board.fresh(now)}
        itself = self._itself.samples(self._configuration.probes, fresh)
        probed = self._board.samples(now)
        sent = (*self._uplink.samples(), *self._certificate.samples())
        own = (*itself, *self._traps.samples(), *self._vigil.samples(), *sent)
        return (*own, *probed, *joint.samples(self._joint()))

    def _status(self, _: Request) -> Response:
        settings = self._configuration.settings
        now, story = self._ports.clock.now(), self._vigil.story()
        return Response(status_page(settings.name, self._rows(), now, settings.contact, story))

    def _rows(self) -> tuple[Timed, ...]:
        """The state of the office now; asked after every run too, so that "since" is when it was found."""
        clock = self._ports.clock
        rows = assess(self._configuration.probes, self._board.fresh(clock.monotonic()))
        return self._history.see((*rows, *joint_rows(self._joint(), rows)), clock.now())

    def _joint(self) -> tuple[joint.Verdict, ...]:
        configuration, fresh = self._configuration, self._board.fresh(self._ports.clock.monotonic())
        return joint.verdicts(configuration.settings.joint, configuration.probes, fresh)

    def _debug(self, request: Request) -> Response:
        return Response(debug_page(self._configuration.probes, self._board.recent(), request.query.get("probe", "")))


async def _first(*events: asyncio.Event) -> None:
    """Return as soon as one of the events is set."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def serve(path: Path, seen: Fingerprint, configuration: Configuration) -> None:
    """Run an agent until SIGTERM or SIGINT; SIGHUP reloads."""
    loop, stop, reload = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload.set)
    async with MachinePorts(user_agent(configuration.settings.contact)) as ports:
        await ports.prepare(configuration.needs)
        await Service(path, seen, configuration, ports).run(stop, reload)
