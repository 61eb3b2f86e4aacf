"""What the machine knows of its own boot, and whether its wall clock can be relied on."""

import time
from pathlib import Path

_BOOT_ID = "proc/sys/kernel/random/boot_id"
_TIMESYNCD = "run/systemd/timesync/synchronized"  # systemd-timesyncd.service(8): the clock has been set since the boot
_RTC = "sys/class/rtc/rtc0/hctosys"  # "1": the kernel took the time from a clock with a battery
_RTC_TIME = "sys/class/rtc/rtc0/since_epoch"  # what that clock shows now, Unix time
_SAME = 5.0  # seconds between two clocks that show the same
_ERROR = 5  # TIME_ERROR of adjtimex(2): not synchronised
_CODE_WRITTEN = 1.76e9  # Unix time before which no agent can run: a clock that says so has forgotten the time


class Machine:
    """`root` is where its files are; elsewhere in tests."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def boot(self) -> str:
        """The id of this boot, "" where the kernel gives none."""
        return self._read(_BOOT_ID)

    def booted(self) -> float:
        """Unix time at which the kernel started, by the clocks of now."""
        return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)

    def uptime(self) -> float:
        """Seconds since then, sleep included."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def trusts_its_clock(self) -> bool:
        """Set from the network since the boot, or by a clock with a battery; and not in the past."""
        if time.time() < _CODE_WRITTEN:
            return False
        return (self._root / _TIMESYNCD).exists() or self._read(_RTC) == "1" or _synchronised()

    def wall(self) -> float:
        """Unix time as the machine believes it."""
        return time.time()

    def synchronised(self) -> bool:
        """Whether somebody on the network has set the wall clock."""
        return time.time() >= _CODE_WRITTEN and ((self._root / _TIMESYNCD).exists() or _synchronised())

    def battery_agrees(self) -> bool:
        """Whether the wall clock shows what the clock with a battery shows: one whose battery is empty does not.

        systemd sets a clock that has forgotten the time to when the machine last ran, which looks right and is not.
        """
        text = self._read(_RTC_TIME)
        known = self._read(_RTC) == "1" and text.isdigit()
        return known and time.time() >= _CODE_WRITTEN and abs(int(text) - time.time()) <= _SAME

    def _read(self, path: str) -> str:
        try:
            return (self._root / path).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return ""


def _synchronised() -> bool:
    """By the kernel, whoever disciplines it (chrony, ntpd). Where asking is forbidden, as in our unit: no."""
    import ctypes  # noqa: PLC0415 - most machines never come this far

    state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))  # struct timex: modes = 0 only reads
    return 0 <= state != _ERROR
