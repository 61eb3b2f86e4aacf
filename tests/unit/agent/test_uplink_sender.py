"""The sender: at once, again and again, in order, with honest times, and never in anybody's way."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime

from agent.uplink.sender import LATER, MOST, OLDEST, PAUSES, REHEARSAL, Sender
from collectors.core import Reason, Sample
from collectors.core.lastword import Receiver, Word
from collectors.core.observed import LAST_WORD_CHARGE
from collectors.core.ports import Failure, HttpExchange, HttpRequest
from collectors.core.values import Url
from tests.fakes.time import FakeClock, run
from tests.unit.agent.test_uplink_wire import decoded, uncompressed

OFFICE = {"province": "04", "commune": "01273", "office": "01273-1"}


class Store:
    """A receiver with a clock of its own. `answers` are given in turn, then 204; an int is a status."""

    def __init__(self, clock: FakeClock, *answers: int | Failure, ahead: float = 0.0, tells_time: bool = True) -> None:
        self.answers = list(answers)
        self.taken: list[tuple[float, float]] = []  # time, value
        self.tries: list[float] = []  # seconds since the test began
        self.empty = 0
        self._clock, self._ahead, self._tells_time = clock, ahead, tells_time
        self._began = 0.0

    def remember(self, request: HttpRequest, exchange: HttpExchange) -> None:
        """It is asked for nothing twice."""

    async def exchange(self, request: HttpRequest, timeout: float) -> HttpExchange:
        if not self._began:
            self._began = self._clock.monotonic()
        self.tries.append(self._clock.monotonic() - self._began)
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, Failure):
            return HttpExchange({}, failure=answer)
        found = decoded(uncompressed(request.body))
        self.empty += not found
        if answer == 204:
            self.taken.extend((at / 1000, value) for one in found for at, value in one.points)
        date = format_datetime(datetime.fromtimestamp(self._clock.now() + self._ahead, UTC), usegmt=True)
        return HttpExchange({}, status=answer, headers=(("Date", date),) if self._tells_time else ())


def charge(value: float) -> tuple[Sample, ...]:
    return (LAST_WORD_CHARGE(value),)


Play = Callable[[Sender], Awaitable[None]]


def play(
    act: Play, *answers: int | Failure, ahead: float = 0.0, tells_time: bool = True, trusts: bool = True
) -> tuple[Store, list[Word], dict[str, float]]:
    """Let a sender run while `act` goes on. What the store took, which words came through, what /metrics shows."""
    heard: list[Word] = []

    async def go() -> tuple[Store, dict[str, float]]:
        clock = FakeClock()
        store = Store(clock, *answers, ahead=ahead, tells_time=tells_time)
        receiver = Receiver(Url("https://store.example.vn/api/v1/write"))
        sender = Sender(clock, store, receiver, OFFICE, lambda: trusts, heard.append)
        task = asyncio.create_task(sender.run())
        await act(sender)
        task.cancel()
        return store, {sample.metric.name: sample.value for sample in sender.samples()}

    store, shown = run(go())
    return store, heard, shown


REFUSED = Failure(Reason.REFUSED, "connect", "connection refused")


async def say_one(sender: Sender) -> None:
    await asyncio.sleep(1)
    sender.say(Word.OUTAGE, charge(0.9))
    await asyncio.sleep(60)


def test_a_word_is_sent_in_the_moment_in_which_it_is_said() -> None:
    store, heard, shown = play(say_one)
    assert store.tries == [0, 1]
    assert store.taken == [(FakeClock().wall + 1001, 0.9)]
    assert heard == [Word.OUTAGE]
    assert shown == {
        "agent_last_words_sent_total": 1, "agent_last_words_dropped_total": 0, "agent_last_word_ready": 1,
    }  # fmt: skip


def test_at_the_start_the_way_is_tried_and_nothing_is_written() -> None:
    async def wait(_: Sender) -> None:
        await asyncio.sleep(2.5 * REHEARSAL)

    store, _, shown = play(wait)
    assert store.tries == [0, REHEARSAL, 2 * REHEARSAL]
    assert (store.empty, store.taken) == (3, [])
    assert shown["agent_last_word_ready"] == 1


def test_a_way_that_is_closed_is_known_before_it_is_needed() -> None:
    async def wait(_: Sender) -> None:
        await asyncio.sleep(60)

    _, _, shown = play(wait, REFUSED)
    assert shown["agent_last_word_ready"] == 0
    assert shown["agent_last_word_failures_total"] == 1


def test_what_fails_is_tried_again_soon_and_then_now_and_then() -> None:
    store, heard, _ = play(say_one, 204, *[REFUSED] * 5)
    first = [1, 1 + PAUSES[0], 1 + PAUSES[0] + PAUSES[1], 1 + sum(PAUSES)]
    assert store.tries == [0, *first, first[-1] + LATER]
    assert heard == []  # the fifth attempt failed, too


def test_a_word_that_got_through_late_carries_the_time_at_which_it_was_said() -> None:
    store, heard, _ = play(say_one, 204, 503, 503)
    assert store.taken == [(FakeClock().wall + 1001, 0.9)]
    assert heard == [Word.OUTAGE]


def test_what_waits_leaves_together_with_the_next_word_in_its_order() -> None:
    async def say_two(sender: Sender) -> None:
        await asyncio.sleep(1)
        sender.say(Word.SUSPECT, charge(0.9))
        await asyncio.sleep(20)
        sender.say(Word.OUTAGE, charge(0.8))
        await asyncio.sleep(1)

    store, heard, _ = play(say_two, 204, *[REFUSED] * 4)
    assert store.tries[-1] == 21  # at once, although the next attempt was not due
    assert store.taken == [(FakeClock().wall + 1001, 0.9), (FakeClock().wall + 1021, 0.8)]
    assert heard == [Word.SUSPECT, Word.OUTAGE]


def test_a_refused_word_is_not_sent_again() -> None:
    store, heard, shown = play(say_one, 204, 400)
    assert store.tries == [0, 1]
    assert heard == []
    assert shown["agent_last_words_dropped_total"] == 1


def test_a_login_that_is_put_right_meanwhile_loses_nothing() -> None:
    _, heard, shown = play(say_one, 204, 401, 401, 401)
    assert heard == [Word.OUTAGE]
    assert shown["agent_last_words_dropped_total"] == 0


def test_what_nobody_takes_grows_too_old_and_is_dropped() -> None:
    async def wait(sender: Sender) -> None:
        await say_one(sender)
        await asyncio.sleep(OLDEST + 60)

    store, heard, shown = play(wait, *[500] * 1000)
    assert (store.taken, heard) == ([], [])
    assert shown["agent_last_words_dropped_total"] == 1


def test_so_many_wait_and_no_more_and_the_newest_are_kept() -> None:
    async def say_many(sender: Sender) -> None:
        await asyncio.sleep(1)
        for number in range(MOST + 4):
            sender.say(Word.OUTAGE, charge(number))
        await asyncio.sleep(60)

    store, _, shown = play(say_many)
    assert [value for _, value in store.taken] == list(range(4, MOST + 4))
    assert shown["agent_last_words_dropped_total"] == 4


def test_a_wrong_clock_harms_nobody() -> None:
    store, _, _ = play(say_one, ahead=-7200)
    assert store.taken == [(FakeClock().wall + 1001 - 7200, 0.9)]


def test_whether_the_clocks_agree_is_known_once_the_receiver_has_told_its_time() -> None:
    found: list[bool] = []

    async def look(sender: Sender) -> None:
        found.append(sender.agrees)
        await asyncio.sleep(1)
        found.append(sender.agrees)

    for ahead, tells_time in ((0.0, True), (60.0, True), (0.0, False)):
        play(look, ahead=ahead, tells_time=tells_time)
    assert found == [False, True, False, False, False, False]


def test_a_clock_that_is_set_back_between_two_words_gives_no_word_an_earlier_time() -> None:
    async def say_two(sender: Sender) -> None:
        await asyncio.sleep(1)
        sender.say(Word.SUSPECT, charge(0.9))
        await asyncio.sleep(1)
        sender._clock.wall -= 4  # type: ignore[attr-defined]  # close enough to be believed
        sender.say(Word.OUTAGE, charge(0.8))
        await asyncio.sleep(1)

    store, heard, _ = play(say_two)
    (first, _), (second, _) = store.taken
    assert first < second < first + 1
    assert heard == [Word.SUSPECT, Word.OUTAGE]


def test_a_repeated_attempt_says_the_same_as_the_one_before() -> None:
    asked: list[tuple[float, float]] = []

    class Deaf(Store):
        """Takes everything, and its answer is lost."""

        async def exchange(self, request: HttpRequest, timeout: float) -> HttpExchange:
            asked.extend(point for one in decoded(uncompressed(request.body)) for point in one.points)
            answer = await super().exchange(request, timeout)
            return HttpExchange({}, failure=REFUSED) if asked else answer

    async def go() -> None:
        clock = FakeClock()
        receiver = Receiver(Url("https://store.example.vn/api/v1/write"))
        sender = Sender(clock, Deaf(clock), receiver, OFFICE, lambda: True, lambda _: None)
        task = asyncio.create_task(sender.run())
        await asyncio.sleep(1)
        sender.say(Word.OUTAGE, charge(0.9))
        await asyncio.sleep(1)
        clock.wall += 3
        await asyncio.sleep(10)
        task.cancel()

    run(go())
    assert len(asked) > 2
    assert len(set(asked)) == 1


def test_nothing_leaves_before_the_receiver_has_told_its_time() -> None:
    store, heard, _ = play(say_one, *[REFUSED] * 3, 204)
    assert store.empty == 1
    assert heard == [Word.OUTAGE]


def test_where_the_receiver_tells_no_time_a_clock_that_is_trusted_will_do() -> None:
    _, heard, _ = play(say_one, tells_time=False)
    assert heard == [Word.OUTAGE]


def test_where_no_clock_can_be_trusted_nothing_is_sent() -> None:
    store, heard, _ = play(say_one, tells_time=False, trusts=False)
    assert (store.taken, heard) == ([], [])


def test_a_farewell_waits_for_what_waits_but_not_for_ever() -> None:
    async def leave(sender: Sender) -> None:
        await asyncio.sleep(1)
        sender.say(Word.STOPPING, charge(1))
        before = asyncio.get_running_loop().time()
        await sender.flush(2)
        waited.append(asyncio.get_running_loop().time() - before)

    waited: list[float] = []
    _, heard, _ = play(leave)
    play(leave, 204, *[REFUSED] * 20)
    assert waited == [0, 2]
    assert heard == [Word.STOPPING]
