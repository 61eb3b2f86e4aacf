"""One outcome for a person's terminal, or as one JSON object for a program."""

import json
from collections.abc import Iterator, Mapping

from agent.board import Board
from agent.outcome import Outcome
from agent.sentence import reason, sentence
from collectors.core import Sample
from collectors.core.exposition import line
from collectors.messages import text

_BAR = 40


def as_json(outcome: Outcome) -> str:
    """`success`, `result`, `phases` (seconds), `metrics` (name, labels, value: as on /metrics), `evidence` (text)."""
    reading = outcome.reading
    metrics = [
        {"name": sample.metric.name, "labels": dict(sample.labels), "value": sample.value} for sample in shown(outcome)
    ]
    answer = {
        "success": reading.success,
        "result": reading.result,
        "seconds": round(outcome.seconds, 6),
        "phases": {phase: round(seconds, 6) for phase, seconds in reading.phases.items()},
        "metrics": metrics,
        "evidence": "\n".join(reading.evidence),
    }
    return json.dumps(answer, ensure_ascii=False)


def shown(outcome: Outcome) -> tuple[Sample, ...]:
    """What /metrics would show of this one run."""
    board = Board()
    board.publish(outcome, monotonic=0.0)
    return board.samples(monotonic=0.0)


def as_text(outcome: Outcome) -> str:
    """Verdict first, then the phases as bars on one time line, the evidence and the metrics."""
    return "\n".join(_lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    reading = outcome.reading
    mark = "✔" if reading.success else "✘"
    yield f"{mark} {reason(outcome)} / {reason(outcome, 'en')} [{reading.result}, {outcome.seconds:.3f} s]"
    yield from ("", f"  {sentence(outcome)}", f"  {sentence(outcome, 'en')}")
    if reading.phases:
        yield from ("", _title("phases"), *_bars(reading.phases))
    if reading.evidence:
        yield from ("", _title("evidence"), *(f"  {said}" for said in reading.evidence))
    if reading.samples:
        yield from ("", _title("metrics"), *(f"  {line(sample)}" for sample in reading.samples))


def _title(key: str) -> str:
    return f"{text(f'probe.show.{key}')} / {text(f'probe.show.{key}', 'en')}"


def _bars(phases: Mapping[str, float]) -> Iterator[str]:
    """Each phase as a bar that starts where the one before it ended."""
    total, before = sum(phases.values()) or 1.0, 0.0
    for phase, seconds in phases.items():
        start = round(before / total * _BAR)
        length = max(1, round((before + seconds) / total * _BAR) - start)
        yield f"  {phase:<11}{seconds:9.4f}  {' ' * min(start, _BAR - 1)}{'█' * length}"
        before += seconds
