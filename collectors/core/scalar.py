"""How one scalar of a file becomes a value of a type, and how that type is called when it does not."""

import difflib
import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any, Literal, get_args, get_origin


def is_subclass(kind: Any, parent: type[Any]) -> bool:
    """`issubclass` for what may not be a class at all."""
    return isinstance(kind, type) and issubclass(kind, parent)


def wanted(kind: Any) -> str:
    """What should have stood there, for a message."""
    plain = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
    if kind in plain:
        return plain[kind]
    if get_origin(kind) is Literal or is_subclass(kind, StrEnum):
        return "one of " + ", ".join(_words(kind))
    return f"a {kind.__name__}"


def _words(kind: Any) -> tuple[str, ...]:
    return tuple(str(word) for word in (get_args(kind) or tuple(kind)))


@cache
def reader(kind: Any) -> Callable[[str], Any]:
    """The function from a scalar's text to a value of the type; it raises ValueError with a message for a person."""
    readers: dict[Any, Callable[[str], Any]] = {
        str: str, int: _read_int, float: _read_float, bool: _read_bool, Path: Path,
        IPv4Address: _read_address(IPv4Address), IPv6Address: _read_address(IPv6Address),
    }  # fmt: skip
    if kind in readers:
        return readers[kind]
    if get_origin(kind) is Literal or is_subclass(kind, StrEnum):
        return _read_word(kind)
    parse: Callable[[str], Any] = kind.parse
    return parse


def _read_int(text: str) -> int:
    if not re.fullmatch(r"-?(0|[1-9]\d{0,18})", text):
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def _read_float(text: str) -> float:
    if not re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d{1,2})?", text):
        raise ValueError(f"{text!r} is not a number")
    return float(text)


def _read_bool(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text!r} should be true or false")
    return text == "true"


def _read_address(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f"{text!r} is not an {getattr(kind, '__name__', 'IP')[:4]} address") from None

    return read


def _read_word(kind: Any) -> Callable[[str], Any]:
    words = _words(kind)

    def read(text: str) -> Any:
        if text not in words:
            close = difflib.get_close_matches(text, words, 1)
            raise ValueError(
                f"{text!r} is not one of {', '.join(words)}" + (f"; did you mean {close[0]}?" if close else "")
            )
        return kind(text) if is_subclass(kind, StrEnum) else text

    return read
