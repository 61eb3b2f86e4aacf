"""Alertmanager's webhook payload (version 4) as frozen values.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config. Keys that are not known are left alone, since
newer versions add some; keys that are needed must be there, with the right type.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeVar

from collectors.core.values import VIETNAM

WEBHOOK = "/alertmanager"  # where it is posted
CHANNEL = "channel"  # ?channel=a&channel=b: who is to hear of it

State = Literal["firing", "resolved"]
Labels = Mapping[str, str]
T = TypeVar("T")


class BadPayloadError(ValueError):
    """The body is not what Alertmanager sends; the text says what is wrong, without quoting the body."""


@dataclass(frozen=True, slots=True)
class Item:
    """One alert of a notification. `ends` is None while it fires."""

    state: State
    labels: Labels
    annotations: Labels
    starts: datetime
    ends: datetime | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Notification:
    """One group of alerts, as one receiver is to hear of it. `truncated` alerts were left out by Alertmanager.

    group   the same for all notifications of one incident, whichever receivers they are meant for
    route   Alertmanager's own name of the group: two routes to one receiver have groups of their own
    """

    receiver: str
    state: State
    group: str
    items: tuple[Item, ...]
    truncated: int = 0
    route: str = ""

    def over(self, now: datetime) -> "Notification":
        """The same with all of its alerts ended by now."""
        ended = (replace(item, state="resolved", ends=item.ends or now) for item in self.items)
        return replace(self, state="resolved", items=tuple(ended))


def decode(body: bytes) -> Notification:
    """Raises BadPayloadError."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BadPayloadError("is not JSON") from None
    if not isinstance(content, dict) or content.get("version") != "4":
        raise BadPayloadError("is not a webhook payload of version 4")
    alerts = _field(content, "alerts", list)
    if not alerts:
        raise BadPayloadError("alerts: is empty")
    return Notification(
        receiver=_field(content, "receiver", str),
        state=_state(content),
        group=json.dumps(_labels(content, "groupLabels"), sort_keys=True),
        items=tuple(_item(alert) for alert in alerts),
        truncated=content["truncatedAlerts"] if isinstance(content.get("truncatedAlerts"), int) else 0,
        route=str(content.get("groupKey", "")),
    )


def encode(notification: Notification) -> bytes:
    """The same in Alertmanager's own words, so that `decode` reads it."""
    content = {
        "version": "4",
        "receiver": notification.receiver,
        "status": notification.state,
        "groupLabels": json.loads(notification.group),
        "truncatedAlerts": notification.truncated,
        "groupKey": notification.route,
        "alerts": [_plain(item) for item in notification.items],
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _plain(item: Item) -> Mapping[str, object]:
    return {
        "status": item.state,
        "labels": dict(item.labels),
        "annotations": dict(item.annotations),
        "startsAt": item.starts.isoformat(),
        "endsAt": item.ends.isoformat() if item.ends else "0001-01-01T00:00:00+00:00",
        "fingerprint": item.fingerprint,
    }


def _item(content: object) -> Item:
    if not isinstance(content, dict):
        raise BadPayloadError("alerts: holds something that is not an object")
    state = _state(content)
    return Item(
        state=state,
        labels=_labels(content, "labels"),
        annotations=_labels(content, "annotations"),
        starts=_time(content, "startsAt"),
        ends=_time(content, "endsAt") if state == "resolved" else None,
        fingerprint=_field(content, "fingerprint", str),
    )


def _field(content: Mapping[str, object], name: str, kind: type[T]) -> T:
    value = content.get(name)
    if not isinstance(value, kind):
        raise BadPayloadError(f"{name}: is missing or of the wrong type")
    return value


def _state(content: Mapping[str, object]) -> State:
    match content.get("status"):
        case "firing":
            return "firing"
        case "resolved":
            return "resolved"
        case _:
            raise BadPayloadError("status: is neither firing nor resolved")


def _labels(content: Mapping[str, object], name: str) -> Labels:
    labels = _field(content, name, dict)
    if not all(isinstance(value, str) for value in labels.values()):
        raise BadPayloadError(f"{name}: holds something that is not a text")
    return labels


def _time(content: Mapping[str, object], name: str) -> datetime:
    try:
        time = datetime.fromisoformat(_field(content, name, str))
    except ValueError:
        raise BadPayloadError(f"{name}: is not a time") from None
    if time.tzinfo is None:
        raise BadPayloadError(f"{name}: has no time zone")
    try:
        time.astimezone(VIETNAM)
    except OverflowError:
        raise BadPayloadError(f"{name}: is out of all time") from None
    return time
