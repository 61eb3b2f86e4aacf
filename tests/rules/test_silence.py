"""Why an office is silent: by its last word, by what is known of its router, by who answers; and what it says later."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from collectors.core.lastword import Word
from tests.rules.case import HOUR, MINUTE, ONE, of_all, office_labels, silent, ups, wide_labels
from tests.rules.cases_of_offices import ON_BATTERY, last_word, silent_because
from tests.rules.every_case import CASES
from tests.rules.scene import Firing, Office, Scene, offices, province, selector, values
from tests.rules.test_alerts import TEXTS
from tests.rules.test_incidents import during

FIRING = 'ALERTS{alertstate="firing", alertname!="Watchdog"}'
LOST = 300.0  # when the last scrape was, or the first that failed
LATER = HOUR


def because(cause: str, evidence: str, **more: str) -> Firing:
    labels = office_labels(ONE, "warning", cause, f"office/{cause}/04001-1", **more)
    return Firing("OfficeSilent", labels, "Trung tâm xã 1: mất liên lạc", "Trung tâm xã 1: silent",
                  silent_because(evidence))  # fmt: skip


def scraped(*parts: tuple[float | str, float], office: Office = ONE) -> dict[str, str]:
    """How long Prometheus' scrapes of the office took."""
    return {office.series("scrape_duration_seconds"): values(*parts)}


MAINS = ups(ONE, (0, LOST), ("gone", LATER))
SILENT = silent(ONE, LOST, LOST + LATER)
WORLD = province(3, LOST + LATER)
STOPPED = CASES["AgentStopped"].firing
MOMENTS = (LOST + 120, LOST + 600, LOST + 1200, LOST + LATER - 60)


def judged(folder: Path, series: dict[str, str], *firing: Firing, moments: Sequence[float] = MOMENTS) -> None:
    Scene(WORLD | SILENT | series, dict.fromkeys(moments, firing)).judge(folder, TEXTS)


@pytest.mark.parametrize("word", [Word.SUSPECT, Word.OUTAGE])
def test_a_word_on_battery_that_got_out_after_the_last_scrape_makes_the_silence_one_of_power(
    tmp_path: Path, word: Word
) -> None:
    judged(tmp_path, MAINS | last_word((word, LOST)), ON_BATTERY)


@pytest.mark.parametrize("word", [Word.LOW_BATTERY, Word.DYING])
def test_a_dying_word_is_a_battery_that_is_nearly_empty(tmp_path: Path, word: Word) -> None:
    low = Firing("BatteryLow", office_labels(ONE, "critical", "power", "office/power/04001-1"))
    judged(tmp_path, MAINS | last_word((Word.OUTAGE, LOST - 60), (word, LOST)), ON_BATTERY, low)


def test_a_suspicion_alone_wakes_nobody_while_the_office_is_heard(tmp_path: Path) -> None:
    series = province(3, 900) | ups(ONE, (0, 900)) | last_word((Word.SUSPECT, 300), (Word.MAINS, 315))
    Scene(series, dict.fromkeys((315, 330, 360, 600, 885), ())).judge(tmp_path)


def test_a_word_that_is_older_than_a_scrape_counts_no_more(tmp_path: Path) -> None:
    series = province(3, 900) | ups(ONE, (0, 900)) | last_word((Word.OUTAGE, 300))
    Scene(series, dict.fromkeys((330, 345, 360, 600), ())).judge(tmp_path)


def test_a_silence_long_after_a_power_cut_is_not_one_of_power(tmp_path: Path) -> None:
    judged(tmp_path, MAINS | last_word((Word.OUTAGE, 60), (Word.MAINS, 120)), because("link", "mains"))


def test_the_word_that_mains_is_back_is_believed_where_no_scrape_says_so(tmp_path: Path) -> None:
    """The office goes silent on battery; its words get through, the scrapes do not."""
    words = last_word((Word.OUTAGE, LOST), (Word.MAINS, LOST + 600))
    Scene(WORLD | SILENT | MAINS | words, {LOST + 500: (ON_BATTERY,), LOST + 1200: (because("link", "mains"),)}).judge(
        tmp_path
    )


def test_where_the_router_dies_with_mains_power_and_link_cannot_be_told_apart(tmp_path: Path) -> None:
    router = {ONE.series("office_router_on_ups"): values((0, LOST), ("gone", LATER))}
    judged(tmp_path, MAINS | router, because("unknown", "router"))


