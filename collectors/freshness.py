"""How fresh the data of a system is that no office can see: its owner writes a small report, the agent reads it.

The report is one JSON object, at most 4 KiB, with exactly these keys (docs/freshness.md):

    {"system": "civil_status_data", "last_success": "2026-11-21T08:30:00+07:00", "lag_seconds": 90, "rejected": 3}

`system` guards against reports in each other's place. `last_success` is when data last arrived: RFC 3339 with its zone,
or Unix seconds. `lag_seconds` is how far that data was behind its source then, `rejected` what was refused so far.
An old report is published as it is, because its age is the finding; one from the future, or nonsense, is not.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from collectors.core import Kind, Lane, Metric, Ports, ProbeError, Reading, Reason, Schedule
from collectors.core.ports import HttpRequest
from collectors.core.values import Url
from collectors.messages.said import Said

LAST_SUCCESS = Metric(
    "data_last_success_timestamp_seconds", Kind.GAUGE, "When data last arrived, as its owner says, Unix time."
)
LAG = Metric("data_lag_seconds", Kind.GAUGE, "How far that data was behind its source when it arrived.")
REJECTED = Metric("data_rejected_total", Kind.COUNTER, "Records that were refused, as the data's owner counts them.")

_MOST_BYTES = 4096
_KEYS = frozenset(("system", "last_success", "lag_seconds", "rejected"))
_FIRST_MOMENT = datetime(2020, 1, 1, tzinfo=UTC).timestamp()  # whatever is older is a slip, not a date
_CLOCKS_APART = 300.0  # seconds that the owner's clock may be ahead of ours
_LONGEST_LAG = 10 * 365 * 86400.0
_MOST_REJECTED = 2**53  # beyond, a sample's float is not exact


@dataclass(frozen=True, slots=True)
class Target:
    """Where the report lies: a file on this machine, or a URL; and the name of the system that it should speak of."""

    file: str = ""
    url: Url | None = None
    system: str = ""

    def check(self) -> Iterable[tuple[str, str]]:
        """One place, and a full path."""
        if bool(self.file) == bool(self.url):
            yield "file", "either file or url is needed, not both"
        if self.file and not self.file.startswith("/"):
            yield "file", "should be a full path, for example /var/lib/communewatch-feeds/civil_status_data/report.json"
        if not self.system:
            yield "system", "is needed: the name that stands in the report"


@dataclass(frozen=True, slots=True)
class Report:
    """A report that makes sense. last_success: Unix time; lag: seconds."""

    system: str
    last_success: float
    lag: float
    rejected: int


class Freshness:
    """Reads one owner's report."""

    name = "freshness"
    target = Target
    metrics = (LAST_SUCCESS, LAG, REJECTED)
    schedule = Schedule(every=300, timeout=10, lane=Lane.NEUTRAL)
    needs = frozenset(("host", "http"))

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        """OK with three samples; a report that cannot be trusted gives none."""
        text = await (
            _ask(target.url, ports, timeout) if target.url else ports.host.read_text(target.file, _MOST_BYTES)
        )
        report, now = read(text, target.system), ports.clock.now()
        if report.last_success > now + _CLOCKS_APART:
            raise ProbeError(Reason.INVALID, Said("report.future"))
        samples = (LAST_SUCCESS(report.last_success), LAG(report.lag), REJECTED(report.rejected))
        moment = datetime.fromtimestamp(report.last_success, UTC)
        return Reading(
            Reason.OK, samples, evidence=(f"{report.system}: data last arrived at {moment:%Y-%m-%d %H:%M:%SZ}",)
        )


async def _ask(url: str, ports: Ports, timeout: float) -> str:
    exchange = await ports.http.exchange(HttpRequest(url, max_body=_MOST_BYTES, version="1.1"), timeout)
    if exchange.failure:
        raise ProbeError(exchange.failure.reason, exchange.failure.message)
    if exchange.status != 200:
        raise ProbeError(Reason.ERROR, Said("report.status", status=exchange.status or 0))
    if not exchange.complete:
        raise ProbeError(Reason.BAD_ANSWER, Said("report.long", most=_MOST_BYTES))
    try:
        return exchange.body.decode()
    except UnicodeDecodeError:
        raise ProbeError(Reason.BAD_ANSWER, Said("report.no_text")) from None


def read(text: str, system: str) -> Report:
    """The report about this system. Raises ProbeError: BAD_ANSWER (not a report), CONTENT (of another system)."""
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise _nonsense("report.no_json") from None
    if not isinstance(found, dict) or found.keys() != _KEYS:
        raise _nonsense("report.keys", keys=", ".join(sorted(_KEYS)))
    if found["system"] != system:
        raise ProbeError(Reason.CONTENT, Said("report.other", system=system))
    rejected = _number(found["rejected"], "rejected", _MOST_REJECTED)
    if rejected != int(rejected):
        raise _nonsense("report.no_number", key="rejected")
    lag = _number(found["lag_seconds"], "lag_seconds", _LONGEST_LAG)
    return Report(system, _moment(found["last_success"]), lag, int(rejected))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _number(value: object, key: str, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise _nonsense("report.no_number", key=key)
    return value


def _moment(value: object) -> float:
    moment = _from_text(value) if isinstance(value, str) else _number(value, "last_success", math.inf)
    if not _FIRST_MOMENT <= moment < _FIRST_MOMENT * 10:
        raise _nonsense("report.no_date")
    return moment


def _from_text(value: str) -> float:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise _nonsense("report.no_date") from None
    if moment.tzinfo is None:
        raise _nonsense("report.no_zone")
    return moment.timestamp()


def _nonsense(key: str, /, **values: str) -> ProbeError:
    return ProbeError(Reason.BAD_ANSWER, Said(key, **values))


COLLECTOR = Freshness()
