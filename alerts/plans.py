"""What a message says of planned work: what it is, and that an outage is the one which did not end in time."""

from collections.abc import Mapping

from alerts.planned import OFFICE_OVERRAN, PROVINCE_SERVICE_OVERRAN
from alerts.views import OFFICE_FEEDER_CUT
from collectors.messages import Language, text
from inventory.labels import OFFICE_IDENTITY
from inventory.planned.facts import KIND, PLANNED_INFO
from inventory.planned.schema import Kind


def plans(language: Language) -> Mapping[str, str]:
    """`overran_*` end a sentence, and are nothing where nothing was planned; the others are PlannedWork's."""
    title = text("planned.title", language, title="{{ .Labels.title }}")
    title_query = f'{PLANNED_INFO.name}{{work=%q, province=%q, title!=""}}'
    late = {kind: text(f"planned.overran.{kind}", language, period="{{ .Labels.period }}") for kind in Kind}
    of_office = _chosen(".Labels.kind", late)
    cut = f'{OFFICE_OVERRAN}{{{KIND}="{Kind.POWER}"}} and on ({", ".join(OFFICE_IDENTITY)}) {OFFICE_FEEDER_CUT}'
    service, by_service = late[Kind.SERVICE], f"{PROVINCE_SERVICE_OVERRAN}{{%sservice=%%q}}"
    return {
        "planned_at": "{{ or $labels.office_name $labels.service_name $labels.office $labels.service }}",
        "planned_kind": _chosen("$labels.kind", {kind: text(f"planned.kind.{kind}", language) for kind in Kind}),
        "planned_title": _asked(title_query, "$labels.work $labels.province", title),
        "period": "{{ $labels.period }}",
        "overran_office": _asked(f"{OFFICE_OVERRAN}{{office=%q}}", "$labels.office", of_office),
        "overran_feeder": _asked(
            f"{cut}{{province=%q, feeder=%q}}", "$labels.province $labels.feeder", late[Kind.POWER]
        ),
        "overran_province": _asked(by_service % "province=%q, ", "$labels.province $labels.service", service),
        "overran_country": _asked(by_service % "", "$labels.service", service),
    }


def _chosen(value: str, words: Mapping[Kind, str]) -> str:
    return "".join(f'{{{{ if eq {value} "{kind}" }}}}{word}{{{{ end }}}}' for kind, word in words.items())


def _asked(series: str, values: str, words: str) -> str:
    """One of them; Go's quotes: the query stands in a string of its own."""
    query = f"topk(1, {series})".replace('"', '\\"')
    return f'{{{{ range query (printf "{query}" {values}) }}}}{words}{{{{ end }}}}'
