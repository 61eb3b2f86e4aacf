"""What people read."""

from collections.abc import Mapping

import pytest

from alerts.relay.gsm import shorten, without_diacritics
from alerts.relay.message import Occasion, compose
from alerts.relay.pages import Pages
from alerts.relay.short import SMS_LENGTH
from collectors.core.values import Url
from collectors.messages import text
from tests.unit.alerts.relay.webhook import ANNOTATIONS, alert, notification


def test_the_title_says_what_where_since_when_and_why_in_vietnamese() -> None:
    assert compose(notification()).title == (
        "[CẢNH BÁO] Trung tâm Phục vụ hành chính công xã Trường Hà: mất điện lưới, đang dùng UPS, "
        "từ 14:05 12/03; nguyên nhân: nguồn điện"
    )


def test_english_follows_vietnamese() -> None:
    body = compose(notification()).body
    assert body.index("UPS báo đang dùng ắc quy") < body.index("[WARNING] Public Administration Service Centre")


def test_the_runbook_is_linked_in_both_languages() -> None:
    assert compose(notification()).body.count("docs/runbooks/on_battery.md") == 2


def test_a_resolved_message_says_from_when_to_when() -> None:
    message = compose(notification(alert("resolved")))
    assert message.title.startswith("[ĐÃ HẾT] ")
    assert "từ 14:05 đến 14:25 12/03" in message.title
    assert message.facts["status"] == "resolved"


def test_an_outage_over_midnight_names_both_days() -> None:
    assert "từ 23:30 11/03 đến 14:25 12/03" in compose(notification(alert("resolved", "2027-03-11T16:30:00Z"))).title


def test_the_gravest_alert_of_a_group_is_the_headline() -> None:
    low = alert(alertname="BatteryLow", severity="critical", annotations={"summary_vi": "UPS sắp cạn"})
    title = compose(notification(alert(), low)).title
    assert title.startswith("[KHẨN CẤP] UPS sắp cạn và 1 mục khác")


def test_at_most_ten_of_many_are_spelt_out_and_the_rest_is_counted() -> None:
    many = [alert(service=f"s{number}", annotations={"summary_vi": f"mục số {number:02}"}) for number in range(25)]
    body = compose(notification(*many, truncatedAlerts=3)).body
    assert sum(f"- mục số {number:02}" in body for number in range(25)) == 20 / 2
    assert "... và 18 mục nữa" in body


def test_what_has_ended_is_told_while_the_rest_goes_on() -> None:
    over = alert("resolved", service="vneid", annotations={"summary_vi": "VNeID"})
    message = compose(notification(alert(), over))
    assert "Đã hết: VNeID" in message.body
    assert message.facts["status"] == "firing"


def test_the_short_form_is_one_sms_without_diacritics() -> None:
    short = compose(notification()).short
    assert short == (
        "CANH BAO: Trung tam Phuc vu hanh chinh cong xa Truong Ha: mat dien luoi, dang dung UPS, tu 14:05 12/03. "
        "Nguyen nhan: nguon dien"
    )


def test_a_long_summary_is_cut_but_time_and_cause_stay() -> None:
    short = compose(notification(alert(annotations={"summary_vi": "Đặc khu " + "rất dài " * 40}))).short
    assert len(short) <= SMS_LENGTH
    assert short.endswith("..., tu 14:05 12/03. Nguyen nhan: nguon dien")


def test_the_short_form_of_a_cut_on_a_feeder_keeps_its_code_and_the_number_of_offices() -> None:
    words = {"province": "Thành phố Hồ Chí Minh", "feeder": "471-E16.1", "times": "12", "overran_feeder": ""}
    summary = text("alerts.feeder_power_lost.summary", "vi", **words)
    short = compose(notification(alert(annotations={"summary_vi": summary}))).short
    assert "Thanh pho Ho Chi Minh: mat dien luoi tren xuat tuyen 471-E16.1, 12 tru so, tu 14:05" in short
    assert len(short) <= SMS_LENGTH


def test_facts_for_the_log_join_what_differs() -> None:
    facts = compose(notification(alert(service="portal"), alert(service="vneid"))).facts
    assert facts == {
        "status": "firing", "alert": "OnBattery", "alerts": "2", "severity": "warning", "cause": "power",
        "scope": "office", "province": "04", "commune": "01273", "office": "01273-1", "service": "portal,vneid",
    }  # fmt: skip


def test_an_alert_that_is_not_ours_is_told_as_well_as_can_be() -> None:
    foreign = alert(severity="page", cause="gremlins", instance="db:1", office="", annotations={})
    assert compose(notification(foreign)).title == "[CẢNH BÁO] OnBattery db:1, từ 14:05 12/03; nguyên nhân: chưa rõ"


