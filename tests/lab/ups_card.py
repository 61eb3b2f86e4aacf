"""What the network card of a simulated UPS says, and snmpd's pass_persist protocol to say it (snmpd.conf(5)).

usage: ups_card.py SCENARIO MIB        MIB is powernet or rfc1628

SCENARIO is a JSON file that may be replaced at any time. Runs as a script of its own, on the standard library only,
because a dozen of them may run beside a lab. The numbers are made up; what the objects mean is in the two MIBs.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

RUNTIME_WHEN_FULL = 1800.0  # seconds, at the load below
LOAD_PERCENT = 32
LOW_CHARGE = 0.10  # from here on the card calls its battery low
NOMINAL = 230  # volts
ROOTS = {"powernet": "1.3.6.1.4.1.318.1.1.1", "rfc1628": "1.3.6.1.2.1.33.1"}
MODEL = "Derived UPS 1000"

Objects = dict[str, tuple[str, str]]  # part of the OID after the root -> snmpd's word for the type, text


@dataclass(frozen=True)
class Scenario:
    """state: on_line, on_battery, self_test, link_lost, bypass, overload. since: Unix time at which it began.

    charge is the charge at that time, full = 1; on battery an empty_after seconds long drain starts there, on line a
    refill_after seconds long charge.
    """

    state: str = "on_line"
    since: float = 0.0
    charge: float = 1.0
    empty_after: float = RUNTIME_WHEN_FULL
    refill_after: float = 4 * RUNTIME_WHEN_FULL
    line_bads: int = 3

    def charge_at(self, now: float) -> float:
        drains = self.state in ("on_battery", "self_test")
        change = -(now - self.since) / self.empty_after if drains else (now - self.since) / self.refill_after
        return min(1.0, max(0.0, self.charge + change))

    def write(self, path: Path) -> None:
        """Replaced in one step: a card that reads meanwhile sees the old or the new one."""
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(self)), encoding="utf-8")
        draft.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Scenario":
        return cls(**json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Reading:
    """A scenario at one moment, in the units of people."""

    state: str
    charge: float
    seconds_on_battery: int
    line_bads: int

    @property
    def on_battery(self) -> bool:
        return self.state in ("on_battery", "self_test")

    @property
    def low(self) -> bool:
        return self.charge <= LOW_CHARGE

    @property
    def input_volts(self) -> int:
        return 0 if self.state == "on_battery" else 232

    @property
    def load_percent(self) -> int:
        return 118 if self.state == "overload" else LOAD_PERCENT

    @property
    def runtime(self) -> float:
        return self.charge * RUNTIME_WHEN_FULL


def reading(scenario: Scenario, now: float) -> Reading:
    on_battery = scenario.state in ("on_battery", "self_test")
    seconds = int(now - scenario.since) if on_battery else 0
    return Reading(scenario.state, scenario.charge_at(now), seconds, scenario.line_bads)


def rfc1628(ups: Reading) -> Objects:
    source = {"on_battery": 5, "self_test": 5, "bypass": 4}.get(ups.state, 3)
    alarms = sorted(_alarms(ups))
    objects = {
        "1.1.0": ("string", "communewatch"), "1.2.0": ("string", MODEL), "1.3.0": ("string", "1.0"),
        "2.1.0": ("integer", "3" if ups.low else "2"), "2.2.0": ("integer", str(ups.seconds_on_battery)),
        "2.3.0": ("integer", str(int(ups.runtime / 60))), "2.4.0": ("integer", str(round(ups.charge * 100))),
        "2.5.0": ("integer", "273"), "2.7.0": ("integer", "27"), "3.1.0": ("counter", str(ups.line_bads)),
        "3.2.0": ("integer", "1"), "3.3.1.2.1": ("integer", "500" if ups.input_volts else "0"),
        "3.3.1.3.1": ("integer", str(ups.input_volts)), "4.1.0": ("integer", str(source)),
        "4.2.0": ("integer", "500"), "4.3.0": ("integer", "1"), "4.4.1.2.1": ("integer", str(NOMINAL)),
        "4.4.1.5.1": ("integer", str(ups.load_percent)), "6.1.0": ("gauge", str(len(alarms))),
        "7.3.0": ("integer", "5" if ups.state == "self_test" else "6"), "9.1.0": ("integer", str(NOMINAL)),
        "9.7.0": ("integer", "2"),
    }  # fmt: skip
    rows = {f"6.2.1.2.{row}": ("objectid", f".{ROOTS['rfc1628']}.6.3.{kind}") for row, kind in enumerate(alarms, 1)}
    return objects | rows


def _alarms(ups: Reading) -> Iterator[int]:
    """Numbers of the well known alarms of RFC 1628, section 4."""
    if ups.on_battery:
        yield 2
    if ups.state == "on_battery":
        yield 6
    if ups.low:
        yield 3
    yield from {"self_test": (24,), "link_lost": (20,), "overload": (8,), "bypass": (9,)}.get(ups.state, ())


def powernet(ups: Reading) -> Objects:
    output = {"on_battery": 3, "self_test": 3, "bypass": 6}.get(ups.state, 2)
    cause = {"on_battery": 4, "self_test": 9}.get(ups.state, 9)
    return {
        "1.1.1.0": ("string", MODEL), "1.2.1.0": ("string", "UPS 01.0"), "1.2.3.0": ("string", "DERIVED0001"),
        "2.1.1.0": ("integer", "3" if ups.low else "2"), "2.1.2.0": ("timeticks", str(ups.seconds_on_battery * 100)),
        "2.2.1.0": ("gauge", str(round(ups.charge * 100))), "2.2.2.0": ("gauge", "27"),
        "2.2.3.0": ("timeticks", str(int(ups.runtime * 100))), "2.2.4.0": ("integer", "1"),
        "2.2.8.0": ("integer", "27"), "2.3.1.0": ("gauge", str(round(ups.charge * 1000))),
        "2.3.4.0": ("integer", "273"), "3.2.1.0": ("gauge", str(ups.input_volts)),
        "3.2.4.0": ("gauge", "50" if ups.input_volts else "0"), "3.2.5.0": ("integer", str(cause)),
        "3.3.1.0": ("gauge", str(ups.input_volts * 10)), "3.3.4.0": ("gauge", "500" if ups.input_volts else "0"),
        "4.1.1.0": ("integer", str(output)), "4.2.1.0": ("gauge", str(NOMINAL)),
        "4.2.3.0": ("gauge", str(ups.load_percent)), "4.3.1.0": ("gauge", str(NOMINAL * 10)),
        "4.3.2.0": ("gauge", "500"), "4.3.3.0": ("gauge", str(ups.load_percent * 10)),
        "5.2.1.0": ("integer", str(NOMINAL)), "7.2.3.0": ("integer", "4" if ups.state == "self_test" else "1"),
        "8.1.0": ("integer", "2" if ups.state == "link_lost" else "1"), "11.1.1.0": ("string", _flags(ups)),
    }  # fmt: skip


def _flags(ups: Reading) -> str:
    """upsBasicStateOutputState: 64 flags, numbered from 1 at the left."""
    if ups.state == "link_lost":
        return "UNKNOWN"
    on = {6, 19, 2 if ups.on_battery else 4}
    on |= {3} if ups.low else set()
    on |= {"self_test": {29}, "overload": {9}, "bypass": {13}}.get(ups.state, set())
    return "".join("1" if number in on else "0" for number in range(1, 65))


def objects(mib: str, scenario: Scenario, now: float) -> dict[str, tuple[str, str]]:
    """OID -> snmpd's word for the type, text."""
    say = {"powernet": powernet, "rfc1628": rfc1628}[mib]
    return {f"{ROOTS[mib]}.{part}": value for part, value in say(reading(scenario, now)).items()}


def serve(path: Path, mib: str, requests: TextIO, answers: TextIO) -> None:
    """Answer until snmpd closes its end."""
    while request := requests.readline().strip():
        if request == "PING":
            answer = "PONG"
        elif request == "set":
            requests.readline(), requests.readline()
            answer = "not-writable"
        else:
            answer = _answer(
                request, requests.readline().strip().lstrip("."), objects(mib, Scenario.read(path), time.time())
            )
        print(answer, file=answers, flush=True)


def _answer(request: str, oid: str, known: dict[str, tuple[str, str]]) -> str:
    if request == "getnext":
        later = [other for other in known if _numbers(other) > _numbers(oid)]
        oid = min(later, key=_numbers, default="")
    if oid not in known:
        return "NONE"
    kind, text = known[oid]
    return f".{oid}\n{kind}\n{text}"


def _numbers(oid: str) -> tuple[int, ...]:
    return tuple(int(part) for part in oid.split("."))


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.argv[2], sys.stdin, sys.stdout)
