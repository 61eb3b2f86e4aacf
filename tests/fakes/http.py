"""The http port over pages in memory."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from collectors.core import NameFailure, Reason
from collectors.core.ports import Failure, HttpExchange, HttpRequest, TlsFacts

GOOD_CERTIFICATE = TlsFacts(
    version="TLS 1.3",
    cipher="TLS_AES_256_GCM_SHA384",
    earliest_expiry=1_900_000_000.0,
    chain_expiry=1_900_000_000.0,
    subject="CN=localhost",
    issuer="CN=communewatch lab authority",
    serial="1f",
    fingerprint_sha256="00" * 32,
    names=("localhost", "127.0.0.1"),
)
EXPIRED_CERTIFICATE = TlsFacts(
    version="",
    cipher="",
    earliest_expiry=1_500_000_000.0,
    chain_expiry=None,
    subject="CN=localhost",
    issuer="CN=communewatch lab authority",
    serial="2f",
    fingerprint_sha256="00" * 32,
    names=("localhost", "127.0.0.1"),
    problem="the certificate has expired",
)
_FROZEN = ("tls", "processing", "transfer")


@dataclass(frozen=True, slots=True)
class Page:
    """What a server does when it is asked for one URL.

    seconds   how long the server takes per phase
    hangs     the phase in which it falls silent for ever: tls, processing or transfer (after half of the body)
    resets    the phase in which it resets the connection: processing or transfer (after half of the body)
    expired   whether its certificate is
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: Mapping[str, float] = field(default_factory=dict)
    hangs: str = ""
    resets: str = ""
    expired: bool = False


class FakeHttp:
    """Serves `pages` by URL. A host without a page has no address, a port without one refuses, a path gives 404."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self.pages = dict(pages)
        self.requests: list[HttpRequest] = []
        self.remembered: dict[str, str] = {}

    async def exchange(self, request: HttpRequest, timeout: float) -> HttpExchange:
        self.requests.append(request)
        page, tag = self._page(request.url), self.remembered.get(request.url, "") if request.conditional else ""
        unchanged = bool(tag) and tag == _tag(page.headers)
        visit = _Visit(request, replace(page, status=304, body=b"") if unchanged else page)
        try:
            async with asyncio.timeout(timeout):
                failure = await visit.run(self._place(request.url))
        except TimeoutError:
            failure = Failure(Reason.FROZEN, visit.phase, "silence")
        return replace(visit.exchange(failure), unchanged=unchanged and failure is None)

    def remember(self, request: HttpRequest, exchange: HttpExchange) -> None:
        if request.conditional and exchange.status == 200 and exchange.complete:
            self.remembered[request.url] = _tag(exchange.headers)

    def _page(self, url: str) -> Page:
        return self.pages.get(url, Page(404))

    def _place(self, url: str) -> Failure | None:
        wanted, known = urlsplit(url), [urlsplit(page) for page in self.pages]
        if wanted.hostname not in {page.hostname for page in known}:
            return Failure(Reason.DNS, "resolve", f"the name {wanted.hostname} does not exist", NameFailure.NXDOMAIN)
        if (wanted.scheme, wanted.netloc) not in {(page.scheme, page.netloc) for page in known}:
            return Failure(Reason.REFUSED, "connect", "connection refused")
        return None


def _tag(headers: tuple[tuple[str, str], ...]) -> str:
    return dict(headers).get("ETag", "")


class _Visit:
    """One exchange with one page."""

    def __init__(self, request: HttpRequest, page: Page) -> None:
        self.phase = ""
        self._request = request
        self._page = page
        self._phases: dict[str, float] = {}
        self._tls: TlsFacts | None = None
        self._answered = False
        self._body = b""
        self._complete = False

    async def run(self, nowhere: Failure | None) -> Failure | None:
        secure = self._request.url.startswith("https:")
        for phase in ("resolve", "connect", *(("tls",) if secure else ()), "processing", "transfer"):
            if not await self._spend(phase):
                return Failure(Reason.FROZEN, phase, "connected, then silence")
            if nowhere and nowhere.phase == phase:
                return nowhere
            if phase == "tls":
                self._tls = EXPIRED_CERTIFICATE if self._page.expired else GOOD_CERTIFICATE
                if self._page.expired and self._request.verify:
                    return Failure(Reason.TLS, phase, self._tls.problem)
            if self._page.resets == phase:
                return Failure(Reason.REFUSED, phase, "connection reset")
        self._take(self._page.body)
        return None

    async def _spend(self, phase: str) -> bool:
        """Whether the page got through this phase without stalling."""
        self.phase = phase
        if phase == "transfer":
            self._answered = True
            if self._page.hangs == phase or self._page.resets == phase:
                self._take(self._page.body[: len(self._page.body) // 2])
        loop = asyncio.get_running_loop()
        started = loop.time()
        patience = asyncio.timeout(self._request.stall if phase in _FROZEN else None)
        try:
            async with patience:
                await asyncio.sleep(3600 if self._page.hangs == phase else self._page.seconds.get(phase, 0.0))
        except TimeoutError:
            if not patience.expired():
                raise
            return False
        finally:
            self._phases[phase] = loop.time() - started
        return True

    def _take(self, body: bytes) -> None:
        body = b"" if self._request.method == "HEAD" else body
        self._body = body
        self._complete = len(body) <= self._request.max_body and (not body or len(body) == len(self._page.body))

    def exchange(self, failure: Failure | None) -> HttpExchange:
        return HttpExchange(
            phases=self._phases,
            address="127.0.0.1" if "connect" in self._phases else "",
            status=self._page.status if self._answered else None,
            version="1.1" if self._answered else "",
            headers=self._page.headers if self._answered else (),
            body=self._body[: min(self._request.max_body, self._request.max_kept)],
            body_size=len(self._body),
            complete=self._complete and failure is None,
            tls=self._tls,
            failure=failure,
        )
