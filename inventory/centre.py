"""What the centre's own agent measures: the routers of its province's offices, spread over time. Pure.

Its series are about other offices than the one that it stands in, so they name the office in a label of their own,
`router`; the labels `commune` and `office` stay those of whoever speaks, and the centre has neither.
"""

import math
from collections.abc import Mapping

from collectors import messages
from inventory import labels
from inventory.model import Province
from inventory.probes import Probe
from inventory.schema import Name, ProbeEntry

COLLECTOR = "router"
CONCURRENCY = 32  # routers that do not answer take all of their time: all of a province within one interval
_EVERY = 30.0  # seconds: half of what it takes until an office is called silent
_MOST_PER_SECOND = 5  # routers, with three echoes each


def identity(province: Province) -> Mapping[str, str]:
    """For the agent's own page and log; what Prometheus knows it by stands in its targets."""
    return {labels.PROVINCE: province.code, labels.COMMUNE: province.code, labels.OFFICE: f"centre-{province.code}"}


def name(province: Province) -> Name:
    """What people call it."""
    return _name("inventory.centre", Name(province.unit.title(), province.unit.title("en")))


def probes(province: Province) -> tuple[Probe, ...]:
    """One for each office whose router the inventory knows; none where it knows none."""
    entry = province.probes.get(COLLECTOR, ProbeEntry())
    asked = [office for office in province.offices if office.router]
    every = entry.every or interval(len(asked))
    return tuple(
        Probe(
            COLLECTOR,
            {labels.ROUTER: office.id},
            _name("inventory.probe.router", office.name),
            every,
            entry.timeout,
            office.router,
        )
        for office in asked
    )


def _name(key: str, whose: Name) -> Name:
    return Name(messages.text(key, "vi", name=whose.vi), messages.text(key, "en", name=whose.en))


def interval(routers: int) -> float:
    """Seconds between two looks at one router, so that all of them together are asked gently."""
    return max(_EVERY, math.ceil(routers / _MOST_PER_SECOND))
