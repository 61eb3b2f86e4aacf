"""What the receiving end of a probe makes of the packets that come, and when it has heard enough. Pure."""

from dataclasses import dataclass, field

from collectors.capacity.bursts import LONG, NOTHING, SHORT, Bursts, Wanted
from collectors.capacity.knee import PRESSED, KneeWatch
from collectors.capacity.trace import Trace
from collectors.core.ports import Ending, Heard

_TAIL = 0.1  # seconds of the window where no knee was seen


@dataclass(slots=True)
class Hearing:
    """One probe. Rates in bytes per second at the IP layer, times in nanoseconds.

    sending  the rate at which the train is sent
    ending   why the train has been heard enough; None while it has not
    wanted   what should follow it
    """

    sending: float
    ending: Ending | None = None
    wanted: Wanted = NOTHING
    trace: Trace = field(default_factory=Trace)
    bursts: Bursts = field(default_factory=Bursts)
    _watch: KneeWatch = field(init=False)
    _tail: float = 0.0
    _uneven: bool = False
    _policed: bool = False

    def __post_init__(self) -> None:
        self._watch = KneeWatch(self.sending)

    def of_train(self, time: int, size: int, sent: int, number: int) -> bool:
        """A packet of the train; whether it was enough with this one. What comes after that is not looked at."""
        if self.ending:
            return False
        self.trace.add(time, size, sent, number)
        self.ending = self._watch.look(self.trace)
        if self.ending:
            self._tail = self.trace.rate(self._watch.window)
            self.wanted = self._want()
        return self.ending is not None

    def _want(self) -> Wanted:
        trace, window = self.trace, self._watch.window
        self._policed = self.ending is Ending.KNEE and trace.delay_rise < PRESSED
        self.bursts.batched = trace.is_batched(window)
        self._uneven = self.bursts.batched or trace.is_uneven(window)
        if not self._uneven:
            return SHORT.at(self._tail)
        # No longer than the queue that has been seen: it would drop the rest, and run empty until the next one.
        seconds = min(LONG.seconds, max(SHORT.seconds, 0.9 * trace.delay_rise))
        return LONG.at(self._tail)._replace(seconds=seconds)

    def over(self) -> None:
        """The sender has reached its bound."""
        self.ending = self.ending or Ending.BYTES

    def heard(self, overflow: int, busy: float, clock_step: float) -> Heard:
        """All of it, with what the machine says of itself."""
        trace = self.trace
        tail = self._tail or (trace.rate(_TAIL) if len(trace) else 0.0)
        passed = trace.size - tail * trace.seconds
        return Heard(
            self.ending or Ending.SILENCE, tail, max(0.0, passed), self.bursts.rates(self._uneven),
            self.bursts.gap_rate(), self._uneven, self._policed, len(trace), trace.lost,
            trace.delay_rise, overflow, busy, clock_step,
        )  # fmt: skip
