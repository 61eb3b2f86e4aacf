"""Where a way breaks, as a message says it: asked for when it is written.

As a label the place would make another alert of the same incident with every look that sees it elsewhere.
"""

from collections.abc import Mapping

from alerts.recorded import OFFICE_SERVICE_FAILING
from alerts.rules.echoes import EVIDENCE
from alerts.rules.path import NAMES_WRONG
from alerts.ways import LINK_PATH_CAUSE, LINK_PATH_FAULT, PROVINCE_OPERATOR_PATH_FAULT
from collectors.messages import Language, text
from collectors.path.locate import Fault
from collectors.path.metrics import MTU
from collectors.path.metrics import NAMES as NAME_SERVERS
from inventory.labels import OFFICE_IDENTITY

_OFFICE = ", ".join(OFFICE_IDENTITY)
PLACES = tuple(fault for fault in Fault if fault not in (Fault.NONE, Fault.UNKNOWN))


def places(language: Language) -> Mapping[str, str]:
    """`place_*` ends a sentence and may be nothing; the others are part of one."""
    most = f"topk(1, count by (where) ({LINK_PATH_FAULT} and on ({_OFFICE}) {OFFICE_SERVICE_FAILING}{{%s}}))"
    here, link = f"topk(1, {LINK_PATH_FAULT}{{office=%q}})", f"{LINK_PATH_FAULT}{{office=%q, link=%q}}"
    cause = f"topk(1, {LINK_PATH_CAUSE}{{office=%q}})"
    area = f"topk(1, {PROVINCE_OPERATOR_PATH_FAULT}{{province=%q, operator=%q}})"
    names = f'topk(1, {NAME_SERVERS.name}{{office=%q, verdict=~"{"|".join(NAMES_WRONG)}"}} == 1)'
    verdicts = {str(verdict): text(f"alerts.way.names.{verdict}", language) for verdict in NAMES_WRONG}
    by = {word: text(f"alerts.way.dips_by.{word}", language) for word in EVIDENCE}
    size = f"min({MTU.name}{{office=%q}})"
    ends, words = _words("ends", language), _words("place", language)
    return {
        "place_office": _asked(here, "$labels.office", "where", ends),
        "place_link": _asked(link, "$labels.office $labels.link", "where", ends),
        "place_province": _asked(
            most % "province=%q, service=%q", "$labels.province $labels.service", "where", ends
        ),
        "place_country": _asked(most % "service=%q", "$labels.service", "where", ends),
        "where": _asked(cause, "$labels.office", "where", words),
        "where_area": _asked(area, "$labels.province $labels.operator", "where", words),
        "names": _asked(names, "$labels.office", "verdict", verdicts),
        "dips_by": _chosen("$labels.evidence", by),
        "mtu": f"{{{{ range {_query(size, '$labels.office')} }}}}{{{{ .Value }}}}{{{{ end }}}}",
    }  # fmt: skip


def _words(form: str, language: Language) -> Mapping[str, str]:
    found = {str(place): text(f"alerts.way.place.{place}", language) for place in PLACES}
    if form == "place":
        return found
    return {place: text("alerts.way.ends", language, place=words) for place, words in found.items()}


def _asked(query: str, values: str, label: str, words: Mapping[str, str]) -> str:
    return f"{{{{ range {_query(query, values)} }}}}{_chosen(f'.Labels.{label}', words)}{{{{ end }}}}"


def _chosen(value: str, words: Mapping[str, str]) -> str:
    return "".join(f'{{{{ if eq {value} "{key}" }}}}{word}{{{{ end }}}}' for key, word in words.items())


def _query(query: str, values: str) -> str:
    """Go's quotes: the query stands in a string of its own."""
    quoted = query.replace('"', '\\"')
    return f'query (printf "{quoted}" {values})'
