"""One line of text, whatever somebody put into a label: no control characters, nothing that turns it round."""

from unicodedata import category

_BREAKS = ("Cc", "Zl", "Zp")
_HIDDEN = "Cf"  # marks of direction and the like


def one_line(text: str) -> str:
    """The same words, one space between them."""
    plain = (" " if category(char) in _BREAKS else char for char in text if category(char) != _HIDDEN)
    return " ".join("".join(plain).split())
