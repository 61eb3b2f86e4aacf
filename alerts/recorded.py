"""The recorded series: one state per office, link, service and province. Alerts and boards both read these.

A series of a state exists only while the state holds: `office:silent` lists the silent offices and nobody else.
"""

from alerts import budgets, contracts, fleet, lifeline, owners, planned, regions, views, votes, ways
from alerts.rule import Recorded
from inventory.labels import JOINT, LINK, OFFICE_IDENTITY, OPERATOR, PROVINCE, SERVICE

PROVINCE_NAMED = (PROVINCE, "province_name")
OFFICE_NAMED = (*OFFICE_IDENTITY, "province_name", "commune_name", "office_name")

# Who should be there, and who is
OFFICE_EXPECTED = Recorded(
    "office:expected", "1 for every office in the register, and for whoever reports.", OFFICE_NAMED
)
OFFICE_HEARD = Recorded("office:heard", "1 for every office whose agent spoke a moment ago.", OFFICE_IDENTITY)
OFFICE_SILENT = Recorded("office:silent", "1 for every expected office that is not heard.", OFFICE_IDENTITY)
OFFICE_SILENT_CAUSE = Recorded(
    "office:silent:cause",
    "1 for silent offices without a word on battery: power, link, agent or unknown, and what that rests on.",
    (*OFFICE_IDENTITY, "cause", "evidence"),
)
OFFICE_REFUSED = Recorded(
    "office:refused", "Seconds in which a silent office's address answers, where it does at once.", OFFICE_IDENTITY
)
OFFICE_ENDING = Recorded(
    "office:ending", "1 where the agent's last word is that it ends, 0 where it is heard.", OFFICE_IDENTITY
)
OFFICE_STOPPED = Recorded("office:stopped", "1 through a silence that the agent has announced.", OFFICE_IDENTITY)
OFFICE_RETURNED = Recorded(
    "office:returned",
    "Seconds that an office was away, by its own journal, for a while after it came back; updates are too short.",
    (*OFFICE_IDENTITY, "cause", "evidence"),
)
PROVINCE_EXPECTED = Recorded("province:expected", "1 for every province with an expected office.", PROVINCE_NAMED)
PROVINCE_OFFICES = Recorded("province:offices:count", "Expected offices.", (PROVINCE,))
PROVINCE_SILENT_RATIO = Recorded(
    "province:silent:ratio",
    "Share of the offices that are silent, left out those that a power cut or an operator explains.",
    (PROVINCE,),
)
PROVINCE_SILENT = Recorded("province:silent", "The share, where it is a matter of the whole province.", (PROVINCE,))
PROVINCE_SILENT_CAUSE = Recorded(
    "province:silent:cause", "The same, by what they had said when it began: link or unknown.", (PROVINCE, "cause")
)
CENTRE_RUNS = Recorded("centre:runs", "1 at every evaluation: where it is missing, Prometheus was away.")
CENTRE_BACK = Recorded("centre:back:timestamp_seconds", "When Prometheus ran again after it had been away, Unix time.")
CENTRE_SETTLING = Recorded(
    "centre:settling", "1 once Prometheus is back after minutes, until offices that send their figures are back, too."
)
CENTRE_BLIND = Recorded("centre:blind", "The same share of all offices, where the centre itself is suspect.")
CENTRE_DEAF = Recorded(
    "centre:deaf", "1 while that is so, and once it was told until offices that send their figures are back, too."
)

# Power
OFFICE_LAST_WORD = Recorded(
    "office:last_word",
    "1 for the word that the office sent by itself, where it is newer than what was scraped.",
    (*OFFICE_IDENTITY, "word"),
)
OFFICE_ROUTER_OFF_UPS = Recorded(
    "office:router_off_ups", "1 where the router is known to die with mains, and through the silence.", OFFICE_IDENTITY
)
OFFICE_BATTERY = Recorded("office:battery", "Whether a UPS feeds its office now: 1 or 0.", OFFICE_IDENTITY)
OFFICE_ON_BATTERY = Recorded("office:on_battery", "1 where the last word of a UPS was: on battery.", OFFICE_IDENTITY)
OFFICE_ON_MAINS = Recorded("office:on_mains", "1 where mains power was fine at the last word.", OFFICE_IDENTITY)
OFFICE_POWER_LOST = Recorded(
    "office:power_lost", "1 while on battery, and through the silence that follows.", OFFICE_IDENTITY
)
OFFICE_BATTERY_LOW = Recorded(
    "office:battery_low", "1 while on battery with little left, and through the silence.", OFFICE_IDENTITY
)
PROVINCE_POWER_LOST_RATIO = Recorded("province:power_lost:ratio", "Share of the offices without power.", (PROVINCE,))
PROVINCE_POWER_LOST = Recorded(
    "province:power_lost", "The share, where it is a matter of the whole province.", (PROVINCE,)
)
OFFICE_PROVINCE_CUT = Recorded(
    "office:province_cut",
    "1 for offices that such a cut took, a silence without a word included, for as long as several are not back yet.",
    OFFICE_IDENTITY,
)

