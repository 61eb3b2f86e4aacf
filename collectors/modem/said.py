"""What mmcli says of a modem, read strictly: everything in it is text, and "--" where the modem does not say. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

_NEWEST_FIRST = ("5g", "lte", "umts", "gsm")
_NOT_SAID = "--"
_LONGEST = 60
_WEAKEST, _STRONGEST = -200.0, 100.0  # dBm or dB: what lies outside is a modem's word for "unknown"
RANGES: Mapping[str, tuple[float, float]] = MappingProxyType({  # what networks report (3GPP TS 36.133, 38.133, 25.133)
    "rsrp": (-156.0, -31.0), "rsrq": (-43.0, 20.0), "sinr": (-23.0, 40.0), "rscp": (-121.0, -24.0),
    "rssi": (-120.0, -10.0),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signal:
    """Of the newest technology that has values; None = the modem does not say. 3GPP TS 36.214, 38.215, 25.215.

    state       ModemManager's: connected, registered, searching, disabled, ...
    technology  as registered: "lte", "5gnr", "umts", ...; several are joined by a plus
    rsrp, rscp, rssi  dBm; rsrq, sinr  dB
    cell        the cell's identity, "" where it is not told
    """

    state: str
    technology: str = ""
    operator: str = ""
    rsrp: float | None = None
    rsrq: float | None = None
    sinr: float | None = None
    rscp: float | None = None
    rssi: float | None = None
    cell: str = ""

    @property
    def registered(self) -> bool:
        return self.state in ("registered", "connected", "connecting", "disconnecting")

    @property
    def without_network(self) -> "Signal":
        """The same of a modem that is in no network."""
        return replace(self, state="searching")

    @property
    def power(self) -> float | None:
        """What tells best how strong the signal is, dBm."""
        return next((value for value in (self.rsrp, self.rscp, self.rssi) if value is not None), None)


def read(modem: Mapping[str, object]) -> Signal:
    """From the object below `modem`. Whatever is missing or odd is not said."""
    generic, network = _part(modem, "generic"), _part(modem, "3gpp")
    technologies = generic.get("access-technologies")
    names = technologies if isinstance(technologies, list) else [technologies]
    radio = next((found for name in _NEWEST_FIRST if (found := _values(modem, name))), {})
    return Signal(
        _text(generic, "state"),
        "+".join(sorted(name for name in names if isinstance(name, str) and name != _NOT_SAID))[:_LONGEST],
        _text(network, "operator-name"),
        radio.get("rsrp"),
        radio.get("rsrq"),
        radio.get("snr"),
        radio.get("rscp"),
        radio.get("rssi"),
        _text(_part(_part(modem, "location"), "3gpp"), "cid"),
    )


def _values(modem: Mapping[str, object], technology: str) -> dict[str, float]:
    radio = _part(_part(modem, "signal"), technology)
    return {name: value for name in radio if (value := _number(radio.get(name))) is not None}


def _part(whole: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = whole.get(name)
    return found if isinstance(found, dict) else {}


def _text(part: Mapping[str, object], name: str) -> str:
    found = part.get(name)
    if not isinstance(found, str) or found == _NOT_SAID:
        return ""
    return shown(found)


def shown(text: str) -> str:
    """What may stand in a label."""
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST]


def _number(value: object) -> float | None:
    try:
        found = float(value) if isinstance(value, str | int | float) else math.nan
    except ValueError:
        return None
    return found if _WEAKEST < found < _STRONGEST else None
