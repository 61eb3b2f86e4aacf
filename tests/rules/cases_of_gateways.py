"""The gateway and the certificates of the way: when nothing fires yet, and what fires then."""

from collections.abc import Mapping

from tests.rules.case import DAY, HOUR, MINUTE, ONE, Case, office_labels, wide_labels
from tests.rules.scene import Firing, Office, province, selector, values

SOON = 20 * DAY + 10 * MINUTE  # promtool's clock begins at 0


def gateway(name: str, instance: str = "a", **labels: str) -> str:
    return selector(name, instance=instance, job="gateway", **labels)


CASES: Mapping[str, Case] = {
    "GatewayStoreFailing": Case(
        province(1, HOUR)
        | {
            gateway("gateway_store_up"): values((1, 120), (0, 1800)),
            gateway("gateway_store_up", "b"): values((1, 1920)),
        },
        quiet=120 + 285,
        fires=120 + 300,
        firing=Firing(
            "GatewayStoreFailing",
            wide_labels("critical", "centre", "agent", "centre/agent/GatewayStoreFailing"),
            "Kho số liệu sau cổng tiếp nhận không nhận số liệu", "The store behind the gateway takes nothing",
        ),
    ),
    "GatewayFilesRejected": Case(
        province(1, HOUR) | {gateway("gateway_files_good"): values((1, 120), (0, 1800))},
        quiet=120 + 285,
        fires=120 + 300,
        firing=Firing(
            "GatewayFilesRejected",
            wide_labels("warning", "centre", "agent", "centre/agent/GatewayFilesRejected"),
            "Cổng tiếp nhận không đọc được tệp mới, đang dùng tệp cũ",
            "The gateway cannot read a new file and uses the old one",
        ),
    ),
    "GatewayCertificateEnding": Case(
        province(1, HOUR)
        | {
            gateway("gateway_certificate_expiry_timestamp_seconds", file="server"): values((SOON, HOUR)),
            gateway("gateway_certificate_expiry_timestamp_seconds", file="issuer"): values((900 * DAY, HOUR)),
        },
        quiet=10 * MINUTE,
        fires=10 * MINUTE + 15,
        firing=Firing(
            "GatewayCertificateEnding",
            wide_labels("warning", "centre", "agent", "centre/agent/GatewayCertificateEnding/server", file="server"),
            "Cổng tiếp nhận: tệp server hết hạn sau 19 ngày 23 giờ 59 phút 45 giây",
            "The gateway: its file server ends in 19d 23h 59m 45s",
        ),
    ),
    "OfficeCertificateEnding": Case(
        province(3, HOUR)
        | {
            ONE.series("agent_certificate_expiry_timestamp_seconds", receiver="centre"): values((SOON, HOUR)),
            # The agent has not looked since; the gateway has seen the next one.
            Office(2).series("gateway_office_certificate_expiry_timestamp_seconds"): values((60 * DAY, HOUR)),
        },
        quiet=10 * MINUTE,
        fires=10 * MINUTE + 15,
        firing=Firing(
            "OfficeCertificateEnding",
            office_labels(ONE, "warning", "agent", "office/agent/OfficeCertificateEnding/04"),
            "Trung tâm xã 1: chứng thư của trụ sở hết hạn sau 19 ngày 23 giờ 59 phút 45 giây",
            "Trung tâm xã 1: the office's certificate ends in 19d 23h 59m 45s",
        ),
    ),
}  # fmt: skip
