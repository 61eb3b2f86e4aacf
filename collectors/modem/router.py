"""What a router says of its modem by SNMP -> a signal."""

import math
import re
from collections.abc import Mapping

from collectors.core import Ports, ProbeError, Reason
from collectors.core.ports import Oid, SnmpAgent, SnmpValue
from collectors.modem.family import Family, Part, families
from collectors.modem.said import RANGES, Signal, shown

AUTO = "auto"
_MOST_ROWS = 4  # modems that are looked at in one router
_NUMBER = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)")
Said = Mapping[Oid, SnmpValue]


async def read_router(ports: Ports, agent: SnmpAgent, family: str, modem: str, timeout: float) -> Signal:
    """Of the modem with this row in the router's table, or of the one that serves it best.

    Raises ProbeError: what the port raises, UNSUPPORTED (a router that tells of no modem), NO_ANSWER (not of this one).
    """
    ends = ports.clock.monotonic() + timeout
    for known in families():
        if family in (AUTO, known.name):
            rows = await _rows(ports, agent, known, ends - ports.clock.monotonic())
            if rows:
                chosen = [row for row in rows if modem in ("any", row)]
                return await _read(ports, agent, known, chosen, ends - ports.clock.monotonic())
    raise ProbeError(Reason.UNSUPPORTED, "the router tells of no modem: no object of a family that is known here")


async def _rows(ports: Ports, agent: SnmpAgent, family: Family, timeout: float) -> tuple[str, ...]:
    """Of a family's table, "" for the only one without a table; nothing where the router is of another family."""
    mark = family.oid(family.mark, "")
    if not family.table:
        return ("",) if await ports.snmp.get(agent, (mark,), timeout) else ()
    found = await ports.snmp.walk(agent, mark, _MOST_ROWS, timeout)
    return tuple(oid.removeprefix(f"{mark}.") for oid in found)


async def _read(ports: Ports, agent: SnmpAgent, family: Family, rows: list[str], timeout: float) -> Signal:
    if not rows:
        raise ProbeError(Reason.NO_ANSWER, "the router has no modem of this number")
    oids = [family.oid(part, row) for row in rows for part in family.parts]
    said = await ports.snmp.get(agent, oids, timeout)
    return max((signal_of(family, row, said) for row in rows), key=_served)


def _served(signal: Signal) -> tuple[bool, float]:
    """Registered ones before others, and the stronger before the weaker."""
    return signal.registered, -math.inf if signal.power is None else signal.power


def signal_of(family: Family, row: str, said: Said) -> Signal:
    """Whatever is missing or odd is not said."""
    values = {
        name: _number(said.get(family.oid(one.oid, row)), one.scale, name) for name, one in family.numbers.items()
    }
    signal = Signal(
        "registered",
        _technology(family, row, said),
        _word(family, family.operator, row, said),
        values.get("rsrp"),
        values.get("rsrq"),
        values.get("sinr"),
        values.get("rscp"),
        values.get("rssi"),
        _word(family, family.cell, row, said),
    )
    return signal if _is_registered(family, row, said, signal) else signal.without_network


def _is_registered(family: Family, row: str, said: Said, signal: Signal) -> bool:
    if family.registered is None:
        return signal.power is not None
    word = _word(family, family.registered.oid, row, said).lower()
    return any(word == value if value.isdecimal() else word.startswith(value) for value in family.registered.values)


def _technology(family: Family, row: str, said: Said) -> str:
    if family.technology is None:
        return ""
    word = _word(family, family.technology.oid, row, said).lower()
    return family.technology.values.get(word, "") if family.technology.values else word


def _word(family: Family, part: Part | None, row: str, said: Said) -> str:
    value = said.get(family.oid(part, row)) if part else None
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)
    return shown(text.strip())


def _number(value: SnmpValue | None, scale: float, name: str) -> float | None:
    """From a number, or from a text that begins with one; None for what is none, or lies outside of what can be."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    found = _NUMBER.match(text[:40])
    weakest, strongest = RANGES[name]
    number = float(found[1]) * scale if found else math.nan
    return number if weakest <= number <= strongest else None
