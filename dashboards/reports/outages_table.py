"""Outages as CSV and JSON: one row for each outage; one for each sum by office, province or operator and cause."""

from collections.abc import Iterable, Iterator, Sequence

from dashboards.reports.outage_sums import History, Subject, Sums, Total, by_office, by_operator, by_province
from dashboards.reports.outages import Outage, Reason
from dashboards.reports.table import as_moment, as_text

COLUMNS = (
    "province", "province_name", "commune", "commune_name", "office", "office_name", "operator", "service",
    "service_name", "begin", "end", "minutes", "not_known_minutes", "cause", "evidence", "told_cause", "planned",
)  # fmt: skip
SUM_COLUMNS = (
    "of", "name", "offices", "known_minutes", "link_available_ratio", "cause", "planned", "outages", "minutes",
    "longest_minutes",
)  # fmt: skip


def outage_rows(histories: Iterable[History]) -> Iterator[tuple[str, ...]]:
    """One row of COLUMNS for each outage."""
    for history in histories:
        yield from ((*_names(history.subject), *_figures(one)) for one in history.outages)


def sum_rows(histories: Sequence[History]) -> Iterator[tuple[str, ...]]:
    """One row of SUM_COLUMNS for each cause of each; one without a cause where nothing was out."""
    found = {"office": by_office(histories), "province": by_province(histories), "operator": by_operator(histories)}
    for of, each in found.items():
        for one in each:
            for key, total in one.totals.items() or [(None, Total(0, 0.0, 0.0))]:
                yield (of, *_sums(one), *_total(key, total))


def _names(one: Subject) -> tuple[str, ...]:
    return tuple(
        as_text(name)
        for name in (
            one.province, one.province_name, one.commune, one.commune_name, one.office, one.office_name, one.operator,
            one.service, one.service_name,
        )
    )  # fmt: skip


def _figures(one: Outage) -> tuple[str, ...]:
    return (
        as_moment(one.begin), "" if one.end is None else as_moment(one.end), _minutes(one.seconds),
        _minutes(one.unseen), one.cause, one.evidence, one.told, str(int(one.planned)),
    )  # fmt: skip


def _sums(one: Sums) -> tuple[str, ...]:
    ratio = "" if one.availability is None else f"{one.availability:.6f}"
    return one.name, str(one.members), _minutes(one.seen), ratio


def _total(key: tuple[Reason, bool] | None, one: Total) -> tuple[str, ...]:
    cause, planned = (key[0], str(int(key[1]))) if key else ("", "0")
    return cause, planned, str(one.number), _minutes(one.seconds), _minutes(one.longest)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f}"
