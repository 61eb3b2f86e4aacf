"""Objectives of services: how fast their error budgets are used up by what nobody is told of otherwise.

In two levels: the share for the whole country, recorded once a minute, and windows over that alone. No rule looks at
the probes themselves for hours.
"""

from alerts.budgets import (
    OFFICES_OPEN,
    SERVICE_BUDGET_LEFT,
    SERVICE_BURN,
    SERVICE_ERRORS,
    SERVICE_ERRORS_UNTOLD,
)
from alerts.objectives import Burn, Objective, Objectives
from alerts.promql import duration, named_service, one_of
from alerts.recorded import (
    PROVINCE_SERVICE_FAILING,
    PROVINCE_SERVICE_RATIO,
    PROVINCE_SERVICE_VOTERS,
    SERVICE_FAILING,
    SERVICE_RATIO,
)
from alerts.rule import ALERT_NAME, Alert, Cause, Recorded, Recording, Scope, Severity
from alerts.settings import Settings
from collectors.core.values import VIETNAM
from inventory.hours import DAY
from inventory.labels import PROVINCE, SERVICE

_OFFSET = VIETNAM.utcoffset(None).total_seconds()
_LOCAL = f"time() + {_OFFSET:g}"
_GOAL = f"{SERVICE}, objective"
_WORKING_DAYS = (1, 5)  # Monday to Friday


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Two series per service, and seven windows of each."""
    goals = settings.objectives
    burns = sorted({seconds for burn in (*goals.fast, *goals.slow) for seconds in (burn.seconds, burn.short_seconds)})
    return (
        Recording(OFFICES_OPEN, offices_open(goals)),
        Recording(SERVICE_ERRORS, _by_objective(f"{SERVICE_RATIO}{{{SERVICE}=~{one_of(goals.services)}}}")),
        Recording(SERVICE_ERRORS_UNTOLD, _by_objective(_untold(goals))),
        Recording(SERVICE_BURN, " or ".join(_burn(seconds, goals) for seconds in burns)),
    )


def offices_open(goals: Objectives) -> str:
    """1 or nothing, by the clock in Vietnam, which knows no summer time."""
    first, last = _WORKING_DAYS
    second = f"vector(({_LOCAL}) % {DAY:g})"
    hours = " or ".join(f"{second} >= {60 * one.start.minutes} < {60 * one.end.minutes}" for one in goals.open)
    working = f"day_of_week(vector({_LOCAL})) >= {first} <= {last}"
    today = f"floor(vector(({_LOCAL}) / {DAY:g}))"
    holidays = " or ".join(f"{today} == {day.toordinal() - _EPOCH}" for day in goals.holidays)
    closed = f" unless ({holidays})" if holidays else ""
    return f"(vector(1) and ({working}) and ({hours})){closed}"


_EPOCH = 719163  # the ordinal of 1970-01-01


def _untold(goals: Objectives) -> str:
    """A province in which it fails has an alert of its own, and the whole country has one, too."""
    ours = f"{{{SERVICE}=~{one_of(goals.services)}}}"
    by = f"{PROVINCE}, {SERVICE}"
    lost = f"{PROVINCE_SERVICE_RATIO}{ours} * on ({by}) {PROVINCE_SERVICE_VOTERS}"
    share = (
        f"sum by ({SERVICE}) ({lost} unless on ({by}) {PROVINCE_SERVICE_FAILING} or on ({by}) 0 * ({lost}))"
        f" / on ({SERVICE}) sum by ({SERVICE}) ({PROVINCE_SERVICE_VOTERS}{ours})"
    )
    return f"({share}) unless on ({SERVICE}) {SERVICE_FAILING}"


def _by_objective(share: str) -> str:
    while_open = f"({share}) and on () {OFFICES_OPEN}"
    return " or ".join(
        f'label_replace({expr}, "objective", "{objective}", "", "")'
        for expr, objective in ((share, Objective.ALWAYS), (while_open, Objective.OFFICE_HOURS))
    )


def _burn(seconds: float, goals: Objectives) -> str:
    """A window counts what it holds, once that is as much as a twelfth: in the morning the night is no evidence."""
    window = duration(seconds)
    least = f"count_over_time({SERVICE_ERRORS_UNTOLD}[{window}]) >= {seconds / 12 / goals.evaluation_seconds:g}"
    burn = f"({_over_budget(SERVICE_ERRORS_UNTOLD, window, goals)}) and ({least})"
    return f'label_replace({burn}, "window", "{window}", "", "")'


def _over_budget(errors: Recorded, window: str, goals: Objectives) -> str:
    """The average over those that the objective allows."""
    return " or ".join(
        f'avg_over_time({errors}{{objective="{one}"}}[{window}]) / {1 - goals.target(one):.6g}' for one in Objective
    )


def left(settings: Settings) -> tuple[Recording, ...]:
    """For boards; everything counts, told or not."""
    goals = settings.objectives
    used = _over_budget(SERVICE_ERRORS, duration(goals.budget_seconds), goals)
    return (Recording(SERVICE_BUDGET_LEFT, f"1 - ({used})"),)


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Not on top of an outage that is told: that uses no budget here, and holds these back."""
    goals, keep = settings.objectives, settings.windows.keep_seconds
    fast, slow = _fires(goals.fast), _fires(goals.slow)
    return (
        _alert("ErrorBudgetBurning", Severity.CRITICAL, fast, keep),
        _alert("ErrorBudgetBurningSlowly", Severity.WARNING, f"{slow} unless on ({_GOAL}) {fast}", keep),
    )


def _fires(burns: tuple[Burn, ...]) -> str:
    """Over the long window, and still over the short one."""
    pairs = (
        f"({_rate(burn.seconds)} > {burn.factor:g} and on ({_GOAL}) {_rate(burn.short_seconds)} > {burn.factor:g})"
        for burn in burns
    )
    return f"max by ({_GOAL}) ({' or '.join(pairs)})"


def _rate(seconds: float) -> str:
    return f'{SERVICE_BURN}{{window="{duration(seconds)}"}}'


def _alert(name: str, severity: Severity, expr: str, keep: float) -> Alert:
    return Alert(
        name, named_service(expr), severity, Cause.SERVICE, Scope.COUNTRY, (ALERT_NAME, SERVICE), keep=keep
    )  # fmt: skip
