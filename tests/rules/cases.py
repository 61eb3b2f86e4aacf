"""For every alert: a fault, a moment at which nothing may fire yet, and what fires a little later."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from alerts.rules import groups
from alerts.settings import PRODUCTION, Settings
from alerts.texts import LANGUAGES, description
from collectors.core.lastword import Word
from collectors.messages import text
from tests.rules.lines import capacity, each, line
from tests.rules.scene import Firing, Office, Series, offices, province, selector, values

MINUTE = 60.0
HOUR = 3600.0
DAY = 86400.0


@dataclass(frozen=True)
class Case:
    """`quiet`: the last evaluation at which it does not fire; `fires`: the first at which it does.

    At both moments `beside` fires, and nothing else.
    """

    series: Series
    quiet: float
    fires: float
    firing: Firing
    beside: tuple[Firing, ...] = ()
    settings: Settings = PRODUCTION


def office_labels(office: Office, severity: str, cause: str, incident: str, **more: str) -> Mapping[str, str]:
    return {
        **office.labels, **office.names, "severity": severity, "scope": "office", "cause": cause,
        "incident": incident, **more,
    }  # fmt: skip


def wide_labels(severity: str, scope: str, cause: str, incident: str, **more: str) -> Mapping[str, str]:
    return {"severity": severity, "scope": scope, "cause": cause, "incident": incident, **more}


ONE = Office(1)
ON_BATTERY = Firing(
    "OnBattery", office_labels(ONE, "warning", "power", "office/power/04001-1"),
    "Trung tâm xã 1: mất điện lưới, đang dùng UPS", "Trung tâm xã 1: mains power lost, running on the UPS",
)  # fmt: skip
_LINK_1 = {"link": "wan1", "operator": "vnpt"}
_LINK_FACTS = selector("link_info", **ONE.labels, **_LINK_1, technology="ftth", job="facts")
PORTAL = selector("service_info", service="portal", name="Cổng Dịch vụ công", owner="mps", tier="1", job="facts")

# A slow link is told sooner: an hour and more would make a long scene.
SOON = replace(PRODUCTION, trends=replace(PRODUCTION.trends, dip_hold_seconds=1200, share_evaluation_seconds=120))
_DOWN = {"direction": "down", "method": "capacity"}
_OTHER_METHOD = r'{{ if eq \$labels.method "(?!capacity)\w+" }}.*?{{ end }}'
_THE_METHOD = r'{{ if eq \$labels.method "capacity" }}(.*?){{ end }}'


def by_capacity(name: str) -> Mapping[str, str]:
    """The descriptions of an alert, with the method's words for the choice between them."""
    (alert,) = (alert for group in groups(SOON) for alert in group.alerts if alert.name == name)
    return {
        f"description_{language}": re.sub(
            _THE_METHOD, r"\1", re.sub(_OTHER_METHOD, "", description(alert, SOON, language))
        )
        for language in LANGUAGES
    }


BELOW_CONTRACT = Firing(
    "BandwidthBelowContract",
    office_labels(ONE, "info", "bandwidth", "office/bandwidth/04001-1/wan1", **_LINK_1, **_DOWN),
    "Trung tâm xã 1: đường truyền wan1 (vnpt), chiều tải xuống, chỉ đạt 75% băng thông hợp đồng",
    "Trung tâm xã 1: the link wan1 (vnpt), down, reaches only 75% of the contracted rate",
    by_capacity("BandwidthBelowContract"),
)  # fmt: skip
LINK_SLOW = Firing(
    "LinkSlow",
    office_labels(ONE, "warning", "bandwidth", "office/bandwidth/04001-1/wan1", **_LINK_1, **_DOWN),
    "Trung tâm xã 1: đường truyền wan1 (vnpt), chiều tải xuống, chậm kéo dài, thấp nhất 75% băng thông hợp đồng",
    "Trung tâm xã 1: the link wan1 (vnpt), down, has been slow for long, down to 75% of the contracted rate",
    by_capacity("LinkSlow"),
)  # fmt: skip
REGION_SLOW = Firing(
    "OperatorRegionSlow",
    wide_labels("warning", "province", "bandwidth", "province/bandwidth/04/vnpt", province="04",
                province_name="Tỉnh 04", operator="vnpt"),
    "Tỉnh 04: nhà mạng vnpt chậm trong một khu vực, 75% số đường truyền đã đo ở đó dưới ngưỡng hợp đồng",
    "Tỉnh 04: the operator vnpt is slow in a region, 75% of its links measured there are below the contract's limit",
)  # fmt: skip

