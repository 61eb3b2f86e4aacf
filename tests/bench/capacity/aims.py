"""What the capacity probe aims at, and what a run of the bench found. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from collectors.capacity.estimate import Doubt
from tests.bench.capacity.cells import Cell, Others
from tests.bench.capacity.harm import Harm
from tests.bench.capacity.measure import Run, Tested

USUAL = (5, 20, 50, 100)
_WRONG = 0.05
_FEWEST = 300


@dataclass(frozen=True, slots=True)
class Aim:
    """met None: it was not tried in this run."""

    words: str
    found: str
    met: bool | None

    def row(self) -> str:
        """In Markdown."""
        return f"| {self.words} | {self.found} | {'' if self.met is None else 'yes' if self.met else '**no**'} |"


def aims(tested: Sequence[Tested], harms: Sequence[Harm]) -> Iterator[Aim]:
    """Medians are of a cell's accepted figures; the worst cell counts."""
    plain = [each for each in tested if each.cell.title == f"{each.cell.rate:g} Mbit/s" and each.cell.rate in USUAL]
    idle = [each for each in plain if each.cell.others is Others.NOBODY]
    yield _error("idle, 5 to 100 Mbit/s: median error", idle, 0.01)
    yield _error(
        "UDP or web, 30 %: median error", [each for each in plain if each.cell.share and _is_partly(each)], 0.02
    )
    yield _bytes("bytes at 5 Mbit/s, of those of iperf3 -t 10", [each for each in idle if each.cell.rate < 20], 20)
    yield _bytes("bytes from 20 Mbit/s up", [each for each in idle if each.cell.rate >= 20], 40)
    yield _seconds(
        [each for each in tested if each.cell in {one.cell for one in idle} or "round trip" in each.cell.title]
    )
    for words, chosen in _HARD.items():
        yield _error(f"{words}: median error", [each for each in tested if chosen(each.cell)], 0.02)
    yield _policer([each for each in tested if each.cell.policed and not each.cell.bucket])
    yield _hogs([each for each in tested if each.cell.hogs])
    yield _accepted([run for each in tested for run in each.runs])
    yield from map(_harm, [each for each in harms if each.direction == "down"])


_HARD: dict[str, Callable[[Cell], bool]] = {
    "one greedy TCP": lambda cell: cell.others is Others.TCP,
    "1 % lost": lambda cell: cell.loss == 0.01,
    "round trip 600 ms": lambda cell: cell.round_trip == 0.6,
    "bucket of 64 kB to 1 MB": lambda cell: bool(cell.bucket) and not cell.policed,
    "batches of 5 to 20 ms": lambda cell: bool(cell.batch),
}


def _is_partly(each: Tested) -> bool:
    return each.cell.others in (Others.UDP, Others.WEB)


def _errors(runs: Iterable[Run]) -> list[float]:
    return sorted(abs(run.error) for run in runs if run.error is not None)


def _error(words: str, tested: Sequence[Tested], most: float) -> Aim:
    medians = [(median(errors) if (errors := _errors(each.runs)) else 1.0) for each in tested]
    found = f"{min(medians):.2%} to {max(medians):.2%}" if medians else "not tried"
    return Aim(f"{words} <= {most:.0%}", found, max(medians) <= most if medians else None)


def _bytes(words: str, tested: Sequence[Tested], share: float) -> Aim:
    ratios = [
        median(size for _, size, _ in each.iperf3) / median(run.size for run in each.runs)
        for each in tested
        if each.iperf3
    ]
    found = f"1/{min(ratios):.0f}" if ratios else "not tried"
    return Aim(f"{words}: <= 1/{share:g}", found, min(ratios) >= share if ratios else None)


def _seconds(tested: Sequence[Tested]) -> Aim:
    over = [median(run.seconds for run in each.runs) - 4 * each.cell.round_trip for each in tested]
    found = f"{max(over):.2f} s + 4 round trips at most" if over else "not tried"
    return Aim("<= 0.8 s + 4 round trips", found, max(over) <= 0.8 if over else None)


def _policer(tested: Sequence[Tested]) -> Aim:
    runs = [run for each in tested for run in each.runs]
    good = sum(run.found is not None and run.found.doubts == (Doubt.NO_KNEE,) for run in runs)
    figures = sum(run.error is not None for run in runs)
    words = "policer whose bucket exceeds the bytes: unsaturated, never a figure"
    return Aim(
        words, f"{good} of {len(runs)} unsaturated, {figures} figures", not figures and good > 0 if runs else None
    )


def _hogs(tested: Sequence[Tested]) -> Aim:
    errors = _errors(run for each in tested for run in each.runs)
    found = f"{len(errors)} accepted, worst {errors[-1]:.1%}" if errors else "none accepted"
    return Aim("two busy loops: no accepted figure is wrong by 5 %", found, not errors or errors[-1] < _WRONG)


def _accepted(runs: Sequence[Run]) -> Aim:
    errors = _errors(runs)
    late = errors[min(len(errors) - 1, int(0.95 * len(errors)))] if errors else 1.0
    words = f"all accepted figures of at least {_FEWEST} probes: 95 of 100 within 2 %"
    return Aim(words, f"{late:.2%} ({len(errors)} of {len(runs)})", late <= 0.02 if len(runs) >= _FEWEST else None)


def _harm(each: Harm) -> Aim:
    words = f"web objects during a probe, {each.rate:g} Mbit/s {each.direction}: median <= 2 times the undisturbed one"
    return Aim(words, f"{each.times:.1f} (iperf3: {each.times_of_iperf3:.1f})", each.times <= 2)
