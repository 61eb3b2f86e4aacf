"""How a program finds data files whose folder was compiled into it."""

import subprocess
from pathlib import Path

import pytest

from tests.tools import relocate, wrappers
from tests.tools.catalogue import Group, Program

DATA = "usr/share/a-folder-that-no-machine-has"
GROUP = Group("own", ("package",), (Program("read", "usr/bin/read", data=DATA),))


def test_a_program_reads_the_unpacked_files_in_place_of_the_installed_ones(tmp_path: Path) -> None:
    folder = tmp_path / "a cache"
    (folder / "root" / DATA).mkdir(parents=True)
    (folder / "root" / DATA / "words").write_text("unpacked")
    binary = folder / "root/usr/bin/read"
    binary.parent.mkdir()
    binary.write_text(f'#!/bin/sh\ncat "/{DATA}""/words"\n')
    binary.chmod(0o755)
    wrappers.write(GROUP, folder, folder)
    relocate.relocate(GROUP, folder, folder)
    done = subprocess.run([folder / "bin/read"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("unpacked", "")


@pytest.mark.parametrize("folder", ["/usr/share/things", "/usr/share/thing"])
def test_the_program_keeps_its_length_and_its_other_paths(folder: str) -> None:
    before = f"{folder}\0 {folder}/ui/ \0".encode()
    after = relocate.redirected(before, folder)
    assert len(after) == len(before)
    assert after.startswith(b"/proc/self/fd/9/")
    assert after.endswith(f"\0 {folder}/ui/ \0".encode())


def test_a_path_too_short_to_be_replaced_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        relocate.redirected(b"/usr/share", "/usr/share")
