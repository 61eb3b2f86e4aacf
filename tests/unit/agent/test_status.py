"""The officers' page: what it says in each situation, and since when."""

import json
import re
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

import pytest

from agent.config import Name, Probe
from agent.debug import debug_page
from agent.outcome import Outcome
from agent.page import status_page
from agent.present import as_json, as_text
from agent.status import History, Light, assess, headline
from collectors.core import Reading, Reason, Sample
from collectors.core.values import Secret
from collectors.link import HOP_LOSS, UP
from collectors.path.locate import Fault
from collectors.path.metrics import FAULT
from collectors.ups import POWER_VERDICT, RUNTIME, SUSPECTED, Verdict
from tests.unit.agent.conftest import ANSWER, Toy, fine, outcome, probe

NOON = 1_792_040_400.0  # 2026-10-15 12:00 in Vietnam


def of(collector: str, key: str, vi: str = "") -> Probe:
    toy = Toy(fine)
    toy.name = collector
    return replace(probe(key), collector=toy, name=Name(vi or key, vi or key))


UPS, LINK = of("ups", "ups/ups1"), of("link", "link/wan1")
PORTAL, VNEID = of("service", "service/portal", "Cổng Dịch vụ công"), of("service", "service/vneid", "VNeID")
PROBES = (UPS, LINK, PORTAL, VNEID)


def ups(verdict: str, minutes: float = 23, suspected: bool = False) -> Outcome:
    held = (POWER_VERDICT(each == verdict, verdict=each) for each in Verdict)
    return outcome(UPS, Reason.OK, *held, SUSPECTED(suspected), RUNTIME(minutes * 60))


def link(up: float, loss: float = 0) -> Outcome:
    return outcome(LINK, Reason.OK if up else Reason.UNREACHABLE, UP(up), HOP_LOSS(loss, hop="first_hop"))


def service(of: Probe, result: Reason = Reason.OK) -> Outcome:
    return outcome(of, result)


ALL_GOOD = (ups("mains"), link(1), service(PORTAL), service(VNEID))


def seen(*outcomes: Outcome) -> tuple[str, dict[str, str]]:
    """The headline, and the state of each row, when these outcomes replace the good ones."""
    latest = {outcome.probe.key: outcome for outcome in (*ALL_GOOD, *outcomes)}
    rows = assess(PROBES, latest.values())
    return headline(rows).text.vi, {row.key: row.text.vi for row in rows}


PATH = of("path", "path/wan1")


def way(where: Fault) -> Outcome:
    return outcome(PATH, Reason.OK, *(FAULT(each is where, where=each) for each in Fault))


def advised(*outcomes: Outcome) -> tuple[str, str, str]:
    """The headline, its advice, and the link's row."""
    latest = {outcome.probe.key: outcome for outcome in (*ALL_GOOD, *outcomes)}
    rows = assess((*PROBES, PATH), latest.values())
    top = headline(rows)
    return top.text.vi, top.advice.vi, next(row.text.vi for row in rows if row.key == "link")


def test_a_dead_link_says_where_it_breaks() -> None:
    top, advice, row = advised(link(0), way(Fault.ISP_ACCESS))
    assert top == "Đường truyền Internet của trụ sở đang gián đoạn"
    assert row == "Mất kết nối. Nơi hỏng: Đường truy nhập của nhà mạng"
    assert "báo nhà mạng" in advice


def test_a_fault_within_the_office_sends_nobody_to_the_operator() -> None:
    _, advice, row = advised(link(0), way(Fault.OFFICE_LAN))
    assert row.endswith("Nơi hỏng: Mạng nội bộ của trụ sở")
    assert "dây mạng" in advice
    assert "báo nhà mạng" not in advice


def test_a_service_out_of_reach_is_not_blamed_where_the_way_to_it_is_broken() -> None:
    top, advice, row = advised(service(PORTAL, Reason.TIMEOUT), way(Fault.ISP_BACKBONE))
    assert top == "Đường tới Cổng Dịch vụ công bị hỏng"
    assert row == "Có kết nối, nhưng đường đi bị hỏng. Nơi hỏng: Mạng trục của nhà mạng"
    assert "phía ngoài trụ sở" in advice


def test_a_lying_name_server_warns_of_strange_pages() -> None:
    _, advice, row = advised(service(PORTAL, Reason.DNS), way(Fault.DNS))
    assert row.endswith("Phân giải tên miền")
    assert "Không nhập mật khẩu" in advice


@pytest.mark.parametrize("where", [Fault.NATIONAL, Fault.PROVINCE, Fault.TARGET, Fault.UNKNOWN, Fault.NONE])
def test_what_lies_beyond_the_line_is_the_systems_matter(where: Fault) -> None:
    assert advised(service(PORTAL, Reason.TIMEOUT), way(where)) == advised(service(PORTAL, Reason.TIMEOUT))


def test_what_a_look_has_left_behind_is_not_said_of_a_line_that_works() -> None:
    assert advised(way(Fault.ISP_ACCESS)) == advised()


