"""All rules, as functions of the settings. In a group the order is the order of evaluation: causes before effects."""

from alerts.rule import Group
from alerts.rules import (
    agents,
    alone,
    centre,
    contracts,
    data,
    dips,
    echoes,
    gateway,
    joint,
    journeys,
    links,
    neighbours,
    objectives,
    offices,
    outages,
    owners,
    path,
    planned,
    power,
    regions,
    register,
    routers,
    samples,
    services,
    several,
    trends,
    uplink,
    verdicts,
    versions,
)
from alerts.settings import Settings


def groups(settings: Settings) -> tuple[Group, ...]:
    """`live` sees every state at one moment, so that no alert acts on half of a change; `trends` takes its time.

    `register` and `upkeep` look once a minute: who and what there is; planned work, and the monitoring's own trouble.
    `contracts` sees each test of a link once, `shares` counts them over a month; `objectives` looks once a minute.
    """
    known = Group("register", settings.windows.register_seconds, register.recordings(settings), ())
    live = Group(
        "live",
        settings.windows.evaluation_seconds,
        (
            *offices.presence(settings),
            *planned.recordings(settings),
            *power.recordings(settings),
            *services.answers(),
            *routers.recordings(settings),
            *neighbours.recordings(settings),
            *links.recordings(settings),
            *offices.silence(settings),
            *routers.reach(settings),
            *outages.recordings(settings),
            *regions.recordings(settings),
            *path.faults(settings),
            *services.recordings(settings),
            *owners.recordings(settings),
            *several.recordings(settings),
            *alone.recordings(settings),
            *path.causes(settings),
            *joint.recordings(settings),
            *planned.outages(settings),
            *verdicts.recordings(),
            *centre.recordings(settings),
        ),
        (
            *centre.alerts(settings),
            *regions.alerts(settings),
            *routers.alerts(settings),
            *offices.alerts(settings),
            *neighbours.alerts(settings),
            *power.alerts(settings),
            *links.alerts(settings),
            *path.alerts(settings),
            *owners.alerts(settings),
            *several.alerts(settings),
            *alone.alerts(settings),
            *services.alerts(settings),
            *joint.alerts(settings),
        ),
    )
    upkeep = Group(
        "upkeep",
        settings.windows.register_seconds,
        (*agents.recordings(settings), *uplink.recordings(settings), *gateway.recordings(settings)),
        (*planned.alerts(settings), *agents.alerts(settings), *uplink.alerts(settings), *gateway.alerts(settings)),
    )
    slow = Group(
        "trends",
        settings.trends.evaluation_seconds,
        (
            *trends.recordings(settings),
            *echoes.recordings(settings),
            *data.recordings(settings),
            *journeys.recordings(settings),
            *versions.recordings(settings),
        ),
        (
            *trends.alerts(settings),
            *echoes.alerts(settings),
            *data.alerts(),
            *journeys.alerts(settings),
            *versions.alerts(settings),
        ),
    )
    lines = Group(
        "contracts",
        settings.trends.contract_evaluation_seconds,
        (*samples.recordings(settings), *dips.recordings(settings), *contracts.recordings(settings)),
        (*dips.alerts(settings), *contracts.alerts(settings)),
    )
    month = Group(
        "shares",
        settings.trends.share_evaluation_seconds,
        (*contracts.shares(settings), *objectives.left(settings)),
        (),
    )
    budgets = Group(
        "objectives",
        settings.objectives.evaluation_seconds,
        objectives.recordings(settings),
        objectives.alerts(settings),
    )
    return known, live, upkeep, slow, lines, month, budgets
