"""The office's own load at a moment, for probes whose figure means something else while the office uses its line."""

from collections.abc import Callable

from collectors.core import Ports, ProbeError
from collectors.core.ports import Direction
from collectors.wan.counters import Load, Look, load
from collectors.wan.place import Place, see

CONTENDED = 0.1  # of the link's rate: from so much own load on what was left is not the link's affair
ANSWER = 2.0  # seconds that one look may take
_ANY_SPEED = 1e12  # bytes per second: more has gone by in no second
_MOMENT = 1.0  # seconds between the two looks that tell the load before a probe
_STEP = 5.0  # and those that tell whether the line is quiet


async def own_load(place: Place, ports: Ports, seconds: float = _MOMENT) -> Load | None:
    """What the office moves in these seconds, None where the counters do not tell."""
    before = await look(place, ports)
    if before is None:
        return None
    await ports.clock.sleep(seconds)
    now = await look(place, ports)
    return load(before, now, _ANY_SPEED) if now else None


async def until_quiet(place: Place, ports: Ports, quiet: Callable[[Load], bool]) -> None:
    """Until five seconds were quiet, or the counters do not tell: then there is nothing to wait for."""
    while (found := await own_load(place, ports, _STEP)) and not quiet(found):
        pass


async def look(place: Place, ports: Ports) -> Look | None:
    """One look, None where the counters do not tell."""
    try:
        return (await see(place, ports, ANSWER)).look
    except ProbeError:
        return None


def others_between(before: Look, now: Look, direction: Direction, own: float) -> float | None:
    """Bytes per second that the office moved beside a test of `own` bytes at the IP layer; None = it cannot be told."""
    found = load(before, now, _ANY_SPEED)
    return None if found is None else max(0.0, found.of(direction) - own / (now.at - before.at))