# Links
LINK_EXPECTED = Recorded(
    "link:expected",
    "1 for every link in the register, and for whatever is probed.",
    (*OFFICE_IDENTITY, LINK, OPERATOR),
)
LINK_DOWN = Recorded("link:down", "0 for every link that is down in an office that is heard.", (*OFFICE_IDENTITY, LINK))
LINK_LOSS = Recorded(
    "link:loss:ratio", "Packet loss to the hop outside that answers best, averaged.", (*OFFICE_IDENTITY, LINK)
)
OFFICE_LINK_BAD = Recorded("office:link_bad", "Exists where no link is fit to judge a service.", OFFICE_IDENTITY)

# Services
SERVICE_EXPECTED = Recorded("service:expected", "1 for every service in the catalogue, and for whatever is probed.",
                            (SERVICE, "service_name"))  # fmt: skip
PROVINCE_SERVICE_INTERVAL = Recorded(
    "province_service:interval:seconds", "Seconds between two probes of one office.", (PROVINCE, SERVICE)
)
SERVICE_INTERVAL = Recorded("service:interval:seconds", "The same, as the median province has it.", (SERVICE,))
OFFICE_JUDGE = Recorded(
    "office:judge",
    "1 for every office that is able to judge services: heard, with power, a good link that reaches a control target"
    " and no fault of its operator; over whose line.",
    (*OFFICE_IDENTITY, OPERATOR),
)
OFFICE_SERVICE_FAILING = Recorded(
    "office_service:failing",
    "1 for every service that fails for an office that is able to judge, and over whose line.",
    (*OFFICE_IDENTITY, OPERATOR, SERVICE),
)
OFFICE_SERVICE_REASON = Recorded("office_service:reason", "1 for why it fails.", (*OFFICE_IDENTITY, SERVICE, "reason"))
OFFICE_SERVICE_BLOCKED = Recorded(
    "office_service:blocked",
    "1 for every service that refuses the probes of an office that is able to judge.",
    (*OFFICE_IDENTITY, SERVICE),
)
SERVICE_BLOCKED = Recorded(
    "service:blocked:ratio", "Share of the offices that ask it whose probes are refused; absent for none.", (SERVICE,)
)
PROVINCE_SERVICE_VOTERS = Recorded(
    "province_service:voters:count",
    "Offices that are able to judge and probe the service, and whose operator leads there.",
    (PROVINCE, SERVICE),
)
PROVINCE_SERVICE_RATIO = Recorded(
    "province_service:failing:ratio", "Share of the voters for which it fails.", (PROVINCE, SERVICE)
)
PROVINCE_SERVICE_FAILING = Recorded(
    "province_service:failing", "The share, where the voters of a province agree.", (PROVINCE, SERVICE)
)
SERVICE_RATIO = Recorded("service:failing:ratio", "Share of all voters for which it fails.", (SERVICE,))
SERVICE_PROVINCES_RATIO = Recorded(
    "service:failing_provinces:ratio", "Share of the provinces that ask it in which it fails as a matter of theirs.",
    (SERVICE,),
)  # fmt: skip
SERVICE_FAILING = Recorded("service:failing", "The share, where the voters of several provinces agree.", (SERVICE,))

SERVICE_SLOW_RATIO = Recorded("service:slow:ratio", "Share of all voters for which it works, but slowly.", (SERVICE,))
SERVICE_SLOW = Recorded("service:slow", "The share, where most voters of several provinces agree.", (SERVICE,))

# Services that are needed together
JOINT_EXPECTED = Recorded(
    "joint:expected", "1 for every errand in the catalogue, and for whatever is judged.", (JOINT, "joint_name")
)
OFFICE_JOINT_FAILING = Recorded(
    "office_joint:failing",
    "1 for every errand that fails for an office that is able to judge: a service that it needs does not work.",
    (*OFFICE_IDENTITY, JOINT),
)
OFFICE_JOINT_ONE_DOWN = Recorded(
    "office_joint:one_down",
    "1 while exactly one of the services does not work; summed over time: for how long.",
    (*OFFICE_IDENTITY, JOINT),
)
JOINT_VOTERS = Recorded("joint:voters:count", "Offices that are able to judge the errand.", (JOINT,))
JOINT_RATIO = Recorded("joint:failing:ratio", "Share of the voters for which the errand fails.", (JOINT,))
JOINT_ONE_DOWN_RATIO = Recorded(
    "joint:one_down:ratio", "Share of the voters for which exactly one of the services does not work.", (JOINT,)
)
JOINT_FAILING = Recorded("joint:failing", "The share, where the voters of several provinces agree.", (JOINT,))
JOINT_UNEXPLAINED = Recorded(
    "joint:unexplained", "The same, where none of the services fails for a province or the country by itself.", (JOINT,)
)

