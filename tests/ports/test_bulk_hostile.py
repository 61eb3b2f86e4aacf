"""Responders that are none, stall, close early or lie: always a reason that a person understands, never a figure."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from agent.io import handshake
from agent.io.bulk import BulkClient
from agent.io.resolver import Resolver
from agent.responder.frames import LARGEST_DATA, Kind, frame
from agent.responder.protocol import NONCE, Accepted, Bounds, Hello, Key, Progress, Refusal, Refused
from collectors.bandwidth.steady import is_steady, steady
from collectors.core import Reason
from collectors.core.ports import Arrivals, Direction
from collectors.core.values import Secret
from tests.servers.responder import Stage, puppet, request
from tests.servers.tcp import reset

TIMEOUT = 20.0
DATA = frame(Kind.DATA, bytes(LARGEST_DATA))


async def outcome(play: Callable[[Stage], Awaitable[None]], direction: Direction) -> Arrivals:
    async with puppet(play) as port:
        client = BulkClient(Resolver())
        return await client.transfer(request(port, direction, seconds=0.3, enough=is_steady), TIMEOUT)


async def closes_at_once(stage: Stage) -> None:
    pass


async def resets_at_once(stage: Stage) -> None:
    reset(stage.writer)


async def never_speaks(stage: Stage) -> None:
    await stage.until_left()


async def speaks_ssh(stage: Stage) -> None:
    await stage.say(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    await stage.until_left()


async def speaks_http(stage: Stage) -> None:
    await stage.say(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    await stage.until_left()


async def greets_as_somebody_else(stage: Stage) -> None:
    await stage.say(frame(Kind.HELLO, bytes(50)))
    await stage.until_left()


async def announces_four_gigabytes(stage: Stage) -> None:
    await stage.say(Kind.HELLO.to_bytes(1) + (2**32 - 1).to_bytes(4))
    await stage.until_left()


async def speaks_a_later_version(stage: Stage) -> None:
    await stage.say(Hello(bytes(NONCE), version=9).frame())
    await stage.until_left()


async def greets_and_closes(stage: Stage) -> None:
    await stage.say(Hello(bytes(NONCE)).frame())


async def greets_and_is_silent(stage: Stage) -> None:
    await stage.say(Hello(bytes(NONCE)).frame())
    await stage.until_left()


async def sends_data_before_it_was_asked(stage: Stage) -> None:
    await stage.say(Hello(bytes(NONCE)).frame(), DATA)
    await stage.until_left()


async def greets_twice(stage: Stage) -> None:
    await stage.say(Hello(bytes(NONCE)).frame(), Hello(bytes(NONCE)).frame())
    await stage.until_left()


async def stops_in_the_middle_of_its_greeting(stage: Stage) -> None:
    await stage.say(Hello(bytes(NONCE)).frame()[:20])
    await stage.until_left()


async def has_no_slot(stage: Stage) -> None:
    await stage.say(Refused(Refusal.BUSY, 42, "too many connections").frame())


async def accepts_without_a_proof(stage: Stage) -> None:
    await stage.say(Hello(secrets.token_bytes(NONCE)).frame(), Accepted(Bounds.of(1000, 1), "bbr", bytes(32)).frame())
    await stage.until_left()


async def accepts_with_another_key(stage: Stage) -> None:
    await stage.accept(key=Key(Secret("what the responder guessed")))
    await stage.until_left()


async def grants_more_than_was_asked_for(stage: Stage) -> None:
    await stage.accept(Bounds.of(2**40, 3600))
    await stage.until_left()


@dataclass(frozen=True, slots=True)
class Expected:
    reason: Reason
    phase: str
    words: str


HANDSHAKES = {
    closes_at_once: Expected(Reason.BAD_ANSWER, "handshake", "closed the connection before it answered"),
    resets_at_once: Expected(Reason.BAD_ANSWER, "handshake", "before the responder answered"),
    never_speaks: Expected(Reason.FROZEN, "handshake", "does not answer"),
    speaks_ssh: Expected(Reason.BAD_ANSWER, "handshake", "not a responder"),
    speaks_http: Expected(Reason.BAD_ANSWER, "handshake", "not a responder"),
    greets_as_somebody_else: Expected(Reason.BAD_ANSWER, "handshake", "not a responder"),
    announces_four_gigabytes: Expected(Reason.BAD_ANSWER, "handshake", "4294967295 bytes"),
    speaks_a_later_version: Expected(Reason.UNSUPPORTED, "handshake", "update the older one"),
    greets_and_closes: Expected(Reason.BAD_ANSWER, "handshake", "not a responder"),
    greets_and_is_silent: Expected(Reason.FROZEN, "handshake", "does not answer"),
    sends_data_before_it_was_asked: Expected(Reason.BAD_ANSWER, "handshake", "data before the test"),
    greets_twice: Expected(Reason.BAD_ANSWER, "handshake", "HELLO where ACCEPTED is due"),
    stops_in_the_middle_of_its_greeting: Expected(Reason.FROZEN, "handshake", "does not answer"),
    has_no_slot: Expected(Reason.BUSY, "handshake", "about 42 s"),
    accepts_without_a_proof: Expected(Reason.DENIED, "handshake", "does not know our key"),
    accepts_with_another_key: Expected(Reason.DENIED, "handshake", "does not know our key"),
    grants_more_than_was_asked_for: Expected(Reason.BAD_ANSWER, "handshake", "more than was asked"),
}


@pytest.mark.parametrize(("play", "expected"), HANDSHAKES.items(), ids=lambda value: getattr(value, "__name__", ""))
async def test_a_bad_handshake_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, play: Callable[[Stage], Awaitable[None]], expected: Expected
) -> None:
    monkeypatch.setattr(handshake, "_HANDSHAKE_SECONDS", 0.2)
    check(await outcome(play, "down"), expected)


def check(seen: Arrivals, expected: Expected) -> None:
    assert seen.failure is not None
    assert (seen.failure.reason, seen.failure.phase) == (expected.reason, expected.phase)
    assert expected.words in seen.failure.message
    assert seen.ended == "failed"


async def accepts_and_is_silent(stage: Stage) -> None:
    await stage.accept()
    await stage.until_left()


async def accepts_and_closes(stage: Stage) -> None:
    await stage.accept()


async def resets_in_mid_test(stage: Stage) -> None:
    await stage.accept()
    await stage.say(DATA)
    reset(stage.writer)


async def turns_to_garbage(stage: Stage) -> None:
    await stage.accept()
    await stage.say(DATA, b"\xff" * 100)
    await stage.until_left()


async def says_hello_in_mid_test(stage: Stage) -> None:
    await stage.accept()
    await stage.say(DATA, Hello(bytes(NONCE)).frame())
    await stage.until_left()


async def lies_about_the_size_of_a_frame(stage: Stage) -> None:
    await stage.accept()
    await stage.say(Kind.DATA.to_bytes(1) + (2**31).to_bytes(4))
    await stage.until_left()


async def reports_from_the_future(stage: Stage) -> None:
    await stage.accept()
    await stage.say(Progress(3600.0, 1).frame())
    await stage.until_left()


async def claims_more_than_was_sent(stage: Stage) -> None:
    await stage.accept()
    await stage.say(Progress(0.01, 2**40).frame())
    await stage.until_left()


async def takes_back_what_it_reported(stage: Stage) -> None:
    await stage.accept()
    await stage.reader.readexactly(200_000)
    await stage.say(Progress(0.01, 100_000).frame(), Progress(0.05, 50_000).frame())
    await stage.until_left()


FLOWS: dict[tuple[Direction, Callable[[Stage], Awaitable[None]]], Expected] = {
    ("down", accepts_and_is_silent): Expected(Reason.FROZEN, "flow", "sent nothing"),
    ("up", accepts_and_is_silent): Expected(Reason.FROZEN, "flow", "never said"),
    ("down", accepts_and_closes): Expected(Reason.BAD_ANSWER, "flow", "closed the connection after"),
    ("up", accepts_and_closes): Expected(Reason.BAD_ANSWER, "flow", "the connection"),
    ("down", resets_in_mid_test): Expected(Reason.BAD_ANSWER, "flow", "broke the connection off after"),
    ("down", turns_to_garbage): Expected(Reason.BAD_ANSWER, "flow", "cannot be trusted"),
    ("down", says_hello_in_mid_test): Expected(Reason.BAD_ANSWER, "flow", "HELLO in mid test"),
    ("down", lies_about_the_size_of_a_frame): Expected(Reason.BAD_ANSWER, "flow", "2147483648 bytes"),
    ("down", reports_from_the_future): Expected(Reason.BAD_ANSWER, "flow", "second 3600"),
    ("up", reports_from_the_future): Expected(Reason.BAD_ANSWER, "flow", "second 3600"),
    ("up", claims_more_than_was_sent): Expected(Reason.BAD_ANSWER, "flow", "1099511627776 bytes"),
    ("up", takes_back_what_it_reported): Expected(Reason.BAD_ANSWER, "flow", "takes back"),
}


@pytest.mark.parametrize(
    ("direction", "play", "expected"),
    [(direction, play, expected) for (direction, play), expected in FLOWS.items()],
    ids=[f"{direction}-{play.__name__}" for direction, play in FLOWS],
)
async def test_a_bad_flow_says_what_is_wrong(
    direction: Direction, play: Callable[[Stage], Awaitable[None]], expected: Expected
) -> None:
    check(await outcome(play, direction), expected)


async def test_data_that_stalls_ends_with_the_time_and_gives_no_figure() -> None:
    async def stalls(stage: Stage) -> None:
        await stage.accept()
        await stage.say(DATA)
        await stage.until_left()

    seen = await outcome(stalls, "down")
    assert seen.failure is None
    assert seen.ended == "seconds"
    assert steady(seen.points, seen.round_trip_seconds) is None


async def test_a_flood_of_reports_takes_no_memory() -> None:
    async def floods(stage: Stage) -> None:
        await stage.accept()
        reading = asyncio.create_task(stage.until_left())
        for number in range(20_000):
            await stage.say(Progress(number * 1e-6, number).frame())
        await reading

    seen = await outcome(floods, "up")
    assert len(seen.points) < 200


async def test_a_test_that_the_timeout_cuts_short_ends_by_itself_before_it() -> None:
    async def trickles(stage: Stage) -> None:
        await stage.accept()
        while True:
            await stage.say(DATA)
            await asyncio.sleep(0.01)

    async with puppet(trickles) as port:
        seen = await BulkClient(Resolver()).transfer(request(port, seconds=3600), timeout=0.6)
    assert seen.failure is None
    assert seen.ended == "seconds"
