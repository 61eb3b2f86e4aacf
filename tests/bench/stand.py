"""The test stand: three services behind nginx with TLS, an SNMP UPS, and the three exporters with the same targets."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

from tests.lab import nginx
from tests.lab.authority import Authority, Certificate
from tests.lab.process import Command, Processes
from tests.tools.debian import program

SERVICES = ("portal", "vneid", "civil_status")
LOOPBACK = "127.0.0.1"
PAGE = "<html><title>Cổng Dịch vụ công</title>" + "<p>nội dung</p>" * 400
# RFC 1628: on mains, 100 %, 40 minutes, 230 V, 50 Hz, 21 % load.
UPS_OBJECTS = {
    "1.1.0": "octet_str Bench", "1.2.0": "octet_str UPS-MIB", "2.1.0": "integer 2", "2.2.0": "integer 0",
    "2.3.0": "integer 40", "2.4.0": "integer 100", "2.5.0": "integer 272", "2.7.0": "integer 25", "3.1.0": "counter 0",
    "3.2.0": "integer 1", "3.3.1.2.1": "integer 500", "3.3.1.3.1": "integer 230", "4.1.0": "integer 3",
    "4.2.0": "integer 500", "4.4.1.2.1": "integer 230", "4.4.1.5.1": "integer 21", "6.1.0": "integer 0",
}  # fmt: skip
SNMP_MODULE = """
ups:
  version: 2
  get: [{oids}]
  metrics:
{metrics}
"""
BLACKBOX = """
modules:
  http_2xx:
    prober: http
    timeout: 4s
    http: {{preferred_ip_protocol: ip4, tls_config: {{ca_file: {ca}}}}}
"""
NODE_COLLECTORS = ("cpu", "meminfo", "filesystem", "netdev", "netclass", "loadavg", "uname", "time", "stat")


@dataclass(frozen=True, slots=True)
class Stand:
    """Addresses of what is probed, and the processes to weigh."""

    ca: Path
    certificate: Certificate
    urls: tuple[str, ...]
    plain_url: str
    snmp_port: int
    processes: Processes
    exporters: tuple[str, ...]
    probes: tuple[str, ...]  # what a scrape of the exporters asks for

    def server_tls(self) -> ssl.SSLContext:
        """For a server of our own."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate.certificate, self.certificate.key)
        return context


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    """Ports that nobody uses now."""
    taken = [socket.socket(socket.AF_INET, kind) for _ in range(count)]
    try:
        for one in taken:
            one.bind((LOOPBACK, 0))
        return [one.getsockname()[1] for one in taken]
    finally:
        for one in taken:
            one.close()


@asynccontextmanager
async def standing(folder: Path) -> AsyncIterator[Stand]:
    """Everything up and answering, and gone afterwards."""
    (folder / "logs").mkdir(parents=True)
    processes = Processes(folder / "logs")
    try:
        stand = await _start(folder, processes)
        yield stand
    finally:
        await processes.stop()


async def _start(folder: Path, processes: Processes) -> Stand:
    ports = free_ports(len(SERVICES) + 4)
    (snmp_port,) = free_ports(1, socket.SOCK_DGRAM)
    authority = Authority(folder / "ca", datetime.now(UTC))
    issued = authority.issue("bench.example", IPv4Address(LOOPBACK))
    await processes.start(_nginx(folder, issued, ports))
    await processes.start(_snmpd(folder, snmp_port))
    blackbox, snmp, node = ports[len(SERVICES) + 1 :]
    for command in _exporters(folder, authority.path, blackbox, snmp, node):
        await processes.start(command)
    urls = tuple(f"https://{LOOPBACK}:{port}/" for port in ports[: len(SERVICES)])
    probes = (
        *(f"http://{LOOPBACK}:{blackbox}/probe?module=http_2xx&target={url}" for url in urls),
        f"http://{LOOPBACK}:{snmp}/snmp?module=ups&target={LOOPBACK}:{snmp_port}",
        f"http://{LOOPBACK}:{node}/metrics",
    )
    plain = f"http://{LOOPBACK}:{ports[len(SERVICES)]}/"
    for port in ports:
        await processes.until(lambda port=port: _open(port), f"port {port}", within=20)  # type: ignore[misc]
    return Stand(authority.path, issued, urls, plain, snmp_port, processes, ("blackbox", "snmp", "node"), probes)


async def _open(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    writer.close()
    return True


def _nginx(folder: Path, issued: Certificate, ports: Sequence[int]) -> Command:
    (folder / "www").mkdir()
    (folder / "www" / "index.html").write_text(PAGE, encoding="utf-8")
    servers = [
        f"server {{ listen {LOOPBACK}:{port} ssl; root {folder}/www;"
        f" ssl_certificate {issued.certificate}; ssl_certificate_key {issued.key}; }}"
        for port in ports[: len(SERVICES)]
    ]
    servers.append(f"server {{ listen {LOOPBACK}:{ports[len(SERVICES)]}; root {folder}/www; }}")
    nginx.write_configuration(folder / "nginx", "\n".join(servers))
    return nginx.command("nginx", folder / "nginx", "")


def _snmpd(folder: Path, port: int) -> Command:
    lines = ["rocommunity public 127.0.0.1", f"agentaddress udp:{LOOPBACK}:{port}", "sysservices 0"]
    lines += [f"override 1.3.6.1.2.1.33.1.{suffix} {value}" for suffix, value in UPS_OBJECTS.items()]
    (folder / "snmpd.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    arguments = ("-f", "-Lo", "-C", "-c", str(folder / "snmpd.conf"), "-p", str(folder / "snmpd.pid"))
    return Command("snmpd", (str(program("snmpd")), *arguments), environment={"SNMP_PERSISTENT_DIR": str(folder)})


def _exporters(folder: Path, ca: Path, blackbox: int, snmp: int, node: int) -> list[Command]:
    numbers = {suffix: value for suffix, value in UPS_OBJECTS.items() if not value.startswith("octet_str")}
    metrics = "\n".join(
        f"    - {{name: ups_{suffix.replace('.', '_')}, oid: 1.3.6.1.2.1.33.1.{suffix}, type: gauge, help: UPS-MIB}}"
        for suffix in numbers
    )
    oids = ", ".join(f"1.3.6.1.2.1.33.1.{suffix}" for suffix in numbers)
    (folder / "snmp.yml").write_text(SNMP_MODULE.format(oids=oids, metrics=metrics), encoding="utf-8")
    (folder / "blackbox.yml").write_text(BLACKBOX.format(ca=ca), encoding="utf-8")
    chosen = ("--collector.disable-defaults", *(f"--collector.{name}" for name in NODE_COLLECTORS))
    return [
        _exporter("blackbox", blackbox, f"--config.file={folder}/blackbox.yml"),
        _exporter("snmp", snmp, f"--config.file={folder}/snmp.yml"),
        _exporter("node", node, *chosen),
    ]


def _exporter(name: str, port: int, *arguments: str) -> Command:
    path = str(program(f"{name}_exporter"))
    return Command(name, (path, f"--web.listen-address={LOOPBACK}:{port}", *arguments))


async def is_open(port: int) -> bool:
    """Whether somebody listens there on loopback."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
