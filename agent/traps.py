"""Traps are hints: a datagram from the address of a configured UPS makes its probe run now, and nothing else.

What it says is not read: SNMP traps of v1 and v2c are signed by nobody, and the answer to our own question tells more.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from agent.config import Configuration, Probe
from agent.io.address import IP
from agent.io.resolver import Resolver
from agent.io.traps import TrapPort
from collectors.core import ProbeError, Sample
from collectors.core.logline import logline
from collectors.core.observed import AGENT_TRAPS
from collectors.core.ports import Clock
from collectors.core.values import Listen
from collectors.ups import READERS

_log = logging.getLogger(__name__)
_APART = 2.0  # seconds between two runs for hints
_ASK_AGAIN = 300.0  # seconds until names are looked up again, and a port that could not be had is tried again
_PATIENCE = 10.0  # seconds for a name server


class Heard(StrEnum):
    """What became of a datagram: the label `result` of `agent_trap_datagrams_total`."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    UNKNOWN_SENDER = "unknown_sender"


class Hints:
    """Which probes a sender's datagram wakes, and when. `now` is on the monotonic clock.

    Runs for hints keep a distance. The first hint that comes too soon after a run has one when the distance is over, so
    that none is lost; those that come meanwhile are meant by that run too.

    probes     host as configured -> keys of the probes that ask it
    addresses  host -> what its name stands for, as far as known
    """

    def __init__(self) -> None:
        self.probes: Mapping[str, frozenset[str]] = {}
        self.addresses: dict[str, tuple[IP, ...]] = {}
        self._runs: dict[str, float] = {}
        self._heard: Counter[Heard] = Counter()

    def hear(self, sender: IP, now: float) -> Mapping[str, float]:
        """The keys of the probes that are to run, and in how many seconds."""
        hosts = (host for host in self.probes if sender in self.addresses.get(host, ()))
        keys = frozenset().union(*(self.probes[host] for host in hosts))
        awaited = {key for key in keys if self._runs.get(key, now) > now}
        runs = {key: max(now, self._runs.get(key, now - _APART) + _APART) for key in keys - awaited}
        self._runs.update(runs)
        self._heard[Heard.ACCEPTED if runs else Heard.REPEATED if keys else Heard.UNKNOWN_SENDER] += 1
        return {key: moment - now for key, moment in runs.items()}

    def samples(self) -> Iterator[Sample]:
        return (AGENT_TRAPS(self._heard[result], result=result) for result in Heard)


class Traps:
    """The agent's ear for traps, open where the configuration asks for it."""

    def __init__(self, wake: Callable[[str], None], clock: Clock) -> None:
        self._wake = wake
        self._clock = clock
        self._hints = Hints()
        self._resolver = Resolver()
        self._listen: Listen | None = None
        self._port: TrapPort | None = None
        self._upkeep: asyncio.Task[None] | None = None

    @property
    def port(self) -> int | None:
        """Where datagrams are heard, None = nowhere."""
        return self._port.port if self._port else None

    def update(self, configuration: Configuration) -> None:
        """Hear the UPSes of this configuration from now on."""
        if configuration.settings.traps != self._listen:
            self._shut()
            self._listen = configuration.settings.traps
        if self._upkeep:
            self._upkeep.cancel()
        self._hints.probes = hosts(configuration.probes)
        self._upkeep = asyncio.create_task(self._keep_up()) if self._listen else None

    def close(self) -> None:
        if self._upkeep:
            self._upkeep.cancel()
        self._shut()

    def samples(self) -> Iterator[Sample]:
        return self._hints.samples() if self._listen else iter(())

    async def _keep_up(self) -> None:
        while True:
            if self._port is None and self._listen:
                self._open(self._listen)
            await asyncio.gather(*(self._lookup(host) for host in self._hints.probes))
            await self._clock.sleep(_ASK_AGAIN)

    def _open(self, listen: Listen) -> None:
        """Without the port the agent measures on: a hint is no more than that."""
        try:
            self._port = TrapPort(listen, self._hear)
        except OSError as error:
            _log.error(logline("traps_not_heard", listen=listen, problem=str(error)))
        else:
            _log.info(logline("traps_heard", listen=listen, port=self._port.port))

    def _shut(self) -> None:
        if self._port:
            self._port.close()
        self._port = None

    def _hear(self, sender: IP) -> None:
        for key, wait in self._hints.hear(sender, self._clock.monotonic()).items():
            asyncio.get_running_loop().call_later(wait, self._wake, key)

    async def _lookup(self, host: str) -> None:
        """A name that cannot be looked up now keeps the addresses that it had."""
        try:
            async with asyncio.timeout(_PATIENCE):
                self._hints.addresses[host] = await self._resolver.addresses(host, "any", _PATIENCE)
        except (ProbeError, TimeoutError) as error:
            _log.warning(logline("trap_sender_unknown", host=host, problem=str(error) or "no answer in time"))


def hosts(probes: Iterable[Probe]) -> dict[str, frozenset[str]]:
    """Host of a UPS -> the keys of the probes that ask it."""
    found: dict[str, frozenset[str]] = {}
    for probe in probes:
        if probe.collector.name in READERS:
            found[probe.target.host] = found.get(probe.target.host, frozenset()) | {probe.key}
    return found
