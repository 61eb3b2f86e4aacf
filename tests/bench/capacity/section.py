"""The capacity probe's section of docs/benchmarks.md."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.bench.capacity.aims import aims
from tests.bench.capacity.cells import CELLS, Cell
from tests.bench.capacity.harm import Harm, harm
from tests.bench.capacity.measure import Tested, all_cells
from tests.bench.capacity.table import summary, table

TITLE = "## What a line carries"
SHORT_CELLS = (
    "5 Mbit/s",
    "20 Mbit/s",
    "20 Mbit/s, bucket of 256 kB",
    "20 Mbit/s, 1 % lost",
    "20 Mbit/s, batches of 10 ms",
)

SECTION = """{title}

Made on {date} in {minutes:.0f} minutes, load average at the end {load:.1f}. Network namespaces: office - router -
delay line - far end, shaped by tbf in both directions (or policed by nftables), a round trip of 20 ms unless said. On
each line the probe (`communewatch probe capacity`) {times} times down and up, and iperf3 -t {seconds} once down and up
in the same run, with the same others. Errors are against the shaped rate at the IP layer, whoever else uses the line;
MB and s are medians of one direction.

{table}

{summary}

Objects of 200 kB that begin while a test runs, medians in ms:

| line | alone | during a probe | during iperf3 | times | iperf3: times |
|---|---|---|---|---|---|
{harms}

| aim | found | met |
|---|---|---|
{aims}
"""


def measured(*, short: bool = False) -> str:
    """Runs everything; needs root. short: some lines, two probes each, 3 s of iperf3, a minute or two."""
    times, seconds, objects = (2, 3, 4) if short else (5, 10, 15)
    begun, tested = time.monotonic(), []
    for each in all_cells(times, _cells(short=short), seconds):
        tested.append(each)
        print(table([each]).splitlines()[-1], flush=True)
    harms = list(harm(objects))
    return section(tested, harms, times, seconds, (time.monotonic() - begun) / 60)


def _cells(*, short: bool) -> Sequence[Cell]:
    return [cell for cell in CELLS if not short or cell.title in SHORT_CELLS]


def section(tested: Sequence[Tested], harms: Sequence[Harm], times: int, seconds: int, minutes: float) -> str:
    """In Markdown."""
    return SECTION.format(
        title=TITLE, date=datetime.now(UTC).date(), minutes=minutes, load=os.getloadavg()[0], times=times,
        seconds=seconds, table=table(tested), summary=summary(tested), harms="\n".join(each.row() for each in harms),
        aims="\n".join(aim.row() for aim in aims(tested, harms)),
    )  # fmt: skip
