"""The machine of one office."""

from collectors.host import AVAILABLE, BOOT_TIME, CPU, MEMORY, SIZE, TIME
from dashboards.promql import least, most, rate, select
from dashboards.queries.scope import OFFICE

_DISK = ("mountpoint",)


def cpu_busy() -> str:
    """Share of time, 0 to 1, over all processors."""
    return f"1 - avg({rate(select(CPU, mode='idle', **OFFICE))})"


def memory_used() -> str:
    """Share that programs can no longer have, 0 to 1."""
    available, size = (most((), select(MEMORY[field], **OFFICE)) for field in ("MemAvailable", "MemTotal"))
    return f"1 - {available} / {size}"


def disk_used() -> str:
    """Share of each filesystem, 0 to 1."""
    return f"1 - {least(_DISK, select(AVAILABLE, **OFFICE))} / {least(_DISK, select(SIZE, **OFFICE))}"


def uptime() -> str:
    """Seconds since the machine started."""
    return f"{most((), select(TIME, **OFFICE))} - {most((), select(BOOT_TIME, **OFFICE))}"
