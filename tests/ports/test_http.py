"""The http port: one suite for the fake and for the adapter against real servers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.io.dial import Dialer
from agent.io.http import HttpAdapter
from agent.io.resolver import Resolver
from collectors.core import Reason
from collectors.core.ports import HttpExchange, HttpPort, HttpRequest
from collectors.core.values import HostPort
from tests.fakes.http import FakeHttp, Page
from tests.servers.certificates import Certificates
from tests.servers.names import name_server, nxdomain
from tests.servers.pages import behaviour
from tests.servers.tcp import closed_port, listening

PLENTY = 20.0
LITTLE = 0.5


@dataclass(frozen=True, slots=True)
class World:
    """A port, a way to put a page on a server (`serve(page, scheme) -> URL`), and what its clients have to trust."""

    http: HttpPort
    serve: Callable[[Page, str], Awaitable[str]]
    closed_url: str
    ca_file: str

    async def ask(self, page: Page, scheme: str = "http", timeout: float = PLENTY, **wishes: object) -> HttpExchange:
        url = await self.serve(page, scheme)
        return await self.http.exchange(HttpRequest(url, ca_file=self.ca_file, **wishes), timeout)  # type: ignore[arg-type]


@pytest.fixture(params=["fake", "real"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    if request.param == "fake":
        yield _fake_world()
        return
    certificates = Certificates(tmp_path)
    async with AsyncExitStack() as servers:

        async def serve(page: Page, scheme: str) -> str:
            tls = None
            if scheme == "https" and page.hangs != "tls":
                tls = certificates.expired() if page.expired else certificates.good()
            port = await servers.enter_async_context(listening(behaviour(page), tls))
            return f"{scheme}://localhost:{port}/page"

        names = await servers.enter_async_context(name_server(nxdomain))
        dialer = Dialer(Resolver([HostPort("127.0.0.1", names)]))
        closed = f"http://localhost:{closed_port()}/"
        yield World(HttpAdapter("communewatch/test", dialer), serve, closed, certificates.ca_file)


def _fake_world() -> World:
    fake = FakeHttp({})

    async def serve(page: Page, scheme: str) -> str:
        url = f"{scheme}://localhost:{8000 + len(fake.pages)}/page"
        fake.pages[url] = page
        return url

    fake.pages["http://localhost:8000/"] = Page()
    return World(fake, serve, "http://localhost:7999/", "")


async def test_an_answer_is_recorded_with_status_headers_and_body(world: World) -> None:
    page = Page(404, (("X-Name", "value"),), "Không tìm thấy".encode())
    exchange = await world.ask(page)
    assert (exchange.status, exchange.version, exchange.failure) == (404, "1.1", None)
    assert ("x-name", "value") in [(name.lower(), value) for name, value in exchange.headers]
    assert (exchange.body, exchange.body_size, exchange.complete) == (page.body, len(page.body), True)
    assert exchange.address in ("127.0.0.1", "::1")


async def test_the_phases_come_in_their_order_and_tls_only_with_https(world: World) -> None:
    plain, secure = await world.ask(Page()), await world.ask(Page(), "https")
    assert list(plain.phases) == ["resolve", "connect", "processing", "transfer"]
    assert list(secure.phases) == ["resolve", "connect", "tls", "processing", "transfer"]
    assert all(seconds >= 0 for seconds in (*plain.phases.values(), *secure.phases.values()))


@pytest.mark.parametrize("phase", ["processing", "transfer"])
async def test_the_time_that_a_server_takes_is_in_the_phase_in_which_it_takes_it(world: World, phase: str) -> None:
    longest = ""
    for _ in range(5):  # a busy machine may lend any phase as much time, but not each time
        exchange = await world.ask(Page(body=b"body", seconds={phase: 0.2}))
        assert exchange.phases[phase] >= 0.2
        longest = max(exchange.phases, key=lambda name: exchange.phases[name])
        if longest == phase:
            break
    assert longest == phase


async def test_a_body_that_is_not_to_be_kept_is_counted(world: World) -> None:
    exchange = await world.ask(Page(body=b"x" * 100_000), max_kept=10)
    assert (exchange.body, exchange.body_size, exchange.complete) == (b"x" * 10, 100_000, True)


async def test_a_body_beyond_the_bound_is_cut_and_that_is_no_failure(world: World) -> None:
    exchange = await world.ask(Page(body=b"x" * 100_000), max_body=1000)
    assert (exchange.body, exchange.complete, exchange.failure) == (b"x" * 1000, False, None)
    assert exchange.body_size > 1000


async def test_a_body_that_just_fits_is_complete(world: World) -> None:
    exchange = await world.ask(Page(body=b"x" * 1000), max_body=1000)
    assert (exchange.body_size, exchange.complete) == (1000, True)


async def test_head_brings_no_body(world: World) -> None:
    exchange = await world.ask(Page(body=b"not for HEAD"), method="HEAD")
    assert (exchange.status, exchange.body, exchange.complete) == (200, b"", True)


async def test_a_redirect_is_an_answer_like_any_other(world: World) -> None:
    exchange = await world.ask(Page(302, (("Location", "http://elsewhere.example/"),)))
    assert (exchange.status, exchange.failure) == (302, None)
    assert "http://elsewhere.example/" in dict(exchange.headers).values()


async def test_a_port_on_which_nobody_listens_refuses(world: World) -> None:
    exchange = await world.http.exchange(HttpRequest(world.closed_url), PLENTY)
    assert exchange.failure
    assert (exchange.failure.reason, exchange.failure.phase) == (Reason.REFUSED, "connect")
    assert (exchange.status, list(exchange.phases)) == (None, ["resolve", "connect"])


async def test_a_name_that_does_not_exist_is_a_matter_of_dns(world: World) -> None:
    exchange = await world.http.exchange(HttpRequest("http://nowhere.example/"), PLENTY)
    assert exchange.failure
    assert (exchange.failure.reason, exchange.failure.phase) == (Reason.DNS, "resolve")
    assert "does not exist" in exchange.failure.message
    assert (exchange.address, list(exchange.phases)) == ("", ["resolve"])


@pytest.mark.parametrize(("phase", "scheme"), [("tls", "https"), ("processing", "http"), ("transfer", "http")])
async def test_silence_is_frozen_and_charged_to_the_phase_that_hung(world: World, phase: str, scheme: str) -> None:
    exchange = await world.ask(Page(body=b"a body", hangs=phase), scheme, LITTLE)
    assert exchange.failure
    assert (exchange.failure.reason, exchange.failure.phase) == (Reason.FROZEN, phase)
    assert list(exchange.phases)[-1] == phase
    assert exchange.phases[phase] > LITTLE / 2


@pytest.mark.parametrize(("phase", "scheme"), [("tls", "https"), ("processing", "http"), ("transfer", "http")])
async def test_a_stall_ends_the_exchange_long_before_the_timeout(world: World, phase: str, scheme: str) -> None:
    exchange = await world.ask(Page(body=b"a body", hangs=phase), scheme, PLENTY, stall=0.2)
    assert exchange.failure
    assert (exchange.failure.reason, exchange.failure.phase) == (Reason.FROZEN, phase)
    assert 0.2 <= exchange.phases[phase] < PLENTY / 2


async def test_a_slow_answer_that_never_stalls_is_waited_for(world: World) -> None:
    exchange = await world.ask(Page(body=b"a body", seconds={"processing": 0.3, "transfer": 0.3}), stall=0.5)
    assert (exchange.status, exchange.failure) == (200, None)


async def test_what_came_before_a_body_stalled_is_kept(world: World) -> None:
    exchange = await world.ask(Page(200, body=b"first half, second half", hangs="transfer"), timeout=LITTLE)
    assert (exchange.status, exchange.body, exchange.complete) == (200, b"first half,", False)


@pytest.mark.parametrize("phase", ["processing", "transfer"])
async def test_a_reset_is_refused_in_the_phase_in_which_it_came(world: World, phase: str) -> None:
    exchange = await world.ask(Page(body=b"a body", resets=phase))
    assert exchange.failure
    assert (exchange.failure.reason, exchange.failure.phase) == (Reason.REFUSED, phase)
    assert not exchange.complete


async def test_a_good_certificate_is_reported(world: World) -> None:
    exchange = await world.ask(Page(), "https")
    assert exchange.tls
    assert (exchange.tls.problem, exchange.tls.version) == ("", "TLS 1.3")
    assert exchange.tls.chain_expiry
    assert set(exchange.tls.names) == {"localhost", "127.0.0.1"}


async def test_an_expired_certificate_fails_and_is_reported_all_the_same(world: World) -> None:
    exchange = await world.ask(Page(expired=True), "https")
    assert exchange.failure
    assert (exchange.failure.reason, exchange.failure.phase) == (Reason.TLS, "tls")
    assert exchange.tls
    assert "expired" in exchange.tls.problem
    assert exchange.tls.chain_expiry is None
    assert exchange.tls.subject == "CN=localhost"


async def test_without_verification_an_expired_certificate_is_no_failure(world: World) -> None:
    exchange = await world.ask(Page(expired=True), "https", verify=False)
    assert (exchange.status, exchange.failure) == (200, None)
    assert exchange.tls
    assert exchange.tls.problem


async def test_what_was_right_is_asked_for_again_only_if_it_has_changed(world: World) -> None:
    url = await world.serve(Page(headers=(("ETag", '"a"'),), body=b"a page"), "http")
    request = HttpRequest(url, conditional=True)
    first = await world.http.exchange(request, PLENTY)
    assert (first.status, first.unchanged) == (200, False)
    assert (await world.http.exchange(request, PLENTY)).status == 200, "nobody has said that it was right"
    world.http.remember(request, first)
    again = await world.http.exchange(request, PLENTY)
    assert (again.status, again.unchanged, again.body, again.failure) == (304, True, b"", None)
    assert (await world.http.exchange(HttpRequest(url), PLENTY)).status == 200, "nobody wants to know only that"


async def test_a_304_that_nobody_asked_for_says_nothing_of_a_change(world: World) -> None:
    exchange = await world.ask(Page(304), conditional=True)
    assert (exchange.status, exchange.unchanged) == (304, False)


async def test_a_page_without_a_validator_is_sent_again(world: World) -> None:
    url = await world.serve(Page(body=b"a page"), "http")
    request = HttpRequest(url, conditional=True)
    world.http.remember(request, await world.http.exchange(request, PLENTY))
    assert (await world.http.exchange(request, PLENTY)).status == 200
