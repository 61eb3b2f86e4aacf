"""Reports as bytes of remote write, encoded once: all that changes from look to look is the time."""

from collections.abc import Iterable, Mapping

from agent.buffer.scrape import Labels
from agent.uplink.series import STALE, by_series, encode, varint
from agent.uplink.series import labels as labelled
from tests.campaign.country import Site
from tests.campaign.look import Line

_NOWHEN = 2**41 - 987_654_321  # milliseconds; as long as a time of this century, and none
_MARK = varint(_NOWHEN)

Values = dict[Labels, float]


def values(site: Site, lines: Iterable[Line]) -> Values:
    """The series of a report, by their labels. A scraped office's carry what Prometheus adds."""
    identity = identity_of(site)
    return {labelled(line.sample, {**identity, **dict(line.about)}): line.sample.value for line in lines}


def identity_of(site: Site) -> Mapping[str, str]:
    """Who reports; of a scraped office also how it was reached."""
    scraped = {} if site.office.pushes else {"instance": f"{site.id}:9817", "job": "agent"}
    return {**site.office.labels, **scraped}


def block(found: Values) -> bytes:
    """The series, each with one sample whose time is not known yet."""
    return encode(by_series([(_NOWHEN, found)]))


def ended(found: Iterable[Labels]) -> bytes:
    """The same series, each with the mark that says that it is over."""
    return block(dict.fromkeys(found, STALE))


def stamped(raw: bytes, milliseconds: int) -> bytes:
    """The block with its time."""
    return raw.replace(_MARK, varint(milliseconds))
