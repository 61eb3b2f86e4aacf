"""Messages survive the wire, proofs hold for one connection only, and strange payloads are refused."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.responder.frames import Frames, ProtocolError
from agent.responder.protocol import (
    NONCE,
    Accepted,
    Bounds,
    Hello,
    Key,
    Progress,
    Refusal,
    Refused,
    Request,
)
from collectors.core.values import Secret

KEY, OTHER = Key(Secret("the key of both ends")), Key(Secret("some other key, as long"))
HELLO = Hello(b"h" * NONCE)
REQUEST = Request("up", Bounds.of(1_000_000, 5.0), b"r" * NONCE).proved(KEY, HELLO)
ACCEPTED = Accepted(Bounds.of(500_000, 4.25), "bbr").proved(KEY, REQUEST)
MESSAGES: list[Any] = [
    HELLO,
    REQUEST,
    ACCEPTED,
    Refused(Refusal.BUSY, 7, "bận"),
    Progress(1.5, 12345, 0.25, 1448, 0.0625),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_survives_the_wire(message: Any) -> None:
    ((_, payload),) = Frames().feed(message.frame())
    assert type(message).unpack(payload) == message


@pytest.mark.parametrize("kind", [Hello, Request, Accepted, Refused, Progress])
@given(payload=st.binary(max_size=600))
def test_a_strange_payload_is_refused_and_nothing_else(kind: Any, payload: bytes) -> None:
    with suppress(ProtocolError):
        kind.unpack(payload)


def test_a_proof_holds_for_its_key_only() -> None:
    assert REQUEST.is_proved(KEY, HELLO)
    assert not REQUEST.is_proved(OTHER, HELLO)
    assert ACCEPTED.is_proved(KEY, REQUEST)
    assert not ACCEPTED.is_proved(OTHER, REQUEST)


def test_a_proof_cannot_be_replayed_on_another_connection() -> None:
    assert not REQUEST.is_proved(KEY, Hello(b"i" * NONCE))
    assert not ACCEPTED.is_proved(KEY, replace(REQUEST, nonce=b"s" * NONCE).proved(KEY, HELLO))


@pytest.mark.parametrize(
    "changed",
    [replace(REQUEST, direction="down"), replace(REQUEST, bounds=Bounds.of(10**12, 5.0)), replace(REQUEST, nonce=b"")],
)
def test_a_proof_covers_every_word_of_a_request(changed: Request) -> None:
    assert not changed.is_proved(KEY, HELLO)


def test_a_responder_cannot_send_a_clients_proof_back() -> None:
    assert not replace(ACCEPTED, proof=REQUEST.proof).is_proved(KEY, REQUEST)


def test_a_key_that_could_be_guessed_is_refused_and_no_key_shows_itself() -> None:
    with pytest.raises(ValueError, match="16"):
        Key(Secret("  fifteen chars. \n"))
    assert "both ends" not in repr(KEY)


def test_white_space_around_a_key_is_not_part_of_it() -> None:
    assert REQUEST.is_proved(Key(Secret("the key of both ends\n")), HELLO)


@given(st.integers(0, 2**40), st.floats(0, 4_000_000), st.integers(0, 2**40), st.floats(0, 4_000_000))
def test_bounds_survive_the_wire_and_the_smaller_ones_win(size: int, seconds: float, other: int, more: float) -> None:
    one, two = Bounds.of(size, seconds), Bounds.of(other, more)
    both = one.within(two)
    assert Bounds.unpack(both.pack()) == both == two.within(one)
    assert both.within(one) == both
    assert both.seconds <= min(seconds, more)


def test_a_refusal_tells_a_terminal_nothing_but_text() -> None:
    ((_, payload),) = Frames().feed(Refused(Refusal.BUSY, 1, "a\x1b[2Jb\nc").frame())
    assert Refused.unpack(payload).text == "a?[2Jb?c"


def test_a_long_refusal_is_cut_to_its_frame() -> None:
    ((_, payload),) = Frames().feed(Refused(Refusal.BUSY, 1, "ề" * 1000).frame())
    assert Refused.unpack(payload).text.startswith("ềềề")
