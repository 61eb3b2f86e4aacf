"""What the agent says about itself, and how it notices that the clock was set."""

import asyncio

from agent.itself import Itself
from collectors.core import Sample
from tests.fakes.time import FakeClock, run
from tests.unit.agent.conftest import probe


def by_name(samples: list[Sample]) -> dict[str, float]:
    return {sample.metric.name: sample.value for sample in samples}


def test_a_jump_of_the_wall_clock_is_noticed_once_and_counted() -> None:
    async def go() -> None:
        clock = FakeClock()
        itself = Itself(clock)
        await asyncio.sleep(3600)
        assert itself.watch_clock() is None
        clock.wall -= 7200
        assert itself.watch_clock() == -7200
        assert itself.watch_clock() is None
        clock.wall += 0.4  # time synchronisation at work, not a jump
        assert itself.watch_clock() is None
        assert by_name(list(itself.samples([], ())))["agent_clock_jumps_total"] == 1

    run(go())


def test_the_agent_shows_its_size_and_what_it_runs() -> None:
    async def go() -> None:
        shown = by_name(list(Itself(FakeClock()).samples([probe("toy/a"), probe("toy/b")], ())))
        assert shown["agent_probes"] == 2
        assert shown["agent_resident_memory_bytes"] > 1_000_000
        assert shown["agent_open_fds"] > 0
        assert shown["agent_config_last_reload_successful"] == 1

    run(go())


def test_a_probe_without_an_answer_is_stale_once_it_has_missed_three_turns() -> None:
    async def go() -> None:
        itself, probes = Itself(FakeClock()), [probe("toy/a"), probe("toy/b"), probe("toy/c")]
        patience = probes[0].schedule.time_to_live
        await asyncio.sleep(patience - 1)
        assert "agent_probes_stale" not in by_name(list(itself.samples(probes, ())))
        await asyncio.sleep(2)
        assert by_name(list(itself.samples(probes, ("toy/b",))))["agent_probes_stale"] == 2
        assert "agent_probes_stale" not in by_name(list(itself.samples(probes, ("toy/a", "toy/b", "toy/c"))))

    run(go())
