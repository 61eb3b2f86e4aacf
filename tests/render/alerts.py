"""docs/alerts.md: every alert, and which one keeps back which."""

from collections.abc import Iterator

from alerts import rules
from alerts.inhibition import INHIBITIONS
from alerts.promql import duration
from alerts.rule import Alert
from alerts.settings import PRODUCTION
from collectors.messages import text

INTRODUCTION = """\
# Cảnh báo / Alerts

Each alert stands on recorded series ([metrics](metrics.md)); thresholds and windows are in
[settings](settings.md) (`alerts/settings.py`); `communewatch alerts build` writes the rules. "Holds" is how long a
condition must last, "ends" how long it must be gone. An alert on a service has a row for each pace: services asked
every minute, up to every 5 minutes, and more seldom, as the register says; windows are meant as so many probes. One
incident (cause, reach and place) is one notification.
"""

TOP = (
    "| cảnh báo / alert | nghĩa / meaning | severity | cause | reach | holds | ends | hướng dẫn / runbook |",
    "|---|---|---|---|---|---|---|---|",
)

BELOW = """\
## What keeps back what

Rules subtract what stands above them; Alertmanager repeats it as a second net.

| while one of these fires | these are not told | at the same |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    table = "\n".join((*TOP, *(row(alert) for group in rules.groups(PRODUCTION) for alert in group.alerts)))
    return f"{INTRODUCTION}\n{table}\n\n{BELOW}" + "\n".join(kept_back()) + "\n"


def row(alert: Alert) -> str:
    meaning = f"{text(f'alerts.{alert.key}.title', 'vi')} / {text(f'alerts.{alert.key}.title', 'en')}"
    times = (duration(seconds) if seconds else "" for seconds in (alert.hold, alert.keep))
    cells = (f"`{alert.name}`", meaning, alert.severity, alert.cause or "link, unknown", alert.scope, *times)
    return f"| {' | '.join(cells)} | [{alert.key}](runbooks/{alert.key}.md) |"


def kept_back() -> Iterator[str]:
    for each in INHIBITIONS:
        yield f"| {', '.join(each.sources)} | {', '.join(each.targets)} | {', '.join(each.equal) or 'everywhere'} |"
