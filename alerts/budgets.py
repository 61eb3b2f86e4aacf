"""The recorded series of objectives: what was not answered, how fast that uses the budget up, and what is left of it.

See recorded.py.
"""

from alerts.rule import Recorded
from inventory.labels import SERVICE

_GOAL = (SERVICE, "objective")

OFFICES_OPEN = Recorded("calendar:offices_open", "1 while offices are open: office hours of a working day.")
SERVICE_ERRORS = Recorded(
    "service:errors:ratio", "Share of the offices able to judge for which a service fails, while the objective holds.",
    _GOAL,
)  # fmt: skip
SERVICE_ERRORS_UNTOLD = Recorded(
    "service:errors_untold:ratio", "The same without what is told as an outage of a province or the country.", _GOAL
)
SERVICE_BURN = Recorded(
    "service:burn:rate",
    "How many times too fast that uses the error budget up, over a window: 1 = just as fast as it may.",
    (*_GOAL, "window"),
)
SERVICE_BUDGET_LEFT = Recorded(
    "service:budget_left:ratio", "Share of the error budget of 30 days that is left; below 0 = more was used.", _GOAL
)

RECORDED: tuple[Recorded, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Recorded))
