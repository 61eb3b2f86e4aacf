"""From YAML text to nodes that know their lines; YAML's guesses at types are switched off."""

from typing import Any

import yaml

from collectors.core.problem import DecodeError, Problem

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def compose(text: str, source: str) -> yaml.Node:
    """Raises DecodeError with the line where it is no YAML; `source` is the file's name in messages."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = max(1, len(text.splitlines()))
        where = f"{source}:{min(mark.line + 1, last)}" if mark else source
        raise DecodeError((Problem(where, "", f"is not YAML: {error.problem}", _syntax_hint(text, mark)),)) from None
    except yaml.YAMLError as error:
        raise DecodeError((Problem(source, "", f"is not YAML: {error}"),)) from None
    except RecursionError:
        raise DecodeError((Problem(source, "", "is nested too deeply"),)) from None
    if root is None:
        raise DecodeError((Problem(source, "", "is empty"),))
    return root


def _syntax_hint(text: str, mark: yaml.Mark | None) -> str:
    lines = text.splitlines()
    if mark and mark.line < len(lines) and "\t" in lines[mark.line]:
        return "indent with spaces, not tabs"
    return "check quotes, colons and indentation on this line and the one above"
