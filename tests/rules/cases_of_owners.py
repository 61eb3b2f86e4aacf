"""Several services at once: of one owner in the country, most of them in one province, all of them at one office."""

from collections.abc import Iterable, Mapping

from tests.rules.case import ONE, PORTAL, Case, of_all, office_labels, wide_labels
from tests.rules.scene import Firing, Office, offices, province, selector, values

BOTH = ("04", "11")
NAMES = {"portal": "Cổng Dịch vụ công", "vneid": "Ứng dụng VNeID", "civil_status": "Hộ tịch điện tử"}


def known(owners: Mapping[str, str], seconds: float) -> dict[str, str]:
    """What the register says of services, by the owner of each."""
    return {
        selector(
            "service_info", service=service, name=NAMES[service], owner=owner, owner_name=f"Cơ quan {owner}", tier="1",
            job="facts",
        ): values((1, seconds))
        for service, owner in owners.items()
    }  # fmt: skip


def asked(seconds: float, *codes: str, **every: float) -> dict[str, str]:
    """How often a province asks each service."""
    name = "service_probe_interval_seconds"
    return {
        selector(name, province=code, service=service, job="facts"): values((interval, seconds))
        for code in codes
        for service, interval in every.items()
    }


def answers(those: Iterable[Office], service: str, *parts: tuple[float | str, float]) -> dict[str, str]:
    return {office.series("probe_success", service=service, collector="service"): values(*parts) for office in those}


def everybody(count: int = 3) -> list[Office]:
    return [office for code in BOTH for office in offices(count, code)]


def country(seconds: float, count: int = 3) -> dict[str, str]:
    return of_all([province(count, seconds, code) for code in BOTH])


MPS = {"portal": "mps", "vneid": "mps"}
OWNER_DOWN = Firing(
    "NationalOwnerDown",
    wide_labels("critical", "country", "service", "country/service/mps", owner="mps", owner_name="Cơ quan mps"),
    "Cơ quan mps: 2 dịch vụ gián đoạn trên diện rộng: Cổng Dịch vụ công, Ứng dụng VNeID",
    "Cơ quan mps: 2 services are down at large: Cổng Dịch vụ công, Ứng dụng VNeID",
    {"offices": "6"},
)
REACHES_NOTHING = Firing(
    "OfficeReachesNothing", office_labels(ONE, "warning", "office", "office/office/04001-1"),
    "Trung tâm xã 1: cả 2 dịch vụ đều không truy cập được, trong khi nơi khác vẫn được",
    "Trung tâm xã 1: none of 2 services can be used, while others can",
)  # fmt: skip


def alone(seconds: float, *parts: tuple[float | str, float]) -> dict[str, str]:
    """Of four offices the first fails so with both services; the others use them."""
    others = offices(3, first=2)
    return (
        province(4, seconds)
        | {PORTAL: values((1, seconds))}
        | asked(seconds, "04", portal=60, vneid=60)
        | of_all([answers([ONE], service, *parts) for service in MPS])
        | of_all([answers(others, service, (1, seconds)) for service in MPS])
    )


QUICK = ("portal", "vneid", "civil_status", "land")
SERVICES_DOWN = Firing(
    "ProvincialServicesDown",
    wide_labels("critical", "province", "unknown", "province/unknown/04", province="04", province_name="Tỉnh 04"),
    "Tỉnh 04: 75% số dịch vụ cùng gián đoạn, nhiều khả năng do phần dùng chung của tỉnh",
    "Tỉnh 04: 75% of the services are down at once, most likely for what the province shares",
    {"offices": "4"},
)


def shared(seconds: float, *parts: tuple[float | str, float], failing: int = 3) -> dict[str, str]:
    """Four offices ask four services; so many of these fail so, each half a minute after the one before."""
    late = [((first, begin + 15 * number), *rest) for number in range(failing) for (first, begin), *rest in [parts]]
    return (
        province(4, seconds)
        | asked(seconds, "04", **dict.fromkeys(QUICK, 60.0))
        | of_all([answers(offices(4), service, *times) for service, times in zip(QUICK, late, strict=False)])
        | of_all([answers(offices(4), service, (1, seconds)) for service in QUICK[failing:]])
    )


CASES: Mapping[str, Case] = {
    "ProvincialServicesDown": Case(
        shared(600, (1, 120), (0, 480)), quiet=150 + 45, fires=150 + 60, firing=SERVICES_DOWN
    ),
    "NationalOwnerDown": Case(
        country(600)
        | known(MPS, 600)
        | answers(everybody(), "portal", (1, 120), (0, 480))
        | answers(everybody(), "vneid", (1, 135), (0, 465)),
        quiet=120, fires=120 + 15, firing=OWNER_DOWN,
    ),
    "OfficeReachesNothing": Case(
        alone(600, (1, 120), (0, 480)), quiet=120 + 105, fires=120 + 120, firing=REACHES_NOTHING
    ),
}  # fmt: skip
