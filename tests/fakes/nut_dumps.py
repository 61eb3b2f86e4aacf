"""What upsc showed of real UPSes, in the folder shared beside the checkout, read in place."""

from pathlib import Path

from tests.tools import shared


def dump_files() -> tuple[Path, ...]:
    return tuple(sorted(shared("ups", "nut-ddl").glob("*.dev")))


def read_dump(path: Path) -> dict[str, str]:
    """The variables; comments go."""
    lines = (line.partition("#")[0] for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition(": ") for line in lines if ": " in line)
    return {name.strip(): value.strip() for name, _, value in pairs}
