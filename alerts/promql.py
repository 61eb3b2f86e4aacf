"""The few turns of PromQL that the rules have in common. Expressions are plain text, names come from objects."""

import math
from collections.abc import Iterable

from alerts.contracts import AREA, EVERYWHERE
from alerts.recorded import (
    JOINT_EXPECTED,
    JOURNEY_EXPECTED,
    LINK_EXPECTED,
    OFFICE_EXPECTED,
    OFFICE_SILENT,
    PROVINCE_EXPECTED,
    SERVICE_EXPECTED,
)
from alerts.regions import OFFICE_WAY
from alerts.rule import Recorded
from alerts.settings import Thresholds
from alerts.views import OFFICE_FEEDER
from inventory.labels import COMMUNE, FEEDER, JOINT, LINK_IDENTITY, OFFICE_IDENTITY, OPERATOR, PROVINCE, SERVICE

OFFICE_KEY = ", ".join(OFFICE_IDENTITY)
LINK_KEY = ", ".join(LINK_IDENTITY)
OFFICE_SERVICE_KEY = f"{OFFICE_KEY}, {SERVICE}"


def duration(seconds: float) -> str:
    """90 -> 1m30s, 7.5 -> 7s500ms; whole milliseconds, since Prometheus knows nothing finer."""
    left = round(seconds * 1000)
    parts = []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def remembered(facts: str, known: str, seconds: float) -> str:
    """Facts of the register; where a province's page is away, none of `known`, the last ones for so long."""
    return f"({facts} or (last_over_time({facts}[{duration(seconds)}]) unless on ({PROVINCE}) {known}))"


def one_of(words: Iterable[str]) -> str:
    """A matcher's value for `=~`."""
    return f'"{"|".join(words)}"'


def agreed(share: Recorded, ratio: float, count: str, least: int) -> str:
    """The share, where it is over `ratio` and stands on at least so many."""
    return f"{share} > {ratio} and on ({', '.join(share.labels)}) {count} >= {least}"


def held(share: Recorded, ratio: float, count: str, least: int, verdict: Recorded, limits: Thresholds) -> str:
    """`agreed`; and while `verdict` has said so, a little less than both limits will do."""
    less = limits.release_ratio
    still = agreed(share, float(f"{ratio * less:g}"), count, math.ceil(least * less))
    return f"({agreed(share, ratio, count, least)} or ({still}) and on ({', '.join(share.labels)}) {verdict})"


def near(expr: str) -> str:
    """The same series with the area of its commune.

    Codes of communes were given along the map: those that share three digits lie within some twenty kilometres.
    """
    return f'label_replace({expr}, "{AREA}", "$1", "{COMMUNE}", "(...).*")'


def near_and_far(expr: str) -> str:
    """Each series with the area of its commune, and again with the whole province."""
    return f'({near(expr)} or label_replace({expr}, "{AREA}", "{EVERYWHERE}", "", ""))'


def still_known(facts: str, key: str, memory: float) -> str:
    """What the page of facts calls things, also while it is away: another name would make another alert."""
    return f"({facts} or on ({key}) last_over_time({facts}[{duration(memory)}]))"


def latched(series: Recorded, holds: str, contrary: str, memory: str) -> str:
    """A state that, once it holds, goes on through the office's silence, until a contrary word is remembered.

    It refers to its own past, so it outlasts every window; the memory only has to bridge the start of the silence.
    """
    past = f"last_over_time({series}[{memory}]) and on ({OFFICE_KEY}) {OFFICE_SILENT}"
    return f"({holds}) or ({past} unless on ({OFFICE_KEY}) ({contrary}))"


def named_office(expr: str) -> str:
    """The same series with the office's, the commune's and the province's names."""
    names = [label for label in OFFICE_EXPECTED.labels if label not in OFFICE_IDENTITY]
    return _named(expr, OFFICE_KEY, names, OFFICE_EXPECTED)


def named_operator(expr: str) -> str:
    """The same series of offices with the operator over whose line each works, where that is known."""
    return _named(expr, OFFICE_KEY, [OPERATOR], OFFICE_WAY)


def named_feeder(expr: str) -> str:
    """The same series of offices without power with the line that feeds each, where that is known."""
    return f"{_named(expr, OFFICE_KEY, [FEEDER], OFFICE_FEEDER)} or on ({OFFICE_KEY}) ({expr})"


def named_province(expr: str) -> str:
    """The same series with the province's name."""
    return _named(expr, PROVINCE, ["province_name"], PROVINCE_EXPECTED)


def named_service(expr: str) -> str:
    """The same series with the service's name."""
    return _named(expr, SERVICE, ["service_name"], SERVICE_EXPECTED)


def named_joint(expr: str) -> str:
    """The same series with the errand's name."""
    return _named(expr, JOINT, ["joint_name"], JOINT_EXPECTED)


def named_journey(expr: str) -> str:
    """The same series with the journey's name."""
    return _named(expr, SERVICE, ["service_name"], JOURNEY_EXPECTED)


def named_link(expr: str) -> str:
    """The same series with the link's operator."""
    return _named(expr, LINK_KEY, [OPERATOR], LINK_EXPECTED)


def _named(expr: str, key: str, names: Iterable[str], source: Recorded) -> str:
    """`source` is 1 for everything that can be measured, so the value stays and no series is lost."""
    return f"({expr}) * on ({key}) group_left ({', '.join(names)}) {source}"
