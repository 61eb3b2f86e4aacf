"""What strangers wrote, for pages, logs and terminals. Pure."""

LONGEST = 300  # characters


def plain(text: str, longest: int = LONGEST) -> str:
    """One short line, none of it a command to a terminal."""
    cut = text if len(text) <= longest else f"{text[:longest]}…"
    return "".join(letter if letter.isprintable() else "?" for letter in cut)
