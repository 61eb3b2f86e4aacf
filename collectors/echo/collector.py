"""The collector `echo`: one run asks all the time until the next one begins."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from collectors.bandwidth.collector import DEFAULT_PORT, LEAST_KEY
from collectors.core import Lane, Ports, Reading, Reason, Schedule
from collectors.core.ports import Echoes, EchoRequest
from collectors.core.values import Duration, HostPort, Secret
from collectors.echo.metrics import METRICS, of_past, of_run
from collectors.echo.past import Past, seen
from collectors.echo.summary import Summary, summary

_SPARE = 0.25  # seconds of a run that are left for what is no waiting


@dataclass(frozen=True, slots=True)
class Target:
    """A responder, its key, and how often it is asked: each second, or each five on a link that is paid by the byte."""

    responder: HostPort
    key: Secret
    interval: Duration = Duration(1)
    patience: Duration = Duration(2)

    def check(self) -> Iterable[tuple[str, str]]:
        if self.key and len(self.key.reveal().strip()) < LEAST_KEY:  # empty where secrets are not read
            yield "key", f"is shorter than {LEAST_KEY} characters"
        if not 0.2 <= self.interval <= 10:
            yield "interval", "should be between 200ms and 10s"
        if not 0.1 <= self.patience <= 5:
            yield "patience", "should be between 100ms and 5s"


@dataclass(frozen=True, slots=True)
class _Seen:
    """begun: Unix time."""

    echoes: Echoes
    begun: float


class EchoProbe:
    """See the package."""

    name = "echo"
    target = Target
    metrics = METRICS
    schedule = Schedule(every=60, timeout=60, lane=Lane.BACKGROUND)
    needs = frozenset(("net",))

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """As long as the timeout allows. Raises ProbeError with Reason.DNS where the name never resolved."""
        place, begun = target.responder, ports.clock.now()
        seconds = max(target.patience, timeout - _SPARE)
        request = EchoRequest(
            place.host, place.port or DEFAULT_PORT, target.key, target.interval, seconds, target.patience
        )
        found = await ports.net.echo(request)
        return _reading(found, summary(found.echoes), begun)

    def past(self) -> Past:
        """Of a probe that never ran."""
        return Past()

    def read_past(self, kept: object) -> Past:
        """Raises ValueError."""
        return Past.read(kept)

    def compare(self, reading: Reading, past: Past, _now: float) -> tuple[Reading, Past]:
        """The run's packets as the last ones of all that were sent. A run that sent none changes nothing."""
        if isinstance(reading.seen, _Seen):
            past = seen(past, reading.seen.echoes, reading.seen.begun)
        return replace(reading, samples=(*reading.samples, *of_past(past))), past


def _reading(found: Echoes, said: Summary, begun: float) -> Reading:
    result, why = _judge(found, said)
    return Reading(result, tuple(of_run(said)), evidence=(why,), seen=_Seen(found, begun))


def _judge(found: Echoes, said: Summary) -> tuple[Reason, str]:
    if said.lost < said.sent:
        least, middle, _, late, most = (time * 1000 for time in said.round_trips)
        times = f"{least:.1f}/{middle:.1f}/{late:.1f}/{most:.1f} ms min/median/p99/max"
        return Reason.OK, f"{said.sent - said.lost} of {said.sent} echoes of {found.address} came back, {times}"
    if found.refused:
        return Reason.REFUSED, f"{found.address} says that nobody takes echoes there"
    return Reason.NO_ANSWER, f"none of {said.sent} echoes came back: the line, the responder, a firewall or the key"
