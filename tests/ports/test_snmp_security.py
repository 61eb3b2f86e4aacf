"""SNMPv3 against a real snmpd: every protocol that it shares with us, wrong keys, and cards that restart."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.io.snmp import SnmpAdapter
from agent.io.snmp.credentials import Credentials
from collectors.core import ProbeError, Reason
from collectors.core.ports import SnmpAgent
from collectors.core.values import Secret
from tests.fakes.snmp_user import user_agent
from tests.lab.snmpd import Snmpd, free_udp_port

CHARGE = "1.3.6.1.2.1.33.1.2.4.0"
SYS_DESCR = "1.3.6.1.2.1.1.1.0"
KEY, PRIVACY_KEY = Secret("a key to prove it"), Secret("a key to hide it")
AUTH = {"md5": "MD5", "sha": "SHA", "sha224": "SHA-224", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
PRIVACY = {"des": "DES", "aes128": "AES", "aes192": "AES-192", "aes256": "AES-256", "aes192c": "AES-192-C",
           "aes256c": "AES-256-C"}  # fmt: skip
PAIRS = [("none", "none"), *((auth, privacy) for auth in AUTH for privacy in ("none", *PRIVACY))]


def user(auth: str, privacy: str) -> str:
    return f"{auth}-{privacy}"


def directives() -> Iterator[str]:
    yield f"override {CHARGE} integer 77"
    for auth, privacy in PAIRS:
        protocols = f'{AUTH[auth]} "{KEY.reveal()}"' if auth != "none" else ""
        protocols += f' {PRIVACY[privacy]} "{PRIVACY_KEY.reveal()}"' if privacy != "none" else ""
        yield f"createUser {user(auth, privacy)} {protocols}"
        level = "priv" if privacy != "none" else "auth" if auth != "none" else "noauth"
        yield f"rouser {user(auth, privacy)} {level}"


@pytest.fixture(scope="module")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    with Snmpd(tmp_path_factory.mktemp("snmpd"), list(directives()), "127.0.0.1", free_udp_port()).running() as running:
        yield running


@pytest.fixture
async def adapter() -> AsyncIterator[SnmpAdapter]:
    adapter = SnmpAdapter()
    yield adapter
    await adapter.close()


def agent_for(snmpd: Snmpd, auth: Any = "sha", privacy: Any = "aes128") -> SnmpAgent:
    return SnmpAgent(snmpd.host, snmpd.port, "3", user=user(auth, privacy), auth=auth, auth_key=KEY, privacy=privacy,
                     privacy_key=PRIVACY_KEY)  # fmt: skip


async def failure(adapter: SnmpAdapter, agent: SnmpAgent, timeout: float = 2) -> ProbeError:
    with pytest.raises(ProbeError) as caught:
        await adapter.get(agent, (CHARGE,), timeout)
    for secret in (agent.community, agent.auth_key, agent.privacy_key):
        assert not secret or secret.reveal() not in caught.value.message
    return caught.value


@pytest.mark.parametrize(("auth", "privacy"), PAIRS)
async def test_every_pair_of_protocols_reads_the_same_value(
    adapter: SnmpAdapter, snmpd: Snmpd, auth: str, privacy: str
) -> None:
    assert await adapter.get(agent_for(snmpd, auth, privacy), (CHARGE,), 5) == {CHARGE: 77}


@pytest.mark.parametrize("auth", AUTH)
async def test_triple_des_which_net_snmp_does_not_speak_is_spoken_by_an_agent_of_pysnmp(
    adapter: SnmpAdapter, auth: Any
) -> None:
    agent = SnmpAgent("127.0.0.1", free_udp_port(), "3", user="reader", auth=auth, auth_key=KEY, privacy="3des",
                      privacy_key=PRIVACY_KEY)  # fmt: skip
    known = Credentials.of(agent, "3").for_pysnmp()
    protocols = (known.authentication_protocol, KEY.reveal(), known.privacy_protocol, PRIVACY_KEY.reveal())
    async with user_agent("reader", *protocols, agent.port):
        assert b"PySNMP" in bytes((await adapter.get(agent, (SYS_DESCR,), 5))[SYS_DESCR])  # type: ignore[arg-type]
        error = await failure(adapter, replace(agent, auth_key=Secret("another key")))
    assert error.reason in (Reason.DENIED, Reason.NO_ANSWER)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"auth_key": Secret("another key")}, "authentication key or protocol"),
        ({"auth": "md5"}, "authentication key or protocol"),
        ({"user": "stranger"}, "does not know the user 'stranger'"),
        ({"privacy": "none"}, "may not read it"),
    ],
)
async def test_wrong_credentials_are_denied_and_named(
    adapter: SnmpAdapter, snmpd: Snmpd, change: dict[str, Any], told: str
) -> None:
    error = await failure(adapter, replace(agent_for(snmpd), **change))
    assert error.reason is Reason.DENIED
    assert told in error.message


async def test_a_wrong_privacy_key_is_suspected_although_the_agent_is_silent(
    adapter: SnmpAdapter, snmpd: Snmpd
) -> None:
    error = await failure(adapter, replace(agent_for(snmpd), privacy_key=Secret("another key")))
    assert error.reason is Reason.NO_ANSWER
    assert "an SNMP agent listens" in error.message
    assert "privacy key" in error.message


async def test_a_wrong_community_is_suspected_where_an_agent_answers_discovery(
    adapter: SnmpAdapter, snmpd: Snmpd
) -> None:
    error = await failure(adapter, SnmpAgent(snmpd.host, snmpd.port, community=Secret("not-it")))
    assert error.reason is Reason.NO_ANSWER
    assert "an SNMP agent listens" in error.message
    assert "community is wrong" in error.message


async def test_two_keys_for_one_user_name_do_not_disturb_each_other(adapter: SnmpAdapter, snmpd: Snmpd) -> None:
    right, wrong = agent_for(snmpd), replace(agent_for(snmpd), auth_key=Secret("another key"))
    for _ in range(3):
        assert await adapter.get(right, (CHARGE,), 5) == {CHARGE: 77}
        await failure(adapter, wrong)


@pytest.mark.parametrize("jump", [3600, -3600])
async def test_a_jump_of_the_clock_costs_no_poll(
    adapter: SnmpAdapter, snmpd: Snmpd, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    from pysnmp.proto.secmod.rfc3414 import service

    await adapter.get(agent_for(snmpd), (CHARGE,), 5)
    now = service.time.time
    monkeypatch.setattr(service.time, "time", lambda: now() + jump)
    assert await adapter.get(agent_for(snmpd), (CHARGE,), 5) == {CHARGE: 77}


async def test_a_card_that_restarts_is_read_again_at_once(adapter: SnmpAdapter, tmp_path: Path) -> None:
    snmpd = Snmpd(tmp_path / "card", ["engineID one card", *directives()], "127.0.0.1", free_udp_port())
    for _ in range(2):
        with snmpd.running():
            assert await adapter.get(agent_for(snmpd), (CHARGE,), 5) == {CHARGE: 77}


async def test_a_card_that_forgot_how_often_it_booted_is_read_again_at_once(
    adapter: SnmpAdapter, tmp_path: Path
) -> None:
    """Its boots go back and its time with them (RFC 3414, section 2.2): it was reset, or stores nothing."""
    snmpd = Snmpd(tmp_path / "card", ["engineID one card", *directives()], "127.0.0.1", free_udp_port())
    for _ in range(2):
        for _ in range(2):
            with snmpd.running():
                assert await adapter.get(agent_for(snmpd), (CHARGE,), 5) == {CHARGE: 77}
        shutil.rmtree(tmp_path / "card" / "state")


async def test_a_replaced_card_is_read_again_after_one_failed_poll(adapter: SnmpAdapter, tmp_path: Path) -> None:
    old = Snmpd(tmp_path / "old", ["engineID old card", *directives()], "127.0.0.1", free_udp_port())
    with old.running():
        assert await adapter.get(agent_for(old), (CHARGE,), 5) == {CHARGE: 77}
    new = Snmpd(tmp_path / "new", ["engineID new card", *directives()], old.host, old.port)
    with new.running():
        await failure(adapter, agent_for(new), 1)
        assert await adapter.get(agent_for(new), (CHARGE,), 5) == {CHARGE: 77}


async def test_an_ipv6_address_is_asked_like_any_other(adapter: SnmpAdapter, tmp_path: Path) -> None:
    snmpd = Snmpd(tmp_path, ["rocommunity6 public", f"override {CHARGE} integer 5"], "::1", free_udp_port("::1"))
    with snmpd.running():
        assert await adapter.get(SnmpAgent("::1", snmpd.port), (CHARGE,), 5) == {CHARGE: 5}
        assert await adapter.get(SnmpAgent("0:0:0:0:0:0:0:1", snmpd.port), (CHARGE,), 5) == {CHARGE: 5}
