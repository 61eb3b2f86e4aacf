"""Cases of agents that are heard, and yet not what they should be. See case.py."""

from collections.abc import Mapping
from dataclasses import replace

from alerts.settings import PRODUCTION
from tests.rules.case import ONE, Case, office_labels
from tests.rules.scene import Firing, Office, province, selector, values

SOON = replace(PRODUCTION, trends=replace(PRODUCTION.trends, evaluation_seconds=15, version_hold_seconds=300))
_WANTED = {selector("agent_wanted_info", province="04", version="0.2.0", job="facts"): values((1, 900))}


def runs(office: Office, version: str) -> dict[str, str]:
    return {office.series("agent_build_info", version=version): values((1, 900))}


CASES: Mapping[str, Case] = {
    "AgentOutdated": Case(
        province(2, 900) | _WANTED | runs(ONE, "0.1.0") | runs(Office(2), "0.2.0"),
        quiet=285,
        fires=330,
        firing=Firing(
            "AgentOutdated",
            office_labels(ONE, "info", "agent", "office/agent/AgentOutdated/04", version="0.1.0"),
            "Trung tâm xã 1: phần mềm giám sát là bản 0.1.0, khác bản mà tỉnh yêu cầu",
            "Trung tâm xã 1: the agent is of release 0.1.0, not the one that the province wants",
        ),
        settings=SOON,
    ),
    "ProbesStale": Case(
        province(1, 900)
        | {
            ONE.series("agent_probes", collector="service"): values((3, 900)),
            ONE.series("agent_probes", collector="ups"): values((1, 900)),
            ONE.series("agent_probes_stale", collector="service"): values((2, 900)),
            ONE.series("agent_probes_stale", collector="ups"): values((1, 900)),
        },
        quiet=585,
        fires=630,
        firing=Firing(
            "ProbesStale",
            office_labels(ONE, "info", "agent", "office/agent/ProbesStale/04", collector="ups"),
            "Trung tâm xã 1: phép đo ups không cho kết quả mới, máy giám sát vẫn chạy",
            "Trung tâm xã 1: no ups probe gives anything new, though the agent runs",
        ),
        settings=SOON,
    ),
}  # fmt: skip
