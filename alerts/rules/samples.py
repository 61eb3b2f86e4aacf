"""From results that are scraped again and again to samples that count: each test once, while it is news.

A test is new when its time stamp is not the one seen before. One whose stamp is old when it is first seen (an office
that was away, a store that is filled afterwards) is history: the report counts it, no alert and no share does.
"""

from collections.abc import Callable

from alerts.contracts import (
    DIRECTED,
    LINK_ACCEPTED,
    LINK_BELOW,
    LINK_BOUND,
    LINK_METHOD,
    LINK_OWN_LOAD,
    LINK_REJECTED,
    LINK_SAMPLE,
    LINK_TESTED,
    METHOD,
    OFFICE_OUTAGE,
)
from alerts.methods import SOURCES, Doubts, Method, Source
from alerts.promql import LINK_KEY, OFFICE_KEY, duration, one_of
from alerts.rule import Recording
from alerts.settings import Settings
from collectors.capacity.estimate import Doubt
from collectors.capacity.metrics import AT_LEAST, DOUBT
from collectors.core.observed import PROBE_RESULT
from collectors.ups.metrics import POWER_VERDICT
from collectors.ups.power import Verdict
from collectors.wan.collector import USED
from inventory.facts import LINK_CONTRACT

EACH = ", ".join(DIRECTED)
EACH_METHOD = f"{EACH}, {METHOD}"
AHEAD = 300  # seconds by which an office's clock may be ahead
POWER = "power"  # the reason of a sample that was taken in an outage, beside the methods' own
_OUTAGE = one_of(verdict for verdict in Verdict if verdict.is_outage)


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """In this order: what is new is told from what was told before."""
    limit = settings.thresholds.contract_ratio
    bound = f"{_at_least(settings)} and on ({LINK_KEY}) {_new(SOURCES[0], settings)}"
    moment = duration(2 * settings.trends.contract_evaluation_seconds)
    return (
        Recording(OFFICE_OUTAGE, outage(settings)),
        Recording(LINK_SAMPLE, _each(lambda one: f"{_ratio(one, settings)} and on ({LINK_KEY}) {_new(one, settings)}")),
        Recording(LINK_BOUND, f"group by ({EACH_METHOD}) ({_labelled(SOURCES[0], bound)})"),
        Recording(LINK_REJECTED, _rejected(settings)),
        Recording(LINK_TESTED, _each(_stamp)),
        Recording(LINK_METHOD, _method(settings)),
        Recording(LINK_ACCEPTED, f"{LINK_SAMPLE} unless on ({OFFICE_KEY}) {OFFICE_OUTAGE}"),
        Recording(LINK_BELOW, f"{LINK_ACCEPTED} < bool {limit}"),
        Recording(LINK_OWN_LOAD, _own_load(settings, moment)),
    )


def _method(settings: Settings) -> str:
    """The best that has spoken. A method whose samples are bounds for the most part gives way to one with figures: a
    line that lets a second's traffic pass and then slows down looks faster than it is.
    """
    window = duration(settings.trends.bandwidth_seconds)
    spoke = [f'group by ({EACH_METHOD}) (count_over_time({LINK_SAMPLE}{{method="{one}"}}[{window}]))' for one in Method]
    best, others = spoke[0], " or ".join(spoke[1:])
    samples = f"count_over_time({LINK_SAMPLE}[{window}])"
    bounds = f"2 * count_over_time({LINK_BOUND}[{window}]) > on ({EACH_METHOD}) {samples}"
    figures = f"({best} unless on ({EACH}) (({bounds}) and on ({EACH}) ({others})))"
    return f" or on ({EACH}) ".join((figures, *spoke[1:]))


def outage(settings: Settings, **scope: str) -> str:
    """1 for every office whose power verdict says so now, or did a moment ago. scope: labels and their values."""
    matchers = "".join(f', {label}="{value}"' for label, value in scope.items())
    moment = duration(2 * settings.trends.contract_evaluation_seconds)
    said = f"max_over_time({POWER_VERDICT.name}{{verdict=~{_OUTAGE}{matchers}}}[{moment}])"
    return f"group by ({OFFICE_KEY}) ({said} == 1)"


