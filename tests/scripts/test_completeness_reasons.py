"""The report on completeness as staff of a province read it: each office has 100 % or the right reason."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from collectors.core import Metric, Sample
from collectors.core.lastword import Away, Evidence
from collectors.core.observed import (
    ABSENCE_END,
    ABSENCE_SECONDS,
    BUFFER_LOST,
    PUSH_BACKLOG_AGE,
    PUSH_QUARANTINED,
    SCRAPE_NUMBER,
    SCRAPE_SAMPLES,
)
from collectors.messages import text
from dashboards.reports import cli
from dashboards.reports.completeness import State
from tests.scripts.store import Row, prometheus

Printed = pytest.CaptureFixture[str]
EVERY, HOUR = 15.0, 3600.0
PER_HOUR = int(HOUR / EVERY)
NOW = 1_789_999_200.0 + 1800  # half past an hour
BEGIN = NOW - 1800 - 4 * HOUR  # four whole hours before this one
AWAY = (3600, 9000)  # seconds after BEGIN: the second hour, and half of the third
FIGURES = 3  # of each look, beside what the agent says of itself
CENTRE = "centre"


def away(cause: Away) -> tuple[Sample, ...]:
    """What the agent says from its return on."""
    why = {"cause": cause, "evidence": Evidence.JOURNAL}
    return ABSENCE_SECONDS(AWAY[1] - AWAY[0], **why), ABSENCE_END(BEGIN + AWAY[1], **why)


def looks(office: str, numbers: Iterable[int], *said: Sample, skipped: int = 0, lost: int = 0) -> Iterator[Row]:
    """These looks by their place in time, each with `said`; numbers skip so many after AWAY; one look came in part."""
    identity = {"province": "04", "commune": office[:5], "office": office}
    own = (SCRAPE_SAMPLES(FIGURES + 2), *said)
    for number in numbers:
        at = BEGIN + EVERY * number + 0.5
        back = at > BEGIN + AWAY[1]
        yield row(SCRAPE_NUMBER(1000 + number + (skipped if back else 0)), identity, at)
        yield from (row(one, identity, at) for one in own)
        for figure in range(FIGURES - (lost if number == 700 else 0) - len(said)):
            yield f"toy_{figure}", identity, float(number), at


def row(sample: Sample, identity: Mapping[str, str], at: float) -> Row:
    return sample.metric.name, {**identity, **dict(sample.labels)}, sample.value, at


def growing(metric: Metric, office: str, when: float, count: int, **labels: str) -> Iterator[Row]:
    """A counter that is 0, and `count` from `when` on; it stands beside what is counted in looks."""
    labels = {"province": "04", "commune": office[:5], "office": office, "job": "beside", **labels}
    for at in range(int(BEGIN), int(NOW), 60):
        yield metric.name, labels, float(count if at >= BEGIN + when else 0), float(at)


ALL = range(4 * PER_HOUR + 100)
BEFORE, AFTER = range(240), range(600, ALL.stop)  # AWAY lies between
POWER, STOPPED, RENEWED, MOVED, THINNED, REFUSED, CLOCK, WAITING, SILENT = (f"0{4000 + n}-1" for n in range(9))


def offices() -> Iterator[Row]:
    gap = len(range(BEFORE.stop, AFTER.start))
    yield from looks(POWER, BEFORE)
    yield from looks(POWER, AFTER, *away(Away.POWER), skipped=-gap)
    yield from looks(STOPPED, BEFORE)
    yield from looks(STOPPED, AFTER, *away(Away.AGENT), skipped=-gap)
    yield from looks(RENEWED, BEFORE)
    yield from looks(RENEWED, AFTER, skipped=-1500)
    yield from scraped(MOVED, 2 * HOUR)
    yield from looks(MOVED, range(2 * PER_HOUR, ALL.stop))
    yield from looks(THINNED, [*BEFORE, *range(BEFORE.stop, AFTER.start, 4), *AFTER])
    yield from growing(BUFFER_LOST, THINNED, 3 * HOUR, 270, reason="thinned")
    yield from looks(REFUSED, ALL, lost=2)
    yield from growing(PUSH_QUARANTINED, REFUSED, 3.5 * HOUR, 2, receiver=CENTRE, reason="refused")
    yield from looks(CLOCK, [*BEFORE, *AFTER])
    yield from growing(PUSH_QUARANTINED, CLOCK, 3 * HOUR, gap * 5, receiver=CENTRE, reason="clock_unknown")
    yield from looks(WAITING, [*BEFORE, *AFTER])
    yield from growing(PUSH_BACKLOG_AGE, WAITING, 0, int(NOW - BEGIN - AWAY[0]), receiver=CENTRE)
    yield from looks(SILENT, BEFORE)


def scraped(office: str, seconds: float) -> Iterator[Row]:
    identity = {"province": "04", "commune": office[:5], "office": office, "job": "agent"}
    for at in range(int(BEGIN), int(BEGIN + seconds), 15):
        yield "scrape_duration_seconds", identity, 0.1, float(at)


def test_every_office_has_all_or_the_right_reason(tmp_path: Path, capsys: Printed) -> None:
    with prometheus(tmp_path, offices()) as url:
        asked = ["completeness", "--prometheus", url, "--last", "5h", "--settle", "10m", "--province", "04"]
        assert cli.main(asked, lambda: NOW) == 1
    assert told(capsys.readouterr().out) == {
        POWER: [("18:00", "away.power")],
        STOPPED: [("18:00", "away.agent")],
        RENEWED: [("18:00", "silent"), ("19:00", "renewed")],
        THINNED: [("18:00", "dropped"), ("19:00", "dropped")],
        REFUSED: [("19:00", "refused")],
        CLOCK: [("18:00", "timeless"), ("19:00", "timeless")],
        WAITING: [("18:00", "waiting"), ("19:00", "waiting")],
        SILENT: [("18:00", "silent")],  # and on
    }


def told(said: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """By office: the hour and the reason; without those that have all of their figures."""
    states = [*State, *(f"{State.AWAY}.{cause}" for cause in Away)]
    keys = {text(f"completeness.{key}", "vi"): key for key in states if key not in (State.COMPLETE, State.AWAY)}
    found: dict[str, list[tuple[str, str]]] = {}
    for line in said.splitlines():
        office, *columns = re.split(" {2,}", line)
        if columns:
            words = columns[-1].partition(" / ")[0]
            found.setdefault(office, []).append((columns[0].partition("T")[2], keys[words]))
    return found
