"""What can wait, in one message: grouped by cause, Vietnamese first."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from alerts.relay.letter import Letter, digest
from alerts.relay.notes import Note
from alerts.relay.short import sms
from collectors.core.values import VIETNAM
from collectors.messages import Language, text

LISTED = 40  # lines that are spelt out


def morning_letter(channel: str, notes: Sequence[Note], number: int, now: float) -> Letter:
    """Notes that are due at one time make one letter, so that a crash while they are cleared away is harmless."""
    name = digest("morning", notes[0].channel, f"{max(note.due for note in notes)}")
    notes = tuple({(note.cause, note.line_vi): note for note in notes}.values())  # two receivers may hear the same
    day = f"{datetime.fromtimestamp(now, VIETNAM):%d/%m}"
    title = text("alerts.relay.morning.title", "vi", day=day, count=len(notes))
    counts = _counts(notes, "vi")
    paragraphs = [_capital(counts), _lines(notes, "vi")]  # the counts first: a channel may cut off what is long
    paragraphs.append(text("alerts.relay.morning.title", "en", day=day, count=len(notes)))
    paragraphs += [_capital(_counts(notes, "en")), _lines(notes, "en")]
    short = sms("", title, f". {counts}")
    facts = {"status": "digest", "alerts": str(len(notes))}
    words = {"state": text("alerts.relay.morning.state", "vi"), "summary": title, "when": day, "cause": counts}
    return Letter(
        f"{name}.{channel}", number, channel, f"digest {name}", now, title, "\n\n".join(paragraphs), short, facts, words
    )


def _lines(notes: Sequence[Note], language: Language) -> str:
    lines: list[str] = []
    for cause, some in _by_cause(notes[:LISTED]).items():
        lines.append(f"{_capital(_cause(cause, language))}:")
        lines += [f"- {note.line_vi if language == 'vi' else note.line_en}" for note in some]
    if left := len(notes[LISTED:]):
        lines.append(text("alerts.relay.left_out", language, count=left))
    return "\n".join(lines)


def _counts(notes: Sequence[Note], language: Language) -> str:
    """`nguồn điện 2, đường truyền 5`."""
    return ", ".join(f"{_cause(cause, language)} {len(some)}" for cause, some in _by_cause(notes).items())


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _by_cause(notes: Sequence[Note]) -> Mapping[str, Sequence[Note]]:
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(note.cause, []).append(note)
    return found


def _cause(cause: str, language: Language) -> str:
    try:
        return text(f"alerts.relay.cause.{cause}", language)
    except KeyError:
        return text("alerts.relay.cause.unknown", language)
