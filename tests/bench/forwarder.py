"""The agent's buffer and uplink by themselves, fed by a scrape instead of probes, to be held against others."""

import asyncio
import re
import sys
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from agent.buffer.durable import DurableBuffer
from agent.disk import Disk
from agent.io.line import HttpLine
from agent.io.machine import Machine
from agent.uplink.uplink import Uplink
from agent.uplink.watch import Watch
from collectors.core import Kind, Metric, Sample
from collectors.core.push import Compression, Destination, Push
from collectors.core.values import Duration, Url

_LINE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
_LABEL = re.compile(r'(\w+)="([^"]*)"')


def read(page: str) -> list[Sample]:
    """The samples of a page."""
    found = []
    for line in page.splitlines():
        if match := _LINE.fullmatch(line):
            name, labels, value = match.groups()
            metric = Metric(name, Kind.GAUGE, "", tuple(key for key, _ in _LABEL.findall(labels or "")))
            found.append(metric(float(value), **dict(_LABEL.findall(labels or ""))))
    return found


async def forward(url: str, folder: Path, every: float) -> None:
    """Until it is killed."""

    def look() -> list[Sample]:
        with suppress(OSError), urllib.request.urlopen(f"{url}/metrics", timeout=1) as page:
            return read(page.read().decode())
        return []

    disk = Disk()
    to = Destination(Url(f"{url}/api/v1/write"), compression=Compression.SNAPPY)
    uplink = Uplink(
        DurableBuffer(folder / "buffer", disk), Watch(Machine(), folder, disk), look, lambda one: HttpLine(one, "bench")
    )
    push = Push({"centre": to}, scrape_interval=Duration(every))
    uplink.update(push, {"province": "04", "commune": "01273", "office": "01273-1"})
    await asyncio.Event().wait()


def main(argv: Sequence[str]) -> None:
    """URL of the page without /metrics, folder, seconds between two scrapes."""
    asyncio.run(forward(argv[0], Path(argv[1]), float(argv[2])))


if __name__ == "__main__":
    main(sys.argv[1:])
