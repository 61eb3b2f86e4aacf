"""From a notification to words: one line that says what, where, since when and why; then the rest, Vietnamese first.

The rest: what it rests on, how many offices and which, what to do, the runbook, and where to say that one sees to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.relay.pages import Pages
from alerts.relay.payload import Item, Notification
from alerts.relay.plain import one_line
from alerts.relay.short import sms
from alerts.rule import Severity
from collectors.core.values import VIETNAM
from collectors.messages import Language, spoken, text
from inventory.labels import COMMUNE, LINK, OFFICE, PROVINCE, SERVICE

LISTED = 10  # alerts of one notification that are spelt out
_ROOM = 1900  # letters in one language: Zalo Bot takes 2000, and the link to acknowledge comes last
_FACTS = ("cause", "scope", PROVINCE, COMMUNE, OFFICE, LINK, SERVICE)
_GRAVITY = tuple(Severity)  # gravest first


@dataclass(frozen=True, slots=True)
class Message:
    """`title` alone is enough to act on; `short` is the same within one SMS; `facts` are for the log.

    words   single parts of it, for templates of providers
    """

    title: str
    body: str
    short: str
    facts: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why and for whom it is told.

    link     where to say that one sees to it, "" = nowhere
    waited   seconds for which nobody has, when it is told to others for that reason
    """

    pages: Pages = field(default_factory=Pages)
    link: str = ""
    waited: float = 0.0


FIRST = Occasion()


def compose(notification: Notification, occasion: Occasion = FIRST) -> Message:
    """What people read about this notification."""
    items = principal(notification)
    link, waited = occasion.link, occasion.waited
    paragraphs = (_paragraph(notification, items, language, occasion) for language in ("vi", "en"))
    title = _line(items, "vi", waited)
    body = "\n\n".join(filter(None, paragraphs))
    return Message(title, body, _short(items, link, waited), _facts(notification, items), _words(items, link, waited))


def line(notification: Notification, language: Language) -> str:
    """The one line of it."""
    return _line(principal(notification), language)


def principal(notification: Notification) -> Sequence[Item]:
    """The alerts that it is about, gravest first: those that fire, while any does."""
    items = sorted((item for item in notification.items if item.state == notification.state), key=_rank)
    return items or sorted(notification.items, key=_rank)


def severity(notification: Notification) -> str:
    """Of the gravest of them."""
    return principal(notification)[0].labels.get("severity", "")


def _rank(item: Item) -> tuple[int, datetime]:
    grave = item.labels.get("severity", "")
    return (_GRAVITY.index(Severity(grave)) if grave in _GRAVITY else len(_GRAVITY)), item.starts


def _line(items: Sequence[Item], language: Language, waited: float = 0.0) -> str:
    first = items[0]
    return text(
        "alerts.relay.line", language,
        state=_state(first, language, waited), summary=_summary(first, language) + _more(items, language),
        when=_when(items, language), cause=_cause(first, language),
    )  # fmt: skip


def _paragraph(notification: Notification, items: Sequence[Item], language: Language, occasion: Occasion) -> str:
    """The title says the Vietnamese line already."""
    first = items[0]
    line, described = _line(items, language, occasion.waited), first.annotations.get(f"description_{language}", "")
    last = list(_offices(first, language))
    if board := occasion.pages.board(first.labels):
        last.append(text("alerts.relay.board", language, link=board))
    if first.state == "firing":
        last += _to_do(first, language, occasion)
    room = _ROOM - sum(len(part) + 1 for part in (line, described, *last))
    head = filter(None, ("" if language == "vi" else line, described))
    return "\n".join((*head, *_listed(notification, items, language, room), *last))


def _listed(notification: Notification, items: Sequence[Item], language: Language, room: int) -> Iterator[str]:
    """Each alert where there are several, then what has ended, as far as there is room; the rest is counted."""
    several = [f"- {_summary(item, language)}" for item in items] if len(items) > 1 else []
    over = list(_over(notification, items, language))
    left_out = len(several[LISTED:]) + len(over[LISTED:]) + notification.truncated
    for one in (*several[:LISTED], *over[:LISTED]):
        room -= len(one) + 1
        if room >= 0:
            yield one
        else:
            left_out += 1
    if left_out:
        yield text("alerts.relay.left_out", language, count=left_out)


def _over(notification: Notification, items: Sequence[Item], language: Language) -> Iterator[str]:
    """What has ended while the rest of the group goes on."""
    for item in notification.items:
        if item not in items:
            yield text("alerts.relay.over", language, summary=_summary(item, language))


def _offices(item: Item, language: Language) -> Iterator[str]:
    """How many, and the first of them, in the order of their names."""
    count, names = item.annotations.get("offices", ""), item.annotations.get("offices_first", "").strip("; ")
    if count.isdecimal() and names:
        known = sorted(names.split("; "))
        left = int(count) - len(known)
        more = text("alerts.relay.offices_more", language, count=left) if left > 0 else ""
        yield text("alerts.relay.offices", language, count=count, names="; ".join(known), more=more)


def _to_do(item: Item, language: Language, occasion: Occasion) -> Iterator[str]:
    if action := item.annotations.get(f"action_{language}"):
        yield text("alerts.relay.action", language, action=action)
    if runbook := occasion.pages.runbook(item.annotations.get("runbook_url", "")):
        yield text("alerts.relay.runbook", language, link=runbook)
    if occasion.link:
        yield text("alerts.relay.acknowledge", language, link=occasion.link)


def _short(items: Sequence[Item], link: str, waited: float) -> str:
    first = items[0]
    head = text("alerts.relay.short_head", "vi", state=_state(first, "vi", waited))
    tail = text("alerts.relay.short_tail", "vi", when=_when(items, "vi"), cause=_cause(first, "vi"))
    return sms(head, _summary(first, "vi"), _more(items, "vi") + tail, link)


def _words(items: Sequence[Item], link: str, waited: float) -> Mapping[str, str]:
    first = items[0]
    return {
        "state": _state(first, "vi", waited), "summary": _summary(first, "vi") + _more(items, "vi"),
        "when": _when(items, "vi"), "cause": _cause(first, "vi"), "link": link,
    }  # fmt: skip


def _more(items: Sequence[Item], language: Language) -> str:
    return text("alerts.relay.more", language, count=len(items) - 1) if len(items) > 1 else ""


def _state(item: Item, language: Language, waited: float = 0.0) -> str:
    grave = item.labels.get("severity", "")
    key = "resolved" if item.state == "resolved" else grave if grave in _GRAVITY else Severity.WARNING
    state = text(f"alerts.relay.state.{key}", language)
    return text("alerts.relay.waited", language, state=state, time=spoken(waited, language)) if waited else state


def _summary(item: Item, language: Language) -> str:
    """Alerts that are not ours have other annotations, or none."""
    for name in (f"summary_{language}", "summary", "description"):
        if found := one_line(item.annotations.get(name, "")):
            return found
    where = item.labels.get(OFFICE) or item.labels.get("instance", "")
    return one_line(f"{item.labels.get('alertname', '?')} {where}")


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
