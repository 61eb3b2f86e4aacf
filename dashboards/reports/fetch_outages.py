"""The outages of one province in one period, from the series that the rules have recorded, piece by piece."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.planned import OFFICE_PLANNED_OUTAGE
from alerts.promql import OFFICE_KEY
from alerts.recorded import CENTRE_BLIND, OFFICE_EXPECTED, OFFICE_VERDICT, PROVINCE_OFFICES, SERVICE_EXPECTED
from alerts.rule import Cause, Recorded
from alerts.rules.votes import BROKEN, NATIONAL, PROVINCES
from alerts.settings import PRODUCTION
from alerts.stories import Silence
from alerts.verdicts import Evidence, Verdict
from alerts.views import OFFICE_OUTAGE_CAUSE, OFFICE_SILENT_SINCE
from alerts.votes import SERVICE_VERDICT
from collectors.ups.metrics import ON_BATTERY
from dashboards.prometheus import Prometheus, Series
from dashboards.promql import most, number, select
from dashboards.reports.fetch import Place, Window
from dashboards.reports.fetch_completeness import Past
from dashboards.reports.hindsight import Hindsight, Named, corrected
from dashboards.reports.month import DAY
from dashboards.reports.outage_sums import History, Subject
from dashboards.reports.outages import Look, Reason, Seen, believed, joined, spans
from dashboards.reports.period import Period
from inventory.facts import LINK_INFO, LINK_RANK
from inventory.labels import COMMUNE, LINK, OFFICE, OPERATOR, PROVINCE, SERVICE
from inventory.planned.facts import KIND
from inventory.planned.schema import Kind

_WINDOWS = PRODUCTION.windows
PATIENCE = _WINDOWS.keep_seconds  # what has ended must stay ended for so long, as for the alerts
_SETTLE = _WINDOWS.pushed_silent_seconds  # after a gap of the store an office may seem silent for so long
_LATER = DAY  # how long after the period its last outages may be explained
_VERDICTS = {
    Verdict.POWER: Reason.POWER,
    Verdict.LINK: Reason.LINK,
    Verdict.LAN: Reason.LAN,
    Verdict.AGENT: Reason.AGENT,
}
_CAUSES = {Cause.POWER: Reason.POWER, Cause.LINK: Reason.LINK, Cause.OFFICE: Reason.LAN, Cause.AGENT: Reason.AGENT}
_PLANS = {Kind.POWER: Reason.POWER, Kind.LINK: Reason.LINK}


def provinces(store: Prometheus, period: Period, step: float, now: float) -> list[str]:
    """The codes of the provinces that had an office in the period. Raises PrometheusError."""
    found = {
        series.label(PROVINCE)
        for begin, end in period.pieces(step, now)
        for series in store.query(number((PROVINCE,), _last(select(PROVINCE_OFFICES), begin, end)), end)
    }
    return sorted(found - {""})


@dataclass(slots=True)
class _Read:
    """All that was read of one province, by office; of services by their ids. moments: when its rules ran."""

    moments: list[float] = field(default_factory=list)
    subjects: dict[str, Subject] = field(default_factory=dict)
    pieces: defaultdict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    looks: defaultdict[str, list[Look]] = field(default_factory=lambda: defaultdict(list))
    battery: defaultdict[str, list[tuple[float, bool]]] = field(default_factory=lambda: defaultdict(list))
    named: defaultdict[str, list[Named]] = field(default_factory=lambda: defaultdict(list))


def read_province(place: Place, period: Period, now: float) -> list[History]:
    """Every office of the register and every service that was out, in the order of their codes. Raises PrometheusError.

    Empty where the store knows nothing of the province in this time.
    """
    found = _Read()
    end = min(period.end, now)
    lead = math.ceil(_SETTLE / place.step) * place.step
    found.moments += _moments(Window(place, period.start - lead, period.start))
    for begin, until in period.pieces(place.step, now):
        _read_piece(Window(place, begin, until), found)
    later = min(now, period.end + _LATER)
    for begin, until in Period(period.start, later, "").pieces(place.step, now):
        _read_named(Window(place, begin, until), found)
    absences = Past(place.store, place.province, period.start, end, later).absences()
    moments = tuple(one for one in believed(found.moments, place.step, _SETTLE) if one >= period.start)
    seen = Seen(moments, place.step, period.start, end, over=period.end <= now)
    return [
        _history(subject, found, seen, Hindsight(found.named[key], absences.get(key, ()), found.battery[key]))
        for key, subject in sorted(found.subjects.items(), key=lambda one: (one[1].service, one[1]))
    ] if moments else []  # fmt: skip


def _history(subject: Subject, found: _Read, seen: Seen, later: Hindsight) -> History:
    key = subject.office or subject.service
    told = spans(sorted(found.looks[key], key=lambda look: look.at), seen, PATIENCE)
    outages = joined((corrected(one, later, seen.step) for one in told), PATIENCE)
    known = sum(bisect_left(seen.moments, end) - bisect_left(seen.moments, begin) for begin, end in found.pieces[key])
    return History(subject, known * seen.step, tuple(outages))


def _read_piece(window: Window, found: _Read) -> None:
    found.moments += _moments(window)
    _read_subjects(window, found)
    silent = {series.label(OFFICE): dict(series.points) for series in _at(window, OFFICE_SILENT_SINCE)}
    plans = _plans(window)
    for series in _at(window, OFFICE_VERDICT, f'verdict!="{Verdict.OK}"'):
        office = series.label(OFFICE)
        found.looks[office] += _looks(series, silent.get(office, {}), plans.get(office, {}))
        found.subjects.setdefault(office, _subject(series))
    if silent:
        for series in _ask(window, _battery(window)):
            found.battery[series.label(OFFICE)] += ((at, value == 1) for at, value in series.points)
    _read_services(window, found)


def _read_services(window: Window, found: _Read) -> None:
    """What was broken for all; one operator's fault is told by the offices' links, and planned work is no outage."""
    names = {one.label(SERVICE): one.label("service_name") for one in _facts(window, SERVICE_EXPECTED.name)}
    broken = (f'verdict="{BROKEN}"', f'scope=~"{NATIONAL}|{PROVINCES}"')
    for series in _at(window, SERVICE_VERDICT, *broken):
        service, code = series.label(SERVICE), series.label(PROVINCE)
        found.looks[service] += (Look(at, Reason.SERVICE, series.label("scope")) for at, _ in series.points)
        found.subjects[service] = Subject(code, service=service, service_name=names.get(service, ""))


def _looks(series: Series, silent: Mapping[float, float], plans: Mapping[float, set[Kind]]) -> Iterator[Look]:
    cause, evidence = _VERDICTS.get(_verdict(series), Reason.UNKNOWN), series.label("evidence")
    for at, _ in series.points:
        kinds = plans.get(at, set())
        plan = next((kind for kind, of in _PLANS.items() if of is cause and kind in kinds), None)
        if evidence == Silence.PLANNED:
            plan = next((kind for kind, of in _PLANS.items() if of is cause), None)
        yield Look(at, cause, evidence, plan, silent.get(at), evidence == Evidence.BATTERY)


def _verdict(series: Series) -> Verdict:
    """One of another version is not known here."""
    try:
        return Verdict(series.label("verdict"))
    except ValueError:
        return Verdict.UNKNOWN


def _plans(window: Window) -> Mapping[str, Mapping[float, set[Kind]]]:
    """By office and moment: of which kind work explains an outage."""
    found: defaultdict[str, defaultdict[float, set[Kind]]] = defaultdict(lambda: defaultdict(set))
    for kind in _PLANS:
        for series in _at(window, OFFICE_PLANNED_OUTAGE, f'{KIND}="{kind}"'):
            for at, _ in series.points:
                found[series.label(OFFICE)][at].add(kind)
    return found


def _read_named(window: Window, found: _Read) -> None:
    """The causes that were recorded after silences."""
    for series in _at(window, OFFICE_OUTAGE_CAUSE):
        cause = next((reason for one, reason in _CAUSES.items() if one == series.label("cause")), Reason.UNKNOWN)
        evidence = series.label("evidence")
        found.named[series.label(OFFICE)] += (Named(since, at, cause, evidence) for at, since in series.points)


# --- names ----------------------------------------------------------------------------------------------------------


def _read_subjects(window: Window, found: _Read) -> None:
    """The offices of the register in this piece; a later piece's names replace an earlier one's.

    One that was renamed meanwhile has two series, and so has one that reported before its register was read.
    """
    operators = _operators(window)
    each = sorted(_facts(window, _of(window, OFFICE_EXPECTED)), key=lambda one: bool(one.label("office_name")))
    for office, series in {series.label(OFFICE): series for series in each}.items():
        found.subjects[office] = _subject(series, operators.get(office, ""))
        found.pieces[office].append((window.begin, window.end))


def _subject(series: Series, operator: str = "") -> Subject:
    return Subject(
        series.label(PROVINCE), series.label(COMMUNE), series.label(OFFICE), operator=operator,
        province_name=series.label("province_name"), commune_name=series.label("commune_name"),
        office_name=series.label("office_name"),
    )  # fmt: skip


def _operators(window: Window) -> Mapping[str, str]:
    """By office: whose its first link is."""
    ranks = {
        (one.label(OFFICE), one.label(LINK)): one.points[-1][1] for one in _facts(window, window.of(LINK_RANK))
    }  # fmt: skip
    links = sorted(
        _facts(window, window.of(LINK_INFO)),
        key=lambda one: ranks.get((one.label(OFFICE), one.label(LINK)), math.inf),
        reverse=True,
    )
    return {one.label(OFFICE): one.label(OPERATOR) for one in links}


# --- questions ------------------------------------------------------------------------------------------------------


def _moments(window: Window) -> Sequence[float]:
    """When the rules ran, and the centre's own line was not suspect."""
    states = f"max({_fresh(_of(window, PROVINCE_OFFICES), window)}) unless on () {_fresh(CENTRE_BLIND.name, window)}"
    return [at for series in _ask(window, states) for at, _ in series.points]


