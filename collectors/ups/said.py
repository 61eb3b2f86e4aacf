"""Why the power is judged as it is, for a person: messages of the catalogue with their values, in either language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from collectors.messages import Language, text
from collectors.ups.canonical import Observation

_PLENTY = 50  # per cent of its charge: a battery that is low with more is worn out


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the catalogue, below `power`."""

    key: str
    values: "Mapping[str, Said | float | str]" = field(default_factory=lambda: MappingProxyType({}))

    def text(self, lang: Language) -> str:
        shown = {name: value.text(lang) if isinstance(value, Said) else value for name, value in self.values.items()}
        return text(f"power.{self.key}", lang, **shown)


def low(because: Said, seen: Observation) -> Said:
    """The same reason, with what is left in the battery."""
    return Said("because.low", {"why": because, "left": _left(seen)})


def _left(seen: Observation) -> Said:
    minutes = None if seen.runtime is None else round(seen.runtime / 60)
    percent = None if seen.charge is None else round(seen.charge * 100)
    if percent is not None and percent > _PLENTY:
        return Said("left.weak", {"percent": percent})
    if minutes is not None and percent is not None:
        return Said("left.both", {"minutes": minutes, "percent": percent})
    if minutes is not None:
        return Said("left.runtime", {"minutes": minutes})
    return Said("left.unsaid") if percent is None else Said("left.charge", {"percent": percent})


def why(seen: Observation, key: str, **values: float) -> Said:
    """A reason with what the input is at."""
    volts = ", ".join(f"{value:.0f}" for value in seen.input_voltage.values())
    at = Said("input.measured", {"volts": volts}) if volts else Said("input.unmeasured")
    return Said(f"because.{key}", {**values, "input": at})
