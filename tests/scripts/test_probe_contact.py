"""A probe by hand says who asks, as the README has it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from agent import VERSION, probe_cli

CONFIGURATION = """\
version: "1"
identity: {province: "04", commune: "01273", office: "01273-1"}
name: {vi: Phường, en: Ward}
contact: Trực ban
"""


class Server(HTTPServer):
    """Remembers how whoever asked named himself."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.names: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.names.append(self.headers["User-Agent"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: it would stand among the tests' own words."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


def test_a_probe_by_hand_names_the_contact_that_it_is_given_and_none_without(server: Server, tmp_path: Path) -> None:
    configured = tmp_path / "agent.yml"
    configured.write_text(
        CONFIGURATION
        + f"probes: [{{collector: service, labels: {{service: portal}}, target: {{url: '{server.url}'}}}}]\n",
        encoding="utf-8",
    )
    assert probe_cli.main(["service", server.url]) == 0
    assert probe_cli.main(["service", server.url, "--contact", "duty@province.example"]) == 0
    assert probe_cli.main(["service", "--config", str(configured)]) == 0
    assert probe_cli.main(["service", "--config", str(configured), "--contact", "me"]) == 0
    contacts = ["", " (+duty@province.example)", " (+Truc ban)", " (+me)"]
    assert server.names == [f"communewatch/{VERSION}{contact}" for contact in contacts]
