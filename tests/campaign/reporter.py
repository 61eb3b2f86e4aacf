"""What one office hands to the network, look by look: scraped or sent, with marks, words, and what waits meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from alerts.scraped import SCRAPE_DURATION
from collectors.core.lastword import Word
from collectors.core.observed import LAST_WORD
from tests.campaign import look
from tests.campaign.clock import Clock
from tests.campaign.country import Site
from tests.campaign.life import Life, live
from tests.campaign.wire import Values, block, ended, stamped, values

_MINUTE = 4  # looks
_ANSWERED, _REFUSED, _SILENT = 0.05, 0.002, 10.0  # seconds that a scrape takes


@dataclass(slots=True)
class Reporter:
    """Remembers what the centre has been told. `waiting`: what the office has not been able to send."""

    site: Site
    clock: Clock
    life: Life = field(init=False)
    waiting: list[bytes] = field(default_factory=list)
    _shown: Values = field(default_factory=dict)
    _made: dict[str, tuple[tuple[look.Line, ...], Values]] = field(default_factory=dict)
    _encoded: dict[str, tuple[Values, bytes]] = field(default_factory=dict)
    _told: Word | None = None
    _reached: bool = True
    _calm: tuple[bytes, bytes] | None = None
    _looks: int = 0

    def __post_init__(self) -> None:
        self.life = live(self.site, ())

    def report(self, moment: float) -> bytes:
        """What reaches the centre at this look, encoded; b"" for nothing."""
        self._looks += 1
        if not self.life.faults:
            return self._usual(moment)
        runs, online = self.life.runs(moment), self.life.heard(self.site, moment)
        word = self._word(moment) if runs and online else b""
        return word + (
            self._sent(moment, runs, online) if self.site.office.pushes else self._scraped(moment, runs, online)
        )

    def take_back(self, raw: bytes) -> None:
        """The centre has not taken it; who is scraped knows nothing of that."""
        if self.site.office.pushes:
            self.waiting.insert(0, raw)

    def _usual(self, moment: float) -> bytes:
        """An office that nothing befalls: its page each minute, when its turn comes."""
        first = self._calm is None
        pulse, page = self._calm or self._made_calm(moment)
        raw = stamped(pulse + page if first or self._turn else pulse, self.clock.milliseconds(moment))
        if not self.site.office.pushes:
            return raw
        self.waiting.append(raw)
        return self._flushed() if first or self._turn else b""

    def _made_calm(self, moment: float) -> tuple[bytes, bytes]:
        self._shown = self._page(moment)
        self._calm = block(self._pulse(moment)), block(self._shown)
        return self._calm

    @property
    def _turn(self) -> bool:
        return self._looks % _MINUTE == int(self.site.turn * _MINUTE)

    def _sent(self, moment: float, runs: bool, online: bool) -> bytes:
        if runs:
            self.waiting.append(self._look(moment))
        return self._flushed() if online and runs and self._turn else b""

    def _flushed(self) -> bytes:
        raw = b"".join(self.waiting)
        self.waiting.clear()
        return raw

    def _scraped(self, moment: float, runs: bool, online: bool) -> bytes:
        """A scrape that fails ends all series of its target."""
        if runs and online:
            self._reached = True
            return self._look(moment)
        machine = not any(span.holds(moment) for span in self.life.machine)
        raw = block(self._took(_REFUSED if online and machine else _SILENT))
        if self._reached:
            raw += ended(chain(self._shown, self._pulse(moment)))
        self._reached, self._shown = False, {}
        return stamped(raw, self.clock.milliseconds(moment))

    def _look(self, moment: float) -> bytes:
        """The pulse, what has changed of the page, and all of it when its minute has come."""
        page, before = self._page(moment), self._shown
        raw = self._block("pulse", self._pulse(moment))
        if self._turn:
            raw += self._block("page", page)
        elif page != before:
            raw += block(dict(page.items() - before.items()))
        if page.keys() != before.keys():
            raw += ended(before.keys() - page.keys())
        self._shown = page
        return stamped(raw, self.clock.milliseconds(moment))

    def _block(self, part: str, found: Values) -> bytes:
        """Encoded once, for as long as it stays the same: that is most of the work."""
        known = self._encoded.get(part)
        if known is None or known[0] != found:
            self._encoded[part] = known = (found, block(found))
        return known[1]

    def _pulse(self, moment: float) -> Values:
        return self._values("pulse", look.pulse(self.site, self.life, moment, self.clock.origin))

    def _page(self, moment: float) -> Values:
        away = look.absence(self.life, moment, self.clock.origin, self.clock.pace)
        took = () if self.site.office.pushes else [look.Line(SCRAPE_DURATION(_ANSWERED))]
        return self._values("page", chain(look.page(self.site, self.life, moment), away, took))

    def _values(self, part: str, lines: Iterable[look.Line]) -> Values:
        """Looks are mostly alike, and to compare them costs less than to put their labels together again."""
        found, known = tuple(lines), self._made.get(part)
        if known is None or known[0] != found:
            self._made[part] = known = (found, values(self.site, found))
        return known[1]

    def _took(self, seconds: float) -> Values:
        return values(self.site, [look.Line(SCRAPE_DURATION(seconds))])

    def _word(self, moment: float) -> bytes:
        """A last word goes out by itself, under the office's bare identity."""
        word = look.word(self.site, self.life, moment)
        if word is None or word is self._told:
            return b""
        self._told = word
        bare: Mapping[str, str] = self.site.office.labels
        said = {each: LAST_WORD(each is word, word=each) for each in Word}
        found = {_key(bare, each.value, LAST_WORD.name): sample.value for each, sample in said.items()}
        return stamped(block(found), self.clock.milliseconds(moment))


def _key(identity: Mapping[str, str], word: str, name: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({**identity, "word": word, "__name__": name}.items()))
