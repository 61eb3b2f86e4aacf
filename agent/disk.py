"""Whether the agent may write to disk: not while the battery is nearly empty. A memory card that loses its power in mid
write may lose more than that write.
"""

import os
from pathlib import Path


class Disk:
    """One per agent; everything that writes asks it."""

    def __init__(self) -> None:
        self.held = False


def state_folder() -> Path | None:
    """The first folder that systemd made for state, None without one."""
    folder = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(folder) if folder else None


def replace_durably(path: Path, text: str) -> None:
    """Make `text` (ASCII) the file's content in one step that a power cut cannot halve. Blocks; raises OSError."""
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """So that the names in it are on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
