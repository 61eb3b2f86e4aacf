"""planned.yml as text."""

from collections.abc import Mapping
from dataclasses import fields

from inventory.planned.schema import WorkEntry
from inventory.targets import to_yaml

_HEADER = """\
# Planned work, see docs/planned.md. `communewatch inventory planned import` writes entries with a `source`. Your own
# have none and stay as they are, but for comments, which an import does not keep.
"""


def page(works: Mapping[str, WorkEntry]) -> str:
    """In the order of their beginnings; what is left out is the default."""
    ordered = sorted(works.items(), key=lambda item: (min(item[1].times), item[0]))
    return _HEADER + to_yaml({"works": {key: _plain(entry) for key, entry in ordered}})


def _plain(entry: WorkEntry) -> dict[str, object]:
    found: dict[str, object] = {}
    for one in fields(entry):
        value = getattr(entry, one.name)
        if value not in ("", (), False):
            written = [str(item) for item in value] if isinstance(value, tuple) else value
            found[one.name] = str(written) if isinstance(written, str) else written
    return found
