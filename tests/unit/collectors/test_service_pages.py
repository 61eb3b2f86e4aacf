"""The words under which a service hides that it is not working."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.ports import HttpExchange
from collectors.service.pages import challenge, fold, maintenance, text_of

NEWS = "<p>" + "Thủ tục hành chính được giải quyết đúng hạn. " * 60 + "</p>"


def page(body: str | bytes, *headers: tuple[str, str]) -> HttpExchange:
    return HttpExchange({}, status=200, headers=headers, body=body if isinstance(body, bytes) else body.encode())


@pytest.mark.parametrize(
    "body",
    [
        "Hệ thống đang bảo trì. Vui lòng thử lại sau",
        "He thong dang bao tri. Vui long thu lai sau",
        "HỆ THỐNG ĐANG BẢO TRÌ",
        "He\u0323\u0302 tho\u0302\u0301ng \u0111ang ba\u0309o tri\u0300",
        "<html><title>Thông báo bảo trì</title><body><h1>Xin quay lại sau</h1></body></html>",
        "<h1>Hệ thống</h1><p>đang&nbsp;b&#7843;o tr&igrave;</p>",
        '{"code": 99, "message": "H\\u1ec7 th\\u1ed1ng \\u0111ang b\\u1ea3o tr\\u00ec"}',
        "Trang web tạm ngừng hoạt động để nâng cấp",
        "Website đang được nâng cấp, mong quý vị thông cảm",
        "Cổng Dịch vụ công đang tiến hành nâng cấp hệ thống",
        "Site under maintenance",
        "Down for scheduled maintenance",
        "We'll be back soon!",
        f"<title>Bảo trì hệ thống</title>{NEWS}",
    ],
)
def test_a_notice_of_maintenance_is_recognised(body: str) -> None:
    assert maintenance(page(body))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Cổng Dịch vụ công quốc gia",
        "Kê khai phí bảo trì đường bộ",
        "Hệ thống sẽ bảo trì từ 22 giờ ngày 30 tháng 11",
        "The portal will be down for maintenance on Sunday",
        f"<title>Cổng Dịch vụ công</title>{NEWS}<li>Thông báo bảo trì hệ thống ngày 12/7</li>",
        f"<title>VNeID</title><script>const text = 'Hệ thống đang bảo trì'</script>{NEWS}",
        "<title>VNeID</title><script>const text = 'Hệ thống đang bảo trì'</script><div id=app></div>",
        "<title>VNeID</title><script>const text = 'Hệ thống đang bảo trì'",
    ],
)
def test_a_page_that_works_is_not_taken_for_a_notice(body: str) -> None:
    assert not maintenance(page(body))


@pytest.mark.parametrize(
    "body",
    [
        "The requested URL was rejected. Please consult with your administrator. Your support ID is: 123",
        "<title>Attention Required! | Cloudflare</title>" + NEWS,
        "Request unsuccessful. Incapsula incident ID: 1-2",
        "Checking your browser before accessing portal.example",
        "Please verify you are a human",
    ],
)
def test_a_firewalls_page_is_recognised(body: str) -> None:
    assert challenge(page(body))


def test_a_challenge_in_the_headers_is_recognised() -> None:
    assert challenge(page("anything", ("CF-Mitigated", "challenge")))


def test_a_login_page_with_a_captcha_is_no_firewall() -> None:
    assert not challenge(page("<form>Tên đăng nhập, mật khẩu, mã captcha</form>"))


@pytest.mark.parametrize(
    ("charset", "body"),
    [("utf-8", "bảo trì".encode()), ("windows-1258", "bảo trì".encode()), ("nonsense", "bảo trì".encode())],
)
def test_whatever_character_set_is_claimed_there_is_a_text(charset: str, body: bytes) -> None:
    assert text_of(page(body, ("Content-Type", f"text/html; charset={charset}")))


def test_a_page_in_the_character_set_that_it_claims_is_read() -> None:
    body = "Đang bảo trì".encode("utf-16")
    assert maintenance(page(body, ("Content-Type", "text/html; charset=utf-16")))


def test_folding_takes_away_case_diacritics_and_white_space() -> None:
    assert fold(" Đang\n BẢO\u00a0trì ") == "dang bao tri"


@given(st.binary(max_size=2000), st.text(max_size=50))
def test_no_body_breaks_the_reading(body: bytes, claimed: str) -> None:
    answer = page(body, ("Content-Type", claimed))
    maintenance(answer)
    challenge(answer)


@pytest.mark.parametrize("unit", ["<", "<script", "<script>", "</", "&#", "\\u0041", "he thong ", "<title>", "dang "])
def test_reading_takes_time_in_proportion_to_the_page(unit: str) -> None:
    def seconds(length: int) -> float:
        answer = page((unit * (length // len(unit))).encode())
        started = time.process_time()
        maintenance(answer)
        return time.process_time() - started

    small, large = (min(seconds(length) for _ in range(3)) for length in (10_000, 80_000))
    assert large < 40 * small + 0.02


def test_a_page_is_judged_by_what_it_says_now_however_many_were_read_before() -> None:
    assert maintenance(page("Hệ thống đang bảo trì"))
    for number in range(100):
        assert not maintenance(page(f"Trang số {number}"))
    assert maintenance(page("Hệ thống đang bảo trì"))
    assert not maintenance(page("Trang số 1"))
