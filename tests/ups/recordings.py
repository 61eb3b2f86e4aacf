"""The recorded cards: one row of the manifest each, read in place."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from collectors.core.ports import Oid, SnmpValue
from tests.fakes.snmp import read_snmprec
from tests.tools import shared

# Of such a recording nobody can tell what feeds the load: its state objects were cut away, or there is no UPS in it.
WITHOUT_STATE = (
    "identification only",
    "no common UPS state object",
    "state objects not in the recording",
    "sysObjectID says 935 but no 935 row",
    "GXT2, environment/conditions only",
)


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded card. name: its path without the ending, which is also its community in snmpsim."""

    name: str
    path: Path
    family: str
    device: str
    state: str
    licence: str

    @property
    def stem(self) -> str:
        """Short name, unique among the recordings."""
        return self.path.stem

    @property
    def project(self) -> str:
        """Whose recording it is."""
        return self.name.partition("/")[0]

    @property
    def has_state(self) -> bool:
        """Whether it tells what feeds the load, by those who catalogued it."""
        return not self.state.startswith(WITHOUT_STATE)

    @property
    def expected(self) -> Path:
        """Where LibreNMS keeps what it expects of a recording of its own; the file need not exist."""
        return self.path.parents[1] / "data" / f"{self.stem}.json"

    def answers(self) -> Mapping[Oid, SnmpValue]:
        return _answers(self.path)


@cache
def _answers(path: Path) -> Mapping[Oid, SnmpValue]:
    return MappingProxyType(read_snmprec(path))


def folder() -> Path:
    """Skips the test where there are no recordings."""
    return shared("ups")


@cache
def recordings() -> Sequence[Recording]:
    """All of them, by name."""
    rows = csv.DictReader((folder() / "manifest.csv").read_text(encoding="utf-8").splitlines())
    return sorted(_read(rows), key=lambda recording: recording.name)


def recording(stem: str) -> Recording:
    """The one with this short name."""
    return next(each for each in recordings() if each.stem == stem)


def _read(rows: Iterable[Mapping[str, str]]) -> Iterator[Recording]:
    for row in rows:
        if row["kind"] == "snmprec":
            name = row["file"].removesuffix(".snmprec")
            path = folder() / row["file"]
            yield Recording(name, path, row["family"], row["device"], row["state"], row["licence"])
