"""A disk that can lose its power: an ext4 in a file, shut down with nothing flushed."""

import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tools import needs_root

_EXT4_IOC_SHUTDOWN = 0x8004587D  # linux/fs/ext4/ext4.h
_NOLOGFLUSH = 2


class Ext4:
    """Mounted at `place`, with further options of mount(8)."""

    def __init__(self, folder: Path, options: str = "") -> None:
        self._options = f"loop,{options}" if options else "loop"
        self._image, self.place, self._restarts = folder / "image", folder / "disk", 0
        with self._image.open("wb") as file:
            file.truncate(32 << 20)
        self.place.mkdir(exist_ok=True)
        _run("mkfs.ext4", "-q", "-F", "-b", "4096", str(self._image))  # blocks as on larger disks
        self._mount()

    def cut(self) -> None:
        """From now on nothing reaches the disk, and what the kernel still held is gone."""
        descriptor = os.open(self.place, os.O_RDONLY)
        fcntl.ioctl(descriptor, _EXT4_IOC_SHUTDOWN, struct.pack("<I", _NOLOGFLUSH))
        os.close(descriptor)

    def power_up(self) -> None:
        """Mounted again, as a machine does it that starts.

        From a copy: the mount namespaces of other processes may still hold the filesystem that was shut down, and to
        mount the same file again would give back that.
        """
        self.close()
        self._restarts += 1
        image = self._image.with_name(f"image-{self._restarts}")
        _run("cp", "--sparse=always", str(self._image), str(image))
        self._image.unlink()
        self._image = image
        self._mount()

    def read_only(self, yes: bool) -> None:
        _run("mount", "-o", "remount,ro" if yes else "remount,rw", str(self.place))

    def sync(self) -> None:
        """All that the kernel still holds for this disk is on it."""
        _run("sync", "-f", str(self.place))

    def close(self) -> None:
        _run("umount", str(self.place))

    def _mount(self) -> None:
        _run("mount", "-o", self._options, str(self._image), str(self.place))


@contextmanager
def ext4(folder: Path, options: str = "") -> Iterator[Ext4]:
    """Mounted. Skips the test where there is no root; and where a kernel mounts no files."""
    needs_root()
    for name in ("mkfs.ext4", "mount", "umount"):
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not on this machine")
    try:
        disk = Ext4(folder, options)
    except subprocess.CalledProcessError:
        pytest.skip("this machine mounts no files")
    try:
        yield disk
    finally:
        disk.close()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
