"""What the agent keeps of the time, and what it does where that cannot be read or written."""

from pathlib import Path

import pytest

from agent.buffer.scrape import Stamp
from agent.disk import Disk
from agent.uplink.timeline import Unknown
from agent.uplink.watch import FILE, Watch
from tests.fakes.time import run
from tests.fakes.uplink import FakeClocks, truth
from tests.unit.agent.uplink import _at_once


def watch(folder: Path | None, clocks: FakeClocks | None = None, disk: Disk | None = None) -> Watch:
    return Watch(clocks or FakeClocks(), folder, disk or Disk(), _at_once)


def test_what_was_told_is_known_to_the_next_agent(tmp_path: Path) -> None:
    async def go() -> tuple[float | Unknown, float]:
        one = watch(tmp_path, FakeClocks(wrong=7200))
        await one.begin(None)
        stamp = one.stamp()
        one.heard(truth(), 0)
        await one.leaving(stamp)
        other = watch(tmp_path, FakeClocks(wrong=7200))
        await other.begin(stamp)
        return other.time(stamp), truth()

    time, expected = run(go())
    assert time == pytest.approx(expected)


def test_it_is_written_only_with_news(tmp_path: Path) -> None:
    async def go() -> list[int]:
        one = watch(tmp_path)
        await one.begin(None)
        one.heard(truth(), 0)
        changed = []
        for _ in range(5):
            one.heard(truth() + 1.2, 0)
            await one.leaving(one.stamp())
            changed.append((tmp_path / FILE).stat().st_mtime_ns)
        return changed

    assert len(set(run(go()))) == 1


@pytest.mark.parametrize("text", ["{", "", '{"version": 9, "boots": []}', "\xff\xfe"])
def test_a_file_that_is_damaged_is_no_reason_to_stop(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_bytes(text.encode("latin-1"))

    async def go() -> float | Unknown:
        one = watch(tmp_path, FakeClocks(network=True))
        await one.begin(Stamp("an older boot", 5.0, 5.0))
        assert one.time(Stamp("an older boot", 5.0, 5.0)) is Unknown.NEVER
        return one.time(one.stamp())

    assert isinstance(run(go()), float)


def test_while_the_disk_rests_and_where_there_is_none_nothing_is_written(tmp_path: Path) -> None:
    async def go() -> None:
        disk = Disk()
        disk.held = True
        for one in (watch(tmp_path, disk=disk), watch(None), watch(tmp_path / "missing")):
            await one.begin(None)
            one.heard(truth(), 0)
            await one.leaving(one.stamp())
            assert isinstance(one.time(one.stamp()), float)

    run(go())
    assert list(tmp_path.iterdir()) == []


def test_a_machine_that_does_not_name_its_boots_is_another_one_each_time() -> None:
    class Nameless(FakeClocks):
        def boot(self) -> str:
            return ""

    async def go() -> tuple[str, str]:
        return watch(None, Nameless()).stamp().boot, watch(None, Nameless()).stamp().boot

    one, other = run(go())
    assert one != other
    assert "" not in (one, other)
