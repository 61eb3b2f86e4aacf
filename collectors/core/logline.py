"""Log lines as key=value pairs (logfmt): one line, one event, greppable by a person and a program."""

import re

_PLAIN = re.compile(r"[^\s\"=\x00-\x1f\x7f]+")


def logline(event: str, /, **fields: object) -> str:
    """`event=probe_failed probe=ups/ups1 reason=timeout seconds=5.0`; None is left out, odd text is quoted."""
    pairs = {"event": event, **fields}
    return " ".join(f"{key}={_value(value)}" for key, value in pairs.items() if value is not None)


def _value(value: object) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    if _PLAIN.fullmatch(text):
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else _escape(char) for char in quoted) + '"'


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
