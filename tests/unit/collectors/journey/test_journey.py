"""Walking a journey over pages in memory: what is carried, what fails it, what is cleaned up."""

import pytest

from collectors.core import Reading, Reason
from collectors.messages.said import Said
from tests.fakes.http import FakeHttp, Page
from tests.unit.collectors.journey.journeys import values, walk

SITE = "https://portal.example"
HTML = ("Content-Type", "text/html; charset=utf-8")


def redirect(location: str, status: int = 302, *more: tuple[str, str]) -> Page:
    return Page(status, (("Location", location), *more))


def one_step(page: Page, step: str = "", **pages: Page) -> Reading:
    http = FakeHttp({f"{SITE}/": page, **{f"{SITE}/{name}": other for name, other in pages.items()}})
    return walk(f"steps: {{only: {{url: '{SITE}/'{', ' if step else ''}{step}}}}}", http)


def test_values_of_one_answer_stand_in_later_requests_escaped_for_their_places() -> None:
    text = f"""
    steps:
      form:
        url: {SITE}/form
        take: {{token: 'regex name="csrf" value="([^"]*)"'}}
      search:
        url: {SITE}/find/{{token}}?q={{token}}
        method: POST
        headers: {{X-Token: "{{token}}"}}
        form: {{csrf: "{{token}}", procedure: Đăng ký khai sinh}}
        take: {{id: 'json items[1].id'}}
      detail:
        url: {SITE}/detail
        method: PUT
        json: '{{"id": "{{id}}", "quoted": "<{{token}}>", "number": 1}}'
    """
    found = f"{SITE}/find/a%2F%26%22b?q=a%2F%26%22b"
    http = FakeHttp(
        {
            f"{SITE}/form": Page(200, (HTML,), b'<input name="csrf" value="a/&amp;&quot;b">'),
            found: Page(200, (), b'{"items": [{"id": 1}, {"id": 12345678901234567890}]}'),
            f"{SITE}/detail": Page(200),
        }
    )
    assert walk(text, http).result is Reason.OK
    search, detail = http.requests[1:]
    assert (search.method, search.url) == ("POST", found)
    assert search.body == b"csrf=a%2F%26%22b&procedure=%C4%90%C4%83ng+k%C3%BD+khai+sinh"
    assert dict(search.headers) == {"X-Token": 'a/&"b', "Content-Type": "application/x-www-form-urlencoded"}
    assert detail.body == b'{"id": "12345678901234567890", "quoted": "<a/&\\"b>", "number": 1}'
    assert dict(detail.headers) == {"Content-Type": "application/json"}


def test_a_location_is_taken_and_visited_relative_to_where_it_was_given() -> None:
    text = f"""
    steps:
      start: {{url: {SITE}/a/b, status: [302], follow_redirects: false, take: {{next: location, code: status}}}}
      finish: {{url: "{{next}}", headers: {{X-Code: "{{code}}"}}}}
    """
    http = FakeHttp({f"{SITE}/a/b": redirect("c?d=1#e"), f"{SITE}/a/c?d=1": Page()})
    assert walk(text, http).result is Reason.OK
    assert http.requests[1].headers == (("X-Code", "302"),)


def test_a_taken_address_may_not_lead_out_of_the_journeys_hosts() -> None:
    text = f"""
    steps:
      start: {{url: {SITE}/, take: {{next: header X-Next}}}}
      finish: {{url: "{{next}}"}}
    """
    http = FakeHttp(
        {f"{SITE}/": Page(200, (("X-Next", "https://evil.example/?secret"),)), "https://evil.example/": Page()}
    )
    reading = walk(text, http)
    assert reading.result is Reason.REDIRECT
    assert len(http.requests) == 1
    assert "leads to evil.example" in reading.evidence[1]
    assert walk(text + "\n    hosts: [evil.example]", http).result is Reason.ERROR


