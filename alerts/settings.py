"""Every threshold and window of the alerts. Rules, panels and runbooks read them here and nowhere else.

Windows shrink together by one factor, so that the lab and the tests run the same rules, only faster. Thresholds say
what is too much of a physical quantity; they never shrink.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace

from alerts.objectives import Objectives


@dataclass(frozen=True, slots=True)
class Pace:
    """Services asked every `over` (exclusive) to `most` seconds; their windows are `factor` times the usual ones.

    A hold and a keep are meant as so many probes: what is asked every 15 minutes is seen by all offices only after
    15 minutes, and must not be told office by office meanwhile.
    """

    over: float
    most: float
    factor: float


@dataclass(frozen=True, slots=True)
class Windows:
    """How often things are looked at and how long something must last before it counts."""

    scrape_seconds: float = 15
    evaluation_seconds: float = 15
    register_seconds: float = 60  # what changes seldom is looked at so often: the register, the roll, the agents
    probe_seconds: float = 60  # a service is asked so often unless the register says otherwise; and a UPS
    seldom_probe_seconds: float = 300  # services asked less often, up to this, have windows longer by as much ...
    rare_probe_seconds: float = 900  # ... and again those up to this and beyond
    backed_off_seconds: float = 180  # the longest pause of a probe whose service keeps failing
    silent_seconds: float = 60  # an office that says nothing for so long is silent
    pushed_silent_seconds: float = 150  # the same of an office that sends its figures once a minute
    settling_seconds: float = 300  # who was turned away for long tries again within so long (agent/uplink/pauses.py)
    silent_hold_seconds: float = 30
    power_hold_seconds: float = 30  # shorter dips wake nobody
    link_hold_seconds: float = 60
    loss_seconds: float = 120  # packet loss is averaged over this window
    country_service_hold_seconds: float = 15
    province_service_hold_seconds: float = 60
    office_service_hold_seconds: float = 120
    owner_hold_seconds: float = 120  # more services of an owner of which one has been told already
    slow_hold_seconds: float = 1800  # also what is asked every 15 minutes has then been seen by all, twice
    area_hold_seconds: float = 15  # many offices at once: shorter than what one office needs
    region_hold_seconds: float = 30  # an operator's region: longer than the province and the country beside it
    path_alone_hold_seconds: float = 900  # a fault on the way while all works is looked at again each ten minutes
    backlog_hold_seconds: float = 900  # after an outage what waits is made good within minutes
    agent_hold_seconds: float = 600  # trouble of the monitoring itself can wait
    ups_hold_seconds: float = 600
    relay_hold_seconds: float = 300
    relay_dead_seconds: float = 43200  # a channel whose fallback works; some templates of ZNS rest all night
    gateway_hold_seconds: float = 300
    router_steady_seconds: float = 300  # a router that answers for so long without a gap has a link
    router_lost_seconds: float = 60  # and one that does not for so long has none: two looks
    memory_seconds: float = 600  # how long the last word of a silent office is remembered
    facts_hold_seconds: float = 180  # the register's page is scraped once a minute
    facts_memory_seconds: float = 900  # how long the register is remembered when its page is away
    journey_hold_seconds: float = 4500  # two walks of a journey, which is walked each half hour, and some
    planned_before_seconds: float = 900  # planned work may begin so much earlier than it was told ...
    planned_after_seconds: float = 1800  # ... and end so much later, before anybody is woken
    power_return_seconds: float = 1200  # mains comes back to the last offices of a province so long after most
    keep_seconds: float = 120  # what has ended must stay ended so long before "resolved" is said
    line_keep_seconds: float = 180  # the same of a line, or the silence of an office: what flaps is one incident
    group_wait_seconds: float = 10
    country_wait_seconds: float = 1  # the same of what concerns the whole country: one alert each, nothing to wait for
    group_interval_seconds: float = 60
    repeat_seconds: float = 14400  # a reminder while an incident lasts
    info_repeat_seconds: float = 86400
    watchdog_seconds: float = 60  # how often the dead man's switch is pressed

    def scaled(self, pace: float) -> "Windows":
        """The same windows, `pace` times shorter, in whole milliseconds."""
        return Windows(**{each.name: round(getattr(self, each.name) / pace, 3) for each in fields(self)})

    @property
    def paces(self) -> tuple["Pace", ...]:
        """How often services are asked, quickest first."""
        often = (0.0, self.probe_seconds, self.seldom_probe_seconds, math.inf)
        seconds = (self.probe_seconds, self.seldom_probe_seconds, self.rare_probe_seconds)
        return tuple(
            Pace(over, most, one / self.probe_seconds)
            for over, most, one in zip(often[:-1], often[1:], seconds, strict=True)
        )

    def check(self) -> Iterable[tuple[str, str]]:
        """Relations without which one incident would be told twice, or under the wrong cause."""
        for each in fields(self):
            if getattr(self, each.name) <= 0:
                yield each.name, "should be more than 0"
        if self.silent_seconds < 4 * self.scrape_seconds:
            yield "silent_seconds", "should cover at least four scrapes"
        if self.pushed_silent_seconds < 2 * self.silent_seconds:
            yield "pushed_silent_seconds", "should be at least twice silent_seconds: figures come once a minute"
        if self.path_alone_hold_seconds <= self.link_hold_seconds:
            yield "path_alone_hold_seconds", "should be over link_hold_seconds"
        yield from self._of_services()
        if self.keep_seconds <= self.silent_seconds + self.silent_hold_seconds + self.evaluation_seconds:
            yield "keep_seconds", "should outlast the recognition of a silence, else its onset looks like a recovery"
        if self.line_keep_seconds < self.keep_seconds:
            yield "line_keep_seconds", "should be at least keep_seconds"
        if self.facts_memory_seconds <= 2 * self.facts_hold_seconds:
            yield "facts_memory_seconds", "should be over twice facts_hold_seconds, else nobody is told in time"
        if self.memory_seconds <= 2 * self.silent_seconds:
            yield "memory_seconds", "should be over twice silent_seconds, else the last word is lost before the silence"

    def _of_services(self) -> Iterator[tuple[str, str]]:
        if not self.probe_seconds < self.seldom_probe_seconds < self.rare_probe_seconds:
            yield "seldom_probe_seconds", "should be between probe_seconds and rare_probe_seconds"
        seen = self.probe_seconds + self.scrape_seconds + self.evaluation_seconds
        if self.office_service_hold_seconds <= seen:
            yield "office_service_hold_seconds", f"should be over {seen:g}, so that a wider outage is recognised first"
        if self.province_service_hold_seconds <= self.country_service_hold_seconds:
            yield "province_service_hold_seconds", "should be over country_service_hold_seconds"
        elif self.backed_off_seconds > 3 * self.province_service_hold_seconds:
            yield "backed_off_seconds", "should be at most 3 holds of a province, else a recovery looks like an outage"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is too much, too little or too many."""

    area_ratio: float = 0.2  # a province is hit when this share of its offices is ...
    area_offices: int = 5  # ... and at least so many
    quorum_ratio: float = 0.5  # a service is down when over this share of the voters says so ...
    quorum_offices: int = 2  # ... and at least so many
    quorum_provinces: int = 2  # a national verdict needs so many provinces
    quorum_voters: int = 3  # no verdict on a province, or an operator in it, from fewer voters
    national_voters: int = 5  # the same on the country
    owner_services: int = 2  # so many services of one owner that fail in the country at once are one matter
    owner_ratio: float = 0.05  # beside one of them over this share of the voters is enough for the next
    province_services: int = 3  # fewer that fail for a province at once are told one by one
    sound_services: int = 2  # what an office alone cannot reach must be so many, before its services are not blamed
    release_ratio: float = 0.75  # what was found goes on until it is below so much of the limits that found it
    blind_ratio: float = 0.5  # the centre is blind when over this share of all offices is silent ...
    blind_provinces_ratio: float = 0.8  # ... in over this share of the provinces
    loss_ratio: float = 0.2
    backlog_seconds: float = 900  # figures that wait for longer than this are a backlog
    skew_seconds: float = 60  # a clock that is wrong by more ends sessions, certificates and trust in logs
    refused_seconds: float = 2.0  # who answers a scrape sooner is there; a dead line answers nothing
    battery_charge_ratio: float = 0.2
    battery_runtime_seconds: float = 600
    contract_ratio: float = 0.8  # QCVN 34:2022/BTTTT: Pd >= 0.8 Vd, Pu >= 0.8 Vu
    contract_tests: int = 3  # no verdict on bandwidth from fewer tests
    recovered_ratio: float = 0.85  # a dip ends with a test that reaches so much of the contract
    dip_tests: int = 2  # so many low tests, none of them refuted, make a dip
    own_load_ratio: float = 0.2  # from so much own load on, of the contract, a dip is not the operator's
    service_provinces: int = 5  # a service that fails in so many provinces, and a share of all, is one of the country
    operator_provinces: int = 3  # an operator's fault in so many provinces is one of the country
    region_ratio: float = 0.5  # an operator is slow or silent in an area when over this share of its links there is ...
    region_links: int = 3  # ... and at least so many
    outages: int = 3  # interruptions of a line within the window of echoes
    dips: int = 6  # of a signal, within the same window
    certificate_days: float = 14
    own_certificate_days: float = 20  # of 90; by then an agent has tried to renew its own for ten days


