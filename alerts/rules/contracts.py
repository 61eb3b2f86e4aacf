"""What a link delivers against its contract: the median of the last days, and the share of low tests over a month."""

from alerts.contracts import (
    LINK_ACCEPTED,
    LINK_BELOW,
    LINK_BELOW_RATIO,
    LINK_CONTRACT_RATIO,
    LINK_METHOD,
    LINK_REJECTED,
    LINK_REJECTED_COUNT,
    LINK_SAMPLES,
)
from alerts.promql import LINK_KEY, duration, named_link, named_office
from alerts.rule import Alert, Cause, Recording, Scope, Severity
from alerts.rules.dips import Blame, of_cause
from alerts.rules.samples import EACH_METHOD
from alerts.settings import Settings
from inventory.labels import LINK, OFFICE


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """The median, by the method that judges."""
    samples = f"{LINK_ACCEPTED}[{duration(settings.trends.bandwidth_seconds)}]"
    enough = f"count_over_time({samples}) >= {settings.thresholds.contract_tests}"
    judge = f"and on ({EACH_METHOD}) {LINK_METHOD}"
    return (Recording(LINK_CONTRACT_RATIO, f"quantile_over_time(0.5, {samples}) and ({enough}) {judge}"),)


def shares(settings: Settings) -> tuple[Recording, ...]:
    """Of a month, for each method; a group of its own, for it looks at much."""
    window = duration(settings.trends.share_seconds)
    return (
        Recording(LINK_BELOW_RATIO, f"avg_over_time({LINK_BELOW}[{window}])"),
        Recording(LINK_SAMPLES, f"count_over_time({LINK_BELOW}[{window}])"),
        Recording(LINK_REJECTED_COUNT, f"count_over_time({LINK_REJECTED}[{window}])"),
    )


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """No hold: it looks at a long window already. A region of the operator is told by itself."""
    low = f"{LINK_CONTRACT_RATIO} < {settings.thresholds.contract_ratio}"
    region = f"unless on ({LINK_KEY}) ({of_cause(Blame.REGION)})"
    return (
        Alert(
            "BandwidthBelowContract", named_link(named_office(f"{low} {region}")),
            Severity.INFO, Cause.BANDWIDTH, Scope.OFFICE, (OFFICE, LINK),
        ),
    )  # fmt: skip