def test_a_redirect_may_not_lead_out_of_the_journeys_hosts() -> None:
    http = FakeHttp({f"{SITE}/": redirect("https://evil.example/"), "https://evil.example/": Page()})
    reading = walk(f"steps: {{only: {{url: {SITE}/}}}}", http)
    assert (reading.result, len(http.requests)) == (Reason.REDIRECT, 1)


def test_cookies_go_back_to_their_host_and_to_no_other() -> None:
    other = "https://sso.example"
    text = f"""
    steps:
      portal: {{url: {SITE}/, take: {{sid: cookie SID}}}}
      sso: {{url: {other}/}}
      back: {{url: "{SITE}/back", headers: {{X-Sid: "{{sid}}"}}}}
    """
    cookie = ("Set-Cookie", "SID=abc; Path=/; Secure; HttpOnly")
    http = FakeHttp({f"{SITE}/": Page(200, (cookie,)), f"{other}/": Page(), f"{SITE}/back": Page()})
    assert walk(text, http).result is Reason.OK
    assert [dict(request.headers).get("Cookie") for request in http.requests] == [None, None, "SID=abc"]
    assert dict(http.requests[2].headers)["X-Sid"] == "abc"


def test_two_runs_share_nothing() -> None:
    http = FakeHttp({f"{SITE}/": Page(200, (("Set-Cookie", "SID=abc"),))})
    for _ in range(2):
        walk(f"steps: {{only: {{url: {SITE}/}}}}", http)
    assert [request.headers for request in http.requests] == [(), ()]


@pytest.mark.parametrize(
    ("status", "method", "body"), [(302, "GET", b""), (303, "GET", b""), (307, "POST", b"a=1"), (308, "POST", b"a=1")]
)
def test_what_was_posted_is_posted_again_only_where_the_status_asks_for_it(
    status: int, method: str, body: bytes
) -> None:
    http = FakeHttp({f"{SITE}/": redirect("/second", status), f"{SITE}/second": Page()})
    reading = walk(f"steps: {{only: {{url: {SITE}/, method: POST, form: {{a: '1'}}}}}}", http)
    second = http.requests[1]
    assert (reading.result, second.method, second.body) == (Reason.OK, method, body)
    assert ("Content-Type" in dict(second.headers)) == bool(body)


def test_redirects_end_somewhere() -> None:
    http = FakeHttp({f"{SITE}/": redirect("/")})
    reading = walk(f"steps: {{only: {{url: {SITE}/}}}}", http)
    assert (reading.result, len(http.requests)) == (Reason.REDIRECT, 1 + 10)
    assert "more than 10 redirects" in reading.evidence[0]


@pytest.mark.parametrize(
    ("page", "step", "reason"),
    [
        (Page(503), "", Reason.ERROR),
        (Page(403), "", Reason.BLOCKED),
        (Page(200, (), "Hệ thống đang bảo trì. Vui lòng thử lại sau".encode()), "", Reason.MAINTENANCE),
        (Page(200, (), b"something else"), "body_matches: [portal]", Reason.CONTENT),
        (Page(hangs="processing"), "", Reason.FROZEN),
        (Page(resets="processing"), "", Reason.REFUSED),
        (Page(expired=True), "", Reason.TLS),
        (Page(401), "status: [401]", Reason.OK),
    ],
)
def test_a_step_is_judged_as_a_service_is(page: Page, step: str, reason: Reason) -> None:
    reading = one_step(page, step)
    assert reading.result is reason
    assert values(reading)[f"step_result/only/{reason}"] == 1


