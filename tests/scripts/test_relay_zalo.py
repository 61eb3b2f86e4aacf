"""Zalo's notification service and its tokens, against a service that keeps Zalo's rules."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from alerts.relay.failure import DeliveryError
from alerts.relay.tokens import Tokens, ZaloApp
from alerts.relay.zns import Zns
from collectors.core.values import Secret, Url
from tests.fakes.time import FakeClock
from tests.servers.answers import LETTER, QUICK, service


@dataclass
class Zalo:
    """As its documents say: a refresh token can be used once, an access token ends. `answers`: the next ones."""

    refresh: str = "refresh-0"
    access: str = ""
    renewals: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    seconds: str = "90000"

    async def renew(self, request: web.Request) -> web.Response:
        form = await request.post()
        if (form["refresh_token"], request.headers["secret_key"]) != (self.refresh, "app-secret"):
            return web.json_response({"error": -14014, "error_name": "Invalid refresh token"})
        self.renewals += 1
        self.refresh, self.access = f"refresh-{self.renewals}", f"access-{self.renewals}"
        pair = {"access_token": self.access, "refresh_token": self.refresh, "expires_in": self.seconds}
        return web.json_response(pair)

    async def send(self, request: web.Request) -> web.Response:
        if self.answers:
            return web.json_response(self.answers.pop(0))
        if request.headers["access_token"] != self.access:
            return web.json_response({"error": -124, "message": "Access token is invalid"})
        self.messages.append(await request.json())
        return web.json_response({"error": 0, "message": "Success", "data": {"msg_id": "1"}})


class Clock(FakeClock):
    """The wall clock of a test."""

    steady = 0.0

    def monotonic(self) -> float:
        return self.steady

    def now(self) -> float:
        return self.wall + self.steady


@dataclass
class Account:
    """The relay's side."""

    url: str
    folder: Path
    clock: Clock = field(default_factory=Clock)
    tokens: Tokens = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self, seed: str = "refresh-0") -> None:
        """As after a restart of the relay."""
        app = ZaloApp("42", Secret("app-secret"), Secret(seed), Url(f"{self.url}/0"))
        self.tokens = Tokens(app, self.folder, QUICK, self.clock)

    async def send(self) -> None:
        zns = Zns(Secret("0912 345 678"), "7", {"noi": "{summary:20}", "luc": "{when}"}, Url(f"{self.url}/1"))
        await zns.send(QUICK, self.tokens, LETTER, "full")


@asynccontextmanager
async def zalo(folder: Path, server: Zalo) -> AsyncIterator[Account]:
    async with service(server.renew, server.send) as url:
        yield Account(url, folder)


async def test_a_template_is_filled_in_and_sent_with_a_token_that_lasts(tmp_path: Path) -> None:
    server = Zalo()
    async with zalo(tmp_path, server) as account:
        await account.send()
        await account.send()
    assert server.renewals == 1
    assert server.messages[0] == {
        "phone": "84912345678", "template_id": "7", "tracking_id": "0123",
        "template_data": {"noi": "Xã Trường Hà: mất...", "luc": "từ 14:05 12/03"},
    }  # fmt: skip


async def test_the_rotating_refresh_token_survives_restarts(tmp_path: Path) -> None:
    server = Zalo()
    async with zalo(tmp_path, server) as account:
        for _ in range(4):
            await account.send()
            account.start()
            account.clock.wall += 90_000
    assert (server.renewals, len(server.messages)) == (4, 4)


async def test_a_token_that_zalo_ended_early_is_renewed_within_the_attempt(tmp_path: Path) -> None:
    server = Zalo()
    async with zalo(tmp_path, server) as account:
        await account.send()
        server.access = "another"
        await account.send()
    assert (server.renewals, len(server.messages)) == (2, 2)


async def test_a_token_that_still_holds_is_used_while_zalo_renews_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = Zalo()
    async with zalo(tmp_path, server) as account:
        await account.send()
        account.clock.steady += 90_000.0 - 60.0
        server.refresh = "out of order"
        await account.send()
        assert (len(server.messages), account.tokens.good) == (2, False)
        assert "event=token_not_renewed" in caplog.text
        account.clock.steady += 61.0
        with pytest.raises(DeliveryError, match="renew the token"):
            await account.send()


async def test_the_new_pair_is_on_disk_before_it_is_used(tmp_path: Path) -> None:
    server = Zalo(answers=[{"error": -100, "message": "killed here"}])
    async with zalo(tmp_path, server) as account:
        with pytest.raises(DeliveryError, match="-100"):
            await account.send()
        account.start()
        await account.send()
    assert server.renewals == 1


async def test_a_disk_that_fails_costs_no_message_and_the_pair_is_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    server = Zalo()
    async with zalo(tmp_path, server) as account:
        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", full)
            await account.send()
        await account.send()
        account.start()
        await account.send()
    assert (server.renewals, len(server.messages)) == (1, 3)


async def test_a_token_that_cannot_be_renewed_is_said_and_zalo_is_not_asked_again_at_once(tmp_path: Path) -> None:
    server = Zalo(refresh="another")
    async with zalo(tmp_path, server) as account:
        for wait in (0.0, 1.0):
            with pytest.raises(DeliveryError, match=r"renewed|renew the token") as caught:
                await account.send()
            assert (caught.value.lasting, caught.value.wait, caught.value.doubt) == (wait == 0, wait, False)
        assert not account.tokens.good
        server.refresh = "refresh-new"
        account.start("refresh-new")  # somebody authorised the account again
        await account.send()
        assert account.tokens.good


@pytest.mark.parametrize(
    ("answer", "lasting", "doubt"),
    [
        ({"error": -108, "message": "Phone number 84912345678 invalid"}, True, False),
        ({"error": -100, "message": "Unknown"}, False, False),
        ({"what": 1}, False, True),
        ({"error": float("inf")}, False, True),
        ({"error": -1, "message": f"{'-' * 195}84912345678"}, True, False),
    ],
)
async def test_zalos_refusals(tmp_path: Path, answer: dict[str, Any], lasting: bool, doubt: bool) -> None:
    async with zalo(tmp_path, Zalo(answers=[answer])) as account:
        with pytest.raises(DeliveryError) as caught:
            await account.send()
    assert (caught.value.lasting, caught.value.doubt) == (lasting, doubt)
    assert "8491" not in str(caught.value)


@pytest.mark.parametrize("life", ["nan", "Infinity", "soon"])
async def test_a_life_that_is_no_number_is_short(tmp_path: Path, life: str) -> None:
    server = Zalo(seconds=life)
    async with zalo(tmp_path, server) as account:
        await account.send()
        account.clock.steady += 86_400.0
        await account.send()
    assert server.renewals == 2


def damage(folder: Path) -> None:
    """Of what nobody else may read."""
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        path.write_text("{")


async def test_a_damaged_pair_is_replaced_by_the_one_in_relay_yml(tmp_path: Path) -> None:
    server = Zalo()
    async with zalo(tmp_path, server) as account:
        await account.send()
        damage(tmp_path)
        server.refresh = "refresh-0"
        account.start()
        await account.send()
    assert len(server.messages) == 2
