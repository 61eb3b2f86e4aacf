"""Which datagrams are worth decoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyasn1.codec.ber import encoder
from pysnmp.proto import api, rfc1902

from agent.io.snmp.envelope import LONGEST, MOST_FIELDS, VERSION_3, engine_id, plausible
from agent.io.snmp.presence import discovery

OID = "1.3.6.1.2.1.33.1.2.4.0"


def message(*values: object, version: int = 1) -> bytes:
    """A response with so many objects."""
    wire = api.PROTOCOL_MODULES[version]
    pdu = wire.GetResponsePDU()
    wire.apiPDU.set_defaults(pdu)
    wire.apiPDU.set_varbinds(pdu, [(OID, value) for value in values])
    whole = wire.Message()
    wire.apiMessage.set_defaults(whole)
    wire.apiMessage.set_pdu(whole, pdu)
    encoded: bytes = encoder.encode(whole)
    return encoded


@pytest.mark.parametrize("version", [0, 1])
def test_every_type_of_value_passes(version: int) -> None:
    values = [
        rfc1902.Integer32(-(2**31)), rfc1902.OctetString(b"0" * 600), rfc1902.ObjectIdentifier(OID),
        rfc1902.Gauge32(2**32 - 1), rfc1902.TimeTicks(1), rfc1902.Counter32(0), rfc1902.IpAddress("10.0.0.5"),
        rfc1902.Opaque(b"\x9f"), rfc1902.Null(""),
    ]  # fmt: skip
    assert plausible(message(*values, version=version))


def test_counters_of_64_bits_and_version_3_pass() -> None:
    assert plausible(message(rfc1902.Counter64(2**64 - 1)))
    assert plausible(discovery(1))


def test_long_lengths_and_padding_behind_the_message_pass() -> None:
    short = message(rfc1902.Integer32(1))
    content = short[2:]
    assert plausible(b"\x30\x84" + len(content).to_bytes(4, "big") + content)
    assert plausible(short + bytes(20))


def field(tag: int, content: bytes) -> bytes:
    return bytes((tag, len(content))) + content


def nested(depth: int) -> bytes:
    inner = b"\x05\x00"
    for _ in range(depth):
        inner = field(0x30, inner)
    return inner


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\x30",
        b"\x04\x00",
        b"\x30\x80\x00\x00",
        b"\x30\x85\x00\x00\x00\x00\x02\x05\x00",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x02\x02\x00",
        b"\x30\x0c\x02\x0a" + bytes(10),
        b"\x30\x82\x02\x85\x06\x82\x02\x81" + b"\x81" * 641,
        b"\x30\x04\x24\x02\x04\x00",
        b"\x30\x04\x61\x02\x05\x00",
        nested(8),
        nested(60),
        message(*[rfc1902.Integer32(1)] * (MOST_FIELDS // 3)),
        message(rfc1902.OctetString(bytes(LONGEST))),
        discovery(1).replace(b"\x04\x10\x30\x0e", b"\x04\x10\x30\x80"),
    ],
    ids=["empty", "cut", "string", "indefinite", "long length", "endless", "no digits", "huge number", "huge OID",
         "string of strings", "other class", "nested", "deeply nested", "many fields", "long", "indefinite user"],
)  # fmt: skip
def test_what_snmp_does_not_know_does_not_pass(datagram: bytes) -> None:
    assert not plausible(datagram)


@given(st.binary(max_size=400) | st.binary(max_size=400).map(lambda rest: b"\x30\x82\x01\x00" + rest))
def test_any_bytes_are_judged(datagram: bytes) -> None:
    assert plausible(datagram) in (True, False)
    assert isinstance(engine_id(datagram), bytes)


@given(st.data())
def test_no_part_of_a_message_passes(data: st.DataObject) -> None:
    whole = message(rfc1902.Integer32(7), rfc1902.OctetString(b"Derived"))
    assert not plausible(whole[: data.draw(st.integers(0, len(whole) - 1))])


def test_an_engine_names_itself_in_version_3_only() -> None:
    user = field(0x30, field(0x04, b"one card") + field(0x02, b"\x01") * 2 + field(0x04, b"") * 3)
    assert engine_id(field(0x30, VERSION_3 + field(0x30, b"") + field(0x04, user))) == b"one card"
    assert engine_id(discovery(1)) == b""
    assert engine_id(message(rfc1902.Integer32(7))) == b""
