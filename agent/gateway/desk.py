"""One request of an office, from its certificate to its answer."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any, Protocol

from agent.gateway import envelope, write_request
from agent.gateway.allowance import Allowance, Limits
from agent.gateway.catchup import CATCHING_UP, CatchUp, scattered
from agent.gateway.config import GatewaySettings
from agent.gateway.judge import Bounds, Contents, Judging, Refusal, RefusedError
from agent.gateway.meters import Meters
from agent.gateway.offices import Caller, caller
from agent.gateway.papers import Papers
from collectors.core.pki import asked_key, certificate_pem, issue
from collectors.core.ports import Clock

_CROWDED = 20.0  # seconds to stay away when too many ask at once, on average
_DOUBLED = 3  # times: where the store takes less than is sent, to come every 20 seconds is to come in vain
_EACH = 4  # requests of one office at the same time: it sends one after the other, and may have lost sight of some
_SLICE = 2000  # samples between which others get their turn, a series counts as ten: a few milliseconds
_LARGE = 1 << 20  # bytes of a message: agents send at most a tenth of it, whatever has piled up
_LARGE_AT_ONCE = 4
_NEARLY = 60.0  # seconds: whose newest samples are so much older than what is live has caught up
_PER_SAMPLE = 16  # bytes of a message for which one that was refused counts as a sample
_RENEWALS = 600.0  # seconds between two certificates of one office


class Behind(Protocol):
    """The store as the desk sees it."""

    async def write(self, block: bytes) -> None:
        """RefusedError unless the store has taken it."""


class Desk:
    """Knows who may say what; holds nothing that another gateway would have to know."""

    def __init__(self, settings: GatewaySettings, papers: Papers, store: Behind, clock: Clock, meters: Meters) -> None:
        accepted, allowed = settings.accepted, settings.allowed
        self._bounds = Bounds(accepted.ahead, accepted.behind, accepted.samples)
        self._message = accepted.message
        self._in_flight = allowed.in_flight
        self._lifetime = settings.issuer.lifetime if settings.issuer else 0.0
        self._papers, self._store, self._clock, self._meters = papers, store, clock, meters
        self._allowance = Allowance(Limits(allowed.series, allowed.samples_per_second, allowed.burst))
        self._catch_up = CatchUp(allowed.catching_up)
        self._at_work = Counter[str]()
        self._sent_away = Counter[str]()  # how often in a row, of offices that the inventory has
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._renewed: dict[str, float] = {}

    def renew(self, papers: Papers) -> None:
        """From now on these hold."""
        self._papers = papers
        self._allowance.keep_only(papers.identities.offices)
        self._catch_up.keep_only(papers.identities.offices)
        self._meters.keep_only(papers.identities.offices)

    @contextmanager
    def admitted(self, certificate: Mapping[str, Any] | None) -> Iterator[Caller]:
        """Who asks, for as long as that takes. RefusedError for whoever has no business here, before a byte is read."""
        found = self._known(certificate)
        now = self._clock.monotonic()
        if self._meters.in_flight > self._in_flight:
            self._sent_away[found.office] += 1
            wait = scattered(found.office, _CROWDED * 2 ** min(self._sent_away[found.office] - 1, _DOUBLED), now)
            raise RefusedError(503, Refusal.PRESSURE, "too many requests at once", wait)
        if self._at_work[found.office] >= _EACH:
            wait = scattered(found.office, _CROWDED, now)
            raise RefusedError(429, Refusal.RATE, "too many requests of this office at once", wait)
        self._sent_away.pop(found.office, None)
        self._at_work[found.office] += 1
        try:
            yield found
        finally:
            self._at_work[found.office] -= 1
            if not self._at_work[found.office]:
                del self._at_work[found.office]

    async def write(self, who: Caller, encoding: str, body: bytes) -> None:
        """Hand on what this office says. RefusedError unless the store has it."""
        if wait := self._allowance.wait_for_samples(who.office, 0, self._clock.monotonic()):
            raise RefusedError(429, Refusal.RATE, "too much was refused lately", wait)
        async with self._large if self._size(body, encoding) > _LARGE else nullcontext():
            block, contents = await self._read(who, encoding, body)
            self._allow(who, contents)
            await self._store.write(block)
        if self._is_old(contents.oldest) and not self._is_old(contents.newest, _NEARLY):
            self._catch_up.done(who.office, self._clock.monotonic())
        labels = self._papers.identities.labels(who.office) or {}
        self._meters.took(who, labels, contents.samples, len(body), self._clock.now())

    def certify(self, who: Caller, request: bytes) -> bytes:
        """The next certificate of this office, with the signer's behind it, as PEM. RefusedError."""
        signer, now = self._papers.signer, self._clock.monotonic()
        if signer is None:
            raise RefusedError(404, Refusal.CERTIFICATE, "this gateway renews no certificates")
        if now - self._renewed.get(who.office, -_RENEWALS) < _RENEWALS:
            raise RefusedError(429, Refusal.RATE, "a certificate was issued a moment ago", _RENEWALS)
        try:
            key = asked_key(request)
        except ValueError as error:
            raise RefusedError(400, Refusal.MALFORMED, str(error)) from None
        self._renewed[who.office] = now
        self._meters.issued += 1
        made = issue(signer, who.office, key, self._clock.now(), self._lifetime)
        return certificate_pem(made) + certificate_pem(signer.certificate)

    @property
    def catching_up(self) -> int:
        return self._catch_up.offices

    def _known(self, certificate: Mapping[str, Any] | None) -> Caller:
        found = caller(certificate)
        if found is None:
            raise RefusedError(403, Refusal.CERTIFICATE, "the certificate names no office")
        void = self._papers.void.get(found.office)
        if found.serial in self._papers.revoked or (void is not None and found.made <= void):
            raise RefusedError(403, Refusal.CERTIFICATE, "the certificate is revoked")
        if self._papers.identities.labels(found.office) is None:
            raise RefusedError(403, Refusal.CERTIFICATE, f"the office {found.office!r} is not in the inventory")
        if found.expires < self._clock.now():
            raise RefusedError(403, Refusal.CERTIFICATE, "the certificate has expired since the connection was opened")
        return found

    def _is_old(self, sampled: float | None, less: float = 0.0) -> bool:
        return sampled is not None and sampled < self._clock.now() - CATCHING_UP - less

    def _size(self, body: bytes, encoding: str) -> int:
        try:
            return envelope.claimed(body, encoding, self._message)
        except envelope.TooLargeError as error:
            raise RefusedError(413, Refusal.SIZE, str(error)) from None
        except envelope.BadBodyError as error:
            raise RefusedError(400, Refusal.ENCODING, str(error)) from None

    async def _read(self, who: Caller, encoding: str, body: bytes) -> tuple[bytes, Contents]:
        """The block for the store, and what is in it. What is refused is counted against the office's allowance."""
        size = 0
        try:
            message = envelope.unpack(body, encoding, self._message)
            size = len(message)
            contents = await self._judged(who, message)
        except envelope.BadBodyError as error:
            raise RefusedError(400, Refusal.ENCODING, str(error)) from None
        except write_request.MalformedError as error:
            raise self._spent(who, size, RefusedError(400, Refusal.MALFORMED, str(error))) from None
        except RefusedError as error:
            raise self._spent(who, size, error) from None
        return body if encoding == envelope.SNAPPY else envelope.pack(message), contents

    async def _judged(self, who: Caller, message: bytes) -> Contents:
        """Others have their turn in between: a large request holds nobody up."""
        identity = self._papers.identities.labels(who.office) or {}
        judging, work = Judging(identity, self._bounds, self._clock.now()), 0
        for found in write_request.read(message):
            judging.look(found)
            work += 10 + len(found.times)
            if work > _SLICE:
                work = 0
                await asyncio.sleep(0)
        return judging.contents()

    def _spent(self, who: Caller, size: int, error: RefusedError) -> RefusedError:
        self._allowance.spend(who.office, size // _PER_SAMPLE, self._clock.monotonic())
        return error

    def _allow(self, who: Caller, contents: Contents) -> None:
        now = self._clock.monotonic()
        if surplus := self._allowance.surplus(who.office, contents.series, now):
            raise RefusedError(400, Refusal.SERIES, f"{surplus} series more than an office may have")
        if self._is_old(contents.oldest) and (wait := self._catch_up.wait(who.office, now)):
            raise RefusedError(503, Refusal.PRESSURE, "too many offices catch up at once", wait)
        if wait := self._allowance.wait_for_samples(who.office, contents.samples, now):
            raise RefusedError(429, Refusal.RATE, "too many samples at once", wait)
