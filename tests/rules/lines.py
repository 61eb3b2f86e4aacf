"""Tests of links as a scene: what a page shows of them, from one test to the next."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.rules.scene import Office, selector, values

CONTRACT = 1_000_000.0  # bytes per second, so that ratios are easy to read


@dataclass(frozen=True)
class Tested:
    """A test that ended at `at` (seconds into the scene), in the direction down.

    ratio  of the contract; None = no figure, for `why`
    stamp  what the page calls its end, where that is not so
    """

    at: float
    ratio: float | None = None
    why: str = "scattered"
    stamp: float | None = None


def line(office: Office, until: float, operator: str = "vnpt", link: str = "wan1") -> dict[str, str]:
    """The facts of a link."""
    facts = {"link": link, "operator": operator, "technology": "ftth", "job": "facts"}
    contract = selector("link_contract_bytes_per_second", **office.labels, link=link, direction="down", job="facts")
    return {selector("link_info", **office.labels, **facts): values((1, until)), contract: values((CONTRACT, until))}


def capacity(office: Office, until: float, *tests: Tested, link: str = "wan1") -> dict[str, str]:
    """What capacity probes put on the page; `at_least` = a ratio of an unsaturated one, with `why="unsaturated"`."""
    doubts = sorted({one.why for one in tests if one.ratio is None or one.why == "unsaturated"})
    good = {one.at: one.ratio if one.why != "unsaturated" else None for one in tests}
    shown: dict[str, Mapping[float, float | None]] = {
        "link_capacity_timestamp_seconds": {one.at: _stamp(one) for one in tests},
    }
    found = _series(office, shown, until, link=link)
    directed: dict[str, Mapping[float, float | None]] = {
        "link_capacity_bytes_per_second": _rates(good),
        "link_capacity_at_least_bytes_per_second": _rates(
            {one.at: one.ratio if one.why == "unsaturated" else None for one in tests}
        ),
        "link_capacity_valid": {at: float(ratio is not None) for at, ratio in good.items()},
    }
    found |= _series(office, directed, until, link=link, direction="down")
    for doubt in doubts:
        held = {one.at: float(good[one.at] is None and one.why == doubt) for one in tests}
        found |= _series(office, {"link_capacity_doubt": held}, until, link=link, direction="down", reason=doubt)
    return found


def goodput(office: Office, until: float, *tests: Tested, link: str = "wan1") -> dict[str, str]:
    """What throughput tests put on the page."""
    rates = {one.at: one.ratio for one in tests}
    found = _series(office, {"link_test_timestamp_seconds": {one.at: _stamp(one) for one in tests}}, until, link=link)
    why = {one.why for one in tests if one.ratio is None}
    for reason in sorted(why):
        held = {one.at: 1.0 if one.ratio is None and one.why == reason else None for one in tests}
        found |= _series(office, {"probe_result": held}, until, link=link, collector="bandwidth", reason=reason)
    directed: dict[str, Mapping[float, float | None]] = {
        "link_goodput_bytes_per_second": _rates(rates),
        "link_test_valid": {at: float(ratio is not None) for at, ratio in rates.items()},
    }
    return found | _series(office, directed, until, link=link, direction="down")


def each(seconds: float, ratio: float, start: float, end: float) -> tuple[Tested, ...]:
    """The same result again and again."""
    return tuple(Tested(start + place * seconds, ratio) for place in range(math.ceil((end - start) / seconds)))


def _stamp(one: Tested) -> float:
    return one.at if one.stamp is None else one.stamp


def _rates(ratios: Mapping[float, float | None]) -> Mapping[float, float | None]:
    return {at: None if ratio is None else ratio * CONTRACT for at, ratio in ratios.items()}


def _series(
    office: Office, shown: Mapping[str, Mapping[float, float | None]], until: float, **labels: str
) -> dict[str, str]:
    """From the moment at which something is shown until the next; None = not shown."""
    return {office.series(name, **labels): _held(points, until) for name, points in shown.items() if _any(points)}


def _any(points: Mapping[float, float | None]) -> bool:
    return any(value is not None for value in points.values())


def _held(points: Mapping[float, float | None], until: float) -> str:
    moments: Iterable[float] = sorted(points)
    ends = (*list(moments)[1:], until)
    first = min(moments)
    parts: list[tuple[float | str, float]] = [("gone", first)] if first else []
    for begin, end in zip(moments, ends, strict=True):
        value = points[begin]
        parts.append(("gone" if value is None else value, end - begin))
    return values(*parts)
