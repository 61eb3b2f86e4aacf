"""What was seen of a buffer, for a person's terminal or as one JSON object for a program. Pure."""

import json
from collections.abc import Iterator
from datetime import datetime

from agent.buffer.event import Event
from agent.buffer.frame import FRAME_EVERY
from agent.buffer.look import Look
from agent.buffer.segment import Segment
from collectors.core.values import VIETNAM
from collectors.messages import Language, text

_EVENTS = 12  # the last ones


def as_json(look: Look) -> str:
    """Times are Unix seconds as the wall clock said then, sizes bytes."""
    answer = {
        "folder": str(look.folder),
        "scrapes": look.scrapes,
        "bytes": look.size,
        "newest": look.newest,
        "damaged": look.damaged,
        "segments": [_segment(one) for one in look.segments],
        "unreadable": dict(look.unreadable),
        "destinations": {
            name: {"low": taken.low, "above": taken.above, "waiting": look.waiting(name)}
            for name, taken in look.taken.items()
        },
        "events": [
            {"what": event.what, "after": event.after, "time": event.stamp.wall, "facts": dict(event.facts)}
            for event in look.events
        ],
    }
    return json.dumps(answer, ensure_ascii=False)


def _segment(one: Segment) -> dict[str, object]:
    return {
        "name": one.name,
        "first": one.first,
        "last": one.last,
        "scrapes": one.scrapes,
        "since": one.since,
        "until": one.until,
        "bytes": one.size,
        "damaged": one.damaged,
    }


def as_text(look: Look) -> str:
    """Vietnamese, then English."""
    languages: tuple[Language, ...] = ("vi", "en")
    return "\n".join((str(look.folder), *("\n".join(("", *_lines(look, language))) for language in languages)))


def _lines(look: Look, language: Language) -> Iterator[str]:
    yield f"  {_scrapes(look, language)}"
    for name in look.taken:
        waiting = look.waiting(name)
        key = "buffer.waiting" if waiting else "buffer.taken"
        yield f"  {text(key, language, destination=name, waiting=waiting, written=FRAME_EVERY)}"
    if not look.taken:
        yield f"  {text('buffer.nobody', language)}"
    yield f"  {verdict(look, language)}"
    for event in look.events[-_EVENTS:]:
        yield f"  {_time(event.stamp.wall)}  {_event(event, language)}"


def _scrapes(look: Look, language: Language) -> str:
    measured = [one for one in look.segments if one.scrapes]
    if not measured:
        return text("buffer.empty", language)
    return text(
        "buffer.scrapes",
        language,
        scrapes=look.scrapes,
        segments=len(look.segments),
        megabytes=f"{look.size / 1e6:.1f}",
        since=_time(measured[0].since),
        until=_time(measured[-1].until),
    )


def verdict(look: Look, language: Language) -> str:
    """Whether anything is damaged."""
    return text("buffer.damaged" if look.damaged else "buffer.whole", language, damaged=look.damaged)


def damage(look: Look, language: Language) -> Iterator[str]:
    """Where it is."""
    for one in look.segments:
        if one.damaged:
            facts = {"segment": one.name, "damaged": one.damaged, "scrapes": one.scrapes}
            yield text("buffer.damaged_segment", language, **facts)
    for name, error in look.unreadable.items():
        yield text("buffer.unreadable_segment", language, segment=name, error=error)


def _event(event: Event, language: Language) -> str:
    return text(f"buffer.event.{event.what}", language, **event.facts)


def _time(moment: float) -> str:
    try:
        return datetime.fromtimestamp(moment, VIETNAM).strftime("%H:%M:%S %d/%m/%Y")
    except (ValueError, OverflowError, OSError):
        return str(moment)  # what a clock said that was wrong
