"""The collector: one conversation with the server; the verdict comes as for a UPS over SNMP (see collectors.ups)."""

from collectors.core import Lane, Ports, ProbeError, Reading, Reason, Schedule
from collectors.core.ports import Script
from collectors.nut.observe import lost, observe
from collectors.nut.protocol import GOODBYE, LOST, MOST, Dialogue, Found, ask
from collectors.nut.target import Target, argument
from collectors.ups.metrics import METRICS, samples
from collectors.ups.observe import clean
from collectors.ups.watch import Look, Watch, compare


class Nut:
    """See collectors.core.Collector."""

    name = "nut"
    target = Target
    metrics = METRICS
    schedule = Schedule(every=15, timeout=5, lane=Lane.NEUTRAL)
    needs = frozenset({"net"})
    argument = staticmethod(argument)
    past = staticmethod(Watch)
    read_past = staticmethod(Watch.read)
    compare = staticmethod(compare)

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """Raises ProbeError: UNSUPPORTED (no such UPS), DENIED, ERROR, BAD_ANSWER, and why there is no connection."""
        dialogue = Dialogue(ask(target))
        talk = await ports.net.talk(target.host, target.port, timeout, Script(dialogue.reply, GOODBYE, MOST))
        if failure := talk.connection.failure:
            return Reading(failure.reason, phases=talk.connection.phases, evidence=(failure.message,))
        found = dialogue.result
        if found is None:
            raise ProbeError(Reason.BAD_ANSWER, f"more than {MOST} bytes of answers: this is no NUT server")
        seen = lost() if found.lost else observe(found.variables)
        if seen.says_nothing:
            raise ProbeError(Reason.BAD_ANSWER, f"the NUT server says nothing of {found.ups} that makes sense")
        look = Look(seen, ports.clock.monotonic())
        return Reading(Reason.OK, samples(seen), talk.connection.phases, _evidence(found), look)


def _evidence(found: Found) -> tuple[str, ...]:
    lines = [f"UPS {found.ups!r}" + (f", {clean(found.description.encode())}" if found.description else "")]
    if found.lost:
        lines.append(f"{found.lost}: {LOST[found.lost]}")
    lines += (
        f"{name}: {text}"
        for name in ("ups.status", "ups.alarm", "ups.test.result", "input.transfer.reason")
        if (text := clean(found.variables.get(name, "").encode()))
    )
    return tuple(lines)
