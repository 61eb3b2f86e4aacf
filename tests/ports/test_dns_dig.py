"""What a DNS probe says of a name server is what dig says of it. The server gives records in any order."""

import asyncio

import dns.rcode
import pytest

from agent.io.net import NetAdapter
from collectors.core.ports import DnsAnswer
from tests.servers.names import Answer, failing, holding, name_server, nxdomain, truncated
from tests.tools import tool

HOLDING = holding(
    A=("192.0.2.1", "192.0.2.2"),
    AAAA=("2001:db8::1",),
    CNAME=("other.example.",),
    MX=("10 mail.example.", "20 backup.example."),
    NS=("a.example.", "b.example."),
    SOA=("a.example. admin.example. 1 7200 900 1209600 300",),
    SRV=("0 5 443 portal.example.",),
    TXT=('"v=spf1 -all" "second part"',),
)
RECORDS = ("A", "AAAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT", "PTR")


async def by_dig(port: int, name: str, record: str) -> tuple[str, tuple[str, ...]]:
    """The code and the records of the answer."""
    options = ("+noall", "+comments", "+answer", "+nocookie", "+tries=1", "+time=5")
    dig = await asyncio.create_subprocess_exec(
        tool("dig"), "-p", str(port), "@127.0.0.1", name, record, *options, stdout=asyncio.subprocess.PIPE
    )
    output = (await dig.communicate())[0].decode()
    code = output.partition("status: ")[2].partition(",")[0]
    lines = [line for line in output.splitlines() if line and not line.startswith(";")]
    return code, tuple(line.split(None, 4)[4] for line in lines)


async def both(udp: Answer, record: str, tcp: Answer | None = None) -> tuple[DnsAnswer, tuple[str, tuple[str, ...]]]:
    async with name_server(udp, tcp) as port:
        ours = await NetAdapter().query(f"127.0.0.1:{port}", "portal.example", record, 5)
        return ours, await by_dig(port, "portal.example", record)


@pytest.mark.parametrize("record", RECORDS)
async def test_records_of_every_type_are_those_that_dig_shows(record: str) -> None:
    ours, (code, records) = await both(HOLDING, record)
    assert (ours.rcode, sorted(ours.answers)) == (code, sorted(records))
    assert bool(records) == (record != "PTR")


@pytest.mark.parametrize("answer", [nxdomain, failing(dns.rcode.SERVFAIL), failing(dns.rcode.REFUSED)])
async def test_a_refusal_is_the_one_that_dig_shows(answer: Answer) -> None:
    ours, (code, records) = await both(answer, "A")
    assert (ours.rcode, sorted(ours.answers)) == (code, sorted(records))
    assert code != "NOERROR"


async def test_an_answer_too_long_for_udp_is_the_one_that_dig_shows() -> None:
    ours, (code, records) = await both(truncated, "A", HOLDING)
    assert (ours.rcode, sorted(ours.answers)) == (code, sorted(records))
    assert len(records) == 2
