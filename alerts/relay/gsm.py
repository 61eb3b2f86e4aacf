"""Text for one SMS: no diacritics and only letters of the GSM alphabet (3GPP TS 23.038), so that 160 of them fit."""

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_SPELT = str.maketrans({
    "đ": "d", "Đ": "D", "–": "-", "—": "-", "‑": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "·": ",",
    "[": "(", "]": ")", "{": "(", "}": ")", "\xa0": " ", "₫": "d",
})  # fmt: skip


def without_diacritics(text: str) -> str:
    """`Bảo Lâm` -> `Bao Lam`. What has no likeness in the basic alphabet becomes a question mark."""
    bare = (char for char in unicodedata.normalize("NFD", text.translate(_SPELT)) if not unicodedata.combining(char))
    return "".join(char if char in _BASIC else "?" for char in bare)


def shorten(text: str, length: int) -> str:
    """At most so many characters, with three dots where something was cut off."""
    return text if len(text) <= length else text[: max(length - 3, 0)].rstrip() + "..."