CIVIL_STATUS_DATA = selector(
    "service_info", service="civil_status_data", name="Cơ sở dữ liệu hộ tịch", owner="moj", tier="2", job="facts"
)
STALE = Firing(
    "DataStale",
    {"severity": "warning", "scope": "province", "cause": "service", "province": "04", "province_name": "Tỉnh 04",
     "incident": "province/service/DataStale/04/civil_status_data", "service": "civil_status_data",
     "service_name": "Cơ sở dữ liệu hộ tịch"},
    "Tỉnh 04: Cơ sở dữ liệu hộ tịch không được cập nhật quá 1 ngày",
    "Tỉnh 04: Cơ sở dữ liệu hộ tịch has not been renewed for over 1 d",
)  # fmt: skip


def ups(office: Office, *parts: tuple[float | str, float]) -> dict[str, str]:
    return {office.series("ups_on_battery", ups="ups-1", collector="ups"): values(*parts)}


def silent(office: Office, after: float, until: float) -> dict[str, str]:
    return {office.series("agent_start_time_seconds"): values((1700000000, after), ("gone", until - after))}


def last_word(*said: tuple[Word, float], office: Office = ONE) -> dict[str, str]:
    """Words with the time of each (the first sample at 15 s steps); pushed series carry neither job nor instance."""
    found = {}
    for word in Word:
        points, at = [], 0.0
        for which, moment in said:
            gap = int((moment - at) / 15)
            points += [f"_x{gap}"] if gap else []
            points.append("1" if which is word else "0")
            at = moment + 15
        found[selector("office_last_word", **office.labels, word=word.value)] = " ".join(points)
    return found


def silent_because(evidence: str) -> Mapping[str, str]:
    """The descriptions of OfficeSilent; none of them once the office is back."""
    return {
        f"description_{language}": text("alerts.office_silent.description", language,
                                        silence=evidence and " " + text(f"silence.why.{evidence}", language))
        for language in LANGUAGES
    }  # fmt: skip


def service(office: Office, *parts: tuple[float | str, float]) -> dict[str, str]:
    return {office.series("probe_success", service="portal", collector="service"): values(*parts)}


def joint(office: Office, missing: str) -> dict[str, str]:
    """An errand that fails from 120 s on: of two services one is away."""
    away, works = values((1, 120), (0, 480)), values((1, 600))
    return {
        office.series("joint_success", joint="birth"): away,
        **{
            office.series("probe_success", service=name, collector="service"): away if name == missing else works
            for name in ("portal", "vneid")
        },
    }


BIRTH = {
    selector("joint_info", joint="birth", name="Đăng ký khai sinh", service=name, job="facts"): values((1, 600))
    for name in ("portal", "vneid")
}


def of_all(found: list[dict[str, str]]) -> dict[str, str]:
    return {name: text for each in found for name, text in each.items()}