@dataclass(frozen=True, slots=True)
class Trends:
    """Windows of what changes slowly: bandwidth against contracts, certificates and owners' reports."""

    evaluation_seconds: float = 300
    contract_evaluation_seconds: float = 120  # shorter than the time between two tests of a link in a dip
    bandwidth_seconds: float = 172800  # the median of this window is held against the contract
    fresh_seconds: float = 900  # a test that is older when it is first seen is history, and no news
    dip_hold_seconds: float = 4500  # a slow link is told after so long: by then its neighbours have been tested, too
    share_evaluation_seconds: float = 3600
    share_seconds: float = 2592000  # the share of low tests is that of so long
    echo_seconds: float = 3600  # interruptions and dips are counted over this window
    version_hold_seconds: float = 86400  # a rollout reaches all offices of a province within so long
    data_stale_seconds: float = 86400  # data whose owner has nothing newer to report is stale


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a rule may depend on."""

    windows: Windows = field(default_factory=Windows)
    thresholds: Thresholds = field(default_factory=Thresholds)
    trends: Trends = field(default_factory=Trends)
    objectives: Objectives = field(default_factory=Objectives)

    def scaled(self, pace: float) -> "Settings":
        """The same settings with all windows `pace` times shorter."""
        trends = Trends(**{each.name: getattr(self.trends, each.name) / pace for each in fields(self.trends)})
        objectives = self.objectives.scaled(pace)
        return replace(self, windows=self.windows.scaled(pace), trends=trends, objectives=objectives)


PRODUCTION = Settings()
# Scrapes every 3 s and probes every 12 s or faster; a verdict on bandwidth after three tests within ten minutes.
_LAB_TRENDS = Trends(
    evaluation_seconds=5, contract_evaluation_seconds=5, bandwidth_seconds=600, fresh_seconds=60, dip_hold_seconds=300,
    share_evaluation_seconds=10, share_seconds=3600, echo_seconds=120,
)  # fmt: skip
_LAB = PRODUCTION.scaled(5)
LAB = replace(_LAB, trends=_LAB_TRENDS, windows=replace(_LAB.windows, register_seconds=_LAB.windows.evaluation_seconds))
