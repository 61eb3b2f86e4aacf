"""What only the real net adapter can show: routes, rights, races between addresses, odd name servers."""

import asyncio
import ctypes
import struct
from collections.abc import Callable, Coroutine, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

import dns.message
import dns.rcode
import dns.rrset
import pytest

from agent.io.connect import open_tcp
from agent.io.icmp import checksum
from agent.io.net import NetAdapter
from collectors.core import ProbeError, Reason
from collectors.core.ports import Ping
from tests.lab.net import Namespace
from tests.servers import path
from tests.servers.hostile import never_speaks
from tests.servers.names import Answer, failing, holding, name_server, truncated
from tests.servers.tcp import closed_port, listening
from tests.tools import needs_root

PLENTY = 20.0
LITTLE = 0.5


@pytest.fixture(scope="module")
def office() -> Iterator[Namespace]:
    needs_root()
    with path.two_hops() as namespace:
        yield namespace


def inside(namespace: Namespace, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return namespace.call(lambda: asyncio.run(work()))


# --- connections ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [path.SILENT, path.CLOSED])
def test_no_way_and_no_word_are_both_unreachable_in_connect(office: Namespace, address: str) -> None:
    connection = inside(office, lambda: NetAdapter().connect(address, 80, LITTLE))
    assert (connection.failure.reason, connection.failure.phase) == (Reason.UNREACHABLE, "connect")
    assert connection.address == address


def test_a_silent_address_costs_a_head_start_and_not_the_connection(office: Namespace) -> None:
    async def race() -> str:
        async with listening(never_speaks) as port:
            connection, ip = await open_tcp([ip_address(path.SILENT), ip_address("127.0.0.1")], port)
            connection.close()
            return str(ip)

    assert inside(office, race) == "127.0.0.1"


async def test_the_next_address_is_tried_at_once_when_one_refuses() -> None:
    async with listening(never_speaks, host="127.0.0.2") as port:
        connection, ip = await open_tcp([ip_address("127.0.0.1"), ip_address("127.0.0.2")], port)
        connection.close()
    assert str(ip) == "127.0.0.2"


async def test_when_all_addresses_refuse_each_is_named() -> None:
    with pytest.raises(ProbeError) as caught:
        await open_tcp([ip_address("127.0.0.1"), ip_address("127.0.0.2")], closed_port())
    assert caught.value.reason is Reason.REFUSED
    assert "127.0.0.1" in caught.value.message
    assert "127.0.0.2" in caught.value.message


# --- echoes -----------------------------------------------------------------------------------------------------------


def test_a_host_without_a_way_loses_every_echo(office: Namespace) -> None:
    path.allow_echoes(office, path.EVERYBODY)
    answer = inside(office, lambda: NetAdapter().ping(path.CLOSED, LITTLE, count=2, interval=0.01))
    assert answer.times == (None, None)


def test_ipv6_echoes_come_back(office: Namespace) -> None:
    for groups, method in ((path.EVERYBODY, "dgram"), (path.NOBODY, "raw")):
        path.allow_echoes(office, groups)
        answer = inside(office, lambda: NetAdapter().ping("::1", PLENTY))
        assert (answer.method, answer.hop_limit) == (method, 64)
        assert answer.times[0] is not None


def test_two_bursts_at_once_do_not_take_each_others_replies(office: Namespace) -> None:
    async def both() -> tuple[Ping, Ping]:
        net = NetAdapter()
        return await asyncio.gather(net.ping(path.FAR, PLENTY, count=5, interval=0.01), net.ping(path.SILENT, LITTLE))

    path.allow_echoes(office, path.NOBODY)
    far, lost = inside(office, both)
    assert None not in far.times
    assert lost.times == (None,)


def test_without_a_right_the_message_says_how_to_grant_it(office: Namespace) -> None:
    def ping() -> str:
        _give_up_all_capabilities()
        with pytest.raises(ProbeError) as caught:
            asyncio.run(NetAdapter().ping("127.0.0.1", LITTLE))
        assert caught.value.reason is Reason.PERMISSION
        return caught.value.message

    path.allow_echoes(office, path.NOBODY)
    message = office.call(ping)
    assert "net.ipv4.ping_group_range" in message
    assert "CAP_NET_RAW" in message


def _give_up_all_capabilities() -> None:
    """Of the calling thread, for ever: to the kernel it is then an ordinary user (capset(2), version 3)."""
    header, nothing = struct.pack("Ii", 0x20080522, 0), struct.pack("6I", *(0,) * 6)
    assert ctypes.CDLL(None, use_errno=True).capset(header, nothing) == 0


def test_the_checksum_is_that_of_rfc_1071() -> None:
    assert checksum(bytes([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7])) == 0x220D
    assert checksum(b"\xff") == checksum(b"\xff\x00")


# --- name servers -----------------------------------------------------------------------------------------------------


async def ask(udp: Answer, tcp: Answer | None = None) -> Any:
    async with name_server(udp, tcp) as port:
        return await NetAdapter().query(f"127.0.0.1:{port}", "portal.example", "A", 5 * LITTLE)


async def test_an_answer_too_long_for_udp_is_fetched_over_tcp() -> None:
    crowd = tuple(f"192.0.{number // 250}.{number % 250 + 1}" for number in range(3000))
    assert len((await ask(truncated, holding(A=crowd))).answers) == 3000


async def test_an_error_code_is_an_answer() -> None:
    assert (await ask(failing(dns.rcode.SERVFAIL))).rcode == "SERVFAIL"


@pytest.mark.parametrize(
    "garbage",
    [
        lambda question: question.to_wire()[:2] + b"\x81\x00" + b"\xff" * 40,
        lambda question: question.to_wire()[:2],
        lambda question: dns.message.make_response(question).to_wire()[:14],
    ],
)
async def test_garbage_is_a_bad_answer(garbage: Answer) -> None:
    with pytest.raises(ProbeError) as caught:
        await ask(garbage)
    assert caught.value.reason is Reason.BAD_ANSWER


STRAYS: tuple[Callable[[dns.message.Message], bytes], ...] = (
    lambda question: question.to_wire()[:2],
    lambda question: bytes(2) + dns.message.make_response(question).to_wire()[2:],
    lambda question: dns.message.make_response(dns.message.make_query("other.example", "A")).to_wire(),
)


@pytest.mark.parametrize("stray", STRAYS)
async def test_what_is_no_answer_to_the_question_is_passed_over(stray: Callable[[dns.message.Message], bytes]) -> None:
    right = holding(A=("192.0.2.1",))

    def answer(question: dns.message.Message) -> tuple[bytes, ...]:
        return stray(question), cast("bytes", right(question))

    assert (await ask(answer)).answers == ("192.0.2.1",)


async def test_an_alias_is_told_from_the_record_that_it_leads_to() -> None:
    def answer(question: dns.message.Message) -> bytes:
        reply = dns.message.make_response(question)
        asked = question.question[0].name
        reply.answer.append(dns.rrset.from_text(asked, 60, "IN", "CNAME", "elsewhere.example."))
        return reply.to_wire()

    found = await ask(answer)
    assert (found.answers, found.aliases) == (("elsewhere.example.",), 1)


@pytest.mark.parametrize(
    ("owners", "addresses"),
    [
        (("portal.example.",), ("192.0.2.1",)),
        (("PORTAL.example.",), ("192.0.2.1",)),
        (("elsewhere.example.",), ()),  # whoever answers for another name says nothing of this one
        (("elsewhere.example.", "portal.example."), ("192.0.2.2",)),
    ],
)
async def test_only_records_of_the_name_that_was_asked_for_are_answers(
    owners: tuple[str, ...], addresses: tuple[str, ...]
) -> None:
    def answer(question: dns.message.Message) -> bytes:
        reply = dns.message.make_response(question)
        reply.answer += [
            dns.rrset.from_text(owner, 60, "IN", "A", f"192.0.2.{number}") for number, owner in enumerate(owners, 1)
        ]
        return reply.to_wire()

    assert (await ask(answer)).answers == addresses


async def test_a_chain_of_aliases_is_followed_in_any_order_and_does_not_go_round() -> None:
    def answer(question: dns.message.Message) -> bytes:
        reply = dns.message.make_response(question)
        for owner, kind, value in (
            ("c.example.", "A", "192.0.2.1"),
            ("b.example.", "CNAME", "c.example."),
            ("portal.example.", "CNAME", "b.example."),
            ("x.example.", "CNAME", "x.example."),
        ):
            reply.answer.append(dns.rrset.from_text(owner, 60, "IN", kind, value))
        return reply.to_wire()

    found = await ask(answer)
    assert (set(found.answers), found.aliases) == ({"192.0.2.1", "c.example.", "b.example."}, 2)


async def test_a_closed_port_of_a_name_server_does_not_pass_for_silence() -> None:
    with pytest.raises(ProbeError) as caught:
        await NetAdapter().query(f"127.0.0.1:{closed_port()}", "portal.example", "A", LITTLE)
    assert caught.value.reason in (Reason.REFUSED, Reason.NO_ANSWER)


async def test_a_name_that_cannot_be_is_not_asked_for() -> None:
    with pytest.raises(ProbeError) as caught:
        await NetAdapter().query("127.0.0.1", "x" * 64, "A", LITTLE)
    assert caught.value.reason is Reason.DNS


def test_the_systems_first_name_server_is_the_default(tmp_path: Path) -> None:
    from agent.io.resolver import Resolver

    (tmp_path / "resolv.conf").write_text("nameserver 2001:db8::53\nnameserver 192.0.2.53\n")
    assert str(Resolver(resolv_conf=tmp_path / "resolv.conf").first_server()) == "[2001:db8::53]:53"
