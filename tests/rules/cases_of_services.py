"""Services: away, refusing, slow, out of date, and the errands that need several of them."""

from collections.abc import Mapping

from tests.rules.case import DAY, HOUR, MINUTE, ONE, PORTAL, Case, of_all, office_labels, service, wide_labels
from tests.rules.scene import Firing, Office, offices, province, selector, values

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


def _for_a_reason(reason: str, *portal: tuple[float | str, float]) -> dict[str, str]:
    """From ten minutes on two offices of three, in each of two provinces, say this of the portal; for an hour."""
    hit, others = (*offices(2), *offices(2, "11")), (*offices(1, first=3), *offices(1, "11", first=3))
    said = values(("gone", 600), (1, HOUR - 600))
    return {
        **province(3, HOUR), **province(3, HOUR, "11"), PORTAL: values((1, HOUR)),
        **of_all([service(office, *portal) for office in hit]),
        **{office.series("probe_result", service="portal", collector="service", reason=reason): said for office in hit},
        **of_all([service(office, (1, HOUR)) for office in others]),
    }  # fmt: skip


CASES: Mapping[str, Case] = {
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
        _for_a_reason("blocked", (1, 600), (0, HOUR - 600)),
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
        _for_a_reason("slow", (1, HOUR)),
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
