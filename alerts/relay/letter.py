"""Letter: one message for one channel, as it lies on disk until it is delivered."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from alerts.relay.payload import Notification


@dataclass(frozen=True, slots=True)
class Letter:
    """`facts` go into the log line (status, alert, office, ...), never addresses; `words` into providers' templates.

    id        the same for the same notification to the same channel, however often Alertmanager repeats it
    number    letters of one group go out in this order, whatever the wall clock does
    channel   who is to deliver it
    created   Unix time
    held      Unix time before which it shall not be delivered, 0 = none
    incident  key of the incident that it tells of, "" = of none, or of its end
    behalf    keys of the incidents whose news it is, their end included: receivers that share a channel share a letter
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
    words: Mapping[str, str] = field(default_factory=dict)
    held: float = 0.0
    incident: str = ""
    behalf: tuple[str, ...] = ()

    def id_for(self, channel: str) -> str:
        """The id of the same message to another channel."""
        return f"{stem(self.id)}.{channel}"

    def encode(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def decode(cls, content: bytes) -> "Letter":
        """ValueError for anything that `encode` has not written."""
        try:
            fields = json.loads(content)
            texts = {name: str(fields[name]) for name in ("id", "channel", "group", "title", "body", "short")}
            incident = str(fields.get("incident", ""))
            behalf = tuple(map(str, fields.get("behalf", filter(None, [incident]))))  # an older version wrote none
            return cls(
                **texts,
                number=int(fields["number"]),
                created=float(fields["created"]),
                held=float(fields.get("held", 0)),
                facts=_texts(fields["facts"]),
                words=_texts(fields.get("words", {})),
                incident=incident,
                behalf=behalf,
            )
        except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise ValueError(f"not a letter: {error!r}") from None


def _texts(content: Mapping[object, object]) -> Mapping[str, str]:
    return {str(name): str(value) for name, value in content.items()}


def stem(identity: str) -> str:
    """What the ids of one message to several channels have in common."""
    return identity.partition(".")[0]


def letter_id(notification: Notification, channel: str, occasion: str = "") -> str:
    """A file name that stands for this state of these alerts on this channel, by whichever route it came.

    occasion  why it is told once more, "" = it is not
    """
    state = [notification.group, str(notification.truncated), *filter(None, [occasion])]
    state += sorted(f"{item.fingerprint} {item.state} {item.starts.timestamp()}" for item in notification.items)
    return f"{digest(*state)}.{channel}"


def digest(*parts: str) -> str:
    """A name of 32 letters and digits for these texts."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