@pytest.mark.parametrize(
    ("wanted", "page", "why"),
    [
        ("json a.b", Page(200, (), b"<html>"), "the body is not JSON"),
        ("json a.b", Page(200, (), b'{"a": {"b": null}}'), "the answer has no json a.b"),
        ("json a[2]", Page(200, (), b'{"a": [1]}'), "the answer has no json a[2]"),
        ("json a.b", Page(200, (), b'{"a": {"b": {}}}'), "the answer has no json a.b"),
        ("json a", Page(200, (), b"[" * 100_000), "the body is not JSON"),
        ("header X-Token", Page(200), "the answer has no header X-Token"),
        ("cookie SID", Page(200), "the answer has no cookie SID"),
        ("regex token=(.)", Page(200, (), b"nothing"), "the answer has no regex token=(.)"),
        ("regex .*", Page(200, (), b"x" * 4097), "is longer than 4096 characters"),
        ("regex .*", Page(200, (), "Đ".encode()), "letters that the header X-Value cannot carry"),
        ("regex .*", Page(200, (), b"a\r\nX-Evil: b"), "letters that the header X-Value cannot carry"),
    ],
)
def test_what_cannot_be_taken_or_used_fails_the_journey_without_being_told(wanted: str, page: Page, why: str) -> None:
    text = f"""
    steps:
      give: {{url: {SITE}/, take: {{value: '{wanted}'}}}}
      use: {{url: {SITE}/use, headers: {{X-Value: "{{value}}"}}}}
    """
    reading = walk(text, FakeHttp({f"{SITE}/": page, f"{SITE}/use": Page()}))
    assert reading.result is Reason.CONTENT
    assert any(why in line for line in reading.evidence)


def test_the_first_step_that_fails_decides_and_ends_the_journey() -> None:
    text = f"""
    steps:
      home: {{url: {SITE}/}}
      list: {{url: {SITE}/list}}
      detail: {{url: {SITE}/detail}}
    """
    http = FakeHttp({f"{SITE}/": Page(seconds={"processing": 0.5}), f"{SITE}/list": Page(500, seconds={"transfer": 2})})
    reading = walk(text, http)
    assert values(reading) == {
        "step_duration_seconds/home": 0.5,
        "step_success/home": 1,
        "step_result/home/ok": 1,
        "step_duration_seconds/list": 2,
        "step_success/list": 0,
        "step_result/list/error": 1,
        "failed_step/list": 1,
        "budget_seconds": 300,
        "success": 0,
    }
    assert (reading.result, dict(reading.phases)) == (Reason.ERROR, {"home": 0.5, "list": 2})
    said = reading.evidence[-1]
    assert isinstance(said, Said)
    assert (said.told("vi"), said.told("en")) == ("bước list: mã trạng thái 500", "step list failed: status 500")


def test_a_journey_at_its_budget_is_fine_and_one_over_it_is_slow() -> None:
    pages = {f"{SITE}/": Page(seconds={"processing": 4}), f"{SITE}/b": Page(seconds={"transfer": 1})}
    text = f"steps: {{a: {{url: {SITE}/}}, b: {{url: {SITE}/b}}}}"
    within = walk(f"{text}\nbudget: 5s", FakeHttp(pages))
    over = walk(f"{text}\nbudget: 4999ms", FakeHttp(pages))
    assert (within.result, values(within)["success"]) == (Reason.OK, 1)
    assert (over.result, values(over)["success"], values(over)["duration_seconds"]) == (Reason.SLOW, 0, 5)
    assert "2 steps in 5.00 s, the budget is 4.999 s" in over.evidence


def test_a_step_that_hangs_is_frozen_when_its_own_time_is_up() -> None:
    reading = one_step(Page(hangs="transfer", body=b"half"), "timeout: 7s")
    assert (reading.result, values(reading)["step_duration_seconds/only"]) == (Reason.FROZEN, 7)


def test_a_step_that_is_cut_short_by_the_journeys_end_is_not_blamed() -> None:
    text = f"steps: {{a: {{url: {SITE}/}}, b: {{url: {SITE}/b}}, c: {{url: {SITE}/c}}}}"
    slow, endless = Page(seconds={"processing": 25}), Page(hangs="processing")
    reading = walk(text, FakeHttp({f"{SITE}/": slow, f"{SITE}/b": endless}), timeout=40)
    assert (reading.result, values(reading)["step_duration_seconds/b"]) == (Reason.TIMEOUT, 15)


