"""What the centre expects of an office beside its names: facts for rules alone, published with those in facts.py."""

from collections.abc import Iterator
from importlib.metadata import version

from collectors.core import Kind, Metric, Sample
from inventory import labels
from inventory.model import Province

OFFICE_ROUTER = Metric(
    "office_router_info", Kind.GAUGE, "1; an office whose router the province's centre looks at.",
    labels.OFFICE_IDENTITY,
)  # fmt: skip
OFFICE_FEEDER = Metric(
    "office_feeder_info", Kind.GAUGE, "1; an office with the power company's line that feeds it.",
    (*labels.OFFICE_IDENTITY, labels.FEEDER),
)  # fmt: skip
AGENT_WANTED = Metric(
    "agent_wanted_info", Kind.GAUGE, "1; the release that the offices of a province should run.",
    (labels.PROVINCE, "version"),
)  # fmt: skip
METRICS = (OFFICE_ROUTER, OFFICE_FEEDER, AGENT_WANTED)


def samples(province: Province) -> Iterator[Sample]:
    """Of one province."""
    yield AGENT_WANTED(1, **{labels.PROVINCE: province.code}, version=province.agent.version or version("communewatch"))
    for office in province.offices:
        if office.router:
            yield OFFICE_ROUTER(1, **office.labels)
        if office.feeder:
            yield OFFICE_FEEDER(1, **office.labels, **{labels.FEEDER: office.feeder})
