"""Ways that break and lines that are interrupted: what offices see, when nothing fires yet, and what fires then."""

from collections.abc import Mapping

from tests.rules.case import HOUR, ONE, PORTAL, Case, of_all, office_labels, service, wide_labels
from tests.rules.scene import STEP, Firing, Office, offices, province, selector, values

LINK = {"link": "wan1", "operator": "vnpt"}
PLACES = ("none", "office_lan", "gateway", "isp_access", "isp_backbone", "province", "national", "target", "dns", "mtu",
          "unknown")  # fmt: skip


def looks(
    *parts: tuple[str, float], office: Office = ONE, operator: str = "vnpt", medium: str = "ftth"
) -> dict[str, str]:
    """What an office's looks at its way find: the place of the fault, and for how long that is on its page."""
    length = sum(seconds for _, seconds in parts)
    facts = {**office.labels, "link": "wan1", "operator": operator, "technology": medium}
    return {selector("link_info", **facts, job="facts"): values((1, length))} | {
        office.series("path_fault", link="wan1", collector="path", where=place): values(
            *((int(place == found), seconds) for found, seconds in parts)
        )
        for place in PLACES
    }


def says(verdict: str, seconds: float, office: Office = ONE) -> dict[str, str]:
    """What the comparison of name servers gives."""
    return {office.series("path_names", link="wan1", collector="path", verdict=verdict): values((1, seconds))}


def counted(metric: str, every: float, seconds: float, office: Office = ONE) -> dict[str, str]:
    """A counter that has grown by one each `every` seconds."""
    step = int(every / STEP)
    points = [f"{number}x{step - 1}" for number in range(int(seconds / every))]
    return {office.series(metric, link="wan1", collector="echo"): " ".join(points)}


def broken(alert: str, cause: str, vi: str, en: str, *, linked: bool = True) -> Firing:
    more = LINK if linked else {"link": "wan1"}
    return Firing(alert, office_labels(ONE, "warning", cause, f"office/{cause}/04001-1", **more),
                  f"Trung tâm xã 1: {vi}", f"Trung tâm xã 1: {en}")  # fmt: skip


PORTAL_FAILS = {PORTAL: values((1, 900))} | service(ONE, (1, 120), (0, 780)) | of_all(
    [service(office, (1, 900)) for office in offices(2, first=2)]
)  # fmt: skip
FOUND = 165.0  # a look that follows the first failure of 120 s
OPERATOR_BROKEN = broken(
    "OperatorPathBroken", "link", "đường truyền wan1 (vnpt) hỏng ở đường truy nhập của nhà mạng",
    "the link wan1 (vnpt) breaks in the operator's access line",
)  # fmt: skip
NETWORK_BROKEN = broken(
    "OfficeNetworkBroken", "office", "hỏng ở mạng nội bộ của trụ sở", "broken in the office's own network",
    linked=False,
)  # fmt: skip
NAMES_LIE = broken(
    "NameServerFault", "names", "máy chủ tên miền trả lời sai địa chỉ", "a name server gives a wrong address"
)
BLACK_HOLE = broken(
    "PathMtuBlackHole", "link",
    "đường truyền wan1 (vnpt) làm mất gói tin lớn hơn 1400 byte mà không báo; trang web treo khi tải",
    "the link wan1 (vnpt) loses packets of more than 1400 bytes without a word; pages hang while they load",
)  # fmt: skip
REGION = Firing(
    "ProvincialPathBroken",
    wide_labels("critical", "operator", "link", "operator/link/04/vnpt", province="04", province_name="Tỉnh 04",
                operator="vnpt"),
    "Tỉnh 04: 83,33% số đường đi qua vnpt hỏng ở mạng trục của nhà mạng",
    "Tỉnh 04: 83.33% of the ways over vnpt break in the operator's backbone",
    {"offices": "5"},
)  # fmt: skip


