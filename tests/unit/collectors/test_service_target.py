"""What may be written under `target:` of a service probe, and what is said about what may not."""

from pathlib import Path

import pytest

from collectors.core.decode import DecodeError, decode_text
from collectors.service.target import Kind, Statuses, Target, argument


def decode(text: str) -> Target:
    return decode_text(text, Target, "agent.yml").value


def problems(text: str) -> list[str]:
    with pytest.raises(DecodeError) as caught:
        decode(text)
    return [str(problem) for problem in caught.value.problems]


def test_a_url_is_enough() -> None:
    target = decode("url: https://dichvucong.gov.vn/")
    assert (target.kind, target.url, target.follow_redirects) == (Kind.HTTP, "https://dichvucong.gov.vn/", True)


def test_everything_can_be_written() -> None:
    target = decode(
        """
        url: https://api.example/v1/
        method: GET
        headers: {Accept-Language: vi}
        status: [2xx, "401"]
        follow_redirects: false
        body_matches: [Cổng.+quốc gia]
        body_must_not_match: [Exception]
        final_host: login.example
        header_matches: {Strict-Transport-Security: max-age}
        json_matches: {"$.status": ^UP$}
        min_body: 100
        stall: 5s
        days_left: 14
        tls_version: "1.2"
        strong_cipher: true
        second_opinion: false
        budget: 2s
        family: ip4
        ca_file: /etc/ssl/lab.pem
        verify: true
        connect_to: 10.0.0.1:8443
        max_body: 65536
        """
    )
    assert target.budget == 2.0
    assert 401 in target.status[1]
    assert target.body_matches[0].matches("Cổng Dịch vụ công\nquốc gia")


def test_a_target_shows_what_was_written_and_nothing_else() -> None:
    assert (
        repr(decode("{kind: tcp, host: a.example, port: 25}"))
        == "Target(kind=<Kind.TCP: 'tcp'>, host='a.example', port=25)"
    )