def test_of_a_ups_over_snmp_and_one_over_nut_the_worse_counts() -> None:
    usb = of("nut", "nut/usb")
    failed = replace(ups("outage"), probe=usb)
    (power, *_) = assess((*PROBES, usb), (*ALL_GOOD, failed))
    assert power.light is Light.BAD


def test_all_is_well() -> None:
    said, rows = seen()
    assert said == "Mọi hệ thống đang hoạt động bình thường"
    assert rows == {
        "power": "Điện lưới bình thường",
        "link": "Hoạt động bình thường",
        "service/portal": "Hoạt động bình thường",
        "service/vneid": "Hoạt động bình thường",
    }


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([ups("outage")], "Mất điện lưới tại trụ sở"),
        ([ups("low_battery"), link(0)], "Mất điện lưới tại trụ sở"),
        ([link(0), service(PORTAL, Reason.DNS)], "Đường truyền Internet của trụ sở đang gián đoạn"),
        ([service(PORTAL, Reason.ERROR)], "Cổng Dịch vụ công đang gặp sự cố"),
        ([service(PORTAL, Reason.FROZEN), service(VNEID, Reason.ERROR)], "Cổng Dịch vụ công, VNeID đang gặp sự cố"),
        (
            [service(PORTAL, Reason.DNS), service(VNEID, Reason.UNREACHABLE)],
            "Nhiều hệ thống cùng lúc không truy cập được",
        ),
        ([service(PORTAL, Reason.SLOW)], "Một số hạng mục cần lưu ý"),
        ([ups("bypass")], "Một số hạng mục cần lưu ý"),
        ([service(PORTAL, Reason.INTERNAL)], "Chưa đủ số liệu để kết luận"),
        ([outcome(UPS, Reason.NO_ANSWER)], "Chưa đủ số liệu để kết luận"),
        ([ups("self_test")], "Mọi hệ thống đang hoạt động bình thường"),
        ([ups("unknown")], "Chưa đủ số liệu để kết luận"),
        ([ups("unknown", suspected=True)], "Một số hạng mục cần lưu ý"),
    ],
)
def test_the_headline_names_the_nearest_cause(outcomes: list[Outcome], said: str) -> None:
    assert seen(*outcomes)[0] == said


def test_the_minutes_left_are_told_while_on_battery() -> None:
    assert seen(ups("outage", 7.4))[1]["power"] == "Mất điện lưới, bộ lưu điện còn khoảng 7 phút"


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_its_sentence(verdict: str) -> None:
    assert seen(ups(verdict))[1]["power"]


def test_a_first_sign_is_told_as_such_and_a_confirmed_outage_as_one() -> None:
    assert seen(ups("unknown", suspected=True))[1]["power"] == "Có thể vừa mất điện lưới, đang kiểm tra lại"
    assert seen(ups("low_battery", suspected=True))[1]["power"] == "Mất điện lưới, bộ lưu điện sắp hết"


def test_a_service_is_not_blamed_while_the_link_is_down() -> None:
    rows = seen(link(0), service(PORTAL, Reason.DNS), service(VNEID, Reason.ERROR))[1]
    assert rows["service/portal"] == "Chưa kiểm tra được vì mất đường truyền"
    assert rows["service/vneid"] == "Đang gặp lỗi"


def test_the_link_is_called_fine_only_when_it_is() -> None:
    failing = (ALL_GOOD[0], link(1, 0.12), service(PORTAL, Reason.ERROR), ALL_GOOD[3])
    assert "đường truyền của trụ sở vẫn tốt" in headline(assess(PROBES, (*ALL_GOOD[:2], *failing[2:]))).advice.vi
    assert "có thể ở phía hệ thống hoặc do đường truyền" in headline(assess(PROBES, failing)).advice.vi


def test_losses_make_a_link_unstable_but_a_silent_hop_says_nothing() -> None:
    assert seen(link(1, 0.12))[1]["link"] == "Chập chờn, mất 12% gói tin"
    assert seen(link(1, 1))[1]["link"] == "Hoạt động bình thường"


def test_an_office_without_a_ups_is_told_so_and_can_still_be_all_well() -> None:
    rows = assess(PROBES[1:], ALL_GOOD[1:])
    assert rows[0].text.vi == "Trụ sở không có bộ lưu điện để đo"
    assert headline(rows).light is Light.GOOD


def test_one_working_link_of_two_is_a_connection() -> None:
    second = of("link", "link/wan2")
    down = replace(link(0), probe=second)
    rows = assess((UPS, LINK, second, PORTAL), (*ALL_GOOD[:3], down))
    assert rows[1].light is Light.GOOD


def test_before_the_first_answers_nothing_is_claimed() -> None:
    rows = assess(PROBES, ())
    assert {row.light for row in rows} == {Light.UNKNOWN}
    assert headline(rows).light is Light.UNKNOWN


