"""The bundle: everything that an office installs, in one archive, so that the office needs no Internet for it.

bundle.json              version, and the Python and machine that the wheels are for
wheels/*.whl             communewatch, what it needs, and pip to install them with
communewatch-agent.service, communewatch.sysusers
"""

import gzip
import hashlib
import io
import json
import platform
import re
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path

_MANIFEST = "bundle.json"
UNIT = "communewatch-agent.service"
SYSUSERS = "communewatch.sysusers"


class BundleError(Exception):
    """The archive or the folder of wheels is not what it should be."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which offices a bundle fits: `python` as major.minor, `machine` as `uname -m` says."""

    version: str
    python: str
    machine: str

    def __post_init__(self) -> None:
        """ValueError: on an office the version is part of folders' names, some of which are removed."""
        if not re.fullmatch(r"[0-9][0-9A-Za-z.+]*", self.version):
            raise ValueError(f"{self.version!r} is not a version")


@dataclass(frozen=True, slots=True)
class Bundle:
    """An archive on this machine and what planning needs to know of it."""

    path: Path
    manifest: Manifest
    unit: bytes
    sysusers: bytes

    @property
    def unit_sha256(self) -> str:
        """What an office that has this unit says of it."""
        return hashlib.sha256(self.unit).hexdigest()

    @property
    def name(self) -> str:
        """The archive's name on an office, where it stays until it is installed."""
        return f"communewatch-{self.manifest.version}.tar.gz"


def build(wheels: Path, units: Path, out: Path) -> Bundle:
    """Pack a folder of wheels and the folder with the unit. Deterministic: the same files give the same bytes."""
    found = sorted(wheels.glob("*.whl"))
    own = [match for wheel in found if (match := re.fullmatch(r"communewatch-([^-]+)-.*", wheel.stem))]
    if len(own) != 1 or not any(wheel.name.startswith("pip-") for wheel in found):
        raise BundleError(f"{wheels} should hold one wheel of communewatch, one of pip, and what communewatch needs")
    version = ".".join(platform.python_version_tuple()[:2])
    manifest = Manifest(own[0][1], version, platform.machine())
    content = {
        _MANIFEST: (json.dumps(asdict(manifest), indent=2) + "\n").encode(),
        **{name: (units / name).read_bytes() for name in (UNIT, SYSUSERS)},
        **{f"wheels/{wheel.name}": wheel.read_bytes() for wheel in found},
    }
    with (
        out.open("wb") as file,
        gzip.GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for name, data in content.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o644
            archive.addfile(entry, io.BytesIO(data))
    return Bundle(out, manifest, content[UNIT], content[SYSUSERS])


def read(path: Path) -> Bundle:
    """Look into an archive. BundleError says what is wrong with it."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            manifest = Manifest(**json.loads(_member(archive, _MANIFEST)))
            return Bundle(path, manifest, _member(archive, UNIT), _member(archive, SYSUSERS))
    except (OSError, tarfile.TarError, KeyError, TypeError, ValueError, EOFError) as error:
        raise BundleError(f"{path} is not a bundle: {error}") from None


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member.read()
