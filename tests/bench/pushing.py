"""What it costs an office to push: the buffer, the backlog of an outage, and the same of other forwarders."""

import asyncio
from collections.abc import Iterator

from tests.bench import buffer, encoding, forwarders, uplink

_HOURS, _SHORT = 72.0, 6.0  # of the outages that are made good


def sections(*, short: bool) -> Iterator[str]:
    """Of docs/benchmarks.md. Without root there is no wear of disks in them, and no slow line."""
    yield buffer.section()
    yield encoding.section()
    yield uplink.section(_SHORT if short else _HOURS)
    yield asyncio.run(forwarders.measured(120 if short else 300))
