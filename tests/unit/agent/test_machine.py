"""What the machine knows of its boot and its clock."""

import time
from pathlib import Path

import pytest

from agent.io import machine
from agent.io.machine import Machine


@pytest.fixture(autouse=True)
def _unsynchronised(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel of the machine that runs this may have a good clock."""
    monkeypatch.setattr(machine, "_synchronised", lambda: False)


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True)
    (root / path).write_text(text, encoding="ascii")


def test_the_id_of_a_boot_is_the_kernels(tmp_path: Path) -> None:
    write(tmp_path, "proc/sys/kernel/random/boot_id", "33e1c54a-9993-4859-8cef-73d5615b1f48\n")
    assert Machine(tmp_path).boot() == "33e1c54a-9993-4859-8cef-73d5615b1f48"
    assert Machine().boot() == Machine().boot() != ""


def test_a_kernel_without_one_gives_none(tmp_path: Path) -> None:
    assert Machine(tmp_path).boot() == ""


def test_uptime_goes_on(tmp_path: Path) -> None:
    before = Machine().uptime()
    assert 0 < before <= Machine().uptime()


def test_a_clock_that_nobody_has_set_is_not_trusted(tmp_path: Path) -> None:
    assert not Machine(tmp_path).trusts_its_clock()


@pytest.mark.parametrize(
    ("path", "text"), [("run/systemd/timesync/synchronized", ""), ("sys/class/rtc/rtc0/hctosys", "1\n")]
)
def test_a_clock_set_by_the_network_or_by_one_with_a_battery_is_trusted(tmp_path: Path, path: str, text: str) -> None:
    write(tmp_path, path, text)
    assert Machine(tmp_path).trusts_its_clock()


def test_a_battery_clock_that_the_kernel_did_not_take_counts_for_nothing(tmp_path: Path) -> None:
    write(tmp_path, "sys/class/rtc/rtc0/hctosys", "0\n")
    assert not Machine(tmp_path).trusts_its_clock()


def test_a_clock_that_has_forgotten_the_time_is_not_trusted_whoever_set_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "sys/class/rtc/rtc0/hctosys", "1\n")
    monkeypatch.setattr(time, "time", lambda: 946_684_800.0)
    assert not Machine(tmp_path).trusts_its_clock()


def test_a_clock_is_synchronised_only_by_the_network(tmp_path: Path) -> None:
    write(tmp_path, "sys/class/rtc/rtc0/hctosys", "1\n")
    assert not Machine(tmp_path).synchronised()
    write(tmp_path, "run/systemd/timesync/synchronized", "")
    assert Machine(tmp_path).synchronised()


@pytest.mark.parametrize(
    ("taken", "ahead", "agrees"), [("1", 0, True), ("1", -3600, False), ("1", 3600, False), ("0", 0, False)]
)
def test_a_clock_with_a_battery_vouches_for_the_time_that_it_shows_itself(
    tmp_path: Path, taken: str, ahead: int, agrees: bool
) -> None:
    write(tmp_path, "sys/class/rtc/rtc0/hctosys", f"{taken}\n")
    (tmp_path / "sys/class/rtc/rtc0/since_epoch").write_text(f"{int(time.time()) + ahead}\n")
    assert Machine(tmp_path).battery_agrees() is agrees


def test_a_machine_without_a_battery_clock_vouches_for_nothing(tmp_path: Path) -> None:
    assert not Machine(tmp_path).battery_agrees()
