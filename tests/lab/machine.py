"""The machine of an office, as far as its agent can tell: which boot this is, and that its clock was set."""

import uuid
from collections.abc import Mapping
from pathlib import Path

BOOT_ID = "/proc/sys/kernel/random/boot_id"
RUN = "/run"


class Machine:
    """`boot` is what happens when power returns."""

    def __init__(self, folder: Path) -> None:
        self._boot_id, self._run = folder / "boot_id", folder / "run"
        synchronized = self._run / "systemd" / "timesync" / "synchronized"
        synchronized.parent.mkdir(parents=True)
        synchronized.touch()
        self.boot()

    def boot(self) -> None:
        """For agents that start from now on."""
        self._boot_id.write_text(f"{uuid.uuid4()}\n", encoding="ascii")

    @property
    def mounts(self) -> Mapping[str, str]:
        """What to see instead of this machine's own."""
        return {BOOT_ID: str(self._boot_id), RUN: str(self._run)}
