"""A scrape: one look at everything that /metrics shows, as it is kept and sent. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

Labels = tuple[tuple[str, str], ...]  # sorted by name, `__name__` and the identity labels included, none empty


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something was, by every clock there is.

    boot       the kernel's id of this boot, "" where it gives none
    monotonic  seconds of CLOCK_BOOTTIME: comparable within one boot only, and right there
    wall       Unix time as the wall clock said then, which may have been wrong
    """

    boot: str
    monotonic: float
    wall: float


@dataclass(frozen=True, slots=True)
class Scrape:
    """`sequence` rises with every scrape of this office and is never given twice; it has gaps."""

    sequence: int
    stamp: Stamp
    values: Mapping[Labels, float]


@dataclass(frozen=True, slots=True)
class Refused:
    """What a receiver will never take, and so is not sent there again.

    first, last  the sequences, both included
    labels       the only series that was refused, None = the whole scrapes
    reason       as the receiver put it, for people
    """

    destination: str
    first: int
    last: int
    labels: Labels | None
    reason: str
