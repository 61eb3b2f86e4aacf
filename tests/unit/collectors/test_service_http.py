"""The kind http of the service collector over a fake port, in virtual time."""

from dataclasses import replace
from typing import Any

import pytest

from collectors.core import Reading, Reason
from collectors.core.ports import HttpExchange, HttpRequest
from collectors.core.values import Duration, HostPort, Secret, Url
from collectors.service import COLLECTOR
from collectors.service.target import Regexp, Target
from collectors.service.web import http_date
from tests.fakes import time
from tests.fakes.http import EXPIRED_CERTIFICATE, GOOD_CERTIFICATE, FakeHttp, Page
from tests.fakes.ports import FakePorts

URL = "https://portal.example/"


def probe(pages: dict[str, Page] | FakeHttp, url: str = URL, timeout: float = 10.0, **fields: Any) -> Reading:
    fake = pages if isinstance(pages, FakeHttp) else FakeHttp(pages)

    async def run() -> Reading:
        return await COLLECTOR.collect(Target(url=Url(url), **fields), FakePorts(http=fake), timeout)

    return time.run(run())


def values(reading: Reading) -> dict[str, float]:
    return {
        "/".join((sample.metric.name, *(value for _, value in sample.labels))): sample.value
        for sample in reading.samples
    }


def redirect(location: str, *more: tuple[str, str], status: int = 302, **fields: Any) -> Page:
    return Page(status, (("Location", location), *more), **fields)


def test_a_right_answer_has_blackbox_exporters_metrics() -> None:
    headers = (("Content-Length", "5"), ("Last-Modified", "Tue, 15 Nov 1994 12:45:26 GMT"))
    reading = probe({URL: Page(200, headers, b"hello", {"resolve": 0.25, "tls": 0.5, "processing": 1.0})})
    assert reading.result is Reason.OK
    assert values(reading) == {
        "probe_dns_lookup_time_seconds": 0.25,
        "probe_ip_protocol": 4,
        "probe_http_duration_seconds/resolve": 0.25,
        "probe_http_duration_seconds/connect": 0,
        "probe_http_duration_seconds/tls": 0.5,
        "probe_http_duration_seconds/processing": 1.0,
        "probe_http_duration_seconds/transfer": 0,
        "probe_http_status_code": 200,
        "probe_http_ssl": 1,
        "probe_http_redirects": 0,
        "probe_failed_due_to_regex": 0,
        "probe_ssl_earliest_cert_expiry": GOOD_CERTIFICATE.earliest_expiry,
        "probe_ssl_last_chain_expiry_timestamp_seconds": GOOD_CERTIFICATE.chain_expiry,
        "probe_tls_version_info/TLS 1.3": 1,
        "probe_http_version": 1.1,
        "probe_http_content_length": 5,
        "probe_http_uncompressed_body_length": 5,
        "probe_http_last_modified_timestamp_seconds": 784903526,
        "probe_attempts": 1,
    }


def test_what_was_not_reached_has_no_series_and_no_answer_is_status_0() -> None:
    reading = probe({URL: Page(hangs="processing")})
    assert reading.result is Reason.FROZEN
    found = values(reading)
    assert found["probe_http_status_code"] == 0
    assert found["probe_http_duration_seconds/processing"] == 10
    assert not {"probe_http_duration_seconds/transfer", "probe_http_version", "probe_http_content_length"} & set(found)


def test_a_page_that_has_not_changed_since_it_was_right_is_right() -> None:
    fake = FakeHttp({URL: Page(headers=(("ETag", '"a"'),), body=b"a page")})
    first, second = probe(fake, conditional=True), probe(fake, conditional=True)
    assert (first.result, second.result) == (Reason.OK, Reason.OK)
    name = "probe_http_unchanged"
    assert (values(first)[name], values(second)[name], values(second)["probe_http_status_code"]) == (0, 1, 304)
    assert "has not changed" in second.evidence[-1]
    assert name not in values(probe(fake))


@pytest.mark.parametrize("body", ["<h1>Hệ thống đang bảo trì</h1>", "<title>Attention Required! | Cloudflare</title>"])
def test_a_page_that_was_not_right_is_never_confirmed_by_its_own_validator(body: str) -> None:
    fake = FakeHttp({URL: Page(headers=(("ETag", '"a"'),), body=body.encode())})
    first, second = probe(fake, conditional=True), probe(fake, conditional=True)
    assert not first.success
    assert (second.result, values(second)["probe_http_unchanged"]) == (first.result, 0)


