"""A letter's words in a provider's template: `{summary}`, `{office}`, `{title:60}` (at most so many characters)."""

import re
from collections.abc import Callable, Mapping

from alerts.relay.gsm import shorten
from alerts.relay.letter import Letter

TEXTS = ("id", "title", "body", "short", "text")
WORDS = ("state", "summary", "when", "cause", "link")  # single parts of the message, Vietnamese
FACTS = ("status", "alert", "alerts", "severity", "scope", "province", "commune", "office", "link_id", "service")
KNOWN = frozenset((*TEXTS, *WORDS, *FACTS))
_PLACEHOLDER = re.compile(r"{(\w+)(?::(\d+))?}")


def words(letter: Letter, form: str) -> Mapping[str, str]:
    """Every name of KNOWN -> text; `text` is what the channel's form asks for. What the letter lacks is empty."""
    texts = {"id": letter.id, "title": letter.title, "body": letter.body, "short": letter.short}
    texts["text"] = letter.short if form == "short" else f"{letter.title}\n{letter.body}"
    facts = {name: value for name, value in letter.facts.items() if name in FACTS}
    return {**dict.fromkeys(KNOWN, ""), "link_id": letter.facts.get("link", ""), **facts, **letter.words, **texts}


def fill(template: str, values: Mapping[str, str], quote: Callable[[str], str] = str) -> str:
    """The template with its placeholders filled in, each quoted; unknown names stay as they are."""

    def value(match: re.Match[str]) -> str:
        found = values.get(match[1])
        if found is None:
            return match[0]
        return quote(shorten(found, int(match[2])) if match[2] else found)

    return _PLACEHOLDER.sub(value, template)


def names(template: str) -> set[str]:
    """The placeholders of a template."""
    return {match[1] for match in _PLACEHOLDER.finditer(template)}
