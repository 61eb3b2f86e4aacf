"""What goes wrong where the province watches: the register, the relay, an ear that hears nobody."""

from collections.abc import Mapping

from tests.rules.case import ONE, Case, of_all, silent, wide_labels
from tests.rules.scene import Firing, offices, province, selector, values

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
}  # fmt: skip