def contract(settings: Settings) -> str:
    """As the register has it, also while its page is away for a moment."""
    memory = duration(settings.windows.facts_memory_seconds)
    return f"max by ({EACH}) (last_over_time({LINK_CONTRACT.name}[{memory}]))"


def _each(expression: Callable[[Source], str]) -> str:
    return " or ".join(_labelled(one, expression(one)) for one in SOURCES)


def _labelled(one: Source, expr: str) -> str:
    return f'label_replace({expr}, "{METHOD}", "{one.method}", "", "")'


def _stamp(one: Source) -> str:
    return f"max by ({LINK_KEY}) ({one.stamp.name})"


def _new(one: Source, settings: Settings) -> str:
    """Where the last test of a link is one that was not seen before."""
    fresh, stamp = settings.trends.fresh_seconds, _stamp(one)
    seen = f'last_over_time({LINK_TESTED}{{method="{one.method}"}}[{duration(fresh)}])'
    news = f"({stamp} > time() - {fresh:g}) < time() + {AHEAD}"
    return f"(({news}) unless on ({LINK_KEY}) ({stamp} == on ({LINK_KEY}) {seen}))"


def _ratio(one: Source, settings: Settings) -> str:
    rate = f"max by ({EACH}) ({one.rate.name})"
    if one.doubts:
        rate = f"({rate} and on ({EACH}) max by ({EACH}) ({one.doubts.valid.name}) == 1)"
    ratio = f"{rate} / on ({EACH}) {contract(settings)}"
    return f"({ratio} or on ({EACH}) {_at_least(settings)})" if one.method is Method.CAPACITY else ratio


def _at_least(settings: Settings) -> str:
    """A link that is faster than the probe's train meets its contract, though nobody knows how fast it is: 1, no more.

    Only where that is the only doubt, and what was seen is not below the limit.
    """
    only = f"sum by ({EACH}) ({DOUBT.name}) == 1"
    faster = f'max by ({EACH}) ({DOUBT.name}{{reason="{Doubt.NO_KNEE}"}}) == 1'
    floor = f"max by ({EACH}) ({AT_LEAST.name}) / on ({EACH}) {contract(settings)}"
    enough = f"clamp_max({floor}, 1) >= {settings.thresholds.contract_ratio}"
    return f"({enough} and on ({EACH}) ({only}) and on ({EACH}) ({faster}))"


def _rejected(settings: Settings) -> str:
    """Every doubt of a probe; of a test that says no more than that it failed, the reason of its result; or power."""
    power = f'label_replace({LINK_SAMPLE} and on ({OFFICE_KEY}) {OFFICE_OUTAGE}, "reason", "{POWER}", "", "")'
    failed = " or ".join(_labelled(one, _failed(one, one.doubts, settings)) for one in SOURCES if one.doubts)
    return f"group by ({EACH_METHOD}, reason) ({failed} or {power})"


def _failed(one: Source, known: Doubts, settings: Settings) -> str:
    bad = f"max by ({EACH}) ({known.valid.name}) == 0 and on ({LINK_KEY}) {_new(one, settings)}"
    why = f'max by ({LINK_KEY}, reason) ({PROBE_RESULT.name}{{collector="{one.collector}"}})'
    plain = f"({bad}) * on ({LINK_KEY}) group_left (reason) (topk by ({LINK_KEY}) (1, {why}))"
    doubts = f"max by ({EACH}, reason) ({known.doubt.name}) == 1 and on ({EACH}) ({bad})"
    if one.method is Method.CAPACITY:
        doubts += f" unless on ({EACH}) {_at_least(settings)}"
    return f"{doubts} or ({plain} unless on ({EACH}) {known.doubt.name})"


def _own_load(settings: Settings, moment: str) -> str:
    """By a test's own look at the counters beside it; else by the collector that watches them."""
    looks = (f"max by ({EACH}) ({one.doubts.own_load.name})" for one in SOURCES if one.doubts)
    beside = f"({f' or on ({EACH}) '.join(looks)}) / on ({EACH}) {contract(settings)}"
    return f"{beside} or on ({EACH}) max by ({EACH}) (avg_over_time({USED.name}[{moment}]))"
