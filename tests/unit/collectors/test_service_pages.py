"""The words under which a service hides that it is not working."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.ports import HttpExchange
from collectors.service.pages import challenge, fault, maintenance

LOGIN = "<title>Đăng nhập</title><form>Tên đăng nhập <input> Mật khẩu <input type=password></form>"
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
        "We will be back soon",
        "We will be back soon. The site is under maintenance.",
        "Cổng sẽ mở lại lúc 6h. Hệ thống đang nâng cấp.",
        "Hệ thống sẽ sớm hoạt động trở lại. Đang bảo trì hệ thống",
        "Sorry, we are performing maintenance",
        "The system is currently being upgraded",
        "Ket noi toi he thong that bai",
        "Kết nối tới hệ thống thất bại. Vui lòng thử lại sau",
        "Hệ thống đang trong quá trình bảo dưỡng định kỳ",
        "Dịch vụ tạm thời không khả dụng do bảo trì hệ thống",
        "This service is unavailable due to maintenance",
        "Bảo trì",
        f"<h3>Hệ thống đang bảo trì</h3>{NEWS}",
        f"<h1><span class=a>Hệ thống đang <b>bảo trì</b></span></h1>{NEWS}",
        f'<img src="data:image/png;base64,{"A" * 140_000}"><p>Hệ thống đang bảo trì</p>',
        f"<style>{'a{b:c}' * 25_000}</style><p>Hệ thống đang bảo trì</p>",
        "<p>Hệ thống đang bảo trì</p><form>Đăng nhập</form>",
        "<body><img src=notice.png alt='Hệ thống đang bảo trì'></body>",
        "System upgrade in progress",
        "The portal is currently upgrading",
        "We are upgrading our system",
        "The system is under upgrade",
        "Website is under construction",
        "Hệ thống sẽ hoạt động trở lại sau khi bảo trì",
        "Hệ thống đang bảo&#8203; trì",
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
        "<title>VNeID</title><!-- Hệ thống đang bảo trì --><div id=app></div>",
        f"{LOGIN}<p>Tài khoản mức 1 vui lòng thực hiện nâng cấp tài khoản lên mức 2.</p>",
        f"{LOGIN}<p>Thông báo bảo trì hệ thống: từ 22h00 ngày 30/11 đến 02h00 ngày 01/12</p>",
        f"{LOGIN}<p>Cổng sẽ tạm ngừng cung cấp dịch vụ từ 22h00 ngày 30/11</p>",
        "<title>Tra cứu</title>Hệ thống vừa hoàn thành bảo trì, mời quý khách sử dụng",
        "Hệ thống không còn bảo trì nữa",
        "<title>Login</title> No scheduled maintenance at this time",
        "Thông báo phí bảo trì đường bộ",
        "<title>Cổng</title>Dịch vụ nâng cấp bằng lái xe",
        "<title>Sở Xây dựng</title>Dịch vụ công: cấp phép bảo trì công trình đường bộ",
        "Dịch vụ bảo trì máy tính",
        "Hệ thống đã được nâng cấp",
        "Hệ thống hoạt động bình thường sau khi bảo trì",
        "Cổng đã hoạt động trở lại sau bảo trì hệ thống",
        "Hệ thống hiện không bảo trì",
        "Tài khoản của bạn đang được nâng cấp",
        "Đang nâng cấp hồ sơ của bạn",
        "Thủ tục: cấp giấy phép bảo trì hệ thống báo cháy",
        "Hướng dẫn bảo trì hệ thống điện",
        "<title>Sở Xây dựng</title>Road under construction",
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
        "<title>Just a moment...</title><noscript>Enable JavaScript and cookies to continue</noscript>",
        "<h1>Web Page Blocked!</h1>The page cannot be displayed. URL: a.example/ Attack ID: 20000051 Message ID: 1",
        "<h1>Not Acceptable!</h1>This error was generated by Mod_Security.",
        "<html><head><script src='/_Incapsula_Resource?SWJIYLWA=1'></script></head><body></body></html>",
        "<html><script>document.cookie = 'a=1'; window.location.reload();</script></html>",
        "<body onload='go()'>Please wait...<script>document.cookie='a=1';location.href='/'</script></body>",
        "<form>Vui lòng nhập mã captcha để tiếp tục <input name=captcha></form>",
        "<p>Xác nhận bạn không phải là robot</p>",
        "<title>Access Denied</title>You don't have permission to access it on this server.<p>Reference #18.2d35",
        "You don't have permission to access it on this server.<p>Reference #18.2d35",
        "<title>Pardon Our Interruption</title>Something about your browser made us think you were a bot.",
        "<title>DDOS-GUARD</title>Checking your browser",
        "<h1>Sorry, you have been blocked</h1>You are unable to access portal.example",
        "error code: 1020",
        "<title>Sucuri WebSite Firewall - Access Denied</title>",
        "<p>Please enable JS and disable any ad blocker</p><script src='https://ct.captcha-delivery.com/c.js'></script>",
        "Press & Hold to confirm you are a human",
        "<h1>Unauthorized Activity Has Been Detected</h1>",
        "Your request has been blocked by our firewall",
        "Yêu cầu của bạn đã bị chặn bởi tường lửa",
        "Địa chỉ IP của bạn đã bị chặn",
        "<title>Truy cập bị từ chối</title>",
        "<title>403 - Forbidden</title>",
        "<h1>429 Too Many Requests</h1>",
        "Rate limit exceeded",
        "<div class='g-recaptcha' data-sitekey=x></div><script src='https://www.google.com/recaptcha/api.js'></script>",
        "<div class=cf-turnstile></div>",
        "Vui lòng xác minh bạn là con người",
        "Vui lòng bật JavaScript và cookie để tiếp tục",
        "Our systems have detected unusual traffic from your computer network",
        "Hệ thống phát hiện truy cập bất thường từ địa chỉ của bạn",
        "The request is blocked. <p>Ref A: 12 Ref B: 34",
        "<title>Netscaler AppFw</title>",
        "The page was denied by the security policy. Case number: 7",
    ],
)
def test_a_firewalls_page_is_recognised(body: str) -> None:
    assert challenge(page(body))


@pytest.mark.parametrize(
    ("name", "value"),
    [("CF-Mitigated", "challenge"), ("x-amzn-waf-action", "challenge"), ("X-Amzn-WAF-Action", "captcha")],
)
def test_a_challenge_in_the_headers_is_recognised(name: str, value: str) -> None:
    assert challenge(page("anything", (name, value)))
    assert not challenge(page("anything", (name, "none")))


@pytest.mark.parametrize(
    "body",
    [
        "<form>Tên đăng nhập, mật khẩu, mã captcha</form>",
        "<title>Cổng</title><script src='/_Incapsula_Resource?SWJIYLWA=1'></script><div id=app></div>",
        "<title>Cổng</title><script>document.cookie = 'a=1'; location.href = '/home'</script>",
        "<script>location.href = '/home'</script>",
        "Báo cáo về tấn công mạng: request, blocked, attack",
        "<title>Đăng nhập</title><div class='g-recaptcha'></div><form>Tên đăng nhập</form>",
        "Hồ sơ của bạn đã bị từ chối",
        "Tường lửa là gì? Hướng dẫn an toàn thông tin",
        "Quyết định 403 về xây dựng",
        "Reference number: 12",
        "Access denied for user 'portal'@'localhost' (using password: YES)",
    ],
)
def test_a_page_that_works_is_not_taken_for_a_firewalls(body: str) -> None:
    assert not challenge(page(body))


@pytest.mark.parametrize(
    "body",
    [
        "Hệ thống đang quá tải, vui lòng thử lại sau",
        "He thong dang qua tai. Vui long quay lai sau",
        "Hệ thống hiện đang gặp sự cố",
        "Dịch vụ tạm thời bị gián đoạn",
        "Hệ thống đang bận. Vui lòng thử lại sau",
        "Đã xảy ra lỗi hệ thống",
        f"<title>Internal Server Error</title>{NEWS}",
        "Service Temporarily Unavailable",
        "502 Bad Gateway",
        "An unexpected error has occurred.",
        "Something went wrong",
    ],
)
def test_a_page_that_admits_an_error_is_recognised(body: str) -> None:
    assert fault(page(body))


@pytest.mark.parametrize(
    "body",
    [
        "Cổng Dịch vụ công quốc gia",
        f"{LOGIN}<p>Nếu hệ thống đang bận, vui lòng thử lại sau</p>",
        f"<title>Cổng</title>{NEWS}<p>Hệ thống đang quá tải</p>",
        "Báo lỗi hệ thống: gọi 1900",
        "<title>Cổng</title><div id=blazor-error-ui>An unhandled error has occurred. <a>Reload</a></div>",  # not shown
        "Hệ thống hết quá tải",
        "Hệ thống sẽ gặp sự cố nếu quá tải",
        "Trang web hiện đang bán hàng",
    ],
)
def test_a_page_that_works_is_not_taken_for_an_error(body: str) -> None:
    assert not fault(page(body))


def test_a_page_that_was_compressed_unasked_is_read() -> None:
    packed = ("Content-Encoding", "gzip")
    assert maintenance(page(gzip.compress("Hệ thống đang bảo trì".encode()), packed))
    assert challenge(page(gzip.compress(b"The requested URL was rejected"), packed))
    assert not maintenance(page(gzip.compress("Cổng Dịch vụ công".encode()), packed))


def test_a_page_in_utf16_is_read() -> None:
    assert maintenance(page("<p>Đang bảo trì</p>".encode("utf-16"), ("Content-Type", "text/html; charset=utf-16")))


@given(st.binary(max_size=2000), st.text(max_size=50))
def test_no_body_breaks_the_reading(body: bytes, claimed: str) -> None:
    answer = page(body, ("Content-Type", claimed))
    maintenance(answer)
    challenge(answer)


def test_a_page_is_judged_by_what_it_says_now_however_many_were_read_before() -> None:
    assert maintenance(page("Hệ thống đang bảo trì"))
    for number in range(100):
        assert not maintenance(page(f"Trang số {number}"))
    assert maintenance(page("Hệ thống đang bảo trì"))
    assert not maintenance(page("Trang số 1"))
