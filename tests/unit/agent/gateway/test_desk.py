"""One request of an office: who may ask, what is refused, and that no office takes the room of others."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from agent.config import Identity
from agent.gateway.config import Allowed, GatewaySettings, Tls
from agent.gateway.desk import Desk
from agent.gateway.envelope import pack
from agent.gateway.judge import Refusal, RefusedError
from agent.gateway.meters import Meters
from agent.gateway.offices import Caller, Identities
from agent.gateway.papers import Papers
from collectors.core.lastword import Receiver
from collectors.core.uplink import OFFICE_URI
from collectors.core.values import Url
from tests.fakes.time import run
from tests.servers.gateway import OFFICES, message

DAY = 86_400.0
NOW = 1_800_000_000.0
SETTINGS = GatewaySettings(
    "1", Tls(Path("crt"), Path("key"), Path("ca")), Path("identities"), Receiver(Url("http://store/")),
    allowed=Allowed(series=50_000, samples_per_second=1000, burst=50_000, in_flight=8),
)  # fmt: skip
IDENTITIES = Identities("1", {name: Identity("04", name.partition("-")[0], name) for name in OFFICES})


class Clock:
    """Stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return NOW + self.at

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


class Store:
    """Takes all, once it may."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self.may = asyncio.Event()
        self.may.set()

    async def write(self, block: bytes) -> None:
        await self.may.wait()
        self.blocks.append(block)


class Scene:
    def __init__(self, revoked: frozenset[int] = frozenset(), void: dict[str, float] | None = None) -> None:
        self.clock, self.store, self.meters = Clock(), Store(), Meters(NOW)
        papers = Papers(IDENTITIES, revoked, void or {}, None, ())
        self.desk = Desk(SETTINGS, papers, self.store, self.clock, self.meters)

    @contextmanager
    def request(self, office: str = OFFICES[0], **certificate: Any) -> Iterator[Caller]:
        """As whoever serves it counts it."""
        self.meters.in_flight += 1
        try:
            with self.desk.admitted(shown(office, **certificate)) as caller:
                yield caller
        finally:
            self.meters.in_flight -= 1

    def refused(self, office: str = OFFICES[0], **certificate: Any) -> RefusedError:
        with pytest.raises(RefusedError) as caught, self.request(office, **certificate):
            pass
        return caught.value

    async def write(self, body: bytes, office: str = OFFICES[0]) -> None:
        with self.request(office) as caller:
            await self.desk.write(caller, "snappy", body)


def shown(office: str, *, serial: str = "1A", made: float = NOW, ends: float = NOW + 90 * DAY) -> dict[str, Any]:
    """A certificate as the ssl module tells it."""
    moments = {name: formatdate(at, usegmt=True) for name, at in (("notBefore", made - 3600), ("notAfter", ends))}
    words = {name: f"{text[8:11]} {text[5:7]} {text[17:25]} {text[12:16]} GMT" for name, text in moments.items()}
    return {"subjectAltName": (("URI", OFFICE_URI + office),), "serialNumber": serial, **words}


def test_a_certificate_that_ends_while_its_connection_is_open_is_refused() -> None:
    scene = Scene()
    with scene.request(ends=NOW + 60):
        pass
    scene.clock.at = 61
    error = scene.refused(ends=NOW + 60)
    assert (error.status, error.why, "has expired" in str(error)) == (403, Refusal.CERTIFICATE, True)


def test_what_was_taken_back_is_void_and_what_was_made_later_is_not() -> None:
    scene = Scene(frozenset({0x1B}), {OFFICES[1]: NOW - 10})
    assert "revoked" in str(scene.refused(serial="1B"))
    assert "revoked" in str(scene.refused(OFFICES[1], made=NOW - 10))
    with scene.request(OFFICES[1], made=NOW - 9), scene.request():
        pass
    assert "not in the inventory" in str(scene.refused("99999-9"))


def test_an_office_has_four_requests_at_once_and_others_have_the_rest() -> None:
    scene = Scene()
    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(scene.request())
        error = scene.refused()
        assert (error.status, error.why) == (429, Refusal.RATE)
        with scene.request(OFFICES[1]):
            pass
    with scene.request():
        pass


def test_too_many_at_once_come_back_at_different_moments() -> None:
    scene = Scene()
    scene.meters.in_flight = 8
    errors = [scene.refused(office) for office in OFFICES]
    assert {(error.status, error.why) for error in errors} == {(503, Refusal.PRESSURE)}
    waits = {error.wait for error in errors}
    assert len(waits) == 2
    assert all(10 <= wait <= 30 for wait in waits if wait)


def test_who_is_sent_away_again_stays_away_longer_until_he_is_let_in() -> None:
    scene = Scene()
    scene.meters.in_flight = 8
    means = [20, 40, 80, 160, 160]
    for mean in means:
        wait = scene.refused().wait
        assert wait is not None
        assert mean / 2 <= wait <= 1.5 * mean
    scene.meters.in_flight = 0
    with scene.request():
        pass
    scene.meters.in_flight = 8
    wait = scene.refused().wait
    assert wait is not None
    assert wait <= 30


def test_who_sends_much_that_is_refused_waits_and_others_do_not() -> None:
    """To read a request costs the gateway as much as to take it."""

    async def scene() -> None:
        found = Scene()
        with pytest.raises(RefusedError, match="in the future"):
            await found.write(pack(message(NOW, series=600, job="x" * 2000) + message(NOW + DAY)))
        with pytest.raises(RefusedError) as caught:
            await found.write(pack(message(NOW)))
        assert caught.value.wait
        await found.clock.sleep(caught.value.wait + 1)
        await found.write(pack(message(NOW)))
        await found.write(pack(message(NOW, OFFICES[1])), OFFICES[1])
        assert len(found.store.blocks) == 2

    run(scene())


def test_large_requests_are_few_at_a_time_and_small_ones_pass_them() -> None:
    """Each of them takes many megabytes until the store has answered."""

    async def scene() -> None:
        found = Scene()
        found.store.may.clear()
        large = pack(message(NOW, series=600, job="x" * 2000))
        tasks = [asyncio.create_task(found.write(large)) for _ in range(4)]
        other = message(NOW, OFFICES[1], series=600, job="x" * 2000)
        tasks.append(asyncio.create_task(found.write(pack(other), OFFICES[1])))
        await asyncio.sleep(1)
        small = asyncio.create_task(found.write(pack(message(NOW, OFFICES[1])), OFFICES[1]))
        await asyncio.sleep(1)
        found.store.may.set()
        await asyncio.gather(small, *tasks)
        assert found.store.blocks[4] == pack(message(NOW, OFFICES[1]))
        assert len(found.store.blocks) == 6

    run(scene())
