"""The office's word on its power, from the readings of all its UPSes, however they are read. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from collectors.core import Reading, Sample
from collectors.core.lastword import Word
from collectors.core.observed import LAST_WORD, LAST_WORD_CHARGE, LAST_WORD_RUNTIME
from collectors.ups.metrics import CHARGE, POWER_VERDICT, RUNTIME, SUSPECTED
from collectors.ups.power import Verdict

FORGOTTEN = 900.0  # seconds for which a UPS that tells nothing any more is believed its last word
_WORDS = MappingProxyType({Verdict.OUTAGE: Word.OUTAGE, Verdict.LOW_BATTERY: Word.LOW_BATTERY})
_RANKS = (Word.UNKNOWN, Word.MAINS, Word.SUSPECT, Word.OUTAGE, Word.LOW_BATTERY)


@dataclass(frozen=True, slots=True)
class Power:
    """charge: 0 to 1, runtime: seconds; None where the UPS does not say. answered: the UPS itself was heard."""

    word: Word = Word.UNKNOWN
    charge: float | None = None
    runtime: float | None = None
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Upses:
    """The last telling word of each UPS by its probe's key, and when it was said (monotonic seconds)."""

    heard: Mapping[str, tuple[Power, float]] = field(default_factory=lambda: MappingProxyType({}))

    def with_one(self, key: str, power: Power, at: float) -> "Upses":
        """A UPS has been read. One that cannot tell leaves its last word for a while.

        But a suspicion ends with the answer that does not repeat it: else the flag that was found to be stuck would
        have a link that is cut soon after read as a power cut.
        """
        before = self.heard.get(key)
        taken_back = power.answered and before is not None and before[0].word is Word.SUSPECT
        if power.word is Word.UNKNOWN and before and at - before[1] < FORGOTTEN and not taken_back:
            return self
        return Upses(MappingProxyType({**self.heard, key: (power, at)}))

    def only(self, keys: Iterable[str]) -> "Upses":
        """The others are not configured any more."""
        wanted = frozenset(keys)
        return Upses(MappingProxyType({key: heard for key, heard in self.heard.items() if key in wanted}))

    def office(self) -> Power:
        """The worst of them: nobody here knows which one feeds the router and this machine."""
        return max((power for power, _ in self.heard.values()), key=_rank, default=Power())


def _rank(power: Power) -> tuple[int, float]:
    """Of two that are equally bad, the one with less time left."""
    return _RANKS.index(power.word), -(power.runtime if power.runtime is not None else float("inf"))


def of_reading(reading: Reading) -> Power | None:
    """What a UPS's reading says of the power; None for the reading of anything else."""
    verdicts = (sample for sample in reading.samples if sample.metric is POWER_VERDICT and sample.value)
    verdict = next((Verdict(sample.label("verdict")) for sample in verdicts), None)
    if verdict is None:
        return None
    values = {sample.metric: sample.value for sample in reading.samples if not sample.labels}
    word = _WORDS.get(verdict, Word.MAINS if verdict.tells else Word.UNKNOWN)
    if values.get(SUSPECTED) and not verdict.is_outage:
        word = Word.SUSPECT
    answered = verdict not in (Verdict.NO_ANSWER, Verdict.UPS_LINK_LOST)
    return Power(word, values.get(CHARGE), values.get(RUNTIME), answered)


def said(power: Power) -> tuple[Sample, ...]:
    """What is pushed: every word with 1 or 0, and what is left in the battery."""
    words = tuple(LAST_WORD(word is power.word, word=word) for word in Word)
    charge = () if power.charge is None else (LAST_WORD_CHARGE(power.charge),)
    runtime = () if power.runtime is None else (LAST_WORD_RUNTIME(power.runtime),)
    return (*words, *charge, *runtime)
