"""The books over a link's bytes: who is refused, what is counted, what outlives a restart."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from agent.config import Probe
from agent.disk import Disk
from agent.outcome import Outcome
from agent.purse import Purse, budget_file
from agent.runner import Runner
from collectors.core import Lane, Ports, Reading, Reason
from collectors.core.observed import LINK_BUDGET_LEFT
from collectors.core.values import VIETNAM
from tests.fakes.ports import FakePorts
from tests.fakes.time import FakeClock, run
from tests.unit.agent.conftest import Behaviour, probe

BUDGET, MOST = 100_000, 6_000
START = datetime(2026, 11, 30, 8, tzinfo=VIETNAM).timestamp()  # the last day may use all that is left


@dataclass(frozen=True, slots=True)
class Target:
    monthly_bytes: int = BUDGET
    most_bytes: int = MOST


async def uses_five_thousand(_: Ports) -> Reading:
    return Reading(Reason.OK, used_bytes=5_000)


def costly(behaviour: Behaviour = uses_five_thousand, key: str = "toy/a", monthly: int = BUDGET) -> Probe:
    plain = probe(key, behaviour, lane=Lane.BULK)
    return replace(plain, target=Target(monthly), labels={"link": "main"})


def outcomes(probes: Iterable[Probe], purse: Purse | None = None, seconds: float = 25) -> list[Outcome]:
    seen: list[Outcome] = []

    async def go() -> None:
        runner = Runner(FakePorts(clock=FakeClock(wall=START)), seen.append, 8, purse=purse or Purse())
        runner.update(probes)
        await asyncio.sleep(seconds)
        await runner.stop()

    run(go())
    return seen


def left(outcome: Outcome) -> float | None:
    return next((one.value for one in outcome.reading.samples if one.metric is LINK_BUDGET_LEFT), None)


def test_each_run_is_counted_and_says_what_is_left() -> None:
    assert [left(outcome) for outcome in outcomes([costly()])] == [95_000, 90_000]


def test_a_probe_whose_budget_is_out_does_not_run_and_says_why() -> None:
    runs = 0

    async def counted(_: Ports) -> Reading:
        nonlocal runs
        runs += 1
        return Reading(Reason.OK, used_bytes=50_000)

    seen = outcomes([costly(counted)], seconds=55)
    assert runs == 2
    assert [outcome.reading.result for outcome in seen] == [Reason.OK] * 2 + [Reason.BUDGET] * (len(seen) - 2)
    assert len(seen) >= 5
    assert "not measured" in seen[-1].reading.evidence[0]
    assert left(seen[-1]) == 0


def test_the_probes_of_a_link_share_its_budget_and_another_link_has_its_own() -> None:
    other = replace(costly(key="toy/c"), labels={"link": "backup"})
    seen = outcomes([costly(key="toy/a"), costly(key="toy/b"), other])
    remaining = {key: [left(one) for one in seen if one.probe.key == key] for key in ("toy/a", "toy/b", "toy/c")}
    assert sorted([*remaining["toy/a"], *remaining["toy/b"]], key=float, reverse=True) == [95e3, 90e3, 85e3, 80e3]  # type: ignore[arg-type]
    assert remaining["toy/c"] == [95_000, 90_000]


async def hangs(_: Ports) -> Reading:
    await asyncio.sleep(3600)
    return Reading(Reason.OK, used_bytes=0)


def test_a_run_that_was_stopped_counts_as_the_most_that_it_may_have_used() -> None:
    (outcome,) = outcomes([costly(hangs)], seconds=14)
    assert outcome.reading.result is Reason.TIMEOUT
    assert left(outcome) == BUDGET - MOST


def test_without_a_budget_there_is_no_bound() -> None:
    seen = outcomes([costly(monthly=0)], seconds=45)
    assert {outcome.reading.result for outcome in seen} == {Reason.OK}
    assert {left(outcome) for outcome in seen} == {None}


def test_probes_that_use_nothing_are_not_asked() -> None:
    assert {outcome.reading.result for outcome in outcomes([probe()])} == {Reason.OK}


def test_the_account_outlives_the_agent_and_another_target(tmp_path: Path) -> None:
    file = tmp_path / "budget.json"
    outcomes([costly()], Purse(file))
    raised = costly(monthly=2 * BUDGET)
    assert left(outcomes([raised], Purse(file), 15)[0]) == 2 * BUDGET - 15_000


def test_while_the_disk_rests_nothing_is_written(tmp_path: Path) -> None:
    disk = Disk()
    disk.held = True
    outcomes([costly()], Purse(tmp_path / "budget.json", disk))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{", "[]", "5", '{"main": 5}', '{"main": {"today": 1}}', "[" * 100_000])
def test_a_damaged_file_costs_the_account_and_nothing_else(
    tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "budget.json"
    file.write_text(content)
    assert left(outcomes([costly()], Purse(file), 15)[0]) == 95_000
    assert "event=budget_not_read" in caplog.text


def test_a_folder_that_cannot_be_written_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert len(outcomes([costly()], Purse(tmp_path / "nowhere" / "budget.json"))) >= 2
    assert caplog.text.count("event=budget_not_kept") == 1


def test_systemd_says_where_the_books_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/communewatch")
    assert budget_file() == Path("/var/lib/communewatch/budget.json")
    monkeypatch.delenv("STATE_DIRECTORY")
    assert budget_file() is None