def test_where_the_router_lives_on_the_ups_a_silence_on_mains_is_the_link(tmp_path: Path) -> None:
    router = {ONE.series("office_router_on_ups"): values((1, LOST), ("gone", LATER))}
    judged(tmp_path, MAINS | router, because("link", "mains"))


def test_a_router_that_was_put_on_the_ups_meanwhile_is_no_excuse_any_more(tmp_path: Path) -> None:
    router = {ONE.series("office_router_on_ups"): values((0, 120), (1, LOST - 120), ("gone", LATER))}
    judged(tmp_path, MAINS | router, because("link", "mains"))


def test_who_answers_at_once_is_there_so_the_line_is_not_blamed(tmp_path: Path) -> None:
    judged(tmp_path, MAINS | scraped((0.05, LOST), (0.002, LATER)), because("unknown", "refused"))


def test_where_nobody_answers_the_line_is_blamed(tmp_path: Path) -> None:
    judged(tmp_path, MAINS | scraped((0.05, LOST), (10, LATER)), because("link", "mains"))


def test_without_a_word_on_power_nothing_is_claimed(tmp_path: Path) -> None:
    judged(tmp_path, scraped((0.05, LOST), (0.002, LATER)), because("unknown", "none"))


def test_an_agent_that_said_goodbye_is_no_silent_office(tmp_path: Path) -> None:
    series = WORLD | SILENT | MAINS | last_word((Word.STOPPING, LOST))
    quiet = dict.fromkeys((LOST + 60, LOST + 120, LOST + 600), ())
    told = dict.fromkeys((LOST + 900, LOST + LATER - 60), (STOPPED,))
    Scene(series, {**quiet, **told}).judge(tmp_path, TEXTS)


def test_a_province_that_goes_home_in_the_evening_is_neither_silent_nor_blind(tmp_path: Path) -> None:
    series = province(8, 1500)
    for office in offices(8):
        series |= silent(office, LOST, 1500) | last_word((Word.STOPPING, LOST), office=office)
    answer = {'{alertname="AgentStopped"}': 8.0}
    Scene(series, {600: ()}, {(1400, f"count by (alertname) ({FIRING})"): answer}).judge(tmp_path)


def test_a_goodbye_of_before_does_not_excuse_the_next_silence(tmp_path: Path) -> None:
    """Stopped at 300, back at 600, cut off at 900."""
    heartbeat = {ONE.series("agent_start_time_seconds"): values((1, 300), ("gone", 300), (1, 300), ("gone", 900))}
    power = ups(ONE, (0, 300), ("gone", 300), (0, 300), ("gone", 900))
    words = last_word((Word.STOPPING, 300), (Word.MAINS, 600))
    series = province(3, 1800) | heartbeat | power | words
    Scene(series, {550: (), 1100: (because("link", "mains"),), 1700: (because("link", "mains"),)}).judge(tmp_path)


# --- what the journal says afterwards -------------------------------------------------------------------------------


def journal(cause: str, evidence: str, away: float, back: float, until: float) -> dict[str, str]:
    """What the agent shows from its return on. promtool's clock begins at 0."""
    labels = {"cause": cause, "evidence": evidence}
    return {
        ONE.series(f"office_last_absence_{name}", **labels): values((f"_x{int(back / 15)} {value}", until - back))
        for name, value in {"seconds": away, "end_timestamp_seconds": back}.items()
    }


def returned(minutes: float) -> tuple[float, dict[str, str]]:
    """The office comes back after so long: when, and its series."""
    back = LOST + minutes * MINUTE
    heartbeat = {ONE.series("agent_start_time_seconds"): values((1, LOST), ("gone", back - LOST), (1, 900))}
    return back, province(3, back + 900) | heartbeat | ups(ONE, (0, LOST), ("gone", back - LOST), (0, 900))


def test_the_last_notification_says_what_the_journal_knows(tmp_path: Path) -> None:
    back, series = returned(65)
    told = because("link", "mains")
    vi = f"{told.vi}; nhật ký trụ sở: vắng 1 giờ 5 phút 0 giây, nhiều khả năng mất điện (suy đoán)"
    en = f"{told.en}; its journal: away for 1h 5m 0s, most likely power lost (inferred)"
    after = Firing(told.alert, told.labels, vi, en, silent_because(""))
    firing = {back - 15: (told,), back: (after,), back + 30: (after,), back + 165: (Firing(told.alert, told.labels),)}
    series |= journal("power", "inferred", 3900, back, back + 900)
    Scene(series, {**firing, back + 195: ()}).judge(tmp_path, TEXTS)