def test_since_is_when_the_state_changed_and_at_least_when_the_agent_started_in_it() -> None:
    history = History()
    history.see(assess(PROBES, ALL_GOOD), NOON)
    history.see(assess(PROBES, (ups("outage", 9), *ALL_GOOD[1:])), NOON + 60)
    timed = history.see(assess(PROBES, (ups("outage", 8), *ALL_GOOD[1:])), NOON + 120)
    assert [(row.since - NOON, row.exact) for row in timed] == [(60, True), (0, False), (0, False), (0, False)]


def test_an_outage_is_since_mains_was_lost_whatever_is_known_of_the_battery() -> None:
    history = History()
    untold = outcome(UPS, Reason.NO_ANSWER, POWER_VERDICT(1, verdict=Verdict.OUTAGE))
    looks = (ups("mains"), ups("outage", 9), untold, ups("low_battery"))
    timed = [history.see(assess(PROBES, (one, *ALL_GOOD[1:])), NOON + 60 * at)[0] for at, one in enumerate(looks)]
    assert [row.since - NOON for row in timed] == [0, 60, 60, 60]
    assert timed[-1].row.text.en == "Mains lost, the UPS is nearly empty"


def test_the_page_is_one_document_without_outside_assets_and_in_both_languages() -> None:
    timed = History().see(assess(PROBES, (*ALL_GOOD[:3], service(VNEID, Reason.MAINTENANCE))), NOON)
    html = status_page(
        Name("UBND xã Trường Hà", "Truong Ha commune office"), timed, NOON + 5, "cntt@caobang.example"
    ).decode()
    assert not re.search(r"(src|href|url\(|@import|<script)", html)
    for text in ("UBND xã Trường Hà", "Truong Ha commune office", "VNeID", "Đang bảo trì", "Under maintenance"):
        assert text in html
    assert "ít nhất từ 12:00" in html
    assert "12:00:05 15/10/2026" in html
    assert "không phải lỗi của cán bộ" in html
    assert '<html lang="vi">' in html


def test_a_state_of_another_day_shows_its_date() -> None:
    timed = History().see(assess(PROBES, ALL_GOOD), NOON - 86400)
    assert "12:00 14/10" in status_page(Name("x", "x"), timed, NOON).decode()


def test_names_cannot_break_out_of_the_page() -> None:
    evil = of("service", "service/x", "<script>alert(1)</script>")
    timed = History().see(assess((evil,), ()), NOON)
    assert b"<script" not in status_page(Name("<b>", "<b>"), timed, NOON)


def test_the_debug_page_shows_phases_and_evidence_and_hides_secrets() -> None:
    secret = replace(probe(), target=("192.0.2.7", Secret("hunter2")))
    reading = Reading(Reason.OK, (ANSWER(1, part="<x>"),), {"resolve": 0.25}, ("first & last",))
    html = debug_page([secret], {"toy/a": (Outcome(secret, reading, NOON, 0.5),)}, "toy/a").decode()
    assert "resolve 0.250000 s" in html
    assert "first &amp; last" in html
    assert "toy_answer{part=&quot;&lt;x&gt;&quot;} 1" in html
    assert "***" in html
    assert "hunter2" not in html
    assert b"There is no such probe" in debug_page([secret], {}, "ups/nothing")
    assert b"not run yet" in debug_page([secret], {})


def test_the_debug_page_leads_to_a_probe_and_writes_its_series_whatever_the_labels_are() -> None:
    odd = probe('toy/a&b="#1"')
    reading = Reading(Reason.OK, (ANSWER(1, part='a"b\\c'),))
    html = debug_page([odd], {odd.key: (Outcome(odd, reading, NOON, 0.5),)}, odd.key).decode()
    (link,) = re.findall(r'href="\?probe=([^"]+)"', html)
    assert unquote(unescape(link)) == odd.key
    assert "#" not in link
    assert r'toy_answer{part="a\"b\\c"} 1' in unescape(html)


def test_a_person_sees_the_verdict_the_phases_and_the_evidence() -> None:
    sample: Sample = ANSWER(42, part="all")
    text = as_text(outcome(None, Reason.DNS, sample))
    assert text.splitlines()[0] == "✘ không phân giải được tên miền / the name does not resolve [dns, 0.500 s]"
    assert re.search(r"  resolve +0\.2500  █+", text)
    assert '  toy_answer{part="all"} 42' in text
    assert "  a line" in text


def test_a_program_gets_one_json_object_with_what_metrics_would_show() -> None:
    shown = json.loads(as_json(outcome(None, Reason.OK, ANSWER(42, part="all"))))
    metrics = shown.pop("metrics")
    assert shown == {
        "success": True,
        "result": "ok",
        "seconds": 0.5,
        "phases": {"resolve": 0.25},
        "evidence": "a line",
    }
    assert {"name": "toy_answer", "labels": {"toy": "a", "part": "all"}, "value": 42.0} in metrics
    assert {"name": "probe_success", "labels": {"collector": "toy", "toy": "a"}, "value": 1.0} in metrics
    assert all(set(metric) == {"name", "labels", "value"} for metric in metrics)
