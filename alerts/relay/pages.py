"""Where a message's links lead: runbooks and boards, by addresses that a telephone can open."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from collectors.core.values import Url
from inventory.labels import COMMUNE, OFFICE, PROVINCE

# As dashboards/boards/uids.py has them; a board's choices are named like the labels.
_COUNTRY, _PROVINCE, _OFFICE = "cw-country", "cw-province", "cw-office"
UIDS = (_COUNTRY, _PROVINCE, _OFFICE)
_CHOICES = {_COUNTRY: (), _PROVINCE: (PROVINCE,), _OFFICE: (PROVINCE, COMMUNE, OFFICE)}


@dataclass(frozen=True, slots=True)
class Pages:
    """`runbooks`: the folder of docs/runbooks as people reach it; `boards`: Grafana. None = no such link."""

    runbooks: Url | None = None
    boards: Url | None = None

    def runbook(self, annotation: str) -> str:
        """An absolute address; the rules' own, where it is one. A path that nobody could open stays a name."""
        if not annotation or "://" in annotation or self.runbooks is None:
            return annotation
        return f"{self.runbooks.rstrip('/')}/{annotation.rpartition('/')[2]}"

    def board(self, labels: Mapping[str, str]) -> str:
        """The board of an alert's place, "" without Grafana's address."""
        if self.boards is None:
            return ""
        uid = _OFFICE if labels.get(OFFICE) else _PROVINCE if labels.get(PROVINCE) else _COUNTRY
        chosen = {f"var-{name}": labels[name] for name in _CHOICES[uid] if labels.get(name)}
        return f"{self.boards.rstrip('/')}/d/{uid}" + (f"?{urlencode(chosen)}" if chosen else "")