def test_an_expired_certificate_is_reported_although_the_probe_failed() -> None:
    reading = probe({URL: Page(expired=True)})
    assert reading.result is Reason.TLS
    found = values(reading)
    assert found["probe_ssl_earliest_cert_expiry"] == EXPIRED_CERTIFICATE.earliest_expiry
    assert "probe_ssl_last_chain_expiry_timestamp_seconds" not in found
    assert any("expired" in line for line in reading.evidence)


def test_plain_http_has_no_certificate() -> None:
    found = values(probe({"http://portal.example/": Page()}, "http://portal.example/"))
    assert found["probe_http_ssl"] == 0
    assert not [name for name in found if name.startswith(("probe_ssl", "probe_tls"))]


def test_an_answer_without_a_length_has_length_minus_one() -> None:
    assert values(probe({URL: Page()}))["probe_http_content_length"] == -1
    odd = values(probe({URL: Page(headers=(("Content-Length", "many"),))}))
    assert odd["probe_http_content_length"] == -1


def test_redirects_are_followed_across_hosts_and_schemes_and_their_phases_summed() -> None:
    seconds = {"processing": 1.0}
    reading = probe(
        {
            "http://portal.example/": redirect("https://portal.example/login", seconds=seconds),
            "https://portal.example/login": redirect("https://sso.example/auth?client=a", seconds=seconds, status=307),
            "https://sso.example/auth?client=a": Page(seconds=seconds),
        },
        "http://portal.example/",
    )
    found = values(reading)
    assert reading.result is Reason.OK
    assert (found["probe_http_redirects"], found["probe_http_status_code"], found["probe_http_ssl"]) == (2, 200, 1)
    assert found["probe_http_duration_seconds/processing"] == 3.0
    assert reading.phases["processing"] == 3.0


def test_a_relative_redirect_stays_on_its_host() -> None:
    reading = probe({URL: redirect("/login#top"), f"{URL}login": Page()})
    assert values(reading)["probe_http_status_code"] == 200


def test_a_redirect_that_is_not_followed_is_not_the_page() -> None:
    reading = probe({URL: redirect("/login")}, follow_redirects=False)
    assert (reading.result, values(reading)["probe_http_redirects"]) == (Reason.REDIRECT, 0)


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ({URL: redirect(URL)}, "redirect loop"),
        ({URL: redirect("/a"), f"{URL}a": redirect("/")}, "redirect loop"),
        ({f"{URL}{number or ''}": redirect(f"/{number + 1}") for number in range(20)}, "more than 10 redirects"),
        ({URL: Page(302)}, "without a Location"),
        ({URL: redirect("ftp://portal.example/")}, "not an http or https address"),
        ({URL: redirect("https://[half/")}, "not an http or https address"),
        ({URL: redirect("https://user:secret@portal.example/")}, "not an http or https address"),
    ],
)
def test_a_redirect_that_leads_nowhere_is_a_verdict(pages: dict[str, Page], words: str) -> None:
    reading = probe(pages)
    assert reading.result is Reason.REDIRECT
    assert words in reading.evidence[-1]
    assert not any("secret" in line for line in reading.evidence)


def test_a_portal_that_wants_to_see_its_cookie_back_gets_it() -> None:
    class Portal(FakeHttp):
        def _page(self, url: str) -> Page:
            cookies = dict(self.requests[-1].headers).get("Cookie", "")
            return Page() if cookies == "seen=yes" else redirect(URL, ("Set-Cookie", "seen=yes; Path=/; HttpOnly"))

    assert probe(Portal({URL: Page()})).result is Reason.OK


@pytest.mark.parametrize(
    "elsewhere", ["https://other.example/", "http://portal.example/", "http://portal.example:443/", f"{URL[:-1]}:8443/"]
)
def test_cookies_and_own_headers_do_not_go_to_another_origin(elsewhere: str) -> None:
    fake = FakeHttp({URL: redirect(elsewhere, ("Set-Cookie", "session=1")), elsewhere: Page()})
    probe(fake, headers={"X-Key": Secret("secret")})
    assert [dict(request.headers) for request in fake.requests] == [{"X-Key": "secret"}, {}]


