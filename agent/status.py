"""What the officers' page says: pure functions from the last outcomes to rows and one headline.

The page answers three questions: is it our power, our link, or the service; since when; and whose fault it is not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from agent.config import Name, Probe
from agent.joint import Verdict as JointVerdict
from agent.outcome import Outcome
from agent.way import Place, place
from collectors.core import Metric, Reason, Sample
from collectors.link import HOP_LOSS, UP
from collectors.messages import text
from collectors.ups import POWER_VERDICT, READERS, RUNTIME, SUSPECTED, Verdict

_LOSSY = 0.05  # share of lost packets from which the page calls a link unstable


class Light(StrEnum):
    """How a row is shown."""

    GOOD = "good"
    CAUTION = "caution"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page.

    state    what "since" is about: it changes when this changes, not when the text does
    derived  it follows from other rows, so the headline does not say it again
    advice   a key below status.advice that fits better than the usual one
    """

    key: str
    name: Name
    light: Light
    state: str
    text: Name
    derived: bool = False
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Timed:
    """A row and since when (Unix time) it has been so; `exact` is False when that was before the agent started."""

    row: Row
    since: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Headline:
    """What the top of the page says."""

    light: Light
    text: Name
    advice: Name


def assess(probes: Iterable[Probe], outcomes: Iterable[Outcome]) -> tuple[Row, ...]:
    """The rows: power, link, then every configured service in the order of the configuration."""
    latest = {outcome.probe.key: outcome for outcome in outcomes}
    found: dict[str, list[tuple[Probe, Outcome | None]]] = {}
    for probe in probes:
        found.setdefault(probe.collector.name, []).append((probe, latest.get(probe.key)))
    upses = [one for reader in READERS for one in found.get(reader, [])]
    services = found.get("service", [])
    looks = [outcome for _, outcome in found.get("path", [])]
    link = _placed(_link(found.get("link", []), services), place(looks), services)
    no_link = link.light is Light.BAD
    return (_power(upses), link, *(_service(probe, outcome, no_link) for probe, outcome in services))


_Probed = Sequence[tuple[Probe, Outcome | None]]
_SEVERITY = (Light.GOOD, Light.UNKNOWN, Light.CAUTION, Light.BAD)


def _row(key: str, group: str, name: Name, light: Light, state: str, words: str = "", **values: object) -> Row:
    """words: the message's key, where it is not the state."""
    message = f"status.{group}.{words or state}"
    return Row(key, name, light, state, Name(text(message, "vi", **values), text(message, "en", **values)))


def _title(key: str) -> Name:
    return Name(text(f"status.name.{key}"), text(f"status.name.{key}", "en"))


def _power(upses: _Probed) -> Row:
    """The worst of the office's UPSes."""
    rows = [_ups(outcome) for _, outcome in upses]
    if not rows:
        return _row("power", "power", _title("power"), Light.UNKNOWN, "no_ups")
    return max(rows, key=lambda row: _SEVERITY.index(row.light))


_UPS_LIGHTS: Mapping[Verdict, Light] = {
    Verdict.MAINS: Light.GOOD,
    Verdict.SELF_TEST: Light.GOOD,
    Verdict.BYPASS: Light.CAUTION,
    Verdict.OVERLOAD: Light.CAUTION,
}


def _ups(outcome: Outcome | None) -> Row:
    name = _title("power")
    said = next((sample.label("verdict") for sample in _samples(outcome, POWER_VERDICT) if sample.value == 1), None)
    if said is None:
        return _row("power", "power", name, Light.UNKNOWN, "unmeasured")
    verdict = Verdict(said)
    if any(sample.value for sample in _samples(outcome, SUSPECTED)) and not verdict.is_outage:
        return _row("power", "power", name, Light.CAUTION, "suspected")
    if verdict.is_outage:
        return _outage(name, verdict, next((sample.value for sample in _samples(outcome, RUNTIME)), None))
    return _row("power", "power", name, _UPS_LIGHTS.get(verdict, Light.UNKNOWN), verdict)


def _outage(name: Name, verdict: Verdict, left: float | None) -> Row:
    """One state, since when mains has been away, whether or not the battery is low or the card tells what is left."""
    if verdict is Verdict.LOW_BATTERY or left is None:
        return _row("power", "power", name, Light.BAD, Verdict.OUTAGE, words=verdict)
    return _row("power", "power", name, Light.BAD, Verdict.OUTAGE, words="outage_left", minutes=round(left / 60))


def _link(links: _Probed, services: _Probed) -> Row:
    """The best of the office's links: while one works, the office is connected."""
    name = _title("link")
    rows = [_one_link(outcome) for _, outcome in links]
    if not rows:
        return _row("link", "link", name, Light.UNKNOWN, "unmeasured")
    best = min(rows, key=lambda row: _SEVERITY.index(row.light))
    results = [outcome.reading.result for _, outcome in services if outcome]
    if best.light is Light.GOOD and len(results) > 1 and all(result in _UNREACHED for result in results):
        return _row("link", "link", name, Light.CAUTION, "beyond")
    return best


def _placed(link: Row, where: Place | None, services: _Probed) -> Row:
    """Where it breaks, as far as something is wrong: what a look has left behind says nothing of a line that works."""
    if where is None:
        return link
    if link.light is not Light.GOOD:
        return replace(link, text=where.after(link.text), advice=where.advice)
    lost = any(outcome and outcome.reading.result in _UNREACHED for _, outcome in services)
    if not lost or not where.is_the_lines:
        return link
    broken = _row("link", "link", link.name, Light.CAUTION, "broken")
    return replace(broken, text=where.after(broken.text), advice=where.advice)


