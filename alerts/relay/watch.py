"""What Alertmanager says of the incidents that are open: it keeps the end of an alert to itself while that alert is
inhibited or silenced. A silence says that somebody sees to it, an inhibition that it lies within a graver incident.

GET /api/v2/alerts, https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from alerts.lifeline import WATCHDOG
from alerts.relay.acknowledge import MUTED, SILENCE, WITHIN
from alerts.relay.clerk import Clerk
from alerts.relay.failure import DeliveryError
from alerts.relay.incident import Incident
from alerts.relay.web import Request, Web
from alerts.rule import ALERT_NAME
from collectors.core.logline import logline

log = logging.getLogger(__name__)

GONE = 300.0  # seconds: an Alertmanager that has just started hears of all alerts within these, if it hears Prometheus


@dataclass(frozen=True, slots=True)
class Known:
    """One of its alerts. It may be silenced and inhibited at once."""

    labels: Mapping[str, str]
    silenced: bool
    inhibited: bool = False


def decode(text: str) -> Sequence[Known]:
    """ValueError for anything but a list of alerts."""
    content = json.loads(text)
    if not isinstance(content, list):
        raise ValueError("not a list of alerts")  # noqa: TRY004 - one kind of error for whoever asks
    try:
        return [_known(one["labels"], one["status"]) for one in content]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a list of alerts: {error!r}") from None


def _known(labels: Mapping[str, str], status: Mapping[str, object]) -> Known:
    return Known(dict(labels), bool(status["silencedBy"]), bool(status.get("inhibitedBy")))


def standing(incident: Incident, alerts: Iterable[Known]) -> Sequence[Known]:
    """Those of the alerts that belong to the incident."""
    group = json.loads(incident.notification.group).items()
    return [alert for alert in alerts if group <= alert.labels.items()]


@dataclass(slots=True)
class Watch:
    """`url` of Alertmanager. Remembers since when an incident has been gone there."""

    url: str
    web: Web
    clerk: Clerk
    _gone: dict[str, float] = field(default_factory=dict)

    async def look(self) -> None:
        """Once a minute. An answer that does not come proves nothing."""
        try:
            reply = await self.web.ask(Request("GET", f"{self.url.rstrip('/')}/api/v2/alerts", {}, b""))
            if reply.status != 200 or reply.cut:
                raise ValueError(f"answers {reply.status}")
            alerts = decode(reply.text)
        except (DeliveryError, ValueError) as error:
            log.warning("%s", logline("alertmanager_not_asked", error=error))
            self._gone.clear()
            return
        try:
            self.judge(alerts)
        except OSError as error:
            log.error("%s", logline("not_kept", error=error))  # noqa: TRY400 - the disk; the next look does it

    def judge(self, alerts: Sequence[Known]) -> None:
        """What follows from all of Alertmanager's alerts at this moment."""
        desk = self.clerk.desk
        steady, now, found = desk.clock.monotonic(), desk.clock.now(), desk.book.incidents
        heard = any(alert.labels.get(ALERT_NAME) == WATCHDOG for alert in alerts)
        self._gone = {key: since for key, since in self._gone.items() if key in found and heard}
        for key, incident in found.items():
            mine = standing(incident, alerts)
            if not mine:
                if heard and steady - self._gone.setdefault(key, steady) >= GONE:
                    log.info("%s", logline("ended_unheard", incident=key))
                    desk.accept(incident.notification.over(datetime.fromtimestamp(now, UTC)), incident.named)
                continue
            self._gone.pop(key, None)
            incident = self.clerk.note_standing(incident, now)  # noqa: PLW2901 - the same, as it is now
            if all(alert.silenced for alert in mine):
                self.clerk.acknowledge(incident, SILENCE, now)
            elif all(alert.silenced or alert.inhibited for alert in mine):
                self.clerk.acknowledge(incident, WITHIN, now)
            elif incident.acknowledged and incident.by in MUTED:
                self.clerk.reopen(incident, now)
