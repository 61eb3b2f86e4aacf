"""What processes used, as the kernel accounts it."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """cpu: user and system seconds; rss, pss: bytes (pss shares pages between those who map them)."""

    cpu: float
    rss: int
    pss: int

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.cpu + other.cpu, self.rss + other.rss, self.pss + other.pss)


def usage(pid: int) -> Usage:
    """From /proc/PID/stat and smaps_rollup."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / _TICK
    rollup = dict(
        line.split(":") for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]
    )
    return Usage(cpu, *(int(rollup[name].split()[0]) * 1024 for name in ("Rss", "Pss")))
