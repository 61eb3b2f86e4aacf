"""The desk where notifications come in: into words, onto disk, to the couriers."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from alerts.relay.config import RelaySettings
from alerts.relay.courier import Courier, disk_errors_told
from alerts.relay.letter import Letter, letter_id
from alerts.relay.message import compose
from alerts.relay.metrics import Receipt
from alerts.relay.payload import Notification
from alerts.relay.store import FullError, Store
from alerts.rule import Severity
from collectors.core.logline import logline
from collectors.core.ports import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """`couriers` by the name of their channel."""

    settings: RelaySettings
    store: Store
    clock: Clock
    couriers: dict[str, Courier]

    def accept(self, notification: Notification, named: Sequence[str]) -> Receipt:
        """Keep one letter per channel. After ACCEPTED or REPEATED it is safe to forget the notification."""
        now = self.clock.now()
        self.store.forget(now - self.settings.idempotency)
        letters = list(self._letters(notification, named, now))
        try:
            self.store.put(letters)
        except (FullError, OSError) as error:
            log.error("%s", logline("refused", receiver=notification.receiver, error=error))  # noqa: TRY400
            return Receipt.REFUSED
        finally:
            for letter in letters:  # also when only some could be kept: those are not kept anew when it comes again
                self.wake(letter.channel)
        return Receipt.ACCEPTED if letters else Receipt.REPEATED

    def adopt_strays(self) -> None:
        """What waits for a channel that relay.yml no longer has, nobody would deliver: a default one takes it over."""
        for letter in self.store.strays(self.settings.channels):
            log.warning("%s", logline("channel_gone", channel=letter.channel, to=self.settings.default[0]))
            with disk_errors_told():
                self.store.hand_over(letter, self.settings.default[0])

    def wake(self, channel: str) -> None:
        """There is something new for this channel."""
        self.couriers[channel].news.set()

    def _letters(self, notification: Notification, named: Sequence[str], now: float) -> Iterator[Letter]:
        message = compose(notification)
        number = self.store.next_number()
        for channel in recipients(self.settings, named, message.facts.get("severity", "")):
            identity = letter_id(notification, channel)
            if not self.store.knows(identity):
                yield Letter(
                    identity, number, channel, notification.group, now,
                    message.title, message.body, message.short, message.facts,
                )  # fmt: skip


def recipients(settings: RelaySettings, named: Sequence[str], severity: str) -> Iterable[str]:
    """The channels to use: those named that exist, else the default ones; less those that want critical ones only."""
    if unknown := [name for name in named if name not in settings.channels]:
        log.warning("%s", logline("unknown_channel", channels=",".join(unknown)))
    known = [name for name in named if name in settings.channels] or settings.default
    critical = severity == Severity.CRITICAL
    return [name for name in dict.fromkeys(known) if critical or not settings.channels[name].only_critical]
