"""The province's servers: Prometheus, Alertmanager, relay, responder, gateway, facts page and on-call phone."""

import sys
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import yaml

from alerts.settings import LAB
from tests.lab import nginx
from tests.lab.ground import Place
from tests.lab.process import CHECKOUT, Command
from tests.lab.product import COMMAND
from tests.tools.debian import program

PORTS = {
    "prometheus": 9090,
    "alertmanager": 9093,
    "responder": 9818,
    "relay": 9819,
    "responder-metrics": 9820,
    "facts": 9821,
    "gateway-metrics": 9822,
    "phone": 9823,
    "gateway": 9443,
}
HEALTH = {
    "prometheus": "/-/ready",
    "alertmanager": "/-/ready",
    "relay": "/healthz",
    "responder-metrics": "/metrics",
    "gateway-metrics": "/healthz",
    "facts": "/facts.prom",
    "phone": "/",
}
DEPLOY = CHECKOUT / "deploy" / "province"  # what a province installs, and where it then expects things
SHIPPED_ADDRESS, SHIPPED_FOLDER = "127.0.0.1:", "/var/lib/communewatch/rendered"
SHIPPED_PAPERS = "/etc/communewatch/gateway"
HOURLY_BYTES = 20_000_000_000  # what the responder grants an office: tests are far more frequent here than in life


class Centre:
    """All of them on one address of the lab, each with its files below one folder.

    rendered: what `communewatch inventory render` and `communewatch alerts build` wrote; key: the responder's;
    papers: the folder of the authority that knows who may push
    """

    def __init__(self, place: Place, folder: Path, rendered: Path, key: Path, papers: Path) -> None:
        self._place = place
        self._folder = folder
        self._rendered = rendered
        self._key = key
        self._papers = papers

    @property
    def address(self) -> IPv4Address:
        return self._place.address

    def where(self, part: str) -> str:
        """host:port of one of PORTS."""
        return f"{self._place.address}:{PORTS[part]}"

    def url(self, part: str) -> str:
        """Where a person or a program finds it over HTTP."""
        return f"http://{self.where(part)}"

    @property
    def health(self) -> Mapping[str, str]:
        """What answers once a part is ready, by its name."""
        return {part: self.url(part) + path for part, path in HEALTH.items()}

    def commands(self) -> Iterator[Command]:
        """Write every configuration and say what to run."""
        self._folder.mkdir()
        yield self._phone()
        yield self._relay()
        yield self._alertmanager()
        yield self._responder()
        yield self._facts()
        yield self._prometheus()
        yield self._gateway()

    def _phone(self) -> Command:
        where = (str(self._place.address), str(PORTS["phone"]))
        return self._command("phone", sys.executable, "-m", "tests.lab.phone", *where)

    def _relay(self) -> Command:
        settings = {
            "version": 1,
            "listen": self.where("relay"),
            "queue": str(self._folder / "relay"),
            "channels": {"phone": {"url": f"json://{self.where('phone')}/", "per_minute": 600}},
            "default": ["phone"],
            "retry": {"first": "1s", "longest": "5s"},
        }
        return self._product("relay", "relay", "run", "--config", str(self._write("relay.yml", settings)))

    def _alertmanager(self) -> Command:
        return self._command(
            "alertmanager",
            str(program("alertmanager")),
            f"--config.file={self._rendered / 'alertmanager.yml'}",
            f"--storage.path={self._folder / 'alertmanager'}",
            f"--web.listen-address={self.where('alertmanager')}",
            f"--web.external-url={self.url('alertmanager')}",
            "--cluster.listen-address=",
            "--log.level=warn",
        )

    def _responder(self) -> Command:
        listen = ("--listen", self.where("responder"), "--metrics", self.where("responder-metrics"))
        limits = ("--key-file", str(self._key), "--hourly-bytes", str(HOURLY_BYTES))
        return self._product("responder", "responder", "run", *listen, *limits)

    def _facts(self) -> Command:
        folder = self._folder / "facts"
        nginx.write_configuration(folder, self._shipped("facts.nginx.conf"))
        return nginx.command("facts", folder, self._place.network)

    def _prometheus(self) -> Command:
        return self._command(
            "prometheus",
            str(program("prometheus")),
            f"--config.file={self._write('prometheus.yml', self._prometheus_settings())}",
            f"--storage.tsdb.path={self._folder / 'prometheus'}",
            "--storage.tsdb.retention.time=1d",
            f"--web.listen-address={self.where('prometheus')}",
            "--web.enable-remote-write-receiver",
            f"--web.external-url={self.url('prometheus')}",
            "--log.level=warn",
        )

    def _prometheus_settings(self) -> Mapping[str, Any]:
        """The province's own file, only faster."""
        settings: dict[str, Any] = yaml.safe_load(self._shipped("prometheus.yml"))
        scrape = f"{LAB.windows.scrape_seconds:g}s"
        evaluation = f"{LAB.windows.evaluation_seconds:g}s"
        settings["global"] = {"scrape_interval": scrape, "scrape_timeout": scrape, "evaluation_interval": evaluation}
        for job in settings["scrape_configs"]:
            job.pop("scrape_interval", None)
        return settings

    def _gateway(self) -> Command:
        shipped = self._shipped("gateway/prometheus.yml").replace(SHIPPED_PAPERS, str(self._papers))
        settings = {
            **yaml.safe_load(shipped),
            "listen": self.where("gateway"),
            "metrics": self.where("gateway-metrics"),
        }
        return self._product("gateway", "gateway", "run", "--config", str(self._write("gateway.yml", settings)))

    def _shipped(self, name: str) -> str:
        """A file of deploy/province with the lab's address and folder in it."""
        text = (DEPLOY / name).read_text(encoding="utf-8")
        return text.replace(SHIPPED_ADDRESS, f"{self._place.address}:").replace(SHIPPED_FOLDER, str(self._rendered))

    def _product(self, name: str, *arguments: str) -> Command:
        return self._command(name, *COMMAND, *arguments)

    def _command(self, name: str, *argv: str) -> Command:
        return Command(name, argv, self._place.network)

    def _write(self, name: str, settings: Mapping[str, Any]) -> Path:
        path = self._folder / name
        path.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
        return path
