"""The recorded series of operators: over whose lines offices work, which customers are lost, and how far that reaches.

`area`: customers whose communes share the first three digits of their code, or all of the province. See recorded.py.
"""

from alerts.contracts import AREA, REGION
from alerts.rule import Recorded
from inventory.labels import LINK, LINK_IDENTITY, OFFICE_IDENTITY, OPERATOR, PROVINCE

_CUSTOMER = (*OFFICE_IDENTITY, OPERATOR)

LINK_RANKED = Recorded(
    "link:ranked", "The place of each link whose operator is known in the register's order.", (*LINK_IDENTITY, OPERATOR)
)
OFFICE_FIRST_WAY = Recorded(
    "office:first_way", "1 for the first of an office's links, and whose it is; without them if unknown.",
    (*OFFICE_IDENTITY, LINK, OPERATOR),
)  # fmt: skip
OFFICE_WAY = Recorded(
    "office:way",
    "1 for the link over which an office works, the first that is not down, and whose it is; without them if unknown.",
    (*OFFICE_IDENTITY, LINK, OPERATOR),
)
OFFICE_SENDS = Recorded(
    "office:sends", "1 for every office that sends its figures, and for those that are silent since.", OFFICE_IDENTITY
)
OFFICE_FRESH = Recorded(
    "office:fresh", "1 for every office of which something is known that is newer than any message waits.",
    OFFICE_IDENTITY,
)  # fmt: skip
LINK_CUT_OFF = Recorded(
    "link:cut_off", "1 for a link whose reference is lost while none of the office's services answers.", LINK_IDENTITY
)
LINK_DOWN_TOLD = Recorded(
    "link:down:told", "0 for a link that has been down for as long as it takes to be told, and not since mains failed.",
    LINK_IDENTITY,
)  # fmt: skip
POWER_AREA = Recorded("power:area", "Offices without power in an area, where there are several.", (PROVINCE, AREA))
OPERATOR_LOST = Recorded(
    "office_operator:lost",
    "1 for a customer of an operator who is silent, or whose line is down; power cuts left out.",
    (*_CUSTOMER, "cause"),
)
AREA_CUSTOMERS = Recorded(
    "operator_area:customers:count",
    "Customers of an operator in a group of communes who are heard with power, or lost.",
    REGION,
)
REGION_CUSTOMERS = Recorded(
    "operator_region:customers:count", "Customers of an operator in an area who are heard with power, or lost.", REGION
)
REGION_LOST_COUNT = Recorded("operator_region:lost:count", "Those of them that are lost.", REGION)
REGION_SHARE = Recorded("operator_region:lost:ratio", "Their share.", REGION)
REGION_OTHERS_SHARE = Recorded(
    "operator_region:others_lost:ratio", "The same share of the other operators' customers, where they are enough.",
    REGION,
)  # fmt: skip
REGION_SILENT = Recorded(
    "operator_region:silent", "The share, where it is a matter of the operator there.", REGION
)  # fmt: skip
OPERATOR_SHARE = Recorded("operator:lost:ratio", "Share of an operator's customers that are lost.", (OPERATOR,))
OPERATOR_DOWN = Recorded("operator:down", "The share, where it is a matter of the operator at large.", (OPERATOR,))
OFFICE_OPERATOR_EXPLAINED = Recorded(
    "office_operator:explained", "1 for lost customers of an operator that is judged lost there, or at large.",
    _CUSTOMER,
)  # fmt: skip

RECORDED: tuple[Recorded, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
