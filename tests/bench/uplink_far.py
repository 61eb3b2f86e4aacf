"""What stands at the far end of a slow line: Prometheus by itself, or a gateway before it. Needs root."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.scrapes import labels
from tests.end_to_end.chain import Chain, in_a_row
from tests.lab import net
from tests.lab.process import CHECKOUT
from tests.rules.servers import free_port
from tests.servers.gateway import Authority
from tests.servers.stores import prometheus

GATEWAY = """\
version: 1
listen: 0.0.0.0:{port}
metrics: 127.0.0.1:{metrics}
tls: {{certificate: {ca}/server.crt, key: {ca}/server.key, authority: {ca}/authority.pem}}
identities: {folder}/identities.yml
store: {{url: "{store}/api/v1/write"}}
accepted: {{behind: 80h}}
"""


@dataclass(frozen=True, slots=True)
class FarEnd:
    """store: its address at the far end itself; url: where the office sends to; paper: its files, as options."""

    chain: Chain
    store: str
    url: str
    paper: Mapping[str, str]

    def sent(self) -> int:
        """Bytes that have left the office so far, Ethernet's headers included."""
        end = self.chain.links[0][0]
        page = end.namespace.call(lambda: Path("/proc/thread-self/net/dev").read_text(encoding="ascii"))
        fields = next(line for line in page.splitlines() if line.strip().startswith(f"{end.interface}:"))
        return int(fields.partition(":")[2].split()[8])


@contextmanager
def far_end(folder: Path, kbit: float, *, gateway: bool) -> Iterator[FarEnd]:
    """Behind a router and a line of so many kbit/s each way."""
    with in_a_row("bench-office", "bench-router", "bench-far") as chain, ExitStack() as stack:
        port = free_port()
        store = f"http://{chain.far_address}:{port}"
        anywhere = [one.replace("127.0.0.1", "0.0.0.0") for one in prometheus(folder, port)]
        _started(stack, chain, anywhere)
        url, paper = _gateway(stack, chain, folder, store) if gateway else (f"{store}/api/v1/write", {})
        time.sleep(5)
        for end in (chain.links[0][1], chain.links[1][0]):
            net.shape(end, kbit * 1000)
        yield FarEnd(chain, store, url, paper)


def _gateway(stack: ExitStack, chain: Chain, folder: Path, store: str) -> tuple[str, Mapping[str, str]]:
    authority = Authority(folder / "ca", time.time())
    authority.server(chain.far_address)
    identity = {name: value for name, value in labels(0) if name in ("province", "commune", "office")}
    paper, port = authority.office(identity["office"]), free_port()
    fields = ", ".join(f'{name}: "{value}"' for name, value in identity.items())
    (folder / "identities.yml").write_text(f"version: 1\noffices:\n  {identity['office']}: {{{fields}}}\n")
    config = folder / "gateway.yml"
    config.write_text(GATEWAY.format(port=port, metrics=free_port(), ca=authority.path, folder=folder, store=store))
    _started(stack, chain, [sys.executable, "communewatch.py", "gateway", "run", "--config", str(config)])
    files = {"--ca": authority.path / "root.pem", "--certificate": paper.certificate, "--key": paper.key}
    return f"https://{chain.far_address}:{port}/api/v1/write", {name: str(path) for name, path in files.items()}


def _started(stack: ExitStack, chain: Chain, command: Sequence[str]) -> None:
    quiet = subprocess.DEVNULL
    process = chain.far.call(lambda: subprocess.Popen(command, cwd=CHECKOUT, stdout=quiet, stderr=quiet))
    stack.callback(process.wait)
    stack.callback(process.kill)
