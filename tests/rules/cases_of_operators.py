"""Operators: whose customers are lost, or miss a service; what fires then, and when it does not yet."""

from collections.abc import Iterable, Mapping, Sequence

from tests.rules.case import PORTAL, Case, of_all, service, silent, wide_labels
from tests.rules.scene import Firing, Office, offices, province, selector, values

PROVINCES = ("04", "11", "12")
VNPT_OUT = Firing(
    "OperatorRegionSilent",
    wide_labels("critical", "operator", "link", "operator/link/04/vnpt", province="04", province_name="Tỉnh 04",
                operator="vnpt"),
    "Tỉnh 04: vnpt gián đoạn trong một khu vực, mất liên lạc với 75% số trụ sở dùng nhà mạng này ở đó",
    "Tỉnh 04: vnpt is down in a region, 75% of its customers there are silent",
    {"offices": "3"},
)  # fmt: skip
VNPT_DOWN = Firing(
    "NationalOperatorDown",
    wide_labels("critical", "country", "link", "country/link/vnpt", operator="vnpt"),
    "vnpt: mất liên lạc với 100% số trụ sở dùng nhà mạng này, trên nhiều tỉnh",
    "vnpt: 100% of its customers are silent, in several provinces",
    {"offices": "9"},
)
_PORTAL = {"operator": "vnpt", "service": "portal", "service_name": "Cổng Dịch vụ công"}
VNPT_MISSES_PORTAL = Firing(
    "OperatorServiceBroken",
    wide_labels("critical", "operator", "link", "operator/link/04/vnpt", province="04", province_name="Tỉnh 04",
                **_PORTAL),
    "Tỉnh 04: 100% số trụ sở dùng vnpt không truy cập được Cổng Dịch vụ công, nhà mạng khác vẫn được",
    "Tỉnh 04: 100% of the offices over vnpt cannot use Cổng Dịch vụ công; those over others can",
    {"offices": "4"},
)  # fmt: skip
VNPT_MISSES_PORTAL_AT_LARGE = Firing(
    "NationalOperatorServiceBroken",
    wide_labels("critical", "country", "link", "country/link/vnpt", **_PORTAL),
    "vnpt: 100% số trụ sở dùng nhà mạng này ở nhiều tỉnh không truy cập được Cổng Dịch vụ công",
    "vnpt: 100% of its customers in several provinces cannot use Cổng Dịch vụ công",
    {"offices": "9"},
)


def over(operator: str, those: Iterable[Office], seconds: float, link: str = "wan1", rank: int = 1) -> dict[str, str]:
    """What the register says of the offices' lines."""
    found = {}
    for office in those:
        known = {**office.labels, "link": link}
        found[selector("link_info", **known, operator=operator, technology="ftth", job="facts")] = values((1, seconds))
        found[selector("link_rank", **known, job="facts")] = values((rank, seconds))
    return found


def both_operators(theirs: int, others: int, seconds: float, code: str = "04") -> dict[str, str]:
    """A province whose first offices are vnpt's, the others viettel's."""
    return (
        province(theirs + others, seconds, code)
        | over("vnpt", offices(theirs, code), seconds)
        | over("viettel", offices(others, code, theirs + 1), seconds)
    )


def lost(those: Sequence[Office], after: float, until: float) -> dict[str, str]:
    return of_all([silent(office, after, until) for office in those])


def votes(fails: Sequence[Office], works: Sequence[Office], seconds: float, after: float = 120) -> dict[str, str]:
    """The portal fails for some from then on."""
    failing = [service(office, (1, after), (0, seconds - after)) for office in fails]
    return {PORTAL: values((1, seconds))} | of_all([*failing, *(service(office, (1, seconds)) for office in works)])


def everywhere(found: Iterable[dict[str, str]]) -> dict[str, str]:
    return of_all([*found])


CASES: Mapping[str, Case] = {
    "OperatorRegionSilent": Case(
        both_operators(4, 4, 600) | lost(offices(3), 120, 600),
        quiet=120 + 75, fires=120 + 90, firing=VNPT_OUT,
    ),
    "NationalOperatorDown": Case(
        everywhere(both_operators(3, 4, 600, code) | lost(offices(3, code), 120, 600) for code in PROVINCES),
        quiet=120 + 60, fires=120 + 75, firing=VNPT_DOWN,
    ),
    "OperatorServiceBroken": Case(
        both_operators(4, 3, 600) | votes(offices(4), offices(3, first=5), 600),
        quiet=120 + 45, fires=120 + 60, firing=VNPT_MISSES_PORTAL,
    ),
    "NationalOperatorServiceBroken": Case(
        everywhere(
            both_operators(3, 3, 600, code) | votes(offices(3, code), offices(3, code, 4), 600) for code in PROVINCES
        ),
        quiet=120 + 45, fires=120 + 60, firing=VNPT_MISSES_PORTAL_AT_LARGE,
    ),
}  # fmt: skip
