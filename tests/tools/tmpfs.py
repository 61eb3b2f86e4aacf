"""A disk of a few bytes, that fills up."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tools import needs_root


@contextmanager
def tmpfs(place: Path, size: int) -> Iterator[Path]:
    """A folder that holds `size` bytes; skips where nothing can be mounted."""
    needs_root()
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=False)
    if mounted.returncode:
        pytest.skip("this machine mounts nothing")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)
