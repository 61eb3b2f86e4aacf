"""The responder: a listening socket, a bounded number of sessions, and what becomes of them."""

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from agent.io.tcp import reset_on_close
from agent.responder.admission import Admission, client_of
from agent.responder.echo import Reflector
from agent.responder.meters import SILENT, Meters, Slots
from agent.responder.protocol import Key, Refusal, Refused
from agent.responder.session import RefusedError, Session
from agent.responder.train import Trains, trains_beside
from collectors.core import Sample
from collectors.core.logline import logline
from collectors.core.values import HostPort

_log = logging.getLogger(__name__)
_SPARE_CONNECTIONS = 256  # beside the running tests: clients that greet, ask, or are told to come again
_CONNECTIONS_PER_CLIENT = 16
_AWAY = 60  # seconds, and up to as many more: who is turned away unheard should not come back with the others
_BREATH = 0.5  # seconds without accepting after the system had no descriptor left


def listen(address: HostPort, backlog: int = 512) -> socket.socket:
    """A non-blocking listening socket. OSError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    place = (address.host, address.port or 0)
    listener = socket.create_server(place, family=family, backlog=backlog, dualstack_ipv6=address.host == "::")
    listener.setblocking(False)
    return listener


@dataclass(slots=True)
class Responder:
    """Serves one listening socket until it is closed."""

    key: Key
    admission: Admission
    meters: Meters
    _sessions: dict[asyncio.Task[None], str] = field(default_factory=dict)
    _said: set[tuple[str, str]] = field(default_factory=set)

    @property
    def connections(self) -> int:
        return len(self._sessions)

    def samples(self, version: str, cpu_seconds: float) -> Iterator[Sample]:
        admission, now = self.admission, asyncio.get_running_loop().time()
        slots = Slots(admission.limits.tests, admission.running, admission.waiting(now), self.connections)
        yield from self.meters.samples(version, cpu_seconds, slots)
        if admission.line:
            yield from admission.line.samples()

    async def serve(self, listener: socket.socket) -> None:
        """Accept clients until cancelled; then end all sessions. OSError when the UDP port beside it cannot be had."""
        loop = asyncio.get_running_loop()
        with trains_beside(listener, self.admission.limits.tests, Reflector(self.key, self.meters.echoes)) as trains:
            try:
                while True:
                    try:
                        connection, address = await loop.sock_accept(listener)
                    except OSError as error:  # no descriptors left, or a client that was gone before it was accepted
                        _log.warning(logline("accept_failed", error=error))
                        await asyncio.sleep(_BREATH)
                        continue
                    self._welcome(connection, client_of(address[0]), trains)
            finally:
                await self._end_all()

    def _welcome(self, connection: socket.socket, client: str, trains: Trains) -> None:
        connection.setblocking(False)
        full = self.connections >= self.admission.limits.tests + _SPARE_CONNECTIONS
        if full or Counter(self._sessions.values())[client] >= _CONNECTIONS_PER_CLIENT:
            self._turn_away(connection)
            return
        task = asyncio.create_task(self._attend(connection, client, trains))
        self._sessions[task] = client
        task.add_done_callback(self._sessions.pop)

    def _turn_away(self, connection: socket.socket) -> None:
        self.meters.refusals[Refusal.BUSY] += 1
        with suppress(OSError):
            again = _AWAY + self.meters.refusals[Refusal.BUSY] % _AWAY
            connection.send(Refused(Refusal.BUSY, again, "too many connections").frame())
        connection.close()

    async def _attend(self, connection: socket.socket, client: str, trains: Trains) -> None:
        try:
            with suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._run(Session(connection, client, self.key, self.admission, trains))
            reset_on_close(connection)
        except RefusedError as refusal:
            self._note_refusal(client, refusal.refused.why)
        except TimeoutError:
            self._note_refusal(client, SILENT)
        except OSError:
            self._note_refusal(client, SILENT)  # it left before a test began
        except Exception:  # noqa: BLE001 - a defect met by one client must not end the service for the others
            _log.exception(logline("session_defect", client=client))
        finally:
            connection.close()

    async def _run(self, session: Session) -> None:
        done = await session.run()
        direction = done.request.direction
        self.meters.tests[direction, done.outcome] += 1
        self.meters.sizes[direction] += done.size
        fields = {"client": session.client, "direction": direction, "bytes": done.size, "seconds": done.seconds}
        _log.info(logline("test", **fields, outcome=done.outcome))

    def _note_refusal(self, client: str, reason: str) -> None:
        """Count it; say it once for each client and reason, so that nobody can fill the log."""
        self.meters.refusals[reason] += 1
        if (client, reason) not in self._said and len(self._said) < 1000:
            self._said.add((client, reason))
            _log.warning(logline("refused", client=client, reason=reason, message="further ones are only counted"))

    async def _end_all(self) -> None:
        sessions = tuple(self._sessions)
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
