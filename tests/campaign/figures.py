"""A score in figures: what the report says, and what the aims are held against. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from tests.campaign.score import Score, Verdict

NOBODY = "nobody told"
_TIMED = {
    "national service": (
        "national freeze", "national maintenance page", "national outage", "all services of an owner",
        "store restarted",
    ),
    "office power": ("office power",),
    "office link": ("office link", "office link, spare"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """recall, cause, scope: shares of the incidents that people should be told of; the others are means.

    firing, resolved  messages per incident, to whoever got most of them
    false             messages about nothing; per_100_years: of 100 offices that are watched for a year
    delays            median seconds from the fault to the first message
    """

    incidents: int
    recall: float
    cause: float
    scope: float
    firing: float
    resolved: float
    false: int
    office_years: float
    delays: Mapping[str, float]

    @property
    def per_100_years(self) -> float:
        return 100 * self.false / self.office_years if self.office_years else 0.0


def together(scores: Sequence[Score]) -> Score:
    """Several batches as one: their office-years add up."""
    offices = max(score.offices for score in scores)
    return Score(
        tuple(verdict for score in scores for verdict in score.verdicts),
        tuple(notice for score in scores for notice in score.false),
        offices,
        sum(score.seconds * score.offices for score in scores) / offices,
    )


def figures(score: Score) -> Figures:
    wanted = [verdict for verdict in score.verdicts if verdict.wanted]
    found = [verdict for verdict in wanted if verdict.first]
    delays = {name: _delays(found, kinds) for name, kinds in _TIMED.items()}
    return Figures(
        incidents=len(wanted),
        recall=_share(verdict.first is not None for verdict in wanted),
        cause=_share(verdict.cause_right for verdict in wanted),
        scope=_share(verdict.scope_right for verdict in wanted),
        firing=mean(verdict.firing for verdict in found) if found else 0.0,
        resolved=mean(verdict.resolved for verdict in found) if found else 0.0,
        false=len(score.false),
        office_years=score.office_years,
        delays={name: median(of) for name, of in delays.items() if of},
    )


def confusion(score: Score) -> Mapping[tuple[str, str], int]:
    """(true cause and scope, told cause and scope) -> incidents. Of several right answers the first is shown."""
    pairs = ((_true(verdict), _told(verdict)) for verdict in score.verdicts if verdict.wanted)
    return Counter(pairs)


def _true(verdict: Verdict) -> str:
    return f"{verdict.incident.causes[0]}/{verdict.incident.scopes[0]}"


def _told(verdict: Verdict) -> str:
    return f"{verdict.first.cause}/{verdict.first.scope}" if verdict.first else NOBODY


def _delays(found: Iterable[Verdict], kinds: Sequence[str]) -> list[float]:
    return [verdict.delay for verdict in found if verdict.kind in kinds and verdict.delay is not None]


def _share(answers: Iterable[bool]) -> float:
    known = list(answers)
    return sum(known) / len(known) if known else 0.0
