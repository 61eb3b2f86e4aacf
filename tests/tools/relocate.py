"""Programs that have the folder of their data files compiled in, such as Debian's Alertmanager with its templates.

Such a folder exists only where the package is installed. In our unpacked copy of the program its path is replaced by
one of the same length that leads through descriptor 9, which the program's script opens on the unpacked folder. That
needs no privilege, and no file outside the cache.
"""

import re
import shlex
from pathlib import Path

from tests.tools.catalogue import Group

DOOR = "/proc/self/fd/9/"


def relocate(group: Group, built: Path, final: Path) -> None:
    """Point the group's programs in `built`, which will be renamed to `final`, to their data below `final`."""
    for program in group.programs:
        binary, script = built / "root" / program.path, built / "bin" / program.name
        if program.data and binary.exists():
            binary.write_bytes(redirected(binary.read_bytes(), f"/{program.data}"))
            lines = script.read_text().splitlines()
            lines.insert(-1, f"exec 9<{shlex.quote(str(final / 'root' / program.data))}")
            script.write_text("\n".join(lines) + "\n")


def redirected(content: bytes, folder: str) -> bytes:
    """The same program with another path in place of the folder; longer paths that begin with it stay."""
    padding = len(folder) - len(DOOR)
    if padding < 0:
        raise ValueError(f"{folder} is too short to be replaced")
    other = DOOR + "./" * (padding // 2) + "/" * (padding % 2)
    return re.sub(re.escape(folder.encode()) + rb"(?!/)", other.encode(), content)
