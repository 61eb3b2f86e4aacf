"""What it costs an office to push: the buffer, the backlog of an outage, and the same of other forwarders."""

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.bench import buffer, encoding, forwarders, uplink

_HOURS, _SHORT = 72.0, 6.0  # of the outages that are made good


def sections(*, short: bool) -> Iterator[str]:
    """Of docs/benchmarks.md. Without root there is no wear of disks in them, and no slow line."""
    yield stamped(buffer.section())
    yield stamped(encoding.section())
    yield stamped(uplink.section(_SHORT if short else _HOURS))
    yield stamped(asyncio.run(forwarders.measured(120 if short else 300)))


def stamped(section: str) -> str:
    """With what one has to know to judge its times."""
    cpus, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    made = f"Made on {datetime.now(UTC).date()}; load average at the end {load:.1f}, on {cpus} cores."
    return f"{section.rstrip()}\n\n{made}\n"