# Journeys
JOURNEY_EXPECTED = Recorded("journey:expected", "1 for every journey in the catalogue, and for whatever is walked.",
                            (SERVICE, "service_name"))  # fmt: skip
OFFICE_JOURNEY_FAILING = Recorded(
    "office_journey:failing",
    "1 for every journey that an office able to judge cannot walk to its end.",
    (*OFFICE_IDENTITY, SERVICE),
)
JOURNEY_RATIO = Recorded("journey:failing:ratio", "Share of the offices able to judge that cannot.", (SERVICE,))
JOURNEY_FAILING = Recorded("journey:failing", "The share, where most of them agree.", (SERVICE,))
JOURNEY_BUDGET_RATIO = Recorded(
    "journey:budget:ratio", "How long the journey took at the median office, over its budget.", (SERVICE,)
)

# Trouble of the measuring itself
OFFICE_PROBE_BROKEN = Recorded(
    "office_probe:broken",
    "1 for probes that fail for a reason of their own.",
    (*OFFICE_IDENTITY, "collector", "reason"),
)
OFFICE_UPS_UNREACHABLE = Recorded("office:ups_unreachable", "1 where a UPS does not answer.", OFFICE_IDENTITY)
OFFICE_CONFIG_REJECTED = Recorded(
    "office:configuration_rejected", "1 where the agent keeps an older configuration.", OFFICE_IDENTITY
)
OFFICE_LAST_WORD_BLOCKED = Recorded(
    "office:last_word_blocked", "1 where a last word would not reach the province now.", OFFICE_IDENTITY
)

OFFICE_PUSH_BACKLOG = Recorded(
    "office:push_backlog", "Seconds for which an office's oldest figure waits, where that is too long.", OFFICE_IDENTITY
)
OFFICE_PUSH_MISCONFIGURED = Recorded(
    "office:push_misconfigured", "1 where a receiver turns away everything that an office sends.", OFFICE_IDENTITY
)
OFFICE_PUSH_QUARANTINED = Recorded(
    "office:push_quarantined", "Figures that an office has put aside lately, for they will never be taken.",
    OFFICE_IDENTITY,
)  # fmt: skip
OFFICE_BUFFER_FAILING = Recorded(
    "office:buffer_failing", "1 where an office's disk has taken no figures lately, or had no room for them.",
    OFFICE_IDENTITY,
)  # fmt: skip
OFFICE_CLOCK_WRONG = Recorded(
    "office:clock_wrong", "Seconds by which an office's clock is ahead of the centre's, where that is too much.",
    OFFICE_IDENTITY,
)  # fmt: skip

# Verdicts for the boards
OFFICE_VERDICT = Recorded(
    "office:verdict",
    "1 for the one verdict on every expected office (ok, power, lan, link, agent, unknown), and what it stands on.",
    (*OFFICE_IDENTITY, "verdict", "evidence"),
)

# What changes slowly
SERVICE_CERTIFICATE = Recorded(
    "service:certificate:remaining_seconds", "Until the certificate ends, as most offices see it.", (SERVICE,)
)

DATA_STALE = Recorded(
    "data:stale",
    "1 for owners' data that has not been renewed, or not been reported, for too long.",
    (PROVINCE, SERVICE),
)

# The relay
CHANNEL_FAILING = Recorded(
    "channel:failing", "1 for channels of the relay that lose or hold back messages.", ("channel",)
)
CHANNEL_DEAD = Recorded(
    "channel:dead",
    "1 for channels of the relay that have taken nothing for long, while their fallback tells.",
    ("channel",),
)
RELAY_DAMAGED = Recorded("relay:damaged", "Files of the relay that cannot be read, where there are any.")

# The gateway
GATEWAY_FAILING = Recorded("gateway:store_failing", "1 while the store behind a gateway takes nothing.", ())
GATEWAY_FILES_REJECTED = Recorded(
    "gateway:files_rejected", "1 while a gateway could not read what was changed last.", ()
)
GATEWAY_FILE_ENDS = Recorded(
    "gateway:file_ends_in_seconds", "Seconds until a certificate or list of the gateways ends, where that is soon.",
    ("file",),
)  # fmt: skip
OFFICE_CERTIFICATE_ENDS = Recorded(
    "office:certificate_ends_in_seconds", "Seconds until an office's certificate ends, where that is soon.",
    OFFICE_IDENTITY,
)  # fmt: skip

_HERE = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
RECORDED: tuple[Recorded, ...] = (
    *_HERE, *budgets.RECORDED, *contracts.RECORDED, *fleet.RECORDED, *lifeline.RECORDED, *owners.RECORDED,
    *planned.RECORDED, *regions.RECORDED, *views.RECORDED, *votes.RECORDED, *ways.RECORDED,
)  # fmt: skip