def test_an_origin_is_the_same_with_its_usual_port_written_out() -> None:
    again = "https://portal.example:443/login"
    fake = FakeHttp({URL: redirect(again, ("Set-Cookie", "session=1")), again: Page()})
    probe(fake, headers={"X-Key": Secret("secret")})
    assert dict(fake.requests[-1].headers) == {"X-Key": "secret", "Cookie": "session=1"}


def test_the_address_to_connect_to_holds_for_the_same_host_and_port_only() -> None:
    fake = FakeHttp(
        {
            URL: redirect("https://portal.example/a"),
            f"{URL}a": redirect("https://portal.example:8443/b"),
            "https://portal.example:8443/b": Page(),
        }
    )
    probe(fake, connect_to=HostPort("10.0.0.1", 443))
    assert [request.connect_to for request in fake.requests] == ["10.0.0.1:443", "10.0.0.1:443", ""]


def test_tls_that_is_checked_never_ends_on_plain_http() -> None:
    way = {URL: redirect("http://portal.example/"), "http://portal.example/": Page()}
    assert probe(way).result is Reason.OK
    reading = probe(way, days_left=14)
    assert reading.result is Reason.TLS
    assert reading.evidence[-1] == "the answer came over plain HTTP, where there is no TLS to check"
    upgraded = probe({"http://portal.example/": redirect(URL), URL: Page()}, "http://portal.example/", days_left=14)
    assert upgraded.result is Reason.OK


def test_every_host_that_redirects_lead_over_should_have_the_tls_that_was_asked_for() -> None:
    class Old(FakeHttp):
        async def exchange(self, request: HttpRequest, timeout: float) -> HttpExchange:
            found = await super().exchange(request, timeout)
            return replace(found, tls=replace(GOOD_CERTIFICATE, version="TLS 1.2")) if request.url == URL else found

    way = {URL: redirect("https://new.example/"), "https://new.example/": Page()}
    assert probe(Old(way), tls_version="1.2").result is Reason.OK
    reading = probe(Old(way), tls_version="1.3")
    assert reading.result is Reason.TLS
    assert reading.evidence[-1].startswith("portal.example: TLS 1.2 was agreed on")


def test_redirects_share_one_timeout() -> None:
    slow = {"processing": 4.0}
    reading = probe(
        {
            URL: redirect("/a", seconds=slow),
            f"{URL}a": redirect("/b", seconds=slow),
            f"{URL}b": Page(seconds={"processing": 4.0}),
        }
    )
    assert reading.result is Reason.TIMEOUT
    assert sum(reading.phases.values()) == pytest.approx(10.0)


def test_a_host_that_is_left_no_time_is_not_blamed() -> None:
    reading = probe({URL: redirect("https://other.example/", seconds={"processing": 9.8})}, stall=Duration(10.0))
    assert reading.result is Reason.TIMEOUT


def test_a_slow_answer_is_a_success_that_is_called_slow() -> None:
    reading = probe({URL: Page(seconds={"processing": 3.0})}, budget=Duration(2.0))
    assert (reading.result, reading.success) == (Reason.SLOW, True)
    assert "budget" in reading.evidence[-1]


def test_a_failed_pattern_is_a_metric_too() -> None:
    reading = probe({URL: Page(body=b"something else")}, body_matches=(Regexp.parse("portal"),))
    assert (reading.result, values(reading)["probe_failed_due_to_regex"]) == (Reason.CONTENT, 1)


def test_the_evidence_shows_no_query() -> None:
    reading = probe({f"{URL}?token=secret": Page()}, f"{URL}?token=secret")
    assert not any("secret" in line for line in reading.evidence)


def test_every_sample_is_of_a_declared_metric() -> None:
    for page in (Page(), Page(expired=True), Page(hangs="tls"), Page(500), Page(headers=(("Last-Modified", "soon"),))):
        assert {sample.metric for sample in probe({URL: page}).samples} <= set(COLLECTOR.metrics)


@pytest.mark.parametrize("text", ["", "yesterday", "Tue, 15 Nov 1994 12:45:26 +0700", "Tue, 35 Nov 1994 12:45:26 GMT"])
def test_another_date_format_is_no_date(text: str) -> None:
    assert http_date(text) is None
