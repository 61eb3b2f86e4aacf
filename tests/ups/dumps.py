"""What users of NUT saw (dumps of `upsc`), turned back into what their cards had answered; dumps.yml says how.

Among them are the only real outage that anybody published, and two UPSes on mains that NUT took for UPSes in an outage.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from collectors.core.ports import Oid, SnmpValue
from tests.ups.recordings import folder

TABLE = Path(__file__).with_name("dumps.yml")
UNNAMED = {"APC": "apcc", "Tripp Lite": "ietf"}  # old dumps do not say which MIB they were made of


@dataclass(frozen=True, slots=True)
class Dump:
    """One dump. variables: without those that the sender marked as wrong, but for the status; mistaken: it was one."""

    name: str
    variables: Mapping[str, str]
    mistaken: bool

    @property
    def is_ups(self) -> bool:
        return self.variables.get("device.type", "ups") == "ups"

    @property
    def status(self) -> frozenset[str]:
        """OL, OB, LB, BYPASS, OFF..."""
        return frozenset(self.variables.get("ups.status", "").split())

    @property
    def mib(self) -> str:
        """As snmp-ups calls it."""
        named = re.search(r"mib: (\w+)", self.variables.get("driver.version.internal", ""))
        first = self.variables.get("driver.version.data", "").split()[:1]
        chosen = self.variables.get("driver.parameter.mibs", "auto")
        if named or first:
            return named[1] if named else first[0]
        return chosen if chosen != "auto" else UNNAMED[self.variables["ups.mfr"]]

    @property
    def numbers(self) -> Mapping[str, str]:
        """The variables that were turned back into numbers of the card."""
        known = _table()[self.mib]["numbers"]
        return {name: text for name, text in self.variables.items() if re.sub(r"\.L\d", ".L#", name) in known}

    def answers(self) -> Mapping[Oid, SnmpValue]:
        """What the card had said."""
        table = _table()[self.mib]
        return {f"{table['base']}.{part}": value for part, value in self._objects(table)}

    def _objects(self, table: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
        for variable, text in self.variables.items():
            line = (re.findall(r"\.L(\d)", variable) or [""])[0]
            if rule := table["numbers"].get(re.sub(r"\.L\d", ".L#", variable)):
                part, _, factor = rule.partition(" * ")
                yield part.replace("#", line), round(float(text) * float(factor))
            for word, objects in table["words"].get(variable, {}).items():
                if word == text or (variable == "ups.status" and word in self.status):
                    yield from objects.items()


@cache
def dumps() -> Sequence[Dump]:
    """All of them, by name."""
    return [_read(path) for path in sorted((folder() / "nut-ddl").glob("*.dev"))]


def _read(path: Path) -> Dump:
    found: dict[str, str] = {}
    mistaken = False
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        name, _, rest = line.partition(":")
        text, bad, _ = rest.partition("#BAD")
        if re.fullmatch(r"[a-z][\w.-]*", name, re.IGNORECASE) and (not bad or name == "ups.status"):
            found[name] = text.strip()
            mistaken = mistaken or bool(bad)
    return Dump(path.stem, found, mistaken)


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    table: Mapping[str, Mapping[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table
