"""The keeper asks once a day, sooner after a failure, and tells what it heard."""

import asyncio
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from agent.certificate.keeper import Keeper
from collectors.core.push import Destination, Push
from collectors.core.values import Url
from tests.fakes.time import FakeClock, run

GOOD = json.dumps({"centre": {"ends": 1_900_000_000.0, "renewed": False}})
BAD = json.dumps({"centre": {"error": "the gateway gave no certificate: 503"}})


def push(folder: Path) -> Push:
    certificate, key = str(folder / "office.crt"), str(folder / "office.key")
    return Push({"centre": Destination(Url("https://gateway.example/"), certificate=certificate, key=key)})


async def at_once(work: Callable[[], None]) -> None:
    """There is no thread in virtual time."""
    work()


def heard(tmp_path: Path, answers: list[str], seconds: float) -> tuple[list[float], dict[str, float]]:
    """When it asked, and what it shows after so many seconds."""
    asked: list[float] = []

    async def body() -> dict[str, float]:
        clock = FakeClock()

        async def ask() -> str:
            asked.append(clock.monotonic() - begun)
            return answers[min(len(asked), len(answers)) - 1]

        begun = clock.monotonic()
        keeper = Keeper(clock, ask, at_once)
        keeper.update(push(tmp_path), "01273-1")
        await asyncio.sleep(seconds)
        shown = {sample.metric.name: sample.value for sample in keeper.samples()}
        keeper.close()
        return shown

    return asked, run(body())


def test_it_asks_once_a_day_and_shows_when_the_certificate_ends(tmp_path: Path) -> None:
    asked, shown = heard(tmp_path, [GOOD], 2.9 * 86_400)
    assert len(asked) == 3
    assert 60 <= asked[0] <= 3660
    assert asked[1] - asked[0] == 86_400
    assert shown == {
        "agent_certificate_expiry_timestamp_seconds": 1_900_000_000.0,
        "agent_certificate_renewal_failed": 0,
    }


def test_after_a_failure_it_asks_again_within_an_hour_and_says_so(tmp_path: Path) -> None:
    asked, shown = heard(tmp_path, [GOOD, BAD, BAD, "no JSON", GOOD], 1.5 * 86_400)
    assert [later - sooner for sooner, later in pairwise(asked)] == [86_400, 3600, 3600, 3600]
    assert shown["agent_certificate_renewal_failed"] == 0
    _, shown = heard(tmp_path, [GOOD, BAD], 1.2 * 86_400)
    assert shown == {
        "agent_certificate_expiry_timestamp_seconds": 1_900_000_000.0,
        "agent_certificate_renewal_failed": 1,
    }


def test_a_pair_that_a_power_cut_left_half_changed_is_put_right_at_the_start(tmp_path: Path) -> None:
    for name in ("office.crt", "office.crt.next", "office.key", "office.key.next"):
        (tmp_path / name).write_text(name)
    heard(tmp_path, [GOOD], 1)
    assert (tmp_path / "office.crt").read_text() == "office.crt.next"
    assert (tmp_path / "office.key").read_text() == "office.key.next"


def test_nobody_asks_where_no_certificate_is_configured(tmp_path: Path) -> None:
    async def body() -> int:
        async def ask() -> str:
            raise AssertionError("asked")

        keeper = Keeper(FakeClock(), ask, at_once)
        keeper.update(Push({"centre": Destination(Url("https://gateway.example/"))}), "01273-1")
        await asyncio.sleep(90_000)
        return len(tuple(keeper.samples()))

    assert run(body()) == 0
