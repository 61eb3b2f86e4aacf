"""What a message says of a silent office: why, as far as the evidence goes, and later what its own journal says."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from alerts.objectives import Objective
from alerts.recorded import OFFICE_RETURNED, OFFICE_SILENT_CAUSE
from alerts.rule import Recorded
from alerts.views import OFFICE_OUTAGE_CAUSE
from collectors.messages import Language, catalogue, text


class Silence(StrEnum):
    """What the cause of a silence rests on: the label `evidence` of `office:silent:cause`, a closed list."""

    STOPPING = "stopping"  # the agent said that it would end
    NEIGHBOURS_POWER = "neighbours_power"  # no last word, but most on the same feeder have lost power
    ROUTER_ANSWERS = "router_answers"  # the centre sees the router
    NEIGHBOURS_OPERATOR = "neighbours_operator"  # most of the operator's customers around are lost, others' are not
    ROUTER_LOST = "router_lost"  # mains was fine, and the centre does not see the router any more
    ROUTER_DARK = "router_dark"  # the same without a word on mains
    ROUTER = "router"  # mains was fine, but the router dies with it
    REFUSED = "refused"  # mains was fine, and somebody answers at once, though not the agent
    PLANNED = "planned"  # somebody works there by plan
    MAINS = "mains"  # mains was fine, and nobody answers
    NONE = "none"  # nothing is known


class Confirmed(StrEnum):
    """What a cause rests on afterwards: the label `evidence` of `office:outage:cause`, beside the journal's own."""

    ROUTER_RESTARTED = "router_restarted"  # by its uptime, since the silence began
    AGENT_RAN = "agent_ran"  # all the time: only the line was away
    BEHIND_ROUTER = "behind_router"  # the same, while the centre saw the router
    SHUTDOWN = "shutdown"  # the machine was shut down in order
    NONE = "none"


_BY_OTHERS = (Confirmed.ROUTER_RESTARTED, Confirmed.AGENT_RAN, Confirmed.BEHIND_ROUTER)  # not by the journal
_RETURNED = "silence.returned."


def stories(language: Language, length: str) -> Mapping[str, str]:
    """`length`: how a template writes the seconds of a sample as a duration."""
    goals = ((goal, text(f"alerts.objective.{goal}", language)) for goal in Objective)
    return {
        "silence": _silence(language),
        "returned": _returned(language, length) + _confirmed(language),
        "version": "{{ $labels.version }}",
        "objective": _choice("$labels.objective", goals),
    }


def _silence(language: Language) -> str:
    own = (Silence.STOPPING, Silence.PLANNED)  # these have alerts of their own
    told = (evidence for evidence in Silence if evidence not in own)
    known = ((evidence, " " + text(f"silence.why.{evidence}", language)) for evidence in told)
    return _of_office(OFFICE_SILENT_CAUSE, _choice(".Labels.evidence", known))


def _confirmed(language: Language) -> str:
    """What others than the journal say of the cause, once the office is back."""
    known = ((evidence, text(f"silence.confirmed.{evidence}", language)) for evidence in _BY_OTHERS)
    return _of_office(OFFICE_OUTAGE_CAUSE, _choice(".Labels.evidence", known))


def _returned(language: Language, length: str) -> str:
    """Asked for when the message is written; nothing while the office is silent, or had nothing to say."""
    keys = (key.removeprefix(_RETURNED) for key in catalogue() if key.startswith(_RETURNED))
    why = {key: text(_RETURNED + key, language) for key in keys if key != "line"}
    cause = _choice('(printf "%s_%s" .Labels.cause .Labels.evidence)', why.items())
    line = text(_RETURNED + "line", language, length=length, cause=cause)
    return _of_office(OFFICE_RETURNED, line)


def _of_office(series: Recorded, words: str) -> str:
    """Asked for when the message is written. As a label it would make another alert of an incident when it changes."""
    return f'{{{{ range query (printf "{series}{{office=%q}}" $labels.office) }}}}{words}{{{{ end }}}}'


def _choice(value: str, known: Iterable[tuple[str, str]]) -> str:
    return "".join(f'{{{{ if eq {value} "{key}" }}}}{words}{{{{ end }}}}' for key, words in known)
