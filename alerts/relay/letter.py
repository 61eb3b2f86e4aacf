"""Letter: one message for one channel, as it lies on disk until it is delivered."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from alerts.relay.payload import Notification


@dataclass(frozen=True, slots=True)
class Letter:
    """`facts` go into the log line (status, alert, office, ...), never addresses.

    id        the same for the same notification to the same channel, however often Alertmanager repeats it
    number    letters of one group go out in this order, whatever the wall clock does
    channel   who is to deliver it now; a fallback may have taken over from the channel in the id
    created   Unix time
    """

    id: str
    number: int
    channel: str
    group: str
    created: float
    title: str
    body: str
    short: str
    facts: Mapping[str, str]

    def id_for(self, channel: str) -> str:
        """The id of the same message to another channel."""
        return f"{self.id.partition('.')[0]}.{channel}"

    def encode(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def decode(cls, content: bytes) -> "Letter":
        """ValueError for anything that `encode` has not written."""
        try:
            fields = json.loads(content)
            facts = {str(name): str(value) for name, value in fields["facts"].items()}
            texts = {name: str(fields[name]) for name in ("id", "channel", "group", "title", "body", "short")}
            number, created = int(fields["number"]), float(fields["created"])
            return cls(number=number, created=created, facts=facts, **texts)
        except (KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ValueError(f"not a letter: {error!r}") from None


def letter_id(notification: Notification, channel: str) -> str:
    """A file name that stands for this state of these alerts on this channel, by whichever route it came."""
    state = [notification.group, str(notification.truncated)]
    state += sorted(f"{item.fingerprint} {item.state} {item.starts.timestamp()}" for item in notification.items)
    digest = hashlib.sha256(json.dumps(state).encode()).hexdigest()
    return f"{digest[:32]}.{channel}"
