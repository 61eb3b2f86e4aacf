"""What the buffer costs an office of 150 series: `python -m tests.bench.buffer`. Disk, wear, CPU. Root for the wear.

The wear is counted by the kernel on ext4s of its own: all that reached the device. One scrape after the other shows
what the buffer itself writes. Where the disk is idle between two scrapes (here 6 s), ext4 journals after each of them,
for the time of the file's last change is changed; a mount option says how soon (here as much sooner as scrapes come).
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from agent.buffer.folder import Folder
from agent.buffer.quota import Policy
from agent.buffer.receipts import Receipts
from agent.buffer.store import Store
from tests.bench.scrapes import EVERY, SERIES, scrapes
from tests.tools.ext4 import Ext4, ext4

DAYS = 3
DAY = round(86400 / EVERY)  # scrapes
MB = 1e6
GAP = 6.0  # seconds between two scrapes where the disk is idle meanwhile: ext4 journals 5 s after a change
WEARS = (
    ("by the buffer itself", "", 960, 0.0),
    ("with ext4's journal", "", 48, GAP),
    ("the same, mounted with commit=60", f"commit={60 * GAP / EVERY:.0f}", 48, GAP),
    ("the same, mounted with commit=300", f"commit={300 * GAP / EVERY:.0f}", 48, GAP),
)
TITLE = "## The buffer of an office that pushes"
SECTION = """{title}

{series} series at 15 s, two fifths of them constant, a fifth each slow whole numbers, counters, and noise with all its
digits; ext4 on a loop device, counted by the kernel. Every scrape is on the disk (fdatasync) before the next.

{table}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of three days: bytes on disk and CPU seconds of filling and of reading in requests of ten minutes."""

    size: int
    fill: float
    read: float


def opened(folder: Path) -> Receipts:
    """A buffer that sends to one receiver."""
    receipts = Receipts(folder, Store(Folder(folder)), Policy())
    receipts.destinations = ("centre",)
    receipts.open()
    return receipts


def outage(folder: Path, days: int = DAYS) -> Cost:
    """Nothing is taken for so many days; then all of it is read."""
    receipts, looks = opened(folder), list(scrapes(days * DAY))
    begun = time.thread_time()
    for stamp, values in looks:
        receipts.log.append(stamp, values)
    filled = time.thread_time()
    after = samples = 0
    while part := receipts.log.read(after, 40):
        after = part[-1].sequence
        samples += sum(len(scrape.values) for scrape in part)
    assert samples == days * DAY * SERIES, samples
    receipts.close()
    size = sum(file.stat().st_size for file in folder.iterdir() if file.suffix == ".segment")
    return Cost(size, filled - begun, time.thread_time() - filled)


def wear(disk: Ext4, count: int, *, patient: float = 0.0) -> float:
    """Bytes a day that reach the device, all taken a minute later. `patient`: seconds between two scrapes."""
    receipts, before = opened(disk.place / "buffer"), 0
    for number, (stamp, values) in enumerate(scrapes(count + 1)):
        sequence = receipts.log.append(stamp, values)
        if number == 0:
            disk.sync()
            before = _written(disk.place)
        if number % 4 == 3:
            receipts.acknowledge("centre", 1, sequence)
        time.sleep(patient)
    disk.sync()
    written = _written(disk.place) - before
    receipts.close()
    return written / count * DAY


def _written(place: Path) -> int:
    """Bytes that reached the device below this folder."""
    device = place.stat().st_dev
    sectors = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}/stat").read_text(encoding="ascii").split()[6]
    return int(sectors) * 512


def table(cost: Cost, wears: dict[str, float]) -> str:
    """Markdown."""
    count = DAYS * DAY
    rows = [
        ("bytes per sample on disk", f"{cost.size / count / SERIES:.2f}"),
        ("72 h on disk, MB", f"{cost.size / MB:.1f}"),
        ("CPU per scrape, ms", f"{1000 * cost.fill / count:.2f}"),
        ("CPU per 1,000 samples read, ms", f"{1e6 * cost.read / count / SERIES:.2f}"),
        *((f"written to the device in a day, MB, {how}", f"{found / MB:.0f}") for how, found in wears.items()),
    ]
    return "\n".join(("| | |", "|---|---|", *(f"| {what} | {figure} |" for what, figure in rows)))


def measured() -> str:
    """The table. Without root there is no wear in it."""
    with tempfile.TemporaryDirectory(prefix="communewatch-bench-") as name:
        folder = Path(name)
        (folder / "outage").mkdir()
        print("bench: three days of scrapes", file=sys.stderr)
        cost = outage(folder / "outage")
        if os.geteuid():
            return table(cost, {})
        print("bench: wear, for five minutes", file=sys.stderr)
        with ThreadPoolExecutor(len(WEARS)) as threads:
            found = threads.map(partial(_worn, folder), range(len(WEARS)))
            return table(cost, {WEARS[number][0]: wear for number, wear in enumerate(found)})


def _worn(folder: Path, number: int) -> float:
    _, options, count, patient = WEARS[number]
    own = folder / str(number)
    own.mkdir()
    with ext4(own, options) as disk:
        return wear(disk, count, patient=patient)


def section() -> str:
    """Of docs/benchmarks.md."""
    return SECTION.format(title=TITLE, series=SERIES, table=measured())


def main() -> None:
    """Print the table."""
    print(measured())


if __name__ == "__main__":
    main()
