"""The report: text for a person, Markdown for the page, JSON for programs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from tests.campaign.figures import Figures, confusion, figures
from tests.campaign.notices import Notice
from tests.campaign.score import Score, Verdict

AIMS = {
    "recall": "≥ 0.99",
    "cause": "≥ 0.97",
    "scope": "≥ 0.97",
    "firing": "≤ 1.2",
    "resolved": "1",
    "false": "≤ 1 in 100 office-years",
    "national service": "≤ 90 s",
    "office power": "≤ 90 s",
    "office link": "≤ 150 s",
}


def markdown(ours: Score, theirs: Score | None) -> str:
    """The table of figures, the table by kind, and what was taken for what."""
    return "\n\n".join(("\n".join(_table(ours, theirs)), "\n".join(_kinds(ours)), "\n".join(_matrix(ours)))) + "\n"


def as_json(ours: Score, theirs: Score | None) -> str:
    """Everything, incident by incident."""
    content = {
        "figures": _plain(figures(ours)),
        "peer": _plain(figures(theirs)) if theirs else None,
        "incidents": [_incident(verdict) for verdict in ours.verdicts],
        "false": [asdict(notice) for notice in ours.false],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def wrong(score: Score) -> Iterator[str]:
    """A line for whatever was not found, or told under another cause or reach, or more than once."""
    for verdict in score.verdicts:
        if verdict.wanted and not (verdict.cause_right and verdict.scope_right and verdict.firing == 1):
            causes, scopes = "|".join(verdict.incident.causes), "|".join(verdict.incident.scopes)
            yield f"{verdict.kind}, {causes} at {scopes}, told {verdict.firing} times:"
            yield from (f"    {line}" for line in _lines(verdict.told, verdict.incident.start))
    yield from (f"false: {line}" for line in _lines(score.false, 0))


def _lines(notices: Sequence[Notice], start: float) -> Iterator[str]:
    """What was said, when it first was, and to how many within a minute: some goes to everybody."""
    said: dict[tuple[str, float], list[Notice]] = {}
    for notice in notices:
        said.setdefault((_said(notice), (notice.at - start) // 60), []).append(notice)
    for (words, _), same in said.items():
        more = f" and {len(same) - 1} more" if len(same) > 1 else ""
        yield f"{same[0].at - start:+.0f} s {words}, to {same[0].channel}{more}"


def _said(notice: Notice) -> str:
    state = "firing" if notice.firing else "over"
    where = " ".join(part for part in (notice.province, notice.office, notice.service, notice.operator) if part)
    return f"{state}: {notice.alert} ({notice.cause} at {notice.scope}) {where}"


def _table(ours: Score, theirs: Score | None) -> Iterator[str]:
    rows = {key: [aim, *(_cell(figures(one), key) for one in (ours, theirs) if one)] for key, aim in AIMS.items()}
    yield "| figure | aim | communewatch |" + (" plain rules |" if theirs else "")
    yield "|---|---|---|" + ("---|" if theirs else "")
    yield from (f"| {_NAMES[key]} | {' | '.join(cells)} |" for key, cells in rows.items())


_NAMES = {
    "recall": "incidents found",
    "cause": "cause right",
    "scope": "reach right",
    "firing": "messages per incident",
    "resolved": "messages that it is over",
    "false": "false messages",
    "national service": "national service: fault to message, median",
    "office power": "office power: the same",
    "office link": "office link: the same",
}


def _cell(found: Figures, key: str) -> str:
    if key in _NAMES and key not in found.delays and key in ("national service", "office power", "office link"):
        return "–"
    if key in found.delays:
        return f"{found.delays[key]:.0f} s"
    if key == "false":
        return f"{found.false} in {found.office_years:.1f} office-years"
    return f"{getattr(found, key):.3f}" if key in ("recall", "cause", "scope") else f"{getattr(found, key):.2f}"


def _kinds(score: Score) -> Iterator[str]:
    yield "| scenario | incidents | found | cause | reach | messages | seconds, median |"
    yield "|---|---|---|---|---|---|---|"
    for kind in sorted({verdict.kind for verdict in score.verdicts}):
        yield _kind(kind, [verdict for verdict in score.verdicts if verdict.kind == kind and verdict.wanted])


def _kind(kind: str, verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return f"| {kind} | nobody to be told | | | | | |"
    found = [verdict for verdict in verdicts if verdict.first]
    right = [sum(getattr(verdict, part) for verdict in verdicts) for part in ("cause_right", "scope_right")]
    delays = sorted(verdict.delay for verdict in found if verdict.delay is not None)
    middle = f"{delays[len(delays) // 2]:.0f}" if delays else "–"
    told = sum(verdict.firing for verdict in verdicts) / max(len(found), 1)
    return f"| {kind} | {len(verdicts)} | {len(found)} | {right[0]} | {right[1]} | {told:.2f} | {middle} |"


def _matrix(score: Score) -> Iterator[str]:
    found = confusion(score)
    yield "| what it was | what was told first | incidents |"
    yield "|---|---|---|"
    yield from (f"| {true} | {told} | {count} |" for (true, told), count in sorted(found.items()))


def _plain(found: Figures) -> Mapping[str, object]:
    return {**asdict(found), "per_100_years": found.per_100_years}


def _incident(verdict: Verdict) -> Mapping[str, object]:
    incident = verdict.incident
    return {
        "kind": verdict.kind, "causes": incident.causes, "scopes": incident.scopes, "offices": len(incident.offices),
        "silent": incident.silent, "first": asdict(verdict.first) if verdict.first else None,
        "firing": verdict.firing, "resolved": verdict.resolved, "delay": verdict.delay,
    }  # fmt: skip