def region(place: str, elsewhere: str = "none") -> dict[str, str]:
    """Five of six offices of one operator have a fault from 120 s on; there are four of another operator."""
    theirs = [looks(("none", 120), (place, 780), office=office) for office in offices(5)]
    well = looks(("none", 900), office=Office(6))
    others = [
        looks(("none", 120), (elsewhere, 780), office=office, operator="viettel") for office in offices(4, first=7)
    ]
    return province(10, 900) | of_all([*theirs, well, *others])


CASES: Mapping[str, Case] = {
    "OperatorPathBroken": Case(
        province(3, 900) | PORTAL_FAILS | looks(("none", FOUND), ("isp_access", 900 - FOUND)),
        quiet=FOUND + 45, fires=FOUND + 60, firing=OPERATOR_BROKEN,
    ),
    "OfficeNetworkBroken": Case(
        province(3, 900)
        | looks(("none", FOUND), ("office_lan", 900 - FOUND))
        | {ONE.series("link_up", link="wan1"): values((1, 900))}
        | {ONE.series("link_hop_loss_ratio", link="wan1", hop="gateway"): values((0, 120), (0.5, 780))},
        quiet=FOUND + 45, fires=FOUND + 60, firing=NETWORK_BROKEN,
    ),
    "NameServerFault": Case(
        province(3, 900) | PORTAL_FAILS | looks(("none", FOUND), ("dns", 900 - FOUND)) | says("lying", 900),
        quiet=FOUND + 45, fires=FOUND + 60, firing=NAMES_LIE,
    ),
    "PathMtuBlackHole": Case(
        province(3, 900)
        | PORTAL_FAILS
        | looks(("none", FOUND), ("mtu", 900 - FOUND))
        | {ONE.series("path_mtu_bytes", link="wan1", collector="path"): values((1400, 900))},
        quiet=FOUND + 45, fires=FOUND + 60, firing=BLACK_HOLE,
    ),
    "ProvincialPathBroken": Case(region("isp_backbone"), quiet=120 + 45, fires=120 + 60, firing=REGION),
    "LinkUnstable": Case(
        province(3, 2 * HOUR)
        | looks(("none", 2 * HOUR))
        | counted("link_echo_outages_total", 1200, 2 * HOUR)
        | counted("link_echo_outages_total", 2400, 2 * HOUR, Office(2)),
        quiet=HOUR - 900, fires=HOUR + 600,
        firing=broken(
            "LinkUnstable", "link", "đường truyền wan1 (vnpt) bị gián đoạn 3 lần trong 1 giờ",
            "the link wan1 (vnpt) was interrupted 3 times within 1 h",
        ),
    ),
    "SignalDips": Case(
        province(3, 2 * HOUR)
        | looks(("none", 2 * HOUR), medium="4g")
        | counted("modem_signal_dips_total", 450, 2 * HOUR),
        quiet=1800, fires=HOUR,
        firing=Firing(
            "SignalDips",
            office_labels(ONE, "info", "link", "office/link/04001-1", **LINK, evidence="modem"),
            "Trung tâm xã 1: sóng của đường truyền wan1 (vnpt) sụt 8 lần trong 1 giờ (theo modem)",
            "Trung tâm xã 1: the signal of the link wan1 (vnpt) dipped 8 times within 1 h (by its modem)",
        ),
    ),
    "ProvincialLinksUnstable": Case(
        province(12, 2 * HOUR)
        | of_all([counted("link_echo_outages_total", 1200, 2 * HOUR, office) for office in offices(5)]),
        quiet=HOUR - 900, fires=HOUR + 600,
        firing=Firing(
            "ProvincialLinksUnstable",
            wide_labels("warning", "province", "unknown", "province/unknown/04", province="04",
                        province_name="Tỉnh 04"),
            "Tỉnh 04: đường truyền của 41,67% số trụ sở cùng chập chờn",
            "Tỉnh 04: the lines of 41.67% of the offices are unstable at the same time",
            {"offices": "5"},
        ),
    ),
}  # fmt: skip
