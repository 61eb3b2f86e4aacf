"""The journal on a disk that loses its power: an ext4 that is shut down with nothing flushed, many times."""

import fcntl
import os
import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest

from agent.journal.slots import Slots
from tests.lab.process import CHECKOUT
from tests.tools import needs_root

CUTS = 25
EXT4_IOC_SHUTDOWN = 0x8004587D  # linux/fs/ext4/ext4.h
NOLOGFLUSH = 2
# Acknowledges an entry only after one more call that a dead filesystem refuses: fdatasync may return well while the
# shutdown lands.
WRITER = """
import sys
from pathlib import Path
from agent.journal.slots import Slots
folder = Path(sys.argv[1])
slots = Slots(folder / "journal")
number = int(slots.read() or 0)
while True:
    number += 1
    slots.write(str(number))
    (folder / "probe").touch()
    print(number, flush=True)
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """An ext4 of its own, mounted."""
    needs_root()
    for name in ("mkfs.ext4", "mount", "umount"):
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not on this machine")
    image, place = tmp_path / "image", tmp_path / "disk"
    with image.open("wb") as file:
        file.truncate(32 << 20)
    place.mkdir()
    run("mkfs.ext4", "-q", "-F", str(image))
    try:
        mount(image, place)
    except subprocess.CalledProcessError:
        pytest.skip("this machine mounts no files")
    yield place
    run("umount", str(place))


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def mount(image: Path, place: Path) -> None:
    run("mount", "-o", "loop", str(image), str(place))


def cut(place: Path) -> None:
    """From now on nothing reaches the disk, and what the kernel still held is gone."""
    descriptor = os.open(place, os.O_RDONLY)
    fcntl.ioctl(descriptor, EXT4_IOC_SHUTDOWN, struct.pack("<I", NOLOGFLUSH))
    os.close(descriptor)


def test_no_acknowledged_entry_is_ever_lost(disk: Path) -> None:
    chance = random.Random(4)
    for _ in range(CUTS):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, disk], stdout=PIPE, stderr=DEVNULL, cwd=CHECKOUT)
        assert writer.stdout
        acknowledged = 0
        for _ in range(chance.randrange(2, 120)):
            acknowledged = int(writer.stdout.readline())
        cut(disk)
        rest, _ = writer.communicate()  # it ends by the error of its next write
        acknowledged = max(acknowledged, *map(int, rest.split()), 0)
        run("umount", str(disk))
        mount(disk.parent / "image", disk)
        found = Slots(disk / "journal").read()
        assert found is not None
        assert acknowledged <= int(found) <= acknowledged + 1