def test_a_silence_too_short_to_be_told_is_not_told_because_it_ended(tmp_path: Path) -> None:
    back, series = returned(1.25)
    Scene(series, {back + 15 * step: () for step in range(-2, 12)}).judge(tmp_path)


def test_an_update_shortly_before_does_not_explain_a_cut_of_the_link(tmp_path: Path) -> None:
    back, series = returned(5)
    told = because("link", "mains")
    series |= journal("agent", "journal", 3, LOST - 60, back + 900)
    after = Firing(
        told.alert, told.labels, f"{told.vi}; đã xác nhận: đường truyền (máy của trụ sở chạy suốt thời gian đó)",
        f"{told.en}; confirmed: the link (the office's machine ran all the time)", silent_because(""),
    )  # fmt: skip
    Scene(series, {back - 15: (told,), back: (after,), back + 30: (after,)}).judge(tmp_path, TEXTS)


def test_for_how_long_and_why_is_recorded_for_a_while(tmp_path: Path) -> None:
    back, series = returned(65)
    series |= journal("power", "ups", 3900, back, back + 900)
    known = {selector("office:returned", **ONE.labels, cause="power", evidence="ups"): 3900.0}
    Scene(series, values={(back + 300, "office:returned"): known, (back + 720, "office:returned"): {}}).judge(tmp_path)


def sent(*parts: tuple[float | str, float]) -> dict[str, str]:
    """The heartbeat of an office that sends: without a mark where it ends, for nobody scrapes it."""
    names = {"agent_start_time_seconds": 1700000000, "agent_push_scrape_interval_seconds": 15}
    return {
        selector(name, **ONE.labels): " ".join(
            f"_x{int(seconds / 15)}" if value == "none" else f"{number}x{int(seconds / 15) - 1}"
            for value, seconds in parts
        )
        for name, number in names.items()
    }


def test_an_office_that_sends_once_a_minute_is_missed_after_two_and_a_half(tmp_path: Path) -> None:
    others = {name: text for name, text in province(3, HOUR).items() if name != ONE.series("agent_start_time_seconds")}
    series = others | MAINS | sent((1, LOST), ("none", LATER))
    moments = {LOST + 165: (), LOST + 180: (because("link", "mains"),), LOST + 600: (because("link", "mains"),)}
    Scene(series, moments).judge(tmp_path, TEXTS)


def test_the_word_that_mains_is_back_is_newer_than_the_battery_of_a_minute_ago(tmp_path: Path) -> None:
    """A dip of some seconds, of which the last message of an office that sends once a minute still speaks."""
    others = {name: text for name, text in province(3, 600).items() if name != ONE.series("agent_start_time_seconds")}
    battery = {ONE.series("ups_on_battery", ups="ups-1", collector="ups"): "0x7 1 _x3 0x28"}
    series = others | sent((1, 135), ("none", 45), (1, 420)) | battery | last_word((Word.MAINS, 135))
    Scene(series, dict.fromkeys(range(120, 600, 15), ())).judge(tmp_path)


def test_the_minute_between_two_messages_of_an_office_is_no_silence(tmp_path: Path) -> None:
    others = {name: text for name, text in province(3, HOUR).items() if name != ONE.series("agent_start_time_seconds")}
    series = others | sent((1, 120), ("none", 90), (1, 120), ("none", 120), (1, 600))
    Scene(series, dict.fromkeys((135, 195, 210, 330, 435, 465, 600), ())).judge(tmp_path)


@pytest.mark.parametrize(("had_mains", "cause"), [(4, "link"), (1, "unknown")])
def test_a_silent_province_is_a_matter_of_lines_where_several_had_mains_at_their_last_word(
    tmp_path: Path, had_mains: int, cause: str
) -> None:
    """Without a UPS it may as well be a power cut. What was told stays so, whoever comes back first."""
    end, back = 900.0, 420.0
    mute = offices(8)
    heard = values((1700000000, 120), ("gone", back - 120), (1700000000, end - back))
    series = province(12, end) | province(9, end, "11") | of_all([silent(office, 120, end) for office in mute])
    series |= of_all([ups(office, (0, 120), ("gone", end - 120)) for office in mute[:had_mains]])
    series |= {
        office.series("agent_start_time_seconds"): heard for office in (mute[:4] if cause == "link" else mute[4:])
    }
    labels = wide_labels("critical", "province", cause, f"province/{cause}/04", province="04", province_name="Tỉnh 04")
    Scene(series, during(0, 195) | during(195, end, Firing("ProvincialSilent", labels))).judge(tmp_path)