CASES: Mapping[str, Case] = {
    "FactsMissing": Case(
        province(1, 720) | {ONE.facts(): values((1, 120), ("gone", 600))},
        quiet=120 + 165,
        fires=120 + 180,
        firing=Firing(
            "FactsMissing", wide_labels("critical", "centre", "agent", "centre/agent/FactsMissing"),
            "Prometheus không đọc được danh mục trụ sở", "Prometheus cannot read the register of offices",
        ),
    ),
    "RelayDeliveryFailing": Case(
        province(1, 720)
        | {
            selector("relay_queue_oldest_seconds", channel="zalo", job="relay"): "0x10 0+15x40",
            selector("relay_queue_oldest_seconds", channel="mail", job="relay"): values((0, 900)),
        },
        quiet=11 * 15 + 300,
        fires=11 * 15 + 315,
        firing=Firing(
            "RelayDeliveryFailing",
            wide_labels("warning", "centre", "agent", "centre/agent/RelayDeliveryFailing/zalo", channel="zalo"),
            "Kênh thông báo zalo không gửi được", "The channel zalo does not deliver",
        ),
    ),
    "RelayChannelDead": Case(
        province(1, 720)
        | {
            selector("relay_channel_failing_seconds", channel="zalo", job="relay"): values((43200, 120), (43260, 600)),
            selector("relay_channel_failing_seconds", channel="mail", job="relay"): values((0, 720)),
            selector("relay_channel_failing_seconds", channel="sms", job="relay"): values((50000, 720)),
            selector("relay_queue_oldest_seconds", channel="sms", job="relay"): values((900, 720)),
        },
        quiet=105,
        fires=120,
        firing=Firing(
            "RelayChannelDead",
            wide_labels("info", "centre", "agent", "centre/agent/RelayChannelDead/zalo", channel="zalo"),
            "Kênh thông báo zalo hỏng đã lâu, tin đi bằng kênh dự phòng",
            "The channel zalo has long been dead, its fallback tells",
        ),
        beside=(
            Firing(
                "RelayDeliveryFailing",
                wide_labels("warning", "centre", "agent", "centre/agent/RelayDeliveryFailing/sms", channel="sms"),
            ),
        ),
    ),
    "RelayFilesDamaged": Case(
        province(1, 720)
        | {
            selector("relay_damaged_files", job="relay"): values((0, 120), (2, 600)),
            selector("relay_receivers_last_read_successful", job="relay"): values((1, 720)),
        },
        quiet=120 + 285,
        fires=120 + 300,
        firing=Firing(
            "RelayFilesDamaged", wide_labels("warning", "centre", "agent", "centre/agent/RelayFilesDamaged"),
            "Máy chuyển tiếp thông báo có 2 tệp không đọc được", "The relay has 2 files that it cannot read",
        ),
    ),
    "CentreBlind": Case(
        province(8, 600) | of_all([silent(office, 120, 600) for office in offices(6)]),
        quiet=120 + 60,
        fires=120 + 75,
        firing=Firing(
            "CentreBlind", wide_labels("critical", "centre", "agent", "centre/agent/CentreBlind"),
            "Trung tâm mất liên lạc với 75% số trụ sở", "The centre does not hear 75% of the offices", {"offices": "6"},
        ),
    ),
    "ProvincialSilent": Case(
        province(12, 600) | of_all([silent(office, 120, 600) for office in offices(5)]),
        quiet=120 + 60,
        fires=120 + 75,
        firing=Firing(
            "ProvincialSilent",
            wide_labels("critical", "province", "link", "province/link/04", province="04", province_name="Tỉnh 04"),
            "Tỉnh 04: mất liên lạc với 41,67% số trụ sở", "Tỉnh 04: 41.67% of the offices are silent", {"offices": "5"},
        ),
    ),
    "OfficeSilent": Case(
        province(3, 600) | silent(ONE, 120, 600) | ups(ONE, (0, 120), ("gone", 480)),
        quiet=120 + 75,
        fires=120 + 90,
        firing=Firing(
            "OfficeSilent", office_labels(ONE, "warning", "link", "office/link/04001-1"),
            "Trung tâm xã 1: mất liên lạc", "Trung tâm xã 1: silent", silent_because("mains"),
        ),
    ),
    "AgentStopped": Case(
        province(3, 1200) | silent(ONE, 120, 1200) | last_word((Word.STOPPING, 120)),
        quiet=120 + 60 + 585,
        fires=120 + 60 + 600,
        firing=Firing(
            "AgentStopped", office_labels(ONE, "info", "agent", "office/agent/AgentStopped/04"),
            "Trung tâm xã 1: máy giám sát đã báo dừng và chưa chạy lại",
            "Trung tâm xã 1: the agent said that it would end, and is not back",
        ),
    ),
    "ProvincialPowerLost": Case(
        province(12, 600) | of_all([ups(office, (0, 120), (1, 480)) for office in offices(5)]),
        quiet=120,
        fires=120 + 15,
        firing=Firing(
            "ProvincialPowerLost",
            wide_labels("critical", "province", "power", "province/power/04", province="04", province_name="Tỉnh 04"),
            "Tỉnh 04: 41,67% số trụ sở mất điện lưới", "Tỉnh 04: 41.67% of the offices have lost mains power",
            {"offices": "5"},
        ),
    ),
    "OnBattery": Case(
        province(3, 600) | ups(ONE, (0, 120), (1, 480)),
        quiet=120 + 15,
        fires=120 + 30,
        firing=ON_BATTERY,
    ),
    "BatteryLow": Case(
        province(3, 900)
        | ups(ONE, (0, 120), (1, 780))
        | {ONE.series("ups_battery_low", ups="ups-1"): values((0, 300), (1, 600))}
        | {ONE.series("ups_battery_charge_ratio", ups="ups-1"): values((0.5, 900))}
        | {ONE.series("ups_battery_runtime_seconds", ups="ups-1"): values((1800, 900))},
        quiet=300 + 15,
        fires=300 + 30,
        firing=Firing(
            "BatteryLow", office_labels(ONE, "critical", "power", "office/power/04001-1"),
            "Trung tâm xã 1: mất điện lưới và UPS sắp cạn",
            "Trung tâm xã 1: on battery, and the UPS is nearly empty",
        ),
        beside=(ON_BATTERY,),
    ),
    "LinkDown": Case(
        province(3, 600)
        | {_LINK_FACTS: values((1, 600)), ONE.series("link_up", link="wan1"): values((1, 120), (0, 480))}
        | {ONE.series("link_up", link="wan2"): values((1, 600))},
        quiet=120 + 45,
        fires=120 + 60,
        firing=Firing(
            "LinkDown", office_labels(ONE, "warning", "link", "office/link/04001-1", **_LINK_1),
            "Trung tâm xã 1: đường truyền wan1 (vnpt) bị đứt", "Trung tâm xã 1: the link wan1 (vnpt) is down",
        ),
    ),
    "LinkLossy": Case(
        province(3, 600)
        | {_LINK_FACTS: values((1, 600)), ONE.series("link_up", link="wan1"): values((1, 600))}
        | {ONE.series("link_hop_loss_ratio", link="wan1", hop="first_hop"): values((0, 120), (0.5, 480))}
        | {ONE.series("link_hop_loss_ratio", link="wan1", hop="gateway"): values((0, 600))},
        quiet=120 + 210,  # the average of two minutes passes 20 % after 45 s
        fires=120 + 225,
        firing=Firing(
            "LinkLossy", office_labels(ONE, "warning", "link", "office/link/04001-1", **_LINK_1),
            "Trung tâm xã 1: đường truyền wan1 (vnpt) mất 50% gói tin",
            "Trung tâm xã 1: the link wan1 (vnpt) loses 50% of the packets",
        ),
    ),
    "NationalServiceDown": Case(
        province(3, 600)
        | province(3, 600, "11")
        | {PORTAL: values((1, 600))}
        | of_all([service(office, (1, 120), (0, 480)) for office in (*offices(3), *offices(3, "11"))]),
        quiet=120,
        fires=120 + 15,
        firing=Firing(
            "NationalServiceDown",
            wide_labels("critical", "country", "service", "country/service/portal", service="portal",
                  service_name="Cổng Dịch vụ công", owner="mps"),
            "Cổng Dịch vụ công gián đoạn trên diện rộng: 100% số trụ sở không truy cập được",
            "Cổng Dịch vụ công is down at large: 100% of the offices cannot use it", {"offices": "6"},
        ),
    ),
    "JointServiceDegraded": Case(
        province(4, 600)
        | province(4, 600, "11")
        | BIRTH
        | of_all(
            [
                joint(office, missing)
                for code in ("04", "11")
                for office, missing in zip(offices(4, code), ("portal", "portal", "vneid", "vneid"), strict=True)
            ]
        ),
        quiet=120 + 45,
        fires=120 + 60,
        firing=Firing(
            "JointServiceDegraded",
            wide_labels("warning", "country", "service", "country/service/birth", joint="birth",
                  joint_name="Đăng ký khai sinh"),
            "Đăng ký khai sinh: 100% số trụ sở không thực hiện được vì thiếu một trong các hệ thống cần thiết",
            "Đăng ký khai sinh: 100% of the offices miss one of the services that it needs",
        ),
    ),
    "ProvincialServiceDown": Case(
        province(3, 600)
        | {PORTAL: values((1, 600))}
        | of_all([service(office, (1, 120), (0, 480)) for office in offices(3)]),
        quiet=120 + 45,
        fires=120 + 60,
        firing=Firing(
            "ProvincialServiceDown",
            wide_labels("critical", "province", "service", "province/service/04/portal", province="04",
                  province_name="Tỉnh 04", service="portal", service_name="Cổng Dịch vụ công"),
            "Tỉnh 04: Cổng Dịch vụ công gián đoạn, 100% số trụ sở không truy cập được",
            "Tỉnh 04: Cổng Dịch vụ công is down, 100% of the offices cannot use it", {"offices": "3"},
        ),
    ),
    "ServiceDown": Case(
        province(3, 600)
        | {PORTAL: values((1, 600))}
        | service(ONE, (1, 120), (0, 480))
        | of_all([service(office, (1, 600)) for office in offices(2, first=2)]),
        quiet=120 + 105,
        fires=120 + 120,
        firing=Firing(
            "ServiceDown",
            office_labels(ONE, "warning", "service", "office/service/04001-1", service="portal",
                           service_name="Cổng Dịch vụ công"),
            "Trung tâm xã 1: không truy cập được Cổng Dịch vụ công",
            "Trung tâm xã 1: cannot use Cổng Dịch vụ công",
        ),
    ),
    "ProbeFailing": Case(
        province(3, 1200)
        | {ONE.series("probe_result", collector="bandwidth", link="wan1", reason="permission"): "_x7 1x80"},
        quiet=120 + 570,
        fires=120 + 600,
        firing=Firing(
            "ProbeFailing",
            office_labels(ONE, "info", "agent", "office/agent/ProbeFailing/04", collector="bandwidth",
                           reason="permission"),
            "Trung tâm xã 1: phép đo bandwidth không chạy được (lý do: permission)",
            "Trung tâm xã 1: the probe bandwidth cannot run (reason: permission)",
        ),
    ),
    "UpsUnreachable": Case(
        province(3, 1200)
        | {ONE.series("probe_success", collector="ups", ups="ups-1"): values((1, 120), (0, 1080))},
        quiet=120 + 585,
        fires=120 + 600,
        firing=Firing(
            "UpsUnreachable", office_labels(ONE, "info", "agent", "office/agent/UpsUnreachable/04"),
            "Trung tâm xã 1: không đọc được UPS", "Trung tâm xã 1: the UPS does not answer",
        ),
    ),
    "ConfigurationRejected": Case(
        province(3, 1200)
        | {ONE.series("agent_config_last_reload_successful"): values((1, 120), (0, 1080))},
        quiet=120 + 585,
        fires=120 + 600,
        firing=Firing(
            "ConfigurationRejected",
            office_labels(ONE, "warning", "agent", "office/agent/ConfigurationRejected/04"),
            "Trung tâm xã 1: cấu hình mới bị từ chối, đang dùng cấu hình cũ",
            "Trung tâm xã 1: new configuration rejected, the old one is in use",
        ),
    ),
    "LastWordBlocked": Case(
        province(3, 1200)
        | {ONE.series("agent_last_word_ready"): values((1, 120), (0, 1080))}
        | {Office(2).series("agent_last_word_ready"): values((1, 1200))},
        quiet=120 + 585,
        fires=120 + 600,
        firing=Firing(
            "LastWordBlocked", office_labels(ONE, "warning", "agent", "office/agent/LastWordBlocked/04"),
            "Trung tâm xã 1: không gửi được lời cuối khi mất điện", "Trung tâm xã 1: could not tell of a power cut now",
        ),
    ),
    "BandwidthBelowContract": Case(
        province(3, 2400) | line(ONE, 2400) | capacity(ONE, 2400, *each(900, 0.75, 300, 2400)),
        quiet=2 * 900 + 285,  # two tests
        fires=2 * 900 + 360,  # the third, at the next look
        firing=BELOW_CONTRACT,
        settings=SOON,
    ),
    "LinkSlow": Case(
        # Two tests in a row are low; the first of them is as good as any.
        province(3, 2100) | line(ONE, 2100) | capacity(ONE, 2100, *each(300, 0.75, 300, 2100)),
        quiet=600 + 1200 - 15,
        fires=600 + 1200,
        firing=LINK_SLOW,
        beside=(BELOW_CONTRACT,),
        settings=SOON,
    ),
    "OperatorRegionSlow": Case(
        province(4, 1200)
        | of_all([line(office, 1200) for office in offices(4)])
        | of_all([capacity(office, 1200, *each(300, 0.75 if office.number < 4 else 1.0, 300, 1200))
                  for office in offices(4)]),
        quiet=600 + 240 - 15,
        fires=600 + 240,
        firing=REGION_SLOW,
        settings=SOON,
    ),
    "CertificateExpiring": Case(
        # promtool's clock begins at 0: a certificate that ends 14 days and 10 minutes from there, and two that do not.
        province(3, 1200)
        | {PORTAL: values((1, 1200))}
        | {
            office.series("probe_ssl_earliest_cert_expiry", service="portal", collector="service"): values(
                (14 * 24 * HOUR + 10 * MINUTE if office.number < 3 else 90 * 24 * HOUR, 1200)
            )
            for office in offices(3)
        },
        quiet=10 * MINUTE,
        fires=10 * MINUTE + 15,
        firing=Firing(
            "CertificateExpiring",
            wide_labels("warning", "country", "service", "country/service/CertificateExpiring/portal", service="portal",
                  service_name="Cổng Dịch vụ công"),
            "Chứng thư TLS của Cổng Dịch vụ công sẽ hết hạn sau 13 ngày 23 giờ 59 phút 45 giây",
            "The certificate of Cổng Dịch vụ công ends in 13d 23h 59m 45s",
        ),
    ),
    "ServiceBlocked": Case(
        province(3, HOUR)
        | province(3, HOUR, "11")
        | {PORTAL: values((1, HOUR))}
        | of_all(
            [
                service(office, (1, 600), (0, HOUR - 600))
                | {
                    office.series("probe_result", service="portal", collector="service", reason="blocked"): values(
                        ("gone", 600), (1, HOUR - 600)
                    )
                }
                for office in (*offices(2), *offices(2, "11"))
            ]
            + [service(office, (1, HOUR)) for office in (*offices(1, first=3), *offices(1, "11", first=3))]
        ),
        quiet=600 + 30 * MINUTE - 15,
        fires=600 + 30 * MINUTE,
        firing=Firing(
            "ServiceBlocked",
            wide_labels("info", "country", "service", "country/service/ServiceBlocked/portal", service="portal",
                  service_name="Cổng Dịch vụ công"),
            "Cổng Dịch vụ công từ chối phép đo của 66,67% số trụ sở; chưa biết dịch vụ có hoạt động hay không",
            "Cổng Dịch vụ công refuses the probes of 66.67% of the offices; whether it works is not known",
            {"offices": "4"},
        ),
    ),
    "ServiceSlow": Case(
        province(3, HOUR)
        | province(3, HOUR, "11")
        | {PORTAL: values((1, HOUR))}
        | of_all(
            [
                service(office, (1, HOUR))
                | {
                    office.series("probe_result", service="portal", collector="service", reason="slow"): values(
                        ("gone", 600), (1, HOUR - 600)
                    )
                }
                for office in (*offices(2), *offices(2, "11"))
            ]
            + [service(office, (1, HOUR)) for office in (*offices(1, first=3), *offices(1, "11", first=3))]
        ),
        quiet=600 + 30 * MINUTE - 15,
        fires=600 + 30 * MINUTE,
        firing=Firing(
            "ServiceSlow",
            wide_labels("warning", "country", "service", "country/service/ServiceSlow/portal", service="portal",
                  service_name="Cổng Dịch vụ công"),
            "Cổng Dịch vụ công chậm trên diện rộng: 66,67% số trụ sở phải chờ lâu hơn mức cho phép hoặc thường ngày",
            "Cổng Dịch vụ công is slow at large: 66.67% of the offices wait longer than they should, or than is usual",
        ),
    ),
    "JourneyFailing": Case(
        province(3, 2 * HOUR)
        | {selector("journey_info", service="way", name="Đường tới tờ khai", job="facts"): values((1, 2 * HOUR))}
        | of_all(
            [
                {
                    office.series("probe_success", service="way", collector="journey"): values(
                        (1, 600), (1 if office.number == 3 else 0, 2 * HOUR - 600)
                    )
                }
                for office in offices(3)
            ]
        ),
        quiet=600 + 75 * MINUTE - 15,
        fires=600 + 75 * MINUTE,
        firing=Firing(
            "JourneyFailing",
            wide_labels("warning", "country", "service", "country/service/JourneyFailing/way", service="way",
                  service_name="Đường tới tờ khai"),
            "Đường tới tờ khai: 66,67% số trụ sở không đi được đến bước cuối",
            "Đường tới tờ khai: 66.67% of the offices cannot walk it to its end",
        ),
    ),
    "JourneyOverBudget": Case(
        province(3, 1200)
        | of_all(
            [
                {
                    # Two of three offices get slower than 300 s after ten minutes; the third was always slow.
                    office.series("journey_duration_seconds", service="way"): values(
                        (400 if office.number == 3 else 300, 600), (360, 600)
                    ),
                    office.series("journey_budget_seconds", service="way"): values((300, 1200)),
                }
                for office in offices(3)
            ]
        ),
        quiet=10 * MINUTE - 15,
        fires=10 * MINUTE,
        firing=Firing(
            "JourneyOverBudget",
            wide_labels("info", "country", "service", "country/service/JourneyOverBudget/way", service="way"),
            "way: mất 120% thời gian của kế hoạch", "way: takes 120% of the plan's time",
        ),
    ),
    "DataStale": Case(
        # promtool's clock begins at 0: data that is a day old ten minutes later, and data that is a little younger.
        province(3, 1800)
        | {CIVIL_STATUS_DATA: values((1, 1800))}
        | {ONE.series("data_last_success_timestamp_seconds", service=service): values((arrived - DAY, 1800))
           for service, arrived in {"civil_status_data": 10 * MINUTE, "land_data": 60 * MINUTE}.items()},
        quiet=10 * MINUTE,
        fires=15 * MINUTE,
        firing=STALE,
    ),
}  # fmt: skip
