"""What it costs to put requests together: `python -m tests.bench.encoding`. CPU time, the best of several rounds."""

import time
from collections.abc import Iterator, Sequence

from agent.uplink.packing import Packing
from agent.uplink.series import Look
from collectors.core.push import Compression, Destination
from collectors.core.values import Url
from tests.bench.scrapes import EVERY, SERIES, scrapes

COUNT, ROUNDS = 960, 5
LENGTHS = (4, 20, 40, 80, 240)  # looks of a request
TITLE = "## The requests of an office that pushes"
SECTION = """{title}

{series} series at 15 s, as they come from the buffer; CPU of everything from their values to the packed body, on one
core, the best of {rounds} rounds. A live request holds a minute, one of a backlog twenty. The aim for a minute is
0.6 ms.

| a request of | CPU ms per 1,000 samples, snappy | B/sample | zstd: CPU ms | B/sample |
|---|---|---|---|---|
{rows}
"""


def section() -> str:
    """Of docs/benchmarks.md."""
    looks = [(round(stamp.wall * 1000), values) for stamp, values in scrapes(COUNT)]
    return SECTION.format(title=TITLE, series=SERIES, rounds=ROUNDS, rows="\n".join(_rows(looks)))


def _rows(looks: Sequence[Look]) -> Iterator[str]:
    for length in LENGTHS:
        requests = [tuple(looks[start : start + length]) for start in range(0, COUNT, length)]
        cells = [cell for one in (Compression.SNAPPY, Compression.ZSTD) for cell in _cells(requests, one)]
        yield f"| {length * EVERY / 60:g} min | {' | '.join(cells)} |"


def _cells(requests: Sequence[tuple[Look, ...]], compression: Compression) -> tuple[str, str]:
    packing, samples, best, size = Packing(_to(compression)), COUNT * SERIES, 1e9, 0
    for _ in range(ROUNDS):
        begun = time.thread_time()
        size = sum(len(packing.pack(looks)[1]) for looks in requests)
        best = min(best, time.thread_time() - begun)
    return f"{best / samples * 1e6:.2f}", f"{size / samples:.2f}"


def _to(compression: Compression) -> Destination:
    return Destination(Url("https://centre.example.vn/api/v1/write"), compression=compression)


if __name__ == "__main__":
    print(section())
