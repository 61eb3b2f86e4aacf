"""One SMS: 160 letters of the GSM alphabet, never cut in the middle of what matters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.relay.gsm import without_diacritics
from alerts.relay.short import SMS_LENGTH, cut, sms

TAIL = ", từ 14:05 12/03. Nguyên nhân: nguồn điện"
PLACE = "Trung tâm Phục vụ hành chính công xã Trường Hà"

PLAIN = "TTPVHCC xa Truong Ha"


def test_what_fits_is_left_alone() -> None:
    assert (
        sms("CẢNH BÁO: ", "Xã A: mất điện", TAIL) == "CANH BAO: Xa A: mat dien, tu 14:05 12/03. Nguyen nhan: nguon dien"
    )


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        (
            f"{PLACE}: không truy cập được Cổng Dịch vụ công quốc gia (bị treo, đường đi hỏng)",
            "Trung tam Phuc vu hanh chinh cong xa Truong Ha: khong truy cap duoc Cong Dich vu cong quoc gia",
        ),
        (
            f"{PLACE}: không truy cập được Hệ thống định danh và xác thực điện tử quốc gia (bị treo)",
            "TTPVHCC xa Truong Ha: khong truy cap duoc He thong dinh danh va xac thuc dien tu quoc gia",
        ),
        (
            f"{PLACE}, khu dân cư phía bắc, cơ sở thứ hai: mất điện lưới, sắp mất liên lạc với tỉnh và các xã bên",
            f"{PLAIN}, khu dan cu phia bac, co so...: mat dien luoi, sap mat lien lac voi tinh va cac xa ben",
        ),
    ],
)
def test_what_happened_stays_whole_and_the_place_gives_way(summary: str, expected: str) -> None:
    said = sms("CẢNH BÁO: ", summary, TAIL)
    assert said == f"CANH BAO: {expected}{without_diacritics(TAIL)}"


def test_a_link_is_left_out_rather_than_that_anything_makes_room() -> None:
    link = "https://cb.example.vn/a/abcdefghijklmnopqrstuvwx"
    assert sms("", "Xã A: mất điện", TAIL, link).endswith(f"nguon dien {link}")
    assert link not in sms("", f"{PLACE}: mất điện lưới, đang dùng UPS", TAIL, link)


@given(st.text(max_size=400), st.text(max_size=40))
def test_it_is_never_longer_and_always_ends_with_time_and_cause(summary: str, place: str) -> None:
    said = sms("CẢNH BÁO: ", f"{place}: {summary}", TAIL)
    assert len(said) <= SMS_LENGTH
    assert said.endswith(without_diacritics(TAIL))
    assert said == without_diacritics(said)


def test_a_tail_that_is_too_long_by_itself_is_cut() -> None:
    assert len(sms("", "Bản tin", ". " + "nguồn điện 12, " * 20)) <= SMS_LENGTH


def test_words_are_not_cut() -> None:
    assert [cut("mot hai ba bon", room) for room in (14, 13, 10, 5)] == [
        "mot hai ba bon",
        "mot hai ba...",
        "mot hai...",
        "mo...",
    ]
