"""Offices that are silent, without power, or whose agent wants somebody."""

from collections.abc import Mapping

from alerts.texts import LANGUAGES
from collectors.core.lastword import Word
from collectors.messages import text
from tests.rules.case import ONE, Case, of_all, office_labels, silent, ups, wide_labels
from tests.rules.scene import Firing, Office, offices, province, selector, values

ON_BATTERY = Firing(
    "OnBattery", office_labels(ONE, "warning", "power", "office/power/04001-1"),
    "Trung tâm xã 1: mất điện lưới, đang dùng UPS", "Trung tâm xã 1: mains power lost, running on the UPS",
)  # fmt: skip


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


CASES: Mapping[str, Case] = {
    "ProvincialSilent": Case(
        province(12, 600) | of_all([silent(office, 120, 600) for office in offices(5)]),
        quiet=120 + 60,
        fires=120 + 75,
        firing=Firing(
            "ProvincialSilent",
            wide_labels("critical", "province", "unknown", "province/unknown/04", province="04",
                        province_name="Tỉnh 04"),
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
}  # fmt: skip
