"""What does the product make of a walk? For whoever records a card or writes a profile:

    python -m tests.ups.walk FILE

FILE is what `snmpwalk -On` printed, or a recording in snmpsim's format (.snmprec).
"""

import asyncio
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from collectors.core import Reading
from collectors.core.ports import Oid, SnmpValue
from tests.fakes.snmp import read_snmprec
from tests.ups.product import looks_at

LOOKS = 2  # a verdict may need a second one
_LINE = re.compile(r"\.?(?P<oid>\d+(?:\.\d+)+) = (?:(?P<kind>[A-Za-z][\w -]*): ?)?(?P<text>.*)")
_NUMBERS = frozenset(("INTEGER", "Gauge32", "Counter32", "Counter64", "Unsigned32", "Timeticks"))
_WORDS = frozenset(("source", "state", "result", "verdict"))  # of these the one that holds is enough
_ENTERPRISE = re.compile(r"1\.3\.6\.1\.4\.1\.(\d+)\.")


def parse_walk(text: str) -> dict[Oid, SnmpValue]:
    """The objects that `snmpwalk -On` printed, with or without MIBs loaded; what it calls absent is left out."""
    matches = (_LINE.fullmatch(line) for line in text.splitlines())
    read = ((match["oid"], _value(match["kind"], match["text"].strip())) for match in matches if match)
    return {oid: value for oid, value in read if value is not None}


def _value(kind: str | None, text: str) -> SnmpValue | None:
    if kind in _NUMBERS or re.fullmatch(r"-?\d+", text):
        number = re.search(r"\((-?\d+)\)|-?\d+", text)  # 5, normal(5), (500) 0:00:05.00, 5 0.1 Volt
        return int(number[1] or number[0]) if number else None
    if kind == "Hex-STRING":
        return bytes.fromhex(text)
    if kind == "OID":
        return text.lstrip(".")
    if kind == "STRING" or text.startswith('"'):
        return text.removeprefix('"').removesuffix('"').encode()
    return text.encode() if kind == "IpAddress" else None


def read_card(path: Path) -> Mapping[Oid, SnmpValue]:
    """Raises OSError and UnicodeDecodeError."""
    return read_snmprec(path) if path.suffix == ".snmprec" else parse_walk(path.read_text(encoding="utf-8"))


def report(answers: Mapping[Oid, SnmpValue], reading: Reading) -> Iterator[str]:
    """Lines for a person."""
    makers = sorted({int(found[1]) for oid in answers if (found := _ENTERPRISE.match(oid))})
    yield f"{len(answers)} objects, enterprise numbers: {', '.join(map(str, makers)) or 'none'}"
    yield from reading.evidence
    for sample in reading.samples:
        if sample.value or not _WORDS & dict(sample.labels).keys():
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels)
            yield f"{sample.metric.name}{{{labels}}} {sample.value:g}"


def main() -> int:
    """The exit status: 0 where a UPS was read, 1 where none was, 2 for a file that is none."""
    try:
        answers = read_card(Path(sys.argv[1]))
    except (IndexError, OSError, ValueError) as error:
        print(f"python -m tests.ups.walk FILE: {error}", file=sys.stderr)
        return 2
    reading = asyncio.run(looks_at(answers, LOOKS))[-1]
    print("\n".join(report(answers, reading)))
    return 0 if reading.result.value == "ok" else 1


if __name__ == "__main__":
    sys.exit(main())
