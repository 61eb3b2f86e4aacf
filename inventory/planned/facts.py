"""Planned work as facts: moments that rules compare with the clock, and what each piece of work concerns.

A page of facts is static, so nothing in it may depend on the time at which it was rendered.
"""

from collections.abc import Iterator, Mapping

from collectors.core import Kind, Metric, Sample
from inventory import labels
from inventory.planned.work import Work

WORK = "work"  # id of a piece of work in planned.yml
KIND = "kind"  # power, link, service
PERIOD = "period"  # when, in words, in Vietnam's time

_TIMED = (labels.PROVINCE, WORK, KIND, PERIOD)
PLANNED_INFO = Metric(
    "planned_work_info",
    Kind.GAUGE,
    "1; planned work with its title, of a power company, an operator or an owner of services.",
    (labels.PROVINCE, WORK, KIND, "title"),
)
PLANNED_START = Metric("planned_start_timestamp_seconds", Kind.GAUGE, "When planned work begins, Unix time.", _TIMED)
PLANNED_END = Metric("planned_end_timestamp_seconds", Kind.GAUGE, "When planned work ends, Unix time.", _TIMED)
PLANNED_OFFICE = Metric(
    "planned_office",
    Kind.GAUGE,
    "1 for every office that may lose power, or its first link.",
    (*labels.OFFICE_IDENTITY, WORK),
)
PLANNED_LINK = Metric("planned_link", Kind.GAUGE, "1 for every link that may fail.", (*labels.LINK_IDENTITY, WORK))
PLANNED_SERVICE = Metric(
    "planned_service",
    Kind.GAUGE,
    "1 for every service that may not answer.",
    (labels.PROVINCE, labels.SERVICE, WORK),
)
METRICS = (PLANNED_INFO, PLANNED_START, PLANNED_END, PLANNED_OFFICE, PLANNED_LINK, PLANNED_SERVICE)


def samples(province: str, works: tuple[Work, ...], offices: Mapping[str, Mapping[str, str]]) -> Iterator[Sample]:
    """Everything about the works of one province. `offices`: the identity of each, by its id."""
    for work in works:
        identity = {labels.PROVINCE: province, WORK: work.id}
        yield PLANNED_INFO(1, **identity, kind=work.kind, title=work.title)
        for period, window in {window.spoken(): window for window in work.times}.items():
            timed = {**identity, KIND: str(work.kind), PERIOD: period}
            yield PLANNED_START(window.start.timestamp(), **timed)
            yield PLANNED_END(window.end.timestamp(), **timed)
        for office in work.offices:
            yield PLANNED_OFFICE(1, **offices[office], work=work.id)
        for office, link in work.links:
            yield PLANNED_LINK(1, **offices[office], link=link, work=work.id)
        for service in work.services:
            yield PLANNED_SERVICE(1, **identity, service=service)
