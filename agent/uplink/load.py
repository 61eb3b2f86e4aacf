"""From scrapes and their times to what a request carries. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from agent.buffer.scrape import Labels, Scrape, Stamp
from agent.uplink.piece import Piece
from agent.uplink.series import Look
from agent.uplink.timeline import Unknown


@dataclass(frozen=True, slots=True)
class Load:
    """What of a piece can leave now.

    piece       the piece, shorter where the time of its end is not known yet or not come
    looks       values by time, oldest first
    last        the stamp of the last of them
    series      of the last scrape, whatever part of it is sent
    unknowable  scrapes that will never have a time: sequence, why, how many samples
    left_out    series that the receiver never takes, and in how many scrapes they were
    held        whether something was cut off
    """

    piece: Piece
    looks: tuple[Look, ...] = ()
    last: Stamp | None = None
    series: int = 0
    unknowable: tuple[tuple[int, Unknown, int], ...] = ()
    left_out: Mapping[Labels, int] = field(default_factory=dict)
    held: bool = False

    @property
    def samples(self) -> int:
        return sum(len(values) for _, values in self.looks)


def load(
    piece: Piece,
    scrapes: Iterable[Scrape],
    time_of: Callable[[Stamp], float | Unknown],
    limit: float,
    barred: Collection[Labels] = (),
) -> Load:
    """`limit`: Unix time after which nothing may be said to be; `barred`: series that are left out."""
    looks: list[Look] = []
    unknowable: list[tuple[int, Unknown, int]] = []
    left_out: Counter[Labels] = Counter()
    last: Stamp | None = None
    series = 0
    for scrape in scrapes:
        if scrape.sequence > piece.last:
            break
        time = time_of(scrape.stamp)
        if time is Unknown.NOT_YET or (isinstance(time, float) and time > limit):
            piece = replace(piece, last=scrape.sequence - 1)
            return Load(piece, tuple(looks), last, series, tuple(unknowable), left_out, held=True)
        if isinstance(time, Unknown):
            unknowable.append((scrape.sequence, time, len(scrape.values)))
            continue
        values = _part(scrape.values, piece.part)
        left_out.update(values.keys() & barred)
        looks.append((round(time * 1000), {key: value for key, value in values.items() if key not in barred}))
        last, series = scrape.stamp, len(scrape.values)
    return Load(piece, tuple(looks), last, series, tuple(unknowable), left_out)


def _part(values: Mapping[Labels, float], part: tuple[int, int] | None) -> Mapping[Labels, float]:
    if part is None:
        return values
    start, stop = part
    return {key: values[key] for key in sorted(values)[start:stop]}
