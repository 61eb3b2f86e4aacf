"""The way of the figures from the offices to here: when nothing fires yet, and what fires then."""

from collections.abc import Mapping

from tests.rules.case import ONE, Case, office_labels
from tests.rules.scene import Firing, Office, province, values

CASES: Mapping[str, Case] = {
    "PushBacklog": Case(
        province(3, 2400)
        | {ONE.series("agent_push_backlog_age_seconds", receiver="centre"): "0+15x160"}
        | {Office(2).series("agent_push_backlog_age_seconds", receiver="centre"): values((60, 2400))},
        quiet=915 + 885,
        fires=915 + 900,
        firing=Firing(
            "PushBacklog", office_labels(ONE, "warning", "agent", "office/agent/PushBacklog/04"),
            "Trung tâm xã 1: số liệu chờ gửi đã lâu, chưa gửi hết",
            "Trung tâm xã 1: figures have waited for long and are not all sent",
        ),
    ),
    "PushMisconfigured": Case(
        province(3, 1200)
        | {ONE.series("agent_push_misconfigured", receiver="spare"): values((0, 120), (1, 1080))}
        | {ONE.series("agent_push_misconfigured", receiver="centre"): values((0, 1200))},
        quiet=120 + 585,
        fires=120 + 600,
        firing=Firing(
            "PushMisconfigured", office_labels(ONE, "warning", "agent", "office/agent/PushMisconfigured/04"),
            "Trung tâm xã 1: một nơi nhận từ chối mọi số liệu gửi đến",
            "Trung tâm xã 1: a receiver turns away everything that is sent",
        ),
    ),
    "PushQuarantined": Case(
        province(3, 600)
        | {ONE.series("agent_push_quarantined_samples_total", receiver="centre", reason="refused"): "0x8 3x30"},
        quiet=120,
        fires=120 + 15,
        firing=Firing(
            "PushQuarantined", office_labels(ONE, "info", "agent", "office/agent/PushQuarantined/04"),
            "Trung tâm xã 1: có số liệu không thể gửi, đã được để riêng",
            "Trung tâm xã 1: some figures can never be sent and were put aside",
        ),
    ),
    "BufferFailing": Case(
        province(3, 1500)
        | {ONE.series("agent_buffer_write_failures_total", reason="full"): "0x8 1+1x92"}
        | {ONE.series("agent_buffer_lost_scrapes_total", reason="dropped"): "0x100"}
        | {Office(2).series("agent_buffer_lost_scrapes_total", reason="dropped"): "7x100"},
        quiet=135 + 585,
        fires=135 + 600,
        firing=Firing(
            "BufferFailing", office_labels(ONE, "warning", "agent", "office/agent/BufferFailing/04"),
            "Trung tâm xã 1: đĩa của máy không ghi được số liệu hoặc đã hết chỗ",
            "Trung tâm xã 1: the machine's disk does not take figures, or has no room for them",
        ),
    ),
    "ClockWrong": Case(
        province(3, 1200)
        | {ONE.series("agent_push_clock_skew_seconds"): values((-2, 120), (-3600, 1080))}
        | {Office(2).series("agent_push_clock_skew_seconds"): values((59, 1200))},
        quiet=120 + 585,
        fires=120 + 600,
        firing=Firing(
            "ClockWrong", office_labels(ONE, "info", "agent", "office/agent/ClockWrong/04"),
            "Trung tâm xã 1: đồng hồ của máy sai quá 1 phút",
            "Trung tâm xã 1: the machine's clock is wrong by over 1 min",
        ),
    ),
}  # fmt: skip
