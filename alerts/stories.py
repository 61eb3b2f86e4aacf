"""What a message says of a silent office: why, as far as the evidence goes, and later what its own journal says."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from alerts.recorded import OFFICE_RETURNED
from collectors.messages import Language, catalogue, text


class Silence(StrEnum):
    """What the cause of a silence rests on: the label `evidence` of `office:silent:cause`, a closed list."""

    STOPPING = "stopping"  # the agent said that it would end
    ROUTER = "router"  # mains was fine, but the router dies with it
    REFUSED = "refused"  # mains was fine, and somebody answers at once, though not the agent
    PLANNED = "planned"  # somebody works there by plan
    MAINS = "mains"  # mains was fine, and nobody answers
    NONE = "none"  # nothing is known


_RETURNED = "silence.returned."


def stories(language: Language, length: str) -> Mapping[str, str]:
    """`length`: how a template writes the seconds of a sample as a duration."""
    return {"silence": _silence(language), "returned": _returned(language, length)}


def _silence(language: Language) -> str:
    own = (Silence.STOPPING, Silence.PLANNED)  # these have alerts of their own
    told = (evidence for evidence in Silence if evidence not in own)
    known = ((evidence, text(f"silence.why.{evidence}", language)) for evidence in told)
    return _choice("$labels.evidence", known)


def _returned(language: Language, length: str) -> str:
    """Asked for when the message is written; nothing while the office is silent, or had nothing to say."""
    keys = (key.removeprefix(_RETURNED) for key in catalogue() if key.startswith(_RETURNED))
    why = {key: text(_RETURNED + key, language) for key in keys if key != "line"}
    cause = _choice('(printf "%s_%s" .Labels.cause .Labels.evidence)', why.items())
    line = text(_RETURNED + "line", language, length=length, cause=cause)
    query = f'query (printf "{OFFICE_RETURNED}{{office=%q}}" $labels.office)'
    return f"{{{{ range {query} }}}}{line}{{{{ end }}}}"


def _choice(value: str, known: Iterable[tuple[str, str]]) -> str:
    return "".join(f'{{{{ if eq {value} "{key}" }}}}{words}{{{{ end }}}}' for key, words in known)