def test_a_header_that_holds_a_key_does_not_show_it() -> None:
    assert "s3cret" not in repr(decode("{url: 'https://a.example/?q=s3cret', headers: {X-Other: s3cret}}"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("headers: {Authorization: Bearer s3cret}", "headers: Authorization is a secret"),
        ("headers: {Cookie: a=s3cret}", "write Cookie: {file: NAME}"),
        ("headers: {X-Api-Key: s3cret}", "headers: X-Api-Key is a secret"),
    ],
)
def test_a_secret_that_is_written_out_is_refused_and_not_repeated(text: str, said: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode(f"{{url: 'https://a.example/', {text}}}")
    assert said in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_secret_in_the_query_of_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(DecodeError, match="'api_key' in its query is a secret") as refused:
        decode("{url: 'https://a.example/?api_key=s3cret'}")
    assert "s3cret" not in str(refused.value)


def test_a_secret_from_a_file_may_be_a_header(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret")
    text = f"{{url: 'https://a.example/', headers: {{Authorization: {{file: {tmp_path / 'key'}}}}}}}"
    assert decode(text).headers["Authorization"].reveal() == "s3cret"


def test_two_equal_targets_are_equal() -> None:
    text = "{url: 'http://a.example/', body_matches: [abc], headers: {X: y}}"
    assert decode(text) == decode(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kind: http", "url: is needed for kind http"),
        ("kind: tcp", "host: is needed for kind tcp"),
        ("{kind: tcp, host: a.example}", "port: is needed for kind tcp"),
        ("kind: dns", "name: is needed for kind dns"),
        ("{url: 'http://a.example/', http: 2}", "http: 2 is spoken over TLS only; write an https address"),
        ("{kind: icmp, host: a.example, url: 'http://a.example/'}", "url: means nothing for kind icmp"),
        ("{kind: tcp, host: a.example, port: 25, body_matches: [a]}", "body_matches: means nothing for kind tcp"),
        ("{kind: tls, host: a.example, port: 70000}", "port: should be between 1 and 65535"),
        ("{kind: icmp, host: a.example, count: 0}", "count: should be between 1 and 20"),
        ("{url: 'http://a.example/', max_body: 0}", "max_body: should be between 1 and 10485760 bytes"),
        ("{url: 'http://a.example/', method: HEAD, body_matches: [a]}", "method: HEAD brings no body"),
        ("{url: 'http://a.example/', headers: {'a b': c}}", "headers: 'a b' is not the name of a header"),
        ("{url: 'http://a.example/', headers: {X: 'một'}}", "letters that a header cannot carry"),
        ('{url: "http://a.example/", headers: {X: "a\\r\\nY: b"}}', "letters that a header cannot carry"),
        ("{url: 'http://a.example/', status: [20]}", "'20' is not an HTTP status; write 401, 2xx or 200-204"),
        ("{url: 'http://a.example/', status: [300-200]}", "is not an HTTP status"),
        ("{url: 'ftp://a.example/'}", "is not an http:// or https:// URL"),
        ("kind: gopher", "gopher"),
        ("{kind: tls, host: a.example, verify: false}", "verify: means nothing for kind tls"),
        ("{kind: ntp, host: a.example, days_left: 3}", "days_left: means nothing for kind ntp"),
        ("{kind: ocsp, url: 'http://a.example/'}", "certificate: is needed for kind ocsp"),
        ("{kind: crl, url: 'http://a.example/', issuer: me}", "should be a certificate in PEM form"),
        ("{kind: dns, name: a.example, servers: [10.0.0.1, 10.0.0.2, '10.0.0.1:53']}", "servers: names the same"),
        ("{kind: dns, name: a.example, server: 10.0.0.1, servers: [10.0.0.2]}", "servers: says the same as server"),
        ("{kind: dns, name: a.example, family: both}", "family: is that of the name server's address"),
        ("{url: 'http://a.example/', json_matches: {'$..a': b}}", "is not a JSON path"),
        ("{url: 'http://a.example/', min_body: 10, max_body: 9}", "min_body: should be between 0 and max_body"),
        ("{url: 'http://a.example/', days_left: -1}", "days_left: should be 0 or more"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(text: str, line: str) -> None:
    assert any(line in problem for problem in problems(text)), problems(text)


def test_a_bad_regular_expression_is_refused_with_its_line() -> None:
    found = problems("url: http://a.example/\nbody_matches:\n  - fine\n  - (unclosed\n")
    assert len(found) == 1
    assert found[0].startswith("agent.yml:4")
    assert "'(unclosed' is not a regular expression" in found[0]


def test_all_problems_come_at_once() -> None:
    assert len(problems("kind: tcp\nport: 0\nbudget: soon\nurl: nonsense\n")) >= 2


@pytest.mark.parametrize(("text", "inside", "outside"), [("2xx", 299, 300), ("401", 401, 402), ("200-204", 204, 205)])
def test_statuses_have_their_borders(text: str, inside: int, outside: int) -> None:
    statuses = Statuses.parse(text)
    assert inside in statuses
    assert outside not in statuses


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("https://a.example/x?y", {"url": "https://a.example/x?y"}),
        ("tcp://a.example:25", {"kind": "tcp", "host": "a.example", "port": "25"}),
        ("tls://a.example", {"kind": "tls", "host": "a.example"}),
        ("icmp://[2001:db8::1]", {"kind": "icmp", "host": "2001:db8::1"}),
        ("dns://a.example@10.0.0.1", {"kind": "dns", "name": "a.example", "server": "10.0.0.1"}),
        ("ntp://a.example", {"kind": "ntp", "host": "a.example"}),
        ("ssh://a.example:2222", {"kind": "ssh", "host": "a.example", "port": "2222"}),
        ("dns://a.example", {"kind": "dns", "name": "a.example"}),
    ],
)
def test_one_argument_says_what_to_probe(text: str, fields: dict[str, str]) -> None:
    assert argument(text) == fields


@pytest.mark.parametrize("text", ["a.example", "ftp://a.example", "tcp://", "://x"])
def test_another_argument_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="https://host/path"):
        argument(text)
