"""Reading the lab's state where the province's engineers would: from Prometheus and from the on-call phone."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from collectors.capacity.target import DIRECTIONS
from tests.lab import register
from tests.lab.errors import LabError
from tests.lab.phone import Notification
from tests.lab.state import UNKNOWN, AlertState, Cell, OfficeState

SCRAPED = Cell("scraped", True)
_NOTHING: tuple[Sequence["Series"], ...] = ((), (), ())
PATIENCE = aiohttp.ClientTimeout(total=5)
FOR_MACHINES = "none"  # the severity of alerts that no person is told about

PUSHED = "0 * last_over_time(agent_push_scrape_interval_seconds[1h])"  # by who is not heard now
AGENTS = f'up{{job="agent"}} or on (office) office:heard or on (office) {PUSHED}'
AWAY = 'up{job!="agent"} == 0'
RETURNED = "office:returned"
POWER = "ups_power_verdict == 1"
CHARGE = "ups_battery_charge_ratio"
LINKS = "link_up"
LATENCY = 'link_hop_rtt_seconds{stat="median"}'
CAPACITY = "link_capacity_bytes_per_second * 8e-6"  # Mbit/s
BROKEN = 'path_fault{where!="none"} == 1'
LOOKS = "agent_scrape_number[1h]"
COMPLETE = f"count_over_time({LOOKS}) / (max_over_time({LOOKS}) - min_over_time({LOOKS}) + 1)"
WAITING = "agent_push_backlog_samples"
SERVICES = 'probe_result{collector="service"}'


@dataclass(frozen=True, slots=True)
class Series:
    """One result of an instant query."""

    labels: Mapping[str, str]
    value: float


class Observer:
    """Asks over HTTP. Close it after use."""

    def __init__(self, prometheus: str, phone: str) -> None:
        self._prometheus, self._phone = prometheus, phone
        # The lab's addresses are on this machine: a proxy from the environment has no business with them.
        self._session = aiohttp.ClientSession(timeout=PATIENCE, trust_env=False)

    async def close(self) -> None:
        await self._session.close()

    async def get(self, url: str, **parameters: str) -> Any:
        """The JSON behind a URL. LabError when there is no good answer."""
        try:
            async with self._session.get(url, params=parameters) as response:
                if response.status >= 400:
                    raise LabError(f"{url} answers {response.status}: {(await response.text())[:300]}")
                return await response.json()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise LabError(f"{url} does not answer: {error}") from error

    async def answers(self, url: str) -> bool:
        """Whether a GET of this URL succeeds now."""
        try:
            async with self._session.get(url) as response:
                return response.status < 400
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def query(self, expression: str) -> Sequence[Series]:
        """An instant query."""
        answer = await self.get(f"{self._prometheus}/api/v1/query", query=expression)
        return [Series(one["metric"], float(one["value"][1])) for one in answer["data"]["result"]]

    async def notifications(self) -> tuple[Notification, ...]:
        """Everything that reached the phone, the oldest first."""
        return tuple(Notification(**one) for one in await self.get(f"{self._phone}/notifications"))

    async def alerts(self) -> tuple[AlertState, ...]:
        """What fires and is meant for people."""
        answer = await self.get(f"{self._prometheus}/api/v1/alerts")
        firing = (one for one in answer["data"]["alerts"] if one["state"] == "firing")
        return tuple(_alert(one) for one in firing if one["labels"].get("severity") != FOR_MACHINES)

    async def away(self) -> tuple[str, ...]:
        """Parts of the province, other than agents, that Prometheus cannot reach."""
        return tuple(f"{one.labels['job']} does not answer Prometheus" for one in await self.query(AWAY))

    async def offices(
        self, known: Sequence[register.Office], services: Sequence[str], *, links: bool
    ) -> tuple[OfficeState, ...]:
        """A row per office, a cell per service."""
        expressions = (
            AGENTS, RETURNED, POWER, CHARGE, LINKS, LATENCY, CAPACITY, BROKEN, SERVICES, COMPLETE, WAITING,
        )  # fmt: skip
        agents, returned, power, charge, up, latency, capacity, broken, results, complete, waiting = map(
            _by_office, await asyncio.gather(*map(self.query, expressions))
        )
        measured = {
            office: (latency.get(office, ()), capacity.get(office, ()), broken.get(office, ())) for office in up
        }
        return tuple(
            OfficeState(
                office.name,
                office.title,
                agent=_agent(agents.get(office.id), returned.get(office.id, ())),
                power=_power(power.get(office.id), charge.get(office.id)),
                link=_link(up.get(office.id), *measured.get(office.id, _NOTHING)) if links else None,
                services={service: _service(results.get(office.id, ()), service) for service in services},
                figures=_pushed(complete.get(office.id), waiting.get(office.id)) if office.path == "push" else SCRAPED,
            )
            for office in known
        )


def _by_office(series: Sequence[Series]) -> Mapping[str, Sequence[Series]]:
    found: dict[str, list[Series]] = {}
    for one in series:
        found.setdefault(one.labels.get("office", ""), []).append(one)
    return found


def _agent(up: Sequence[Series] | None, returned: Sequence[Series]) -> Cell:
    if not up:
        return UNKNOWN
    if up[0].value != 1:
        return Cell("silent", False)
    away = (f", was away {one.value:.0f} s: {one.labels['cause']}" for one in returned)
    return Cell("up" + next(away, ""), True)


def _power(verdicts: Sequence[Series] | None, charges: Sequence[Series] | None) -> Cell:
    if not verdicts:
        return UNKNOWN
    verdict = verdicts[0].labels["verdict"]
    charge = f" {charges[0].value:.0%}" if charges else ""
    return Cell(verdict.replace("_", " ") + charge, verdict == "mains")


def _link(
    up: Sequence[Series] | None, latency: Sequence[Series], capacity: Sequence[Series], broken: Sequence[Series]
) -> Cell:
    """Latency and capacity, or where the way breaks: that is no fault of the link by itself."""
    if not up:
        return UNKNOWN
    if up[0].value != 1:
        return Cell("down", False)
    rates = {one.labels["direction"]: one.value for one in capacity}
    said = [f"{max(one.value for one in latency) * 1000:.1f} ms"] if latency else []
    said += [f"{rates['down']:.1f}/{rates['up']:.1f} Mbit/s"] if len(rates) == len(DIRECTIONS) else []
    said += [f"breaks in {one.labels['where']}" for one in broken]
    return Cell(" ".join(("up", *said)), True)


def _pushed(complete: Sequence[Series] | None, waiting: Sequence[Series] | None) -> Cell:
    """How much of what the office measured in the last hour is in the store, and what it said last that waits there."""
    if not complete:
        return UNKNOWN
    share = complete[0].value
    behind = f", {waiting[0].value:,.0f} wait" if waiting and share < 1 else ""
    return Cell(f"pushed {share:.1%}{behind}", share == 1)


def _service(results: Sequence[Series], service: str) -> Cell:
    reasons = [one.labels["reason"] for one in results if one.labels.get("service") == service]
    return Cell(reasons[0], reasons[0] == "ok") if reasons else UNKNOWN


def _alert(fields: Mapping[str, Any]) -> AlertState:
    since = datetime.fromisoformat(fields["activeAt"]).timestamp()
    labels, annotations = fields["labels"], fields["annotations"]
    return AlertState(labels["alertname"], labels.get("incident", ""), annotations.get("summary_vi", ""), since)
