"""The first flight of a TLS server, whole, in pieces and spoilt."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.staple import Flight, client_hello
from collectors.core import ProbeError, Reason

LEAF, ISSUER, ANSWER = b"leaf" * 300, b"issuer" * 200, b"answer" * 100


def record(data: bytes, kind: int = 22) -> bytes:
    return struct.pack("!BHH", kind, 0x0303, len(data)) + data


def message(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + len(body).to_bytes(3) + body


def sized(data: bytes) -> bytes:
    return len(data).to_bytes(3) + data


HELLO = message(2, bytes(40))
CHAIN = message(11, sized(sized(LEAF) + sized(ISSUER)))
STATUS = message(22, b"\x01" + sized(ANSWER))
DONE = message(14, b"")
WHOLE = record(HELLO + CHAIN) + record(STATUS[:50]) + record(STATUS[50:] + DONE)


@pytest.mark.parametrize("step", [1, 7, 5000])
def test_certificates_and_answer_are_found_however_they_arrive(step: int) -> None:
    flight = Flight()
    for start in range(0, len(WHOLE), step):
        if not flight.over:
            flight.feed(WHOLE[start : start + step])
    assert (flight.over, flight.certificates, flight.answer) == (True, (LEAF, ISSUER), ANSWER)


def test_a_server_that_staples_nothing_is_done_without_it() -> None:
    flight = Flight()
    flight.feed(record(HELLO + CHAIN + DONE))
    assert (flight.over, flight.answer) == (True, None)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (record(b"\x02\x46", kind=21), Reason.UNSUPPORTED),
        (b"HTTP/1.1 400 Bad Request\r\n", Reason.TLS),
        (record(message(11, b"")[:1] + b"\xff\xff\xff" + bytes(16_000)) * 5, Reason.TLS),
    ],
)
def test_what_is_no_such_flight_is_refused(data: bytes, reason: Reason) -> None:
    with pytest.raises(ProbeError) as caught:
        Flight().feed(data)
    assert caught.value.reason is reason


@given(st.binary(max_size=400), st.integers(0, len(WHOLE)), st.integers(0, 200))
def test_spoilt_flights_end_in_a_flight_or_a_probe_error(noise: bytes, place: int, cut: int) -> None:
    with suppress(ProbeError):
        Flight().feed(WHOLE[:place] + noise + WHOLE[place + cut :])


def test_the_greeting_names_the_host_but_never_an_address() -> None:
    assert b"portal.example" in client_hello("portal.example")
    assert b"192.0.2.1" not in client_hello("192.0.2.1")
    assert b"2001" not in client_hello("2001:db8::1")
