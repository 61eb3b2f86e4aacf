"""The reflector of the responder: who is answered, with how much, and what a stranger gets. Time is the test's own."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.io.echo.packet import LIFETIME, SIZE, Kind, Packet, ask, is_proved, unpack
from agent.responder.echo import ASKS_PER_SECOND, ECHOES_PER_SECOND, Outcome, Reflector
from agent.responder.protocol import Key
from collectors.core.values import Secret

KEY = Key(Secret("the key of responder and client"))
OTHER = Key(Secret("some other key, as long as it"))
SESSION = b"8 bytes!"
HERE, ELSEWHERE = "203.0.113.7", "203.0.113.8"
NOW = 1_800_000_000.0


def token(reflector: Reflector, address: str = HERE, now: float = NOW) -> bytes:
    said = reflector.answer(ask(KEY, SESSION, 0).pack(), address, now, 0.0)
    assert said is not None
    packet = unpack(said)
    assert packet is not None
    assert packet.kind is Kind.TOKEN
    return packet.proof


def echo(shown: bytes, number: int = 1) -> bytes:
    return Packet(Kind.ECHO, SESSION, number, shown).pack()


def test_an_echo_with_a_token_comes_back_with_a_proof_and_the_time_that_it_was_held() -> None:
    reflector = Reflector(KEY)
    said = reflector.answer(echo(token(reflector), 7), HERE, NOW, 0.0015)
    assert said is not None
    packet = unpack(said)
    assert packet is not None
    assert (packet.kind, packet.session, packet.number, packet.held) == (Kind.ANSWER, SESSION, 7, 1500)
    assert is_proved(KEY, packet)
    assert not is_proved(OTHER, packet)
    assert not is_proved(KEY, replace(packet, held=1))


def test_an_answer_is_as_long_as_its_request() -> None:
    reflector = Reflector(KEY)
    request = ask(KEY, SESSION, 0).pack()
    assert len(request) == len(reflector.answer(request, HERE, NOW, 0.0) or b"") == SIZE
    request = echo(token(reflector))
    assert len(request) == len(reflector.answer(request, HERE, NOW, 0.0) or b"") == SIZE


def test_who_has_no_key_gets_neither_a_token_nor_an_answer() -> None:
    reflector = Reflector(KEY)
    assert reflector.answer(ask(OTHER, SESSION, 0).pack(), HERE, NOW, 0.0) is None
    assert reflector.answer(echo(bytes(16)), HERE, NOW, 0.0) is None
    assert reflector.counts == {Outcome.DENIED: 2}


def test_a_token_is_of_no_use_at_another_address() -> None:
    reflector = Reflector(KEY)
    shown = token(reflector)
    assert reflector.answer(echo(shown), ELSEWHERE, NOW, 0.0) is None
    assert reflector.answer(echo(shown), HERE, NOW, 0.0) is not None


def test_an_address_of_ipv6_may_change_within_its_network() -> None:
    reflector = Reflector(KEY)
    shown = token(reflector, "2001:db8::1")
    assert reflector.answer(echo(shown), "2001:db8::2", NOW, 0.0) is not None
    assert reflector.answer(echo(shown), "2001:db8:0:1::1", NOW, 0.0) is None


@pytest.mark.parametrize(("seconds", "holds"), [(0, True), (LIFETIME, True), (2 * LIFETIME, False), (86400, False)])
def test_a_token_holds_for_some_minutes_by_the_responders_clock(seconds: float, holds: bool) -> None:
    reflector = Reflector(KEY)
    shown = token(reflector)
    assert (reflector.answer(echo(shown), HERE, NOW + seconds, 0.0) is not None) is holds


def test_a_token_outlives_a_restart_of_the_responder() -> None:
    assert Reflector(KEY).answer(echo(token(Reflector(KEY))), HERE, NOW, 0.0) is not None


def test_requests_that_were_overheard_and_are_sent_again_and_again_get_few_answers() -> None:
    reflector = Reflector(KEY)
    request = ask(KEY, SESSION, 0).pack()
    said = [reflector.answer(request, ELSEWHERE, NOW, 0.0) for _ in range(1000)]
    assert sum(answer is not None for answer in said) == ASKS_PER_SECOND
    assert reflector.answer(request, HERE, NOW, 0.0) is not None
    assert reflector.answer(request, ELSEWHERE, NOW + 1, 0.0) is not None


def test_echoes_of_one_address_are_bounded() -> None:
    reflector = Reflector(KEY)
    request = echo(token(reflector))
    said = [reflector.answer(request, HERE, NOW, 0.0) for _ in range(2 * ECHOES_PER_SECOND)]
    assert sum(answer is not None for answer in said) == ECHOES_PER_SECOND
    assert reflector.counts[Outcome.LIMITED] == ECHOES_PER_SECOND


def test_answers_of_responders_are_not_answered() -> None:
    """Two responders that are made to talk with each other fall silent at once."""
    reflector = Reflector(KEY)
    given = reflector.answer(ask(KEY, SESSION, 0).pack(), HERE, NOW, 0.0) or b""
    assert Reflector(KEY).answer(given, ELSEWHERE, NOW, 0.0) is None
    answered = reflector.answer(echo(token(reflector)), HERE, NOW, 0.0) or b""
    assert Reflector(KEY).answer(answered, ELSEWHERE, NOW, 0.0) is None


@given(st.binary(max_size=80) | st.binary(min_size=33, max_size=33).map(lambda rest: b"\xc0ec" + rest))
def test_whatever_comes_is_borne_without_an_answer(data: bytes) -> None:
    assert Reflector(KEY).answer(data, HERE, NOW, 0.0) is None


@given(st.integers(0, 1000), st.floats(-1e12, 1e12))
def test_every_time_held_fits_also_after_the_clock_was_set(number: int, held: float) -> None:
    reflector = Reflector(KEY)
    said = reflector.answer(echo(token(reflector), number), HERE, NOW, held)
    assert said is not None
    packet = unpack(said)
    assert packet is not None
    assert is_proved(KEY, packet)
