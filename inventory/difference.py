"""What changes for offices and for the centre between two inventories, in terms of rendered files. Pure."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One rendered file: added (no `before`), removed (no `after`) or changed."""

    path: str
    before: str | None
    after: str | None

    @property
    def sign(self) -> str:
        """+ added, - removed, ~ changed."""
        return "+" if self.before is None else "-" if self.after is None else "~"

    def lines(self) -> Iterator[str]:
        """The lines that differ, with a sign each, and for whom: enough context to see which probe is meant."""
        if self.before is None or self.after is None:
            return
        hunks = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), lineterm="", n=2)
        for line in list(hunks)[2:]:
            yield "..." if line.startswith("@@") else line


def between(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """Every file that differs, sorted by path."""
    return tuple(
        Change(path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    )
