"""Scrapes as those of an office: 150 series, two fifths of them constant, a fifth each slow, counting and noisy."""

import random
from collections.abc import Iterator

from agent.buffer.scrape import Labels, Stamp

SERIES, EVERY = 150, 15.0
_START = 1_800_000_000.0
_PHASES = ("resolve", "connect", "tls", "processing", "transfer")
_KINDS = ("constant", "constant", "slow", "counting", "noisy")


def labels(index: int) -> Labels:
    """About 120 bytes of text."""
    return (
        ("__name__", f"probe_http_duration_seconds_{index % 40}"),
        ("collector", "service"),
        ("commune", "01273"),
        ("office", "04-01273-ubnd"),
        ("phase", _PHASES[index % 5]),
        ("province", "04"),
        ("service", f"portal_{index // 5}"),
    )


def scrapes(count: int, seed: int = 1) -> Iterator[tuple[Stamp, dict[Labels, float]]]:
    """One after the other, the same for the same seed."""
    chance, series = random.Random(seed), [labels(index) for index in range(SERIES)]
    values = [chance.choice([0.0, 1.0, 443.0, 1.8e9, float(chance.randrange(10**6))]) for _ in series]
    for number in range(count):
        values = [_next(_KINDS[index % 5], value, chance) for index, value in enumerate(values)]
        yield stamp(number), dict(zip(series, values, strict=True))


def stamp(number: int) -> Stamp:
    return Stamp("3b0c6a1e-6d0f-4f57-9d83-0c8b4f1a2f11", 1000 + EVERY * number, _START + EVERY * number)


def _next(kind: str, value: float, chance: random.Random) -> float:
    if kind == "slow":
        return value + (chance.choice((-1, 1)) if chance.random() < 0.05 else 0)
    if kind == "counting":
        return value + chance.randrange(1, 50)
    return chance.random() * 0.3 if kind == "noisy" else value
