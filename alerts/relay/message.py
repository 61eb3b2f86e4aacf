"""From a notification to words: one line that says what, where, since when and why; then the rest, Vietnamese first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.relay.gsm import shorten, without_diacritics
from alerts.relay.payload import Item, Notification
from alerts.rule import Severity
from collectors.core.values import VIETNAM
from collectors.messages import Language, text
from inventory.labels import COMMUNE, LINK, OFFICE, PROVINCE, SERVICE

LISTED = 10  # alerts of one notification that are spelt out
SMS_LENGTH = 160
_FACTS = ("cause", "scope", PROVINCE, COMMUNE, OFFICE, LINK, SERVICE)
_GRAVITY = tuple(Severity)  # gravest first


@dataclass(frozen=True, slots=True)
class Message:
    """`title` alone is enough to act on; `short` is the same within one SMS; `facts` are for the log."""

    title: str
    body: str
    short: str
    facts: Mapping[str, str]


def compose(notification: Notification) -> Message:
    """What people read about this notification."""
    items = sorted((item for item in notification.items if item.state == notification.state), key=_rank)
    items = items or sorted(notification.items, key=_rank)
    paragraphs = (_paragraph(notification, items, language) for language in ("vi", "en"))
    return Message(_line(items, "vi"), "\n\n".join(paragraphs), _short(items), _facts(notification, items))


def _rank(item: Item) -> tuple[int, datetime]:
    severity = item.labels.get("severity", "")
    return (_GRAVITY.index(Severity(severity)) if severity in _GRAVITY else len(_GRAVITY)), item.starts


def _line(items: Sequence[Item], language: Language) -> str:
    first = items[0]
    more = text("alerts.relay.more", language, count=len(items) - 1) if len(items) > 1 else ""
    return text(
        "alerts.relay.line", language,
        state=_state(first, language), summary=_summary(first, language) + more,
        when=_when(items, language), cause=_cause(first, language),
    )  # fmt: skip


def _paragraph(notification: Notification, items: Sequence[Item], language: Language) -> str:
    """The title says the Vietnamese line already."""
    lines = [] if language == "vi" else [_line(items, language)]
    if description := items[0].annotations.get(f"description_{language}"):
        lines.append(description)
    if len(items) > 1:
        lines += [f"- {_summary(item, language)}" for item in items[:LISTED]]
    if left_out := len(items[LISTED:]) + notification.truncated:
        lines.append(text("alerts.relay.left_out", language, count=left_out))
    lines += _over(notification, items, language)
    if runbook := items[0].annotations.get("runbook_url"):
        lines.append(text("alerts.relay.runbook", language, link=runbook))
    return "\n".join(lines)


def _over(notification: Notification, items: Sequence[Item], language: Language) -> Iterator[str]:
    """What has ended while the rest of the group goes on."""
    for item in notification.items:
        if item not in items:
            yield text("alerts.relay.over", language, summary=_summary(item, language))


def _short(items: Sequence[Item]) -> str:
    first = items[0]
    head = text("alerts.relay.short_head", "vi", state=_state(first, "vi"))
    tail = text("alerts.relay.short_tail", "vi", when=_when(items, "vi"), cause=_cause(first, "vi"))
    more = text("alerts.relay.more", "vi", count=len(items) - 1) if len(items) > 1 else ""
    head, tail = without_diacritics(head), without_diacritics(more + tail)
    return head + shorten(without_diacritics(_summary(first, "vi")), SMS_LENGTH - len(head) - len(tail)) + tail


def _state(item: Item, language: Language) -> str:
    severity = item.labels.get("severity", "")
    key = "resolved" if item.state == "resolved" else severity if severity in _GRAVITY else Severity.WARNING
    return text(f"alerts.relay.state.{key}", language)


def _summary(item: Item, language: Language) -> str:
    """Alerts that are not ours have other annotations, or none."""
    for name in (f"summary_{language}", "summary", "description"):
        if item.annotations.get(name):
            return item.annotations[name]
    where = item.labels.get(OFFICE) or item.labels.get("instance", "")
    return " ".join(filter(None, (item.labels.get("alertname", "?"), where)))


def _cause(item: Item, language: Language) -> str:
    try:
        return text(f"alerts.relay.cause.{item.labels.get('cause', 'unknown')}", language)
    except KeyError:
        return text("alerts.relay.cause.unknown", language)


def _when(items: Sequence[Item], language: Language) -> str:
    start = min(item.starts for item in items).astimezone(VIETNAM)
    ends = [item.ends for item in items if item.ends]
    if len(ends) < len(items):
        return text("alerts.relay.since", language, start=f"{start:%H:%M %d/%m}")
    end = max(ends).astimezone(VIETNAM)
    same_day = start.date() == end.date()
    first = f"{start:%H:%M}" if same_day else f"{start:%H:%M %d/%m}"
    return text("alerts.relay.between", language, start=first, end=f"{end:%H:%M %d/%m}")


def _facts(notification: Notification, items: Sequence[Item]) -> Mapping[str, str]:
    """`office=01273-1`, or both values with a comma where the group has two."""
    facts = {"status": notification.state, "alert": _values(items, "alertname"), "alerts": str(len(items))}
    facts["severity"] = items[0].labels.get("severity", "")
    facts |= {name: _values(items, name) for name in _FACTS}
    return {name: value for name, value in facts.items() if value}


def _values(items: Sequence[Item], label: str) -> str:
    return ",".join(dict.fromkeys(item.labels[label] for item in items[:LISTED] if item.labels.get(label)))
