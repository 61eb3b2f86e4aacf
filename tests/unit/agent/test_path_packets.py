"""The packets of a trace, and what strangers may answer to them."""

import struct
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.icmp import checksum
from agent.io.path.packets import SMALL, Answer, Flow, build, read
from collectors.core.ports import Method, Word

FLOW = Flow("192.0.2.10", "203.0.113.80", 443, 40_001, 40_002, 0xBEEF, 0xFFFFFFF0)
ROUTER = "198.51.100.1"
NUMBERS = st.integers(1, 600)
HOSTILE = st.one_of(st.binary(max_size=200), st.tuples(st.binary(max_size=60), st.sampled_from((0, 3, 11))).map(
    lambda pair: icmp(pair[1], 0, pair[0])
))  # fmt: skip


def packet(source: str, protocol: int, payload: bytes) -> bytes:
    """An IPv4 packet to the office, without options."""
    ends = IPv4Address(source).packed + IPv4Address(FLOW.source).packed
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 7, 0, 60, protocol, 0) + ends + payload


def icmp(kind: int, code: int, quote: bytes, mtu: int = 0, source: str = ROUTER) -> bytes:
    return packet(source, 1, struct.pack("!BBHHH", kind, code, 0, 0, mtu) + quote)


def flow_fields(sent: bytes, method: Method) -> bytes:
    """What a router that shares load looks at: addresses, protocol, and ports or the first word of an ICMP message."""
    first = sent[20:24] + sent[24:26] if method is Method.ICMP else sent[20:24]
    return sent[9:10] + sent[12:20] + first


@pytest.mark.parametrize("method", Method)
def test_all_packets_of_a_method_look_the_same_to_whoever_shares_load(method: Method) -> None:
    assert len({flow_fields(build(FLOW, method, number, 1 + number % 30), method) for number in range(1, 601)}) == 1


@pytest.mark.parametrize("method", Method)
def test_a_packet_lives_as_long_as_it_is_told_and_is_small(method: Method) -> None:
    sent = build(FLOW, method, 5, 12)
    assert sent[8] == 12
    assert len(sent) <= SMALL
    assert checksum(sent[:20]) == 0


def test_a_packet_to_test_a_size_has_it_and_may_not_be_cut() -> None:
    sent = build(FLOW, Method.ICMP, 5, 64, 1400)
    assert len(sent) == 1400
    assert sent[6] & 0x40
    assert checksum(sent[20:]) == 0


@given(st.sampled_from(Method), NUMBERS, st.integers(0, 40))
def test_a_router_that_quotes_the_least_is_understood(method: Method, number: int, more: int) -> None:
    quote = build(FLOW, method, number, 3)[: 28 + more]
    assert read(FLOW, icmp(11, 0, quote)) == Answer(number, ROUTER, Word.EXPIRED)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (0, Word.NO_NETWORK),
        (1, Word.NO_HOST),
        (3, Word.PORT),
        (4, Word.TOO_BIG),
        (13, Word.REFUSED),
        (99, Word.NO_HOST),
    ],
)
def test_why_a_packet_was_given_up_is_read_from_the_code(code: int, word: Word) -> None:
    found = read(FLOW, icmp(3, code, build(FLOW, Method.UDP, 9, 3)[:28], mtu=1400))
    assert found == Answer(9, ROUTER, word, 1400 if word is Word.TOO_BIG else 0)


def test_the_host_answers_each_method_in_its_own_way() -> None:
    echo = struct.pack("!BBHHH", 0, 0, 0, FLOW.ident, 17)
    assert read(FLOW, packet(FLOW.target, 1, echo)) == Answer(17, FLOW.target, Word.ECHO)
    for flags, word in ((0x12, Word.SYN_ACK), (0x14, Word.RESET)):
        ack = (FLOW.base + 17 + 1) % 2**32
        segment = struct.pack("!HHIIBBHHH", 443, FLOW.tcp, 1, ack, 0x50, flags, 0, 0, 0)
        assert read(FLOW, packet(FLOW.target, 6, segment)) == Answer(17, FLOW.target, word)


@pytest.mark.parametrize("method", Method)
def test_what_is_not_about_our_packets_is_no_answer(method: Method) -> None:
    other = Flow(FLOW.source, FLOW.target, 8443, 41_001, 41_002, 0xCAFE, 0)
    elsewhere = Flow(FLOW.source, "203.0.113.99", 443, FLOW.tcp, FLOW.udp, FLOW.ident, FLOW.base)
    for stranger in (other, elsewhere):
        assert read(FLOW, icmp(11, 0, build(stranger, method, 5, 3))) is None
    own = icmp(3, 1, build(FLOW, method, 5, 3), source=FLOW.source)
    assert read(FLOW, own) is None


@given(HOSTILE)
def test_no_bytes_whatever_do_any_harm(data: bytes) -> None:
    found = read(FLOW, data)
    assert found is None or 0 <= found.number < 2**32


@given(
    st.sampled_from(Method),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 255)), max_size=8),
    st.integers(0, 88),
)
def test_an_answer_with_bytes_changed_or_missing_does_no_harm(
    method: Method, changes: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(icmp(11, 0, build(FLOW, method, 5, 3)))
    for place, value in changes:
        data[place % len(data)] = value
    found = read(FLOW, bytes(data[:length]))
    assert found is None or found.word in Word
