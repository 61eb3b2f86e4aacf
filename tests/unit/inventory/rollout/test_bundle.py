"""The archive that offices get: the same bytes for the same files, and nothing in it that a shell would misread."""

import json
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from inventory.rollout.bundle import BundleError, build, read

UNITS = Path("deploy/office")


def wheels(folder: Path) -> Path:
    folder.mkdir()
    for name in ("communewatch-0.2.0-py3-none-any", "pip-25.0-py3-none-any", "h11-0.16-py3-none-any"):
        (folder / f"{name}.whl").write_bytes(name.encode())
    return folder


def packed(path: Path, **changes: str) -> Path:
    """An archive whose manifest says something else."""
    manifest = {"version": "0.2.0", "python": "3.11", "machine": "x86_64"} | changes
    with tarfile.open(path, "w:gz") as archive:
        units = (("communewatch-agent.service", b""), ("communewatch.sysusers", b""))
        for name, data in (("bundle.json", json.dumps(manifest).encode()), *units):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, BytesIO(data))
    return path


def test_the_same_files_give_the_same_bytes_whenever_they_are_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, contents = wheels(tmp_path / "wheels"), set()
    for moment in (1e9, 1.1e9):
        monkeypatch.setattr("time.time", lambda now=moment: now)
        contents.add(build(source, UNITS, tmp_path / f"{moment}.tar.gz").path.read_bytes())
    assert len(contents) == 1


def test_what_was_packed_is_read_again(tmp_path: Path) -> None:
    made = build(wheels(tmp_path / "wheels"), UNITS, tmp_path / "bundle.tar.gz")
    assert made.manifest.version == "0.2.0"
    assert read(made.path) == made


@pytest.mark.parametrize("version", ["", "../../..", "0.2.0'; reboot; '", "0.2.0\n", "-rf"])
def test_a_version_that_would_lead_elsewhere_on_an_office_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(BundleError, match="is not a version"):
        read(packed(tmp_path / "bundle.tar.gz", version=version))
