"""A real Prometheus that holds known samples: history made by promtool, served on a free loopback port."""

import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from socket import socket
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from tests.tools import tool

Row = tuple[str, Mapping[str, str], float, float]  # name, labels, value, Unix time
_OPENER = build_opener(ProxyHandler({}))


def open_metrics(rows: Iterable[Row]) -> str:
    """The rows as OpenMetrics text, each family in one piece and each series in ascending time."""
    lines = []
    for name, labels, value, moment in sorted(rows, key=lambda row: (row[0], sorted(row[1].items()), row[3])):
        pairs = ",".join(f'{label}="{text}"' for label, text in sorted(labels.items()))
        lines.append(f"{name}{{{pairs}}} {value!r} {moment:.3f}")
    return "\n".join([*lines, "# EOF", ""])


@contextmanager
def prometheus(folder: Path, rows: Iterable[Row]) -> Iterator[str]:
    """The address of a Prometheus that holds these samples and scrapes nothing."""
    history, data, config = folder / "history.om", folder / "data", folder / "prometheus.yml"
    history.write_text(open_metrics(rows), encoding="utf-8")
    config.write_text("scrape_configs: []\n", encoding="utf-8")
    _run(str(tool("promtool")), "tsdb", "create-blocks-from", "openmetrics", str(history), str(data))
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [
        str(tool("prometheus")), f"--config.file={config}", f"--storage.tsdb.path={data}",
        f"--web.listen-address={address}", "--storage.tsdb.retention.time=100y", "--log.level=error",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(f"http://{address}/-/ready", process)
            yield f"http://{address}"
        finally:
            process.terminate()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with _OPENER.open(url, timeout=5) as response:
                if response.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"Prometheus did not become ready: {url}")
