"""A probe of the collector `service` against the hostile web server: each behaviour gets its verdict and its phase.

None costs more time than the probe has, or more memory than it may.
"""

import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.io.clock import MachineClock
from agent.io.http import HttpAdapter
from agent.io.ports import MachinePorts
from collectors.core import Reading
from collectors.core.ports import HttpExchange, HttpRequest
from collectors.core.values import Url
from collectors.service import COLLECTOR
from collectors.service.target import Target
from tests.servers.certificates import Certificates
from tests.servers.http_wrong import Wrong
from tests.servers.http_wrong_http2 import OVER_HTTP2
from tests.servers.http_wrong_pages import OVER_PAGES
from tests.servers.http_wrong_tcp import OVER_TCP
from tests.servers.http_wrong_tls import OVER_TLS
from tests.servers.tcp import listening

EVERYTHING = {**OVER_TCP, **OVER_PAGES, **OVER_TLS, **OVER_HTTP2}
PLENTY = 20.0
LITTLE = 0.5
BOUND = Target().max_body
WAITS = ("never", "silence", "stalls", "drips")  # for the timeout, whatever it is
MEMORY = 2 * 2**20
TRIES = 3


class Ports(MachinePorts):
    """The machine's, with the last exchange kept."""

    def __init__(self) -> None:
        super().__init__("communewatch/test")
        self.clock = MachineClock()
        self._adapter = HttpAdapter("communewatch/test")
        self.http = self
        self.last: HttpExchange | None = None

    async def exchange(self, request: HttpRequest, timeout: float) -> HttpExchange:
        self.last = await self._adapter.exchange(request, timeout)
        return self.last

    def remember(self, request: HttpRequest, exchange: HttpExchange) -> None:
        self._adapter.remember(request, exchange)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds: on the wall, but for those in which others had the processors; and of this process's processors."""

    time: float
    processor_time: float

    @classmethod
    def now(cls) -> "Spent":
        return cls(time.monotonic() - kept_waiting(), time.process_time())


def kept_waiting() -> float:
    """Seconds in which this thread could have run and was not let, 0 where the kernel does not count them."""
    counted = Path("/proc/thread-self/schedstat")
    return int(counted.read_text(encoding="ascii").split()[1]) / 1e9 if counted.exists() else 0.0


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


async def probe(
    wrong: Wrong, certificates: Certificates, timeout: float, *, twice: bool = False
) -> tuple[Reading, HttpExchange, Spent]:
    """What the collector says, its last exchange, and what it took."""
    ports = Ports()
    async with listening(wrong.behave, wrong.tls(certificates) if wrong.tls else None) as port:
        url = Url.parse(f"{wrong.scheme}://localhost:{port}/")
        target = Target(url=url, family="ip4", ca_file=certificates.ca_file, second_opinion=twice)
        begun = Spent.now()
        reading = await COLLECTOR.collect(target, ports, timeout)
        ended = Spent.now()
    assert ports.last
    return reading, ports.last, Spent(ended.time - begun.time, ended.processor_time - begun.processor_time)


@pytest.mark.parametrize("name", EVERYTHING)
async def test_every_behaviour_gets_its_verdict_and_phase(name: str, certificates: Certificates) -> None:
    wrong = EVERYTHING[name]
    waits = any(word in name for word in WAITS)
    reading, exchange, _ = await probe(wrong, certificates, LITTLE if waits else PLENTY)
    phase = exchange.failure.phase if exchange.failure else ""
    assert (reading.result, phase) == (wrong.reason, wrong.phase), reading.evidence
    assert list(exchange.phases)[-1] == phase or not phase
    assert len(exchange.body) <= BOUND


@pytest.mark.parametrize("name", EVERYTHING)
async def test_no_behaviour_makes_a_probe_exceed_its_timeout(name: str, certificates: Certificates) -> None:
    """By more than a tenth. Others disturb this machine, but not each time, and they use no processor time of ours.

    So the quickest of some tries counts, without the time for which it was kept waiting, and the processor time of
    every one (a flood's server uses half of it).
    """
    took: list[float] = []
    while len(took) < TRIES and not (took and min(took) <= 1.1 * LITTLE):
        _, _, spent = await probe(EVERYTHING[name], certificates, LITTLE, twice=True)
        took.append(spent.time)
        assert spent.processor_time <= 1.5 * LITTLE
    assert min(took) <= 1.1 * LITTLE


@pytest.mark.parametrize("name", EVERYTHING)
async def test_no_behaviour_costs_more_memory_than_it_may(name: str, certificates: Certificates) -> None:
    """The second attempt, which may run beside the first, and the server, which runs here, too, included."""
    # What is imported or remembered once is no cost of a probe.
    await probe(EVERYTHING[name], certificates, LITTLE, twice=True)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        await probe(EVERYTHING[name], certificates, LITTLE, twice=True)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most - before < MEMORY


def test_there_are_many_ways_to_be_wrong() -> None:
    assert len(EVERYTHING) >= 100
    assert sum(wrong.phase == "tls" for wrong in EVERYTHING.values()) >= 8