@pytest.mark.parametrize("number", [1, 4, 10, 300])
def test_the_first_two_thousand_letters_say_what_to_do_and_where_to_acknowledge(number: int) -> None:
    place = "Trung tâm Phục vụ hành chính công xã Nguyễn Bỉnh Khiêm"
    told = ANNOTATIONS | {
        "summary_vi": f"{place}: đường truyền viettel (cáp quang) không dùng được, trụ sở mất liên lạc với trung tâm",
        "description_vi": "Máy giám sát vẫn có điện lưới ở lần báo cuối; bộ định tuyến không trả lời từ trung tâm.",
        "action_vi": "gọi tổng đài nhà mạng, đọc mã kênh", "offices": "31", "offices_first": "; ".join([place] * 10),
    }  # fmt: skip
    several = [alert("resolved" if one % 3 else "firing", office=str(one), annotations=told) for one in range(number)]
    link = f"https://canhbao.caobang.example.vn/a/{'x' * 24}"
    message = compose(notification(*several), Occasion(link=link))
    first = f"{message.title}\r\n{message.body}"[:2000]
    assert link in first
    assert "đọc mã kênh" in first
    if number > 4:
        assert "mục nữa" in first


def test_whatever_a_label_holds_the_line_is_one_line() -> None:
    evil = "Xã A:\nBcc: x@example.org\x00\u2028[ĐÃ HẾT]\u202e \x1b[31m mất điện"
    for found in (evil, ""):
        message = compose(notification(alert(annotations={"summary_vi": found}, alertname=evil, office="")))
        shown = (message.title, message.short, message.words["summary"])
        assert not any(char in text for text in shown for char in "\n\r\x00\x1b\u2028\u202e")
        assert "Xã A: Bcc: x@example.org [ĐÃ HẾT] [31m mất điện, từ" in message.title


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Đặc khu Phú Quý", "Dac khu Phu Quy"), ("– “ổn” … [1] 5€", '- "on" ... (1) 5?'), ("日本", "??")],
)
def test_text_is_reduced_to_the_gsm_alphabet(text: str, plain: str) -> None:
    assert without_diacritics(text) == plain


def test_shortening_never_exceeds_the_length() -> None:
    assert [shorten("abcdefgh", length) for length in (8, 7, 4)] == ["abcdefgh", "abcd...", "a..."]


# --- which offices, what to do, where to look -----------------------------------------------------------------------

PAGES = Pages(Url("https://docs.example.vn/runbooks/"), Url("https://grafana.example.vn"))
WIDE = {
    "summary_vi": "Tỉnh Cao Bằng: mất điện", "summary_en": "Cao Bằng: no mains", "offices": "12",
    "offices_first": "Xã C; Xã A; Xã B; ", "action_vi": "gọi điện lực", "action_en": "call the power company",
    "runbook_url": "docs/runbooks/provincial_power_lost.md",
}  # fmt: skip


def test_a_wide_outage_names_its_offices_and_what_to_do_and_where_to_look() -> None:
    wide = alert(office="", commune="", scope="province", annotations=WIDE)
    vi, _, en = compose(notification(wide), Occasion(PAGES, "https://cb.example.vn/a/x")).body.partition("\n\n")
    assert vi.splitlines() == [
        "Trụ sở bị ảnh hưởng (12): Xã A; Xã B; Xã C; và 9 trụ sở khác",
        "Bảng theo dõi: https://grafana.example.vn/d/cw-province?var-province=04",
        "Việc cần làm: gọi điện lực",
        "Hướng dẫn xử lý: https://docs.example.vn/runbooks/provincial_power_lost.md",
        "Bấm để nhận xử lý: https://cb.example.vn/a/x",
    ]
    assert "Offices hit (12): Xã A; Xã B; Xã C; and 9 more" in en
    assert "What to do: call the power company" in en


def test_what_is_over_asks_nobody_to_do_anything() -> None:
    body = compose(notification(alert("resolved", annotations=WIDE)), Occasion(PAGES)).body
    assert "Việc cần làm" not in body
    assert "Hướng dẫn" not in body
    assert "Bảng theo dõi" in body


@pytest.mark.parametrize(
    ("labels", "path"),
    [
        ({}, "/d/cw-country"),
        ({"province": "04"}, "/d/cw-province?var-province=04"),
        (
            {"province": "04", "commune": "01273", "office": "01273-1", "link": "wan1"},
            "/d/cw-office?var-province=04&var-commune=01273&var-office=01273-1",
        ),
    ],
)
def test_the_board_is_that_of_the_place(labels: Mapping[str, str], path: str) -> None:
    assert PAGES.board(labels) == f"https://grafana.example.vn{path}"


@pytest.mark.parametrize(
    ("pages", "annotation", "link"),
    [
        (PAGES, "https://elsewhere.example.vn/x.md", "https://elsewhere.example.vn/x.md"),
        (Pages(), "docs/runbooks/x.md", "docs/runbooks/x.md"),
        (PAGES, "", ""),
    ],
)
def test_a_runbook_of_its_own_stays(pages: Pages, annotation: str, link: str) -> None:
    assert pages.runbook(annotation) == link


def test_when_nobody_has_acknowledged_the_first_word_says_so() -> None:
    message = compose(notification(), Occasion(waited=900))
    assert message.title.startswith("[CẢNH BÁO, CHƯA AI NHẬN SAU 15 phút] Trung tâm")
    assert message.short.startswith("CANH BAO, CHUA AI NHAN SAU 15 phut: ")
    assert "[WARNING, NOBODY SEES TO IT FOR 15 min]" in message.body
