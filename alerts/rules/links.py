"""Links: down, losing packets, and whether an office's view of a service is worth anything."""

from alerts.promql import LINK_KEY, OFFICE_KEY, duration, named_link, named_office
from alerts.recorded import LINK_DOWN, LINK_EXPECTED, LINK_LOSS, OFFICE_HEARD, OFFICE_LINK_BAD, OFFICE_POWER_LOST
from alerts.rule import Alert, Cause, Recording, Scope, Severity
from alerts.rules.planned import NO_WORK_ON_LINK
from alerts.settings import Settings
from alerts.ways import LINK_PATH_CAUSE
from collectors.link import GATEWAY, HOP_LOSS, UP
from collectors.path.metrics import FAULT
from inventory.facts import LINK_INFO
from inventory.labels import OFFICE


def recordings(settings: Settings) -> tuple[Recording, ...]:
    """Per link, then whether every link of an office is bad. Needs office:heard at the same moment."""
    window = duration(settings.windows.loss_seconds)
    names = ", ".join(LINK_EXPECTED.labels)
    outside, gateway = (f'{HOP_LOSS.name}{{hop{sign}"{GATEWAY}"}}[{window}]' for sign in ("!=", "="))
    fit = f"max by ({LINK_KEY}) ({UP.name}) == 1 unless on ({LINK_KEY}) {LINK_LOSS} > {_loss(settings)}"
    return (
        Recording(
            LINK_EXPECTED,
            f"topk by ({LINK_KEY}) (1, max by ({names}) ({LINK_INFO.name}))"
            f" or on ({LINK_KEY}) group by ({LINK_KEY}) ({UP.name} or {FAULT.name})",
        ),
        Recording(LINK_DOWN, f"max by ({LINK_KEY}) ({UP.name}) == 0 and on ({OFFICE_KEY}) {OFFICE_HEARD}"),
        Recording(LINK_LOSS, _least(outside) + " or " + _least(gateway)),
        Recording(OFFICE_LINK_BAD, f"group by ({OFFICE_KEY}) ({UP.name}) unless on ({OFFICE_KEY}) ({fit})"),
    )


def _least(losses: str) -> str:
    """The hop that answers best tells most of the link: routers drop pings that they have no time for."""
    return f"min by ({LINK_KEY}) (avg_over_time({losses}))"


def _loss(settings: Settings) -> float:
    return settings.thresholds.loss_ratio


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """Of offices that are heard; a cut of the only link is OfficeSilent, and a fault inside the office its own."""
    windows = settings.windows
    no_power = f"unless on ({OFFICE_KEY}) {OFFICE_POWER_LOST}"
    not_inside = f'unless on ({LINK_KEY}) {LINK_PATH_CAUSE}{{cause="{Cause.OFFICE}"}}'
    lossy = (
        f"{LINK_LOSS} > {_loss(settings)} and on ({OFFICE_KEY}) {OFFICE_HEARD}"
        f" unless on ({LINK_KEY}) {LINK_DOWN} {no_power} {not_inside} {NO_WORK_ON_LINK}"
    )
    return (
        Alert(
            "LinkDown", named_link(named_office(f"{LINK_DOWN} {no_power} {not_inside} {NO_WORK_ON_LINK}")),
            Severity.WARNING, Cause.LINK, Scope.OFFICE, (OFFICE,),
            hold=windows.link_hold_seconds, keep=windows.keep_seconds,
        ),
        Alert(
            "LinkLossy", named_link(named_office(lossy)), Severity.WARNING, Cause.LINK, Scope.OFFICE, (OFFICE,),
            hold=windows.link_hold_seconds, keep=windows.keep_seconds,
        ),
    )  # fmt: skip
