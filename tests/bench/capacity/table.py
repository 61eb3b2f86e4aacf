"""What becomes of the cells: a table, and the sums over all probes. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from tests.bench.capacity.measure import Run, Tested

COLUMNS = (
    "line", "others", "figures", "error, median and worst", "at least", "no figure, why", "MB", "s", "with set-up",
    "iperf3 -t 10: error, down and up", "MB", "s", "bytes, of iperf3's",
)  # fmt: skip
HEADER = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"


def table(tested: Iterable[Tested]) -> str:
    """One row per cell; both directions together."""
    return "\n".join((HEADER, *map(_row, tested)))


def summary(tested: Sequence[Tested]) -> str:
    """Over all probes: how far the accepted ones are off, and why the others were not accepted."""
    runs = [run for each in tested for run in each.runs]
    errors = sorted(abs(run.error) for run in runs if run.error is not None)
    refused = Counter(reason for run in runs if run.error is None for reason in _reasons(run))
    why = ", ".join(f"{reason} {count}" for reason, count in refused.most_common()) or "none"
    if not errors:
        return f"{len(runs)} probes, no figure: {why}."
    p95 = errors[min(len(errors) - 1, int(0.95 * len(errors)))]
    return (
        f"{len(runs)} probes, {len(errors)} with a figure: error median {median(errors):.2%}, "
        f"95th percentile {p95:.2%}, worst {errors[-1]:.2%}. Without one: {why}."
    )


def _row(each: Tested) -> str:
    errors = [run.error for run in each.runs if run.error is not None]
    refused = Counter(reason for run in each.runs if run.error is None for reason in _reasons(run))
    beside = [error for error, _, _ in each.iperf3]
    cells = (
        each.cell.title,
        each.cell.company,
        f"{len(errors)} of {len(each.runs)}",
        f"{median(map(abs, errors)):.1%}, {max(errors, key=abs):+.1%}" if errors else "",
        ", ".join(_at_least(each.runs)),
        ", ".join(f"{reason} {count}" for reason, count in refused.most_common()),
        f"{median(run.size for run in each.runs) / 1e6:.2f}",
        f"{median(run.seconds for run in each.runs):.2f}",
        f"{median(run.whole for run in each.runs):.2f}",
        " ".join(f"{error:+.1%}" for error in beside),
        *_beside(each),
    )
    return f"| {' | '.join(cells)} |"


def _beside(each: Tested) -> tuple[str, str, str]:
    """iperf3's bytes and seconds, and our bytes as a share of its."""
    if not each.iperf3:
        return "", "", ""
    size = median(size for _, size, _ in each.iperf3)
    ours = max(1.0, median(run.size for run in each.runs))
    return f"{size / 1e6:.1f}", f"{median(took for _, _, took in each.iperf3):.1f}", f"1/{size / ours:.0f}"


def _at_least(runs: Iterable[Run]) -> Iterator[str]:
    seen = [run.found.at_least for run in runs if run.found and run.found.at_least is not None]
    if seen:
        yield f"{median(seen) * 8e-6:.1f} Mbit/s"


def _reasons(run: Run) -> tuple[str, ...]:
    return tuple(run.found.doubts) if run.found else (run.failure or "failed",)
