"""The service hosts: a web server each for the portal, VNeID and civil status, and what may befall them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.lab import nginx
from tests.lab.authority import Authority
from tests.lab.ground import Place
from tests.lab.process import Process, Processes

PORT = 8443
BUDGET_SECONDS = 1.5  # a page that takes longer is slow
SLOW_SECONDS = 3  # ... and this one does, but comes before the probe's time is over
FROZEN_SECONDS = 86_400

PAGE = """\
<!doctype html><html lang="vi"><meta charset="utf-8"><title>{title}</title>
<h1>{title}</h1><p>Trang thử nghiệm của phòng lab communewatch.</p></html>
"""
MAINTENANCE = """\
<!doctype html><html lang="vi"><meta charset="utf-8"><title>Thông báo bảo trì</title>
<h1>Hệ thống đang bảo trì</h1>
<p>Hệ thống đang được bảo trì, nâng cấp. Xin quý khách vui lòng quay lại sau.</p></html>
"""
SERVER = """\
  server {{
    listen {address}:{port} ssl;
    server_name {name};
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    root {folder}/pages;
    location / {{ {answer} }}
    location /wait/ {{
      internal;
      proxy_pass http://unix:{backend}:;
      proxy_pass_request_body off;
      proxy_read_timeout {frozen}s;
    }}
  }}
"""


class Condition(StrEnum):
    """How a service host is doing, named after what a person does to it."""

    REPAIRED = "repair"
    BROKEN = "break"  # answers with status 503
    DOWN = "down"  # refuses connections
    SLOW = "slow"  # sends the right page late
    FROZEN = "freeze"  # takes a request, then silence
    MAINTENANCE = "maintenance"  # status 200, but the page says that it is under maintenance


ANSWERS = {
    Condition.REPAIRED: "try_files /index.html =404;",
    Condition.BROKEN: "return 503;",
    Condition.SLOW: f"auth_request /wait/{SLOW_SECONDS}; try_files /index.html =404;",
    Condition.FROZEN: f"auth_request /wait/{FROZEN_SECONDS}; try_files /index.html =404;",
    Condition.MAINTENANCE: "try_files /maintenance.html =404;",
}


@dataclass(frozen=True, slots=True)
class Service:
    """A service as the lab knows it: the id that labels and orders use, its host name, its titles."""

    id: str
    host: str
    title: str
    title_en: str


SERVICES = (
    Service("portal", "portal.lab.test", "Cổng Dịch vụ công quốc gia", "National Public Service Portal"),
    Service("vneid", "vneid.lab.test", "Định danh điện tử VNeID", "VNeID electronic identity"),
    Service("civil_status", "civil-status.lab.test", "Hộ tịch điện tử", "Electronic civil status"),
)


class ServiceHost:
    """One web server with a certificate of the lab's authority."""

    def __init__(self, service: Service, place: Place, folder: Path, authority: Authority, backend: Path) -> None:
        self.service = service
        self.address = f"{place.address}:{PORT}"
        self.condition = Condition.REPAIRED
        self._folder = folder / service.id
        self.place = place
        self._certificate = authority.issue(service.host, place.address)
        self._backend = backend
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return f"https://{self.service.host}:{PORT}/"

    def target(self, authority: Authority, *, by_name: bool) -> Mapping[str, object]:
        """`target:` of its probes; without a hosts file to find it `by_name` they are told where to connect."""
        wanted = {
            "url": self.url,
            "ca_file": str(authority.path),
            "budget": f"{BUDGET_SECONDS}s",
        }
        return {
            **wanted,
            "body_matches": [re.escape(self.service.title)],
            **({} if by_name else {"connect_to": self.address}),
        }

    @property
    def way(self) -> Mapping[str, object]:
        """`target:` of looks at the way to it."""
        return {"host": str(self.place.address), "port": PORT}

    async def start(self, processes: Processes) -> None:
        pages = self._folder / "pages"
        pages.mkdir(parents=True)
        (pages / "index.html").write_text(PAGE.format(title=self.service.title))
        (pages / "maintenance.html").write_text(MAINTENANCE)
        self._configure()
        command = nginx.command(f"nginx-{self.service.id}", self._folder, self.place.network)
        self._process = await processes.start(command)

    async def become(self, condition: Condition) -> None:
        """Restart the server in this condition; connections that hang in it end."""
        assert self._process, "start() comes first"
        await self._process.stop()
        self.condition = condition
        if condition is not Condition.DOWN:
            self._configure()
            await self._process.start()

    def _configure(self) -> None:
        server = SERVER.format(
            address=self.place.address,
            port=PORT,
            name=self.service.host,
            certificate=self._certificate.certificate,
            key=self._certificate.key,
            folder=self._folder,
            answer=ANSWERS[self.condition],
            backend=self._backend,
            frozen=FROZEN_SECONDS,
        )
        nginx.write_configuration(self._folder, server)
