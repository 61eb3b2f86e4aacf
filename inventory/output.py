"""Writing a rendered inventory to a folder, so that the folder holds exactly what was rendered.

MANIFEST lists every file with its SHA-256, as sha256sum writes it: `sha256sum -c MANIFEST` checks a copy, and the next
render knows what it may remove. A file that did not change is left alone, with its time.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MANIFEST = "MANIFEST"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the folder's files, by path."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def write(folder: Path, files: Mapping[str, str]) -> Written:
    """Bring the folder to these files. Raises OSError. Files that no manifest lists are not touched."""
    stale = sorted(listed(folder) - files.keys())
    changed = [path for path, text in files.items() if _write(folder / path, text)]
    for path in stale:
        _remove(folder, path)
    _write(folder / MANIFEST, manifest(files))
    return Written(tuple(changed), tuple(stale), len(files) - len(changed))


def manifest(files: Mapping[str, str]) -> str:
    """One line per file: SHA-256, two spaces, path."""
    return "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {path}\n" for path, text in sorted(files.items()))


def listed(folder: Path) -> set[str]:
    """The paths in the folder's manifest, none where it has no manifest; those that lead out of it are ignored."""
    try:
        lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return set()
    return {path for path in (line[66:] for line in lines) if _inside(path)}


def _inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts


def _write(path: Path, text: str) -> bool:
    """Whether the file had to be written; readers see the old or the new text, never half of one."""
    content = text.encode()
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(content)
    new.replace(path)
    return True


def _remove(folder: Path, path: str) -> None:
    (folder / path).unlink(missing_ok=True)
    for parent in PurePosixPath(path).parents:
        if parent == PurePosixPath("."):
            return
        try:
            (folder / parent).rmdir()
        except OSError:  # not empty: something else lives there
            return
