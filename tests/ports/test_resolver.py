"""Names to addresses: /etc/hosts, name servers that answer, refuse, lie or stay silent."""

from ipaddress import ip_address
from pathlib import Path

import dns.message
import dns.rcode
import pytest

from agent.io.hosts import parse
from agent.io.resolver import Resolver
from collectors.core import NameFailure, ProbeError, Reason
from collectors.core.ports import Family
from collectors.core.values import HostPort
from tests.servers.names import Answer, Reply, failing, holding, name_server, nxdomain, silent, truncated

PLENTY = 20.0
BOTH = holding(A=("192.0.2.1",), AAAA=("2001:db8::1", "2001:db8::2"))


async def resolve(
    answer: Answer, host: str = "portal.example", family: Family = "any", timeout: float = PLENTY
) -> list[str]:
    async with name_server(answer) as port:
        found = await Resolver([HostPort("127.0.0.1", port)]).addresses(host, family, timeout)
    return [str(ip) for ip in found]


async def failure(
    answer: Answer, host: str = "portal.example", family: Family = "any", timeout: float = PLENTY
) -> tuple[str, NameFailure | None]:
    with pytest.raises(ProbeError) as caught:
        await resolve(answer, host, family, timeout)
    assert caught.value.reason is Reason.DNS
    return caught.value.message, caught.value.name_failure


async def test_the_families_come_in_turn_with_ipv6_first() -> None:
    found = await resolve(BOTH)
    assert sorted(found) == ["192.0.2.1", "2001:db8::1", "2001:db8::2"]
    assert [":" in address for address in found] == [True, False, True]


async def test_one_family_can_be_asked_for() -> None:
    assert await resolve(BOTH, family="ip4") == ["192.0.2.1"]
    assert sorted(await resolve(BOTH, family="ip6")) == ["2001:db8::1", "2001:db8::2"]


async def test_one_family_is_enough_when_the_name_server_fails_for_the_other() -> None:
    def answer(question: dns.message.Message) -> Reply:
        six = question.question[0].rdtype.name == "AAAA"
        return failing(dns.rcode.SERVFAIL)(question) if six else BOTH(question)

    assert await resolve(answer) == ["192.0.2.1"]


async def test_a_family_without_an_answer_does_not_cost_the_other_its_turn() -> None:
    def answer(question: dns.message.Message) -> Reply:
        return None if question.question[0].rdtype.name == "AAAA" else BOTH(question)

    assert await resolve(answer) == ["192.0.2.1"]


async def test_failures_are_told_apart() -> None:
    for words, how, (message, told) in (
        ("does not exist", NameFailure.NXDOMAIN, await failure(nxdomain)),
        ("SERVFAIL", NameFailure.SERVFAIL, await failure(failing(dns.rcode.SERVFAIL))),
        ("REFUSED", NameFailure.SERVFAIL, await failure(failing(dns.rcode.REFUSED))),
        ("no IPv6 address", NameFailure.NO_ADDRESS, await failure(holding(A=("192.0.2.1",)), family="ip6")),
        ("no IP address", NameFailure.NO_ADDRESS, await failure(holding())),
        ("no answer", NameFailure.TIMEOUT, await failure(silent, timeout=0.3)),
        ("cannot be resolved", NameFailure.BAD_NAME, await failure(nxdomain, host="a..b")),
        ("cannot be resolved", NameFailure.BAD_NAME, await failure(nxdomain, host="x" * 64 + ".example")),
    ):
        assert (words in message, told) == (True, how), message


async def test_a_silent_name_server_costs_no_more_than_the_budget() -> None:
    async with name_server(silent) as port:
        with pytest.raises(ProbeError) as caught:
            await Resolver([HostPort("127.0.0.1", port)]).addresses("portal.example", "any", 0.3)
    assert caught.value.reason is Reason.DNS
    assert "no answer" in caught.value.message


async def test_the_next_name_server_is_asked_when_the_first_refuses() -> None:
    async with name_server(failing(dns.rcode.REFUSED)) as first, name_server(BOTH) as second:
        servers = [HostPort("127.0.0.1", first), HostPort("127.0.0.1", second)]
        assert len(await Resolver(servers).addresses("portal.example", "any", PLENTY)) == 3


async def test_a_name_with_a_crowd_of_addresses_gives_a_few() -> None:
    crowd = tuple(f"192.0.{number // 250}.{number % 250 + 1}" for number in range(3000))
    async with name_server(truncated, tcp=holding(A=crowd)) as port:
        found = await Resolver([HostPort("127.0.0.1", port)]).addresses("portal.example", "ip4", PLENTY)
    assert len(found) == 8


async def test_garbage_from_the_name_server_is_not_believed() -> None:
    assert await failure(lambda question: question.to_wire()[:2] + b"\xff" * 40, timeout=0.3)


async def test_literal_addresses_ask_nobody() -> None:
    nobody = Resolver([HostPort("127.0.0.1", 1)])
    assert [str(ip) for ip in await nobody.addresses("192.0.2.7", "any", PLENTY)] == ["192.0.2.7"]
    assert [str(ip) for ip in await nobody.addresses("2001:db8::7", "ip6", PLENTY)] == ["2001:db8::7"]
    with pytest.raises(ProbeError):
        await nobody.addresses("192.0.2.7", "ip6", PLENTY)


async def test_the_hosts_file_goes_first_and_is_read_again(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    resolver = Resolver([HostPort("127.0.0.1", 1)], hosts=hosts)
    hosts.write_text("10.0.0.1 portal.example portal\n")
    assert [str(ip) for ip in await resolver.addresses("PORTAL.example.", "any", PLENTY)] == ["10.0.0.1"]
    hosts.unlink()
    hosts.write_text("10.0.0.2 portal.example\n")
    assert [str(ip) for ip in await resolver.addresses("portal.example", "any", PLENTY)] == ["10.0.0.2"]


async def test_localhost_needs_no_name_server(tmp_path: Path) -> None:
    resolver = Resolver([HostPort("127.0.0.1", 1)], hosts=tmp_path / "none")
    assert [str(ip) for ip in await resolver.addresses("localhost", "any", PLENTY)] == ["::1", "127.0.0.1"]


async def test_a_machine_without_a_name_server_is_told_so(tmp_path: Path) -> None:
    resolver = Resolver(resolv_conf=tmp_path / "none", hosts=tmp_path / "none")
    with pytest.raises(ProbeError, match=r"resolv\.conf"):
        await resolver.addresses("portal.example", "any", PLENTY)
    (tmp_path / "none").write_text("nameserver 192.0.2.53\n")
    assert resolver.first_server() == HostPort("192.0.2.53", 53)


def test_lines_that_make_no_sense_in_a_hosts_file_are_left_out() -> None:
    text = "# comment\n\n127.0.0.1 a b # c\nnonsense d\n::1 A\n1.2.3.4\n"
    four, six = ip_address("127.0.0.1"), ip_address("::1")
    assert parse(text) == {"a": (four, six), "b": (four,)}
