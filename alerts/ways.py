"""The recorded series of ways to a service, and of lines that are interrupted. See recorded.py."""

from alerts.rule import Recorded
from inventory.labels import LINK, OFFICE_IDENTITY, OPERATOR, PROVINCE

_LINK = (*OFFICE_IDENTITY, LINK)
_AREA = (PROVINCE, OPERATOR)

# Where a way breaks
LINK_PATH_LOOKED = Recorded("link:path:looked", "1 for every way at which an office with power has looked.", _LINK)
LINK_PATH_FAULT = Recorded(
    "link:path:fault", "1 for the part of such a way in which its fault is.", (*_LINK, "where")
)  # fmt: skip
PROVINCE_OPERATOR_PATH_RATIO = Recorded(
    "province_operator:path:ratio",
    "Share of an operator's ways in a province that have their fault there.",
    (*_AREA, "where"),
)
PATH_WHOLE_ELSEWHERE = Recorded(
    "province_operator:path:whole_elsewhere:ratio", "Share of all other ways that are whole.", _AREA
)
PROVINCE_OPERATOR_PATH_FAULT = Recorded(
    "province_operator:path:fault",
    "The share, where most of them agree and most other ways are whole.",
    (*_AREA, "where"),
)
OFFICE_PATH_SHARED = Recorded(
    "office:path:shared", "1 for offices whose way breaks where most of their operator's do.", OFFICE_IDENTITY
)
OFFICE_TROUBLED = Recorded("office:troubled", "1 where a link or a service fails.", OFFICE_IDENTITY)
LINK_PATH_CAUSE = Recorded(
    "link:path:cause",
    "1 for a fault on the way that explains what fails in one office, and was found before that was told.",
    (*_LINK, "where", "cause"),
)

# Interrupted lines
LINK_OUTAGES = Recorded(
    "link:outages",
    "Outages by echoes, or else by probes, of lines of which nothing else was told in the window.",
    _LINK,
)
LINK_DIPS = Recorded(
    "link:dips", "Dips within the window: of a modem's signal, or inferred from echoes.", (*_LINK, "evidence")
)
LINK_UNSTABLE = Recorded("link:unstable", "How often a line was interrupted, where that is too much.", _LINK)
PROVINCE_UNSTABLE_RATIO = Recorded("province:unstable:ratio", "Share of the offices with such a line.", (PROVINCE,))
PROVINCE_UNSTABLE = Recorded("province:unstable", "The share, where it is no matter of single lines.", (PROVINCE,))

RECORDED: tuple[Recorded, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
