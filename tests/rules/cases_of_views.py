"""Cases of what the centre sees, and does not see, of its offices' routers. See case.py."""

from collections.abc import Mapping

from tests.rules.case import Case, of_all, silent, wide_labels
from tests.rules.scene import Firing, Office, offices, province, selector, values


def router(office: Office, *parts: tuple[float | str, float], name: str = "router_answers") -> dict[str, str]:
    """What the centre's agent says of an office's router."""
    labels = {"province": office.province, "router": office.id, "instance": "127.0.0.1:9823", "job": "centre"}
    return {selector(name, **labels): values(*parts)}


def looked_at(office: Office, seconds: float) -> dict[str, str]:
    """The fact that the centre should look there."""
    return {selector("office_router_info", **office.labels, job="facts"): values((1, seconds))}


CASES: Mapping[str, Case] = {
    "ProvincialAgentsSilent": Case(
        province(12, 900)
        | of_all([silent(office, 420, 900) for office in offices(5)])
        | of_all([router(office, (1, 900)) for office in offices(5)]),
        quiet=420 + 60,
        fires=420 + 75,
        firing=Firing(
            "ProvincialAgentsSilent",
            wide_labels("critical", "province", "agent", "province/agent/04", province="04", province_name="Tỉnh 04"),
            "Tỉnh 04: máy giám sát của 41,67% số trụ sở im lặng, bộ định tuyến vẫn trả lời",
            "Tỉnh 04: the agents of 41.67% of the offices are silent, their routers answer",
        ),
    ),
    "CentreViewMissing": Case(
        province(2, 900)
        | of_all([looked_at(office, 900) for office in offices(2)])
        | router(Office(1), (1, 120), ("gone", 780)),
        quiet=120 + 585,
        fires=120 + 600,
        firing=Firing(
            "CentreViewMissing",
            wide_labels("info", "province", "agent", "province/agent/CentreViewMissing/04", province="04",
                        province_name="Tỉnh 04"),
            "Tỉnh 04: chương trình của trung tâm không cho biết gì về bộ định tuyến của 2 trụ sở",
            "Tỉnh 04: the centre's agent says nothing about the routers of 2 offices",
        ),
    ),
}  # fmt: skip