def _at(window: Window, recorded: Recorded, *matchers: str) -> list[Series]:
    """The state at each moment, where rules ran shortly before."""
    return _ask(window, _fresh(_of(window, recorded, *matchers), window))


def _battery(window: Window) -> str:
    """What the UPSes of silent offices measured meanwhile; it arrives afterwards, with its own time."""
    measured = most((PROVINCE, COMMUNE, OFFICE), f"max_over_time({window.of(ON_BATTERY)}[{window.place.step:g}s])")
    return f"{measured} and on ({OFFICE_KEY}) {_fresh(_of(window, OFFICE_SILENT_SINCE), window)}"


def _fresh(selector: str, window: Window) -> str:
    """Not what a store still shows for minutes after its rules have stopped."""
    oldest = max(window.place.step, 2 * _WINDOWS.evaluation_seconds)
    return f"({selector} and timestamp({selector}) > time() - {oldest:g})"


def _of(window: Window, recorded: Recorded, *matchers: str) -> str:
    return select(recorded, *matchers, province=window.place.province)


def _ask(window: Window, expression: str) -> list[Series]:
    """At each step from the begin to before the end."""
    place = window.place
    return place.store.query_range(expression, window.begin, window.end - 0.001, place.step)


def _facts(window: Window, selector: str) -> list[Series]:
    return window.place.store.query(_last(selector, window.begin, window.end), window.end)


def _last(selector: str, begin: float, end: float) -> str:
    return f"last_over_time({selector}[{math.ceil(end - begin)}s])"
