"""A second method where the first leaves a question: one throughput test of the link, beside its turn. Pure.

By day: a capacity far below the contract may be the begin of a dip, and what an office really gets then is worth a test
at once. A line that shows no limit may be faster than its contract, or its policer lets a second's worth pass: a flow
that goes on tells. One test each time that this begins.

At night: what the day's tests could not answer (the office used its line, nothing was steady) is asked when nobody is
there, once a night, after a capacity probe that found the line free. The link's budget has the last word
(agent/purse.py).
"""

from collections.abc import Iterable, Iterator
from datetime import date

from agent import night
from agent.config import Probe
from agent.outcome import Outcome
from collectors.core.line import LineLook

_FIRST, _SECOND = "capacity", "bandwidth"


class Confirmation:
    """Remembers of each link what is low, what is unsaturated, and what is still to be answered."""

    def __init__(self) -> None:
        self._low: set[str] = set()
        self._unsaturated: set[str] = set()
        self._open: set[str] = set()
        self._nights: dict[str, date] = {}

    def see(self, outcome: Outcome, probes: Iterable[Probe]) -> Iterator[str]:
        """The keys of the probes that are to run because of this."""
        name, link = outcome.probe.collector.name, outcome.probe.labels.get("link", "")
        look = outcome.reading.seen if isinstance(outcome.reading.seen, LineLook) else None
        if name == _SECOND:
            self._answered(link, look)
        elif name == _FIRST and look and self._asks(link, look, outcome.ended):
            same = (one for one in probes if one.labels.get("link") == outcome.probe.labels.get("link"))
            yield from (one.key for one in same if one.collector.name == _SECOND)

    def _answered(self, link: str, look: LineLook | None) -> None:
        """By a figure of the line, which nobody else was using as far as is known."""
        answered = look is not None and not look.contended
        (self._open.discard if answered else self._open.add)(link)

    def _asks(self, link: str, look: LineLook, now: float) -> bool:
        began = _begins(self._low, link, look.low) | _begins(self._unsaturated, link, _unsaturated(look))
        if began:
            self._open.add(link)
        tonight = night.of(now)
        if tonight is None or link not in self._open or look.contended or self._nights.get(link) == tonight:
            return began
        self._nights[link] = tonight
        return True


def _unsaturated(look: LineLook) -> bool | None:
    """A figure of the other direction alone does not end it."""
    return look.unsaturated or (None if look.low is None else False)


def _begins(holds: set[str], link: str, now: bool | None) -> bool:
    """Note what is so now (None = nobody knows), and whether it was not before."""
    began = bool(now) and link not in holds
    if now is not None:
        (holds.add if now else holds.discard)(link)
    return began
