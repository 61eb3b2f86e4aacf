"""Patterns that a person writes in a configuration, searched for in linear time whatever the page.

RE2 builds an automaton and never goes back: no pair of pattern and page can hold up the agent's other probes. It is
loaded with the first pattern (4 MB). Syntax: https://github.com/google/re2/wiki/Syntax
"""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

_MEMORY = 1 << 20  # bytes that one pattern's automaton may take


@dataclass(frozen=True, slots=True)
class Regexp:
    """A regular expression as RE2 knows it: no backreferences, no lookaround. `.` also matches line ends."""

    text: str
    _compiled: Any = field(compare=False)

    @classmethod
    def parse(cls, text: str) -> "Regexp":
        import re2  # noqa: PLC0415

        options = re2.Options()
        options.dot_nl, options.log_errors, options.max_mem = True, False, _MEMORY
        try:
            return cls(text, re2.compile(unicodedata.normalize("NFC", text), options))  # as the text of a page is
        except UnicodeEncodeError:
            why = "half of a letter"
        except re2.error as error:
            why = error.args[0].decode("utf-8", "replace")
        raise ValueError(f"{text!r} is not a regular expression that can be searched for in linear time: {why}")

    def find(self, text: str | bytearray) -> str | None:
        """The first match: its first group ("" where that took no part), or all of it. None where nothing matches.

        text: a str, or UTF-8. RE2 is given bytes, so that it makes no table of the letters' places.
        """
        match = self._compiled.search(text.encode("utf-8", "replace") if isinstance(text, str) else text)
        if match is None:
            return None
        found: bytes = (match[1] if self._compiled.groups else match[0]) or b""
        return found.decode("utf-8", "replace")

    def matches(self, text: str | bytearray) -> bool:
        """Whether it is anywhere in the text."""
        return self.find(text) is not None

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Regexp({self.text!r})"
