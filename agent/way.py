"""Where the line breaks, for the officers' page: the last look at the way refines what is said of the link. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent.config import Name
from agent.outcome import Outcome
from collectors.messages import text
from collectors.path.locate import Fault
from collectors.path.metrics import FAULT

_INSIDE = (Fault.OFFICE_LAN, Fault.GATEWAY)
_BEYOND = (Fault.PROVINCE, Fault.NATIONAL, Fault.TARGET)  # not the office's line any more
_NOWHERE = (Fault.NONE, Fault.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Place:
    """A fault on the way."""

    fault: Fault

    @property
    def is_the_lines(self) -> bool:
        """Whether it explains by itself why a service cannot be reached."""
        return self.fault not in _BEYOND

    @property
    def advice(self) -> str:
        """Whom to turn to: a key below status.advice."""
        if self.fault in _INSIDE:
            return "inside"
        return "names" if self.fault is Fault.DNS else "way"

    def after(self, said: Name) -> Name:
        """What is said of the link, and the place."""
        where = f"path.where.{self.fault}"
        return Name(
            text("status.link.where", "vi", said=said.vi, place=text(where)),
            text("status.link.where", "en", said=said.en, place=text(where, "en")),
        )


def place(looks: Iterable[Outcome | None]) -> Place | None:
    """What the last looks have found; None = nothing, or nowhere."""
    samples = (sample for look in looks if look for sample in look.reading.samples)
    held = (Fault(one.label("where")) for one in samples if one.metric == FAULT and one.value == 1)
    return next((Place(fault) for fault in held if fault not in _NOWHERE), None)
