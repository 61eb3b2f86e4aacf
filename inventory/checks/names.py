"""Problems about names: one way to say that there is none of that name, one rule for ids."""

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from collectors.core.decode import Document
from collectors.core.problem import Problem

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def unknown(document: Document[Any], path: str, kind: str, name: str, known: Iterable[str]) -> Problem:
    """There is no `kind` of this name; the hint has the nearest one, or those that there are."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, 1)
    if close:
        hint = f"did you mean {close[0]}?"
    elif names:
        hint = f"known: {', '.join(names[:8])}" + (", ..." if len(names) > 8 else "")
    else:
        hint = f"no {kind} is defined yet"
    return document.problem(path, f"there is no {kind} {name!r}", hint)


def bad_id(document: Document[Any], path: str, name: str) -> Iterator[Problem]:
    """Ids become labels, file names and words in messages."""
    if not _ID.fullmatch(name):
        yield document.problem(path, f"{name!r} is not an id", "small letters, digits, - and _, at most 32")