def _one_link(outcome: Outcome | None) -> Row:
    name = _title("link")
    up = next((sample.value for sample in _samples(outcome, UP)), None)
    if up is None:
        return _row("link", "link", name, Light.UNKNOWN, "unmeasured")
    if not up:
        return _row("link", "link", name, Light.BAD, "down")
    lost = max((sample.value for sample in _samples(outcome, HOP_LOSS)), default=0.0)
    if _LOSSY <= lost < 1:  # a hop that never answers pings says nothing about the link
        return _row("link", "link", name, Light.CAUTION, "lossy", percent=round(lost * 100))
    return _row("link", "link", name, Light.GOOD, "up")


_UNREACHED = frozenset((Reason.DNS, Reason.UNREACHABLE, Reason.TIMEOUT, Reason.FROZEN))
_OURS = frozenset((Reason.INTERNAL, Reason.PERMISSION))
_SERVICE_LIGHTS: Mapping[Reason, tuple[Light, str]] = {
    Reason.OK: (Light.GOOD, "working"),
    Reason.SLOW: (Light.CAUTION, "slow"),
    Reason.FROZEN: (Light.BAD, "frozen"),
    Reason.MAINTENANCE: (Light.BAD, "maintenance"),
    Reason.BLOCKED: (Light.CAUTION, "blocked"),
    Reason.DNS: (Light.BAD, "unreachable"),
    Reason.REFUSED: (Light.BAD, "unreachable"),
    Reason.UNREACHABLE: (Light.BAD, "unreachable"),
    Reason.TIMEOUT: (Light.BAD, "unreachable"),
}


def _service(probe: Probe, outcome: Outcome | None, no_link: bool) -> Row:
    name = probe.name or Name(probe.key, probe.key)
    result = outcome.reading.result if outcome else None
    if result is None or result in _OURS:
        return _row(probe.key, "service", name, Light.UNKNOWN, "unmeasured")
    if no_link and result in _UNREACHED:
        return _row(probe.key, "service", name, Light.UNKNOWN, "no_link")
    light, state = _SERVICE_LIGHTS.get(result, (Light.BAD, "failing"))
    return _row(probe.key, "service", name, light, state)


def joint_rows(verdicts: Iterable[JointVerdict], rows: Iterable[Row]) -> tuple[Row, ...]:
    """What officers can do and what not, from the verdicts on services that are needed together."""
    by_key = {row.key: row for row in rows}
    return tuple(replace(_joint(verdict, by_key), derived=True) for verdict in verdicts)


def _joint(verdict: JointVerdict, rows: Mapping[str, Row]) -> Row:
    key, failing = f"joint/{verdict.id}", [rows[probe.key] for probe in verdict.failing]
    if verdict.success is None:
        return _row(key, "joint", verdict.name, Light.UNKNOWN, "unmeasured")
    if verdict.success:
        return _row(key, "joint", verdict.name, Light.GOOD, "possible")
    if all(row.light is Light.UNKNOWN for row in failing):
        return _row(key, "joint", verdict.name, Light.UNKNOWN, "no_link")
    vi, en = ", ".join(row.name.vi for row in failing), ", ".join(row.name.en for row in failing)
    message = "status.joint.impossible"
    said = Name(text(message, "vi", names=vi), text(message, "en", names=en))
    return Row(key, verdict.name, Light.BAD, "impossible", said)


def _samples(outcome: Outcome | None, metric: Metric) -> Iterator[Sample]:
    return (sample for sample in (outcome.reading.samples if outcome else ()) if sample.metric == metric)


def headline(rows: Sequence[Row]) -> Headline:
    """The one sentence on top: the cause nearest to the office that explains what is seen."""
    power, link, *services = (row for row in rows if not row.derived)
    down = [row for row in services if row.light is Light.BAD]
    if power.light is Light.BAD:
        return _headline(Light.BAD, "power")
    if link.light is Light.BAD:
        return _headline(Light.BAD, "link", advice=link.advice)
    if link.state == "beyond":
        return _headline(Light.BAD, "several", advice=link.advice)
    if link.state == "broken" and down:
        return _headline(Light.BAD, "way", down, link.advice)
    if down:
        return _headline(Light.BAD, "service", down, "service" if link.light is Light.GOOD else "service_unsure")
    lights = {row.light for row in rows if row.state != "no_ups"}
    if Light.CAUTION in lights:
        return _headline(Light.CAUTION, "caution")
    return _headline(Light.UNKNOWN, "unknown") if Light.UNKNOWN in lights else _headline(Light.GOOD, "good")


def _headline(light: Light, key: str, rows: Sequence[Row] = (), advice: str = "") -> Headline:
    vi, en = ", ".join(row.name.vi for row in rows), ", ".join(row.name.en for row in rows)
    said = Name(text(f"status.headline.{key}", "vi", names=vi), text(f"status.headline.{key}", "en", names=en))
    advice = f"status.advice.{advice or key}"
    return Headline(light, said, Name(text(advice), text(advice, "en")))


@dataclass(slots=True)
class History:
    """Since when each row has been in its state."""

    _since: dict[str, tuple[str, float, bool]] = field(default_factory=dict)

    def see(self, rows: Iterable[Row], now: float) -> tuple[Timed, ...]:
        """Take note of the rows at `now` (Unix time) and say since when each has been so."""
        timed = []
        for row in rows:
            before = self._since.get(row.key)
            if before is None or before[0] != row.state:
                # The first state seen may be older than the agent; one that follows "not measured yet" may be, too.
                exact = before is not None and before[0] != "unmeasured"
                self._since[row.key] = before = (row.state, now, exact)
            timed.append(Timed(row, before[1], before[2]))
        return tuple(timed)