def test_evidence_tells_sizes_and_hashes_but_nothing_that_was_read_or_taken() -> None:
    text = f"""
    steps:
      give: {{url: '{SITE}/?public=1', take: {{value: 'regex .*'}}}}
      use: {{url: '{SITE}/{{value}}', body_matches: [never]}}
    """
    pages = {f"{SITE}/?public=1": Page(200, (), b"hidden"), f"{SITE}/hidden": Page(200, (), b"hidden too")}
    evidence = "\n".join(walk(text, FakeHttp(pages)).evidence)
    assert "hidden" not in evidence
    assert f"give: GET {SITE}/: status 200 after 0 ms, 6 bytes, sha256 e564b4081d7a9ea4" in evidence
    assert f"use: GET {SITE}/{{value}}: status 200" in evidence


# --- clean-up ---------------------------------------------------------------------------------------------------------

DRAFT = f"""
steps:
  draft: {{url: {SITE}/draft, method: POST, form: {{kind: test}}, take: {{draft: header X-Draft}}}}
  look: {{url: '{SITE}/look?id={{draft}}'}}
clean_up:
  delete: {{url: '{SITE}/draft/{{draft}}', method: DELETE, status: [204]}}
  leave: {{url: {SITE}/leave}}
"""
DRAFTED = Page(201, (("X-Draft", "7"),))


def draft(**pages: Page) -> tuple[Reading, list[str]]:
    usual = {"draft": DRAFTED, "look?id=7": Page(), "draft/7": Page(204), "leave": Page()}
    http = FakeHttp({f"{SITE}/{path}": page for path, page in {**usual, **pages}.items()})
    reading = walk(DRAFT, http)
    return reading, [request.url.removeprefix(f"{SITE}/") for request in http.requests]


def test_clean_up_follows_a_journey_and_is_no_part_of_its_duration() -> None:
    reading, visited = draft(leave=Page(seconds={"processing": 3}))
    assert visited == ["draft", "look?id=7", "draft/7", "leave"]
    found = values(reading)
    assert (reading.result, found["duration_seconds"], found["step_duration_seconds/leave"]) == (Reason.OK, 0, 3)


@pytest.mark.parametrize("look", [Page(500), Page(hangs="processing"), Page(resets="transfer")])
def test_clean_up_follows_a_failure_too(look: Page) -> None:
    reading, visited = draft(**{"look?id=7": look})
    assert visited[-2:] == ["draft/7", "leave"]
    assert values(reading)["failed_step/look"] == 1


def test_what_was_never_made_is_not_cleaned_up() -> None:
    reading, visited = draft(draft=Page(500))
    assert visited == ["draft", "leave"]
    assert reading.result is Reason.ERROR


def test_a_clean_up_that_fails_is_told_and_the_next_one_runs() -> None:
    reading, visited = draft(**{"draft/7": Page(500)})
    found = values(reading)
    assert visited[-1] == "leave"
    assert (reading.result, found["failed_step/delete"], found["success"]) == (Reason.ERROR, 1, 0)
    assert found["duration_seconds"] == 0


def test_a_failed_clean_up_does_not_hide_what_failed_before() -> None:
    reading, _ = draft(**{"look?id=7": Page(403), "draft/7": Page(500)})
    assert (reading.result, values(reading)["failed_step/look"]) == (Reason.BLOCKED, 1)


def test_time_for_clean_up_is_kept_and_shared() -> None:
    endless = Page(hangs="processing")
    http = FakeHttp({f"{SITE}/draft": DRAFTED, f"{SITE}/look?id=7": endless, f"{SITE}/draft/7": endless,
                     f"{SITE}/leave": endless})  # fmt: skip
    found = values(walk(DRAFT, http, timeout=20))
    assert (found["step_duration_seconds/look"], found["step_result/look/timeout"]) == (10, 1)
    assert (found["step_duration_seconds/delete"], found["step_duration_seconds/leave"]) == (5, 5)
