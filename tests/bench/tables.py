"""The figures of rates.py as tables in Markdown."""

from collections.abc import Mapping, Sequence

from tests.bench.rates import MANY, Lateness, Pair, Rate

HTTPS_AIM = 1.2
AIMS: Mapping[str, float] = {"HTTP": 2.0, "HTTPS": HTTPS_AIM}  # times blackbox_exporter


def rates_table(rated: Sequence[Pair]) -> str:
    """Probes per second of CPU."""
    head = "| | in flight | agent | blackbox_exporter | ratio | bare |\n|---|---|---|---|---|---|"
    return "\n".join([head, *map(_rate, rated)])


def delays_table(late: Mapping[str, Lateness], rated: Sequence[Pair]) -> str:
    """Milliseconds; in the rates the process never rests, and nothing idle ran beside."""
    head = (
        "| | late in 99 of 100 cases, ms | at most | own work: 99 of 100 | at most | idle: 99 of 100 | at most |\n"
        "|---|---|---|---|---|---|---|"
    )
    rows = [_delay(kind, one.ours, one.idle_99, one.idle_most) for kind, one in late.items()]
    rows += [_delay(f"{pair.kind}, without pause", pair.ours) for pair in rated if pair.at_once == MANY]
    return "\n".join([head, *rows])


def _rate(pair: Pair) -> str:
    ours, theirs, bare = (rate.per_second for rate in (pair.ours, pair.theirs, pair.bare))
    return f"| {pair.kind} | {pair.at_once} | {ours:.0f} | {theirs:.0f} | {pair.ratio:.2f} | {bare:.0f} |"


def _delay(what: str, rate: Rate, *idle: float) -> str:
    seconds = (rate.delay_99, rate.delay_most, rate.own_99, rate.own_most, *idle)
    cells = [f"{1000 * one:.1f}" for one in seconds] + [""] * (6 - len(seconds))
    return f"| {what} | {' | '.join(cells)} |"
