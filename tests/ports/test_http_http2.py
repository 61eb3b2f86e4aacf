"""HTTP/2 against nginx: chosen where both can, with the phases and facts that HTTP/1.1 has."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from agent.io.http import HttpAdapter
from collectors.core import Reason
from collectors.core.ports import HttpExchange, HttpRequest, HttpVersion
from tests.bench.stand import free_ports
from tests.lab import nginx
from tests.lab.authority import Authority
from tests.lab.process import Processes
from tests.tools import tool

PLENTY = 20.0
BODY = "Cổng Dịch vụ công " * 20_000
SERVER = """server {{
  listen 127.0.0.1:{port} ssl{http2};
  ssl_certificate {issued.certificate}; ssl_certificate_key {issued.key};
  root {folder}/www; keepalive_requests 1;
  location = /empty {{ return 204; }}
  location = /elsewhere {{ return 302 https://elsewhere.example/; }}
}}"""


@dataclass(frozen=True, slots=True)
class Site:
    """One page on two ports, with HTTP/2 and without."""

    new: int
    old: int
    ca_file: str

    async def ask(self, port: int, path: str = "/page", **wishes: object) -> HttpExchange:
        request = HttpRequest(f"https://127.0.0.1:{port}{path}", ca_file=self.ca_file, **wishes)  # type: ignore[arg-type]
        return await HttpAdapter("communewatch/test").exchange(request, PLENTY)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    tool("nginx")
    authority = Authority(tmp_path / "ca", datetime.now(UTC))
    issued = authority.issue("localhost", IPv4Address("127.0.0.1"))
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "page").write_text(BODY)
    (tmp_path / "logs").mkdir()
    new, old = free_ports(2)
    servers = [
        SERVER.format(port=port, http2=http2, issued=issued, folder=tmp_path)
        for port, http2 in ((new, " http2"), (old, ""))
    ]
    nginx.write_configuration(tmp_path / "nginx", "\n".join(servers))
    processes = Processes(tmp_path / "logs")
    try:
        await processes.start(nginx.command("nginx", tmp_path / "nginx", ""))
        found = Site(new, old, str(authority.path))
        await processes.until(lambda: _answers(found), "nginx", within=20)
        yield found
    finally:
        await processes.stop()


async def _answers(site: Site) -> bool:
    return (await site.ask(site.old)).status == 200


async def test_http_2_is_spoken_where_the_server_chooses_it(site: Site) -> None:
    new, old = await site.ask(site.new), await site.ask(site.old)
    assert (new.version, new.status, new.failure) == ("2", 200, None)
    assert (old.version, old.status, old.failure) == ("1.1", 200, None)
    assert new.body == old.body == BODY.encode()
    assert new.complete
    assert list(new.phases) == list(old.phases) == ["resolve", "connect", "tls", "processing", "transfer"]
    shown = ("content-length", "content-type", "last-modified", "server")
    assert [pair for pair in new.headers if pair[0] in shown] == [
        (name.lower(), value) for name, value in old.headers if name.lower() in shown
    ]
    assert new.tls
    assert new.tls.problem == ""


@pytest.mark.parametrize(("version", "spoken"), [("auto", "2"), ("1.1", "1.1"), ("2", "2")])
async def test_a_request_may_insist_on_a_version(site: Site, version: HttpVersion, spoken: str) -> None:
    assert (await site.ask(site.new, version=version)).version == spoken


async def test_a_server_that_cannot_do_what_was_insisted_on_is_unsupported(site: Site) -> None:
    exchange = await site.ask(site.old, version="2")
    assert exchange.failure
    assert (exchange.failure.reason, exchange.failure.phase) == (Reason.UNSUPPORTED, "tls"), exchange.failure


async def test_a_body_beyond_the_bound_is_cut_and_that_is_no_failure(site: Site) -> None:
    exchange = await site.ask(site.new, max_body=1000)
    assert (exchange.body, exchange.complete, exchange.failure) == (BODY.encode()[:1000], False, None)
    assert exchange.body_size > 1000


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/page", "HEAD", 200), ("/empty", "GET", 204), ("/no", "GET", 404)]
)
async def test_answers_of_every_kind_are_read_to_their_end(site: Site, path: str, method: str, status: int) -> None:
    exchange = await site.ask(site.new, path, method=method)
    assert (exchange.version, exchange.status, exchange.complete, exchange.failure) == ("2", status, True, None)


async def test_a_redirect_is_an_answer_like_any_other(site: Site) -> None:
    exchange = await site.ask(site.new, "/elsewhere")
    assert exchange.status == 302
    assert ("location", "https://elsewhere.example/") in exchange.headers
