"""VictoriaMetrics and vmalert in place of Prometheus: the same series, and the rules as vmalert is given them."""

from collections.abc import Mapping
from pathlib import Path

from alerts.promql import duration
from alerts.settings import Settings
from tests.lab.process import Command
from tests.tools import tool

LOOKBACK = 300.0  # seconds for which a value stands: Prometheus' own
RESEND = 60.0
_FLUSH = 0.1  # seconds after which what a rule records is on its way to the store


def commands(folder: Path, where: Mapping[str, str], pace: float, settings: Settings) -> tuple[Command, ...]:
    """The store under the address that is Prometheus' else, and vmalert."""
    store, back = f"http://{where['prometheus']}", duration(LOOKBACK / pace)
    return (
        Command("prometheus", (
            str(tool("victoria-metrics")), f"-storageDataPath={folder}/victoria",
            f"-httpListenAddr={where['prometheus']}", "-dedup.minScrapeInterval=1ms", "-search.latencyOffset=0s",
            "-search.disableCache", f"-search.maxStalenessInterval={back}", "-retentionPeriod=1",
            "-memory.allowedBytes=1GB", "-loggerLevel=WARN",
        )),
        Command("vmalert", (
            str(tool("vmalert")), f"-rule={folder}/rules/*.yml", f"-datasource.url={store}",
            f"-remoteWrite.url={store}", f"-remoteRead.url={store}", f"-notifier.url=http://{where['alertmanager']}",
            f"-httpListenAddr={where['vmalert']}", f"-datasource.queryStep={back}",
            f"-evaluationInterval={duration(settings.windows.evaluation_seconds)}",
            f"-rule.resendDelay={duration(RESEND / pace)}", f"-remoteWrite.flushInterval={duration(_FLUSH)}",
            "-loggerLevel=WARN",
        )),
    )  # fmt: skip
