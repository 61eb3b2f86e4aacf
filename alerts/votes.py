"""The recorded series of votes on services: who is asked, over whose lines, and what the votes come to.

See recorded.py. Shares and numbers of voters are the evidence beside each verdict.
"""

from alerts.rule import Recorded
from inventory.labels import OFFICE_IDENTITY, OPERATOR, PROVINCE, SERVICE

_VOTES = (PROVINCE, OPERATOR, SERVICE)

OFFICE_SERVICE_FAILS = Recorded(
    "office_service:fails", "1 for every service that does not answer an office, whatever the cause.",
    (*OFFICE_IDENTITY, SERVICE),
)  # fmt: skip
PROVINCE_SERVICES = Recorded(
    "province:quick_services:count", "Services that each office of the province asks once a minute.", (PROVINCE,)
)

OFFICE_ENROLLED = Recorded(
    "office:enrolled", "1 for every office that was able to judge when the roll was taken, and over whose line.",
    (*OFFICE_IDENTITY, OPERATOR),
)  # fmt: skip

# By operator: the government's own network is one of them
OPERATOR_ENROLLED = Recorded(
    "province_operator_service:enrolled:count", "Offices on the roll that ask the service over an operator's lines.",
    _VOTES,
)  # fmt: skip
OPERATOR_VOTERS = Recorded(
    "province_operator_service:voters:count", "Offices that are able to judge the service over an operator's lines.",
    _VOTES,
)  # fmt: skip
OPERATOR_FAILING = Recorded(
    "province_operator_service:failing:count", "Those of them for which it fails, where there are any.", _VOTES
)
OPERATOR_RATIO = Recorded(
    "province_operator_service:failing:ratio", "Their share, where there are any.", _VOTES
)  # fmt: skip
PROVINCE_OPERATOR_BROKEN = Recorded(
    "province_operator_service:broken",
    "The share, where the service fails over one operator's lines and works over those of others.",
    _VOTES,
)
OPERATOR_SERVICE_RATIO = Recorded(
    "operator_service:failing:ratio", "The share of an operator's voters in the whole country, where there are any.",
    (OPERATOR, SERVICE),
)  # fmt: skip
OPERATOR_SERVICE_BROKEN = Recorded(
    "operator_service:broken", "The share, where it is a matter of that operator in several provinces.",
    (OPERATOR, SERVICE),
)  # fmt: skip
OPERATOR_SERVICE_EXPLAINED = Recorded(
    "province_operator_service:explained", "1 where either explains what fails: there nobody judges the service.",
    _VOTES,
)  # fmt: skip

# By office: a fault of its own
PROVINCE_SERVICE_SOUND = Recorded(
    "province_service:sound", "1 for services asked once a minute that most offices of the province can use.",
    (PROVINCE, SERVICE),
)  # fmt: skip
OFFICE_REACHES_NOTHING = Recorded(
    "office:reaches_nothing", "How many of these fail for an office, where all do, over whose line.",
    (*OFFICE_IDENTITY, OPERATOR),
)  # fmt: skip

# By province: a fault of what it shares
PROVINCE_SERVICES_RATIO = Recorded(
    "province:services_failing:ratio",
    "Share of the services asked once a minute that fail for the province, where any do; not what fails at large.",
    (PROVINCE,),
)  # fmt: skip
PROVINCE_SERVICES_FAILING = Recorded(
    "province:services_failing", "The share, where most of them do, several at least.", (PROVINCE,)
)

# All together
SERVICE_VOTERS = Recorded("service:voters:count", "Offices of all provinces that are able to judge it.", (SERVICE,))
SERVICE_VERDICT = Recorded(
    "service:verdict",
    "1 for the one verdict on every service that a province asks: broken and at which scope (office, operator, province"
    " or national), planned, ok, or not_enough_evidence.",
    (PROVINCE, SERVICE, "scope", "verdict"),
)

RECORDED: tuple[Recorded, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
