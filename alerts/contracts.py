"""The recorded series of links and their contracts: tests told once, dips with their cause, and shares over a month.

`method` says how was measured (alerts/methods.py). A test is a sample at the one evaluation that first sees it, so that
counting samples counts tests, however often a result was scraped.
"""

from alerts.rule import Recorded
from inventory.labels import LINK, LINK_IDENTITY, OFFICE_IDENTITY, OPERATOR, PROVINCE

METHOD, AREA, EVERYWHERE = "method", "area", "all"
DIRECTED = (*OFFICE_IDENTITY, LINK, "direction")
REGION = (PROVINCE, AREA, OPERATOR)
_MEASURED = (*DIRECTED, METHOD)

# Tests
LINK_SAMPLE = Recorded(
    "link:sample:ratio", "Measured over contracted rate, once for each new test with a figure.", _MEASURED
)
LINK_BOUND = Recorded(
    "link:bound", "1 for such a sample that only says that the link is faster than the test.", _MEASURED
)
LINK_TESTED = Recorded("link:tested:timestamp_seconds", "When the last test ended.", (*LINK_IDENTITY, METHOD))
LINK_METHOD = Recorded("link:method", "1 for the best method that has given a figure of late: it judges.", _MEASURED)
OFFICE_OUTAGE = Recorded(
    "office:outage", "1 where the power verdict said outage or low battery a moment ago.", OFFICE_IDENTITY
)
LINK_ACCEPTED = Recorded("link:accepted:ratio", "The samples that were not taken in a power outage.", _MEASURED)
LINK_BELOW = Recorded("link:below", "1 for such a sample below the limit of the contract, else 0.", _MEASURED)
LINK_REJECTED = Recorded(
    "link:rejected", "1 for every new test that counts for nothing, and why.", (*_MEASURED, "reason")
)
LINK_OWN_LOAD = Recorded(
    "link:own_load:ratio", "What the office itself moves, of the contracted rate: at the last probe, or now.", DIRECTED
)

# Dips: a series of these exists only while the dip lasts
LOW_COUNT = Recorded("link:low:count", "Low tests in a row, none of them refuted; 0 after a good one.", DIRECTED)
LOW_SINCE = Recorded("link:low:since:timestamp_seconds", "When the first of them ended.", DIRECTED)
LOW_DEPTH = Recorded("link:low:ratio", "The lowest of them, of the contracted rate.", DIRECTED)
LINK_DIP = Recorded("link:dip:ratio", "The lowest test of a link's dip, of the contracted rate.", _MEASURED)
LINK_DIP_SINCE = Recorded("link:dip:since:timestamp_seconds", "When the first low test of the dip ended.", _MEASURED)
LINK_DIP_CAUSE = Recorded(
    "link:dip:cause", "The same depth by cause: power, region, own_load or line.", (*_MEASURED, "cause")
)
LINK_DIP_LOAD = Recorded("link:dip:own_load:ratio", "The office's own load meanwhile, where known.", _MEASURED)

# Neighbours: links of one operator whose communes share the first three digits of their code, or the province
LINK_MEASURED = Recorded("link:measured", "1 for every link with a recent figure.", (*LINK_IDENTITY, OPERATOR))
LINK_SLOW = Recorded(
    "link:slow", "The deeper of the two directions' dips, power outages left out.", (*LINK_IDENTITY, OPERATOR)
)
REGION_MEASURED = Recorded("region:measured:count", "Links of an operator in an area with a recent figure.", REGION)
REGION_LOW = Recorded("region:low:count", "Those of them that are in a dip.", REGION)
REGION_SLOW = Recorded("region:slow:ratio", "Their share, where it is a matter of the operator there.", REGION)
NEIGHBOURS_LOW = Recorded(
    "link:neighbours:low",
    "Other links of the operator in the area that are in a dip, too.",
    (*LINK_IDENTITY, AREA, OPERATOR),
)
NEIGHBOURS_MEASURED = Recorded(
    "link:neighbours:measured", "Those of them that have a recent figure.", (*LINK_IDENTITY, AREA, OPERATOR)
)

# What a contract is judged by
LINK_CONTRACT_RATIO = Recorded(
    "link:contract:ratio",
    "Median of the window's samples over the contracted rate, once there are enough; by the method that judges.",
    _MEASURED,
)
LINK_BELOW_RATIO = Recorded(
    "link:below:ratio", "Share of a month's samples below the limit of the contract; by each method.", _MEASURED
)
LINK_SAMPLES = Recorded("link:samples:count", "How many samples that is.", _MEASURED)
LINK_REJECTED_COUNT = Recorded(
    "link:rejected:count", "Tests of a month that count for nothing, by reason.", (*_MEASURED, "reason")
)

RECORDED: tuple[Recorded, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
