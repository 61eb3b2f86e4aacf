"""The runner hands each probe's past to a collector that judges by it, and to no other."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from agent.config import Probe
from agent.disk import Disk
from agent.outcome import Outcome
from agent.runner import Runner
from agent.usual import Comparing, Usual, state_file
from collectors.core import Ports, Reading, Reason
from tests.fakes.ports import FakePorts
from tests.fakes.time import FakeClock, run
from tests.unit.agent.conftest import Target, Toy, probe


@dataclass(frozen=True)
class Past:
    """How often a probe ran."""

    runs: int = 0

    def plain(self) -> object:
        return self.runs


class Repeating(Toy):
    """Finds everything slow that comes for the third time."""

    def past(self) -> Past:
        return Past()

    def read_past(self, kept: object) -> Past:
        if not isinstance(kept, int):
            raise ValueError  # noqa: TRY004 - what the protocol asks for
        return Past(kept)

    def compare(self, reading: Reading, past: Past, now: float) -> tuple[Reading, Past]:
        return (reading if past.runs < 2 else Reading(Reason.SLOW)), Past(past.runs + 1)


def repeating(key: str, every: float = 10) -> Probe:
    plain = probe(key, every=every)
    return Probe(key, Repeating(), plain.target, plain.labels, plain.name, plain.schedule, plain.offset)


def results(*configurations: Iterable[Probe], file: Path | None = None) -> list[tuple[str, Reason]]:
    """What is published in 25 s of each configuration in turn."""
    seen: list[Outcome] = []

    async def go() -> None:
        runner = Runner(FakePorts(clock=FakeClock(wall=0)), seen.append, 8, Usual(file))
        for probes in configurations:
            runner.update(probes)
            await asyncio.sleep(25)
        await runner.stop()

    run(go())
    return [(outcome.probe.key, outcome.reading.result) for outcome in seen]


def test_each_probe_has_a_past_of_its_own() -> None:
    found = results([repeating("toy/a"), repeating("toy/b"), probe("toy/c")])
    assert [reason for key, reason in found if key == "toy/a"] == [Reason.OK, Reason.OK, Reason.SLOW]
    assert [reason for key, reason in found if key == "toy/b"] == [Reason.OK, Reason.OK, Reason.SLOW]
    assert {reason for key, reason in found if key == "toy/c"} == {Reason.OK}


def test_a_probe_that_asks_for_something_else_starts_anew() -> None:
    found = results([repeating("toy/a")], [repeating("toy/a", every=11)])
    assert [reason for _, reason in found][:4] == [Reason.OK, Reason.OK, Reason.SLOW, Reason.OK]


class Stumbling(Repeating):
    """Has a defect in its comparison."""

    def compare(self, reading: Reading, past: Past, now: float) -> tuple[Reading, Past]:
        raise ZeroDivisionError


def test_what_was_measured_is_told_even_if_the_comparison_has_a_defect() -> None:
    plain = probe("toy/a")
    stumbling = Probe("toy/a", Stumbling(), plain.target, plain.labels, plain.name, plain.schedule, plain.offset)
    assert results([stumbling]) == [("toy/a", Reason.OK)] * 3


def test_the_service_collector_is_one_that_compares() -> None:
    from collectors.service import COLLECTOR

    async def unused(_: Ports) -> Reading:
        return Reading(Reason.OK)

    assert isinstance(COLLECTOR, Comparing)
    assert not isinstance(Toy(unused), Comparing)


def test_the_past_outlives_the_agent(tmp_path: Path) -> None:
    file = tmp_path / "usual.json"
    assert [reason for _, reason in results([repeating("toy/a")], file=file)] == [Reason.OK, Reason.OK, Reason.SLOW]
    assert {reason for _, reason in results([repeating("toy/a")], file=file)} == {Reason.SLOW}
    assert [path.name for path in tmp_path.iterdir()] == ["usual.json"]


def test_another_target_has_another_past(tmp_path: Path) -> None:
    file = tmp_path / "usual.json"
    results([repeating("toy/a")], file=file)
    other = replace(repeating("toy/a"), target=type(probe().target)("elsewhere"))
    assert results([other], file=file)[0][1] is Reason.OK


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000, '{"toy/a": null}', "null", "\xff"])
def test_a_file_that_is_damaged_costs_the_past_and_nothing_else(tmp_path: Path, content: str) -> None:
    file = tmp_path / "usual.json"
    file.write_text(content)
    assert [reason for _, reason in results([repeating("toy/a")], file=file)][:2] == [Reason.OK, Reason.OK]


def test_a_past_of_another_form_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "usual.json"
    results([repeating("toy/a")], file=file)
    file.write_text(file.read_text().replace(": 3", ': "three"'))
    assert results([repeating("toy/a")], file=file)[0][1] is Reason.OK


def test_a_folder_that_cannot_be_written_disturbs_no_probe(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert len(results([repeating("toy/a")], file=tmp_path / "nowhere" / "usual.json")) == 3
    assert "event=usual_not_kept" in caplog.text


def test_while_the_disk_rests_nothing_is_written(tmp_path: Path) -> None:
    file, disk = tmp_path / "usual.json", Disk()
    usual = Usual(file, disk)
    disk.held = True
    usual.write(0.0)
    asyncio.run(usual.sync(3600.0))
    assert not file.exists()
    disk.held = False
    usual.write(7200.0)
    assert file.exists()


def test_what_is_held_is_on_the_disk_before_the_disk_rests(tmp_path: Path) -> None:
    file = tmp_path / "usual.json"
    usual = Usual(file)
    usual.judge(Outcome(repeating("toy/a"), Reading(Reason.OK), 1e9, 0.5))
    file.unlink(missing_ok=True)
    assert asyncio.run(usual.sync(1e9 + 60))
    assert "toy/a" in file.read_text()


def test_what_could_not_be_put_on_the_disk_is_told(tmp_path: Path) -> None:
    assert not asyncio.run(Usual(tmp_path / "nowhere" / "usual.json").sync(0.0))
    assert asyncio.run(Usual(None).sync(0.0)), "nothing is kept, so nothing is lost"


def test_systemd_says_where_state_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/communewatch:/var/lib/other")
    assert state_file() == Path("/var/lib/communewatch/usual.json")
    monkeypatch.delenv("STATE_DIRECTORY")
    assert state_file() is None


def test_the_past_of_probes_that_are_gone_is_dropped_after_an_hour(tmp_path: Path) -> None:
    file = tmp_path / "usual.json"
    results([repeating("toy/a"), repeating("toy/b")], file=file)
    results([repeating("toy/a")], file=file)
    assert "toy/b" in file.read_text()
    usual = Usual(file)
    for now in (0.0, 3600.0):
        usual.write(now)
    assert "toy/b" not in file.read_text()


class Recalling(Repeating):
    """Asks as many hosts in turn as it has run, and notes whom it asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    async def collect(self, target: Target, ports: Ports, timeout: float) -> Reading:
        self.asked.append(target.host)
        return await super().collect(target, ports, timeout)

    def recall(self, target: Target, past: Past) -> Target:
        return replace(target, host=f"{target.host}{past.runs}")


def outcomes_of(collector: Recalling) -> list[Outcome]:
    seen: list[Outcome] = []

    async def go() -> None:
        runner = Runner(FakePorts(clock=FakeClock(wall=0)), seen.append, 8)
        runner.update([replace(probe("recalling/a"), collector=collector)])
        await asyncio.sleep(25)
        await runner.stop()

    run(go())
    return seen


def test_a_collector_may_measure_in_another_way_after_what_came_before() -> None:
    collector = Recalling()
    seen = outcomes_of(collector)
    assert collector.asked == ["toy0", "toy1", "toy2"]
    assert {outcome.probe.target for outcome in seen} == {Target()}, "what is published is the probe as configured"


def test_a_defect_in_recalling_costs_no_run() -> None:
    class Defective(Recalling):
        def recall(self, target: Target, past: Past) -> Target:
            raise RuntimeError("a defect")

    collector = Defective()
    assert [outcome.reading.result for outcome in outcomes_of(collector)] == [Reason.OK, Reason.OK, Reason.SLOW]
    assert collector.asked == ["toy"] * 3
