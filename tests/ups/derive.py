"""States that nobody recorded, made from real recordings: `python -m tests.ups.derive --out FOLDER [RECORDING ...]`.

Of 76 public recordings one shows an outage and none a self-test, a lost link or a low battery. A derived card answers
as the recorded one does, but for the objects that its MIBs change in that state (tests/ups/derive.yml, written from the
MIBs and not from our profiles). Files are named derived-STATE-RECORDING.snmprec, live in a temporary folder, and serve
in snmpsim; they are made of other people's recordings and are never committed.
"""

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from collectors.core.ports import Oid
from tests.fakes.snmp import numbers
from tests.ups.recordings import Recording, recordings

TABLE = Path(__file__).with_name("derive.yml")
INTEGER, STRING, OID, GAUGE = "2", "4", "6", "66"


class State(StrEnum):
    """What a card is made to show; the value is the verdict on it, but for the last two, which are mains."""

    OUTAGE = "outage"
    LOW_BATTERY = "low_battery"
    SELF_TEST = "self_test"
    UPS_LINK_LOST = "ups_link_lost"
    BYPASS = "bypass"
    OVERLOAD = "overload"
    RECOVERED = "recovered"  # mains is back, everything that remembers the outage is still set
    DIP = "dip"  # mains was away for less than the time between two looks

    @property
    def verdict(self) -> str:
        return "mains" if self in (State.RECOVERED, State.DIP) else self.value


@dataclass(frozen=True, slots=True)
class Line:
    """One object of a recording, as snmpsim writes it."""

    oid: Oid
    kind: str
    text: str


@dataclass(slots=True)
class Card:
    """The objects of a card by OID; of an object that is there twice, the first counts, as in snmpsim."""

    lines: dict[Oid, Line] = field(default_factory=dict)

    def put(self, oid: Oid, value: int | str) -> None:
        """Change an object, whatever wrote its old value; a new one is an INTEGER or a text."""
        old = self.lines.get(oid)
        kind = re.sub(r"\D.*", "", old.kind) if old else INTEGER if isinstance(value, int) else STRING
        self.lines[oid] = Line(oid, INTEGER if kind == "5" else kind, str(value))

    def matching(self, pattern: Oid) -> Sequence[Oid]:
        """The objects that there are; # is the number of a row, which some cards follow with another .0."""
        wanted = re.compile(re.escape(pattern).replace(r"\#", r"\d+(?:\.0)?"))
        return [oid for oid in self.lines if wanted.fullmatch(oid)]


def derived(recording: Recording, state: State) -> Sequence[str] | None:
    """The lines of the derived recording; None where its MIBs, or what is recorded of them, have no word for it."""
    card = Card()
    for line in recording.path.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        oid, _, rest = line.lstrip(".").partition("|")
        if re.fullmatch(r"[\d.]+", oid):
            kind, _, text = rest.partition("|")
            card.lines.setdefault(oid, Line(oid, kind, text))
    spoken = [family for family in _families() if f"{family['base']}.{family['spoken']}" in card.lines]
    if not any(state.value in family for family in spoken):
        return None
    before = dict(card.lines)
    for family in spoken:
        change = family.get(state.value) or family.get("along", {}).get(state.value, {})
        _apply(card, family, change)
    if card.lines == before:
        return None
    ordered = sorted(card.lines.values(), key=lambda line: numbers(line.oid))
    return [f"{line.oid}|{line.kind}|{line.text}" for line in ordered]


def _apply(card: Card, family: Mapping[str, Any], change: Mapping[str, Any]) -> None:
    base = family["base"]
    for item, value in change.items():
        if item == "added":
            for part, number in value.items():
                card.put(f"{base}.{part}", number)
        elif item == "up":
            for oid in (oid for part in value for oid in card.matching(f"{base}.{part}")):
                card.put(oid, int(re.sub(r"\D", "", card.lines[oid].text) or 0) + 1)
        elif item == "flags":
            _flag(card, base, value)
        elif item == "alarms":
            _alarm(card, base, family["table"], value)
        else:
            for oid in card.matching(f"{base}.{item}"):
                card.put(oid, value)


def _flag(card: Card, base: Oid, strings: Mapping[str, Mapping[int, int]]) -> None:
    for part, flags in strings.items():
        for oid in card.matching(f"{base}.{part}"):
            text = list(card.lines[oid].text)
            for position, flag in flags.items():
                text[position - 1] = str(flag)
            card.put(oid, "".join(text))


def _alarm(card: Card, base: Oid, table: Mapping[str, str], kinds: Iterable[int]) -> None:
    """Alarms that are there stay. A new one takes a row without an alarm (some cards have all rows at all times), or
    one of its own.
    """
    rows, count = f"{base}.{table['rows']}", f"{base}.{table['count']}"
    present = {oid: line.text.lstrip(".") for oid, line in card.lines.items() if oid.startswith(f"{rows}.")}
    free = (oid for oid in map(f"{rows}.{{}}".format, range(1, 100)) if not present.get(oid, "").strip("0."))
    new = [alarm for kind in kinds if (alarm := f"{base}.{table['kinds']}.{kind}") not in present.values()]
    for oid, alarm in zip(free, new, strict=False):
        card.lines[oid] = Line(oid, OID, alarm)
    alarms = sum(1 for alarm in present.values() if alarm.strip("0.")) + len(new)
    card.lines[count] = Line(count, GAUGE, str(alarms))


@cache
def _families() -> Sequence[Mapping[str, Any]]:
    families: Mapping[str, Mapping[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))["families"]
    return tuple(families.values())


def write(out: Path, wanted: Iterable[Recording]) -> Iterator[Path]:
    """All derived recordings of these, as files that snmpsim serves."""
    for recording in wanted:
        for state in State:
            if (lines := derived(recording, state)) is not None:
                path = out / f"derived-{state}-{recording.stem}.snmprec"
                path.write_text("\n".join((*lines, "")), encoding="utf-8", errors="surrogateescape")
                yield path


def main() -> None:
    """Write the derived recordings into a folder of the caller's and name them."""
    parser = argparse.ArgumentParser(prog="python -m tests.ups.derive", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("recordings", nargs="*", help="short names; default: all")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    chosen = [each for each in recordings() if each.stem in arguments.recordings or not arguments.recordings]
    for path in write(arguments.out, chosen):
        print(path)


if __name__ == "__main__":
    main()
