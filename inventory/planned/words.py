"""Vietnamese words as people type them: with or without diacritics, in capitals or not, composed or not."""

import re
from dataclasses import dataclass
from unicodedata import combining, normalize

_NO_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Small letters and digits without diacritics, one space between words: `Xã Đồng Tiến,` -> `xa dong tien`."""
    plain = normalize("NFD", text.casefold()).replace("đ", "d")
    return _NO_WORD.sub(" ", "".join(letter for letter in plain if not combining(letter))).strip()


def brief(text: str, most: int = 200) -> str:
    """One line of visible letters, for a title becomes a label and part of a message."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return plain if len(plain) <= most else f"{plain[: most - 3].rstrip()}..."


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was typed. marks: its diacritics, wherever in the word (hòa and hoà are one word), "" for none."""

    folded: str
    marks: str


def words(text: str) -> tuple[Word, ...]:
    """Every word of a text, in order."""
    return tuple(Word(fold(word), _marks(word)) for word in re.findall(r"[^\W_]+", normalize("NFC", text)))


def _marks(word: str) -> str:
    return "".join(sorted(letter for letter in normalize("NFD", word.casefold()) if combining(letter) or letter == "đ"))
