"""A small, strict stand-in for Grafana's HTTP API: what `dashboards publish` asks, and Grafana's refusals.

Statuses and bodies are those of Grafana's documentation (HTTP API, "Folder" and "Dashboard"). It refuses what Grafana
would silently ignore, so that a typing error in a request fails a test.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Answer = tuple[int, Any]
_SAVE_FIELDS = {"dashboard", "folderUid", "overwrite", "message"}


@dataclass(slots=True)
class FakeGrafana:
    """What it holds, and every request that changed it. broken: answer everything with this instead."""

    token: str = "right-token"
    role: str = "Editor"
    prefix: str = ""
    url: str = ""
    folders: dict[str, str] = field(default_factory=dict)  # uid -> title
    boards: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)  # uid -> folder uid, board
    provisioned: set[str] = field(default_factory=set)
    writes: list[str] = field(default_factory=list)
    broken: tuple[int, str] | None = None

    def answer(self, method: str, path: str, authorization: str, body: Any) -> Answer:
        if not path.startswith(f"{self.prefix}/api/"):
            return 404, {"message": "Not found"}
        if authorization != f"Bearer {self.token}":
            return 401, {"message": "Invalid API key"}
        if method != "GET":
            if self.role == "Viewer":
                return 403, {"message": "You'll need additional permissions to perform this action."}
            self.writes.append(f"{method} {path}")
        return self._route(method, path.removeprefix(f"{self.prefix}/api"), body)

    def _route(self, method: str, path: str, body: Any) -> Answer:
        if (method, path) == ("GET", "/folders"):
            return 200, [{"uid": uid, "title": title} for uid, title in self.folders.items()]
        if (method, path) == ("POST", "/folders"):
            return self._create_folder(body)
        if (method, path) == ("POST", "/dashboards/db"):
            return self._save(body)
        if method == "GET" and (found := re.fullmatch(r"/dashboards/uid/([\w-]{1,40})", path)):
            return self._get(found[1])
        return 404, {"message": "Not found"}

    def _create_folder(self, body: Mapping[str, Any]) -> Answer:
        if set(body) != {"title"} or not body["title"]:
            return 400, {"message": "bad request data"}
        if body["title"] in self.folders.values():
            return 412, {"message": "a folder with the same name already exists"}
        uid = f"folder{len(self.folders) + 1}"
        self.folders[uid] = body["title"]
        return 200, {"uid": uid, "title": body["title"]}

    def _get(self, uid: str) -> Answer:
        if uid not in self.boards:
            return 404, {"message": "Dashboard not found"}
        folder, board = self.boards[uid]
        return 200, {"dashboard": board, "meta": {"folderUid": folder}}

    def _save(self, body: Mapping[str, Any]) -> Answer:
        board = body.get("dashboard", {})
        if unknown := set(body) - _SAVE_FIELDS:
            return 400, {"message": f"unknown fields {sorted(unknown)}"}
        if not board.get("title") or not re.fullmatch(r"[\w-]{1,40}", board.get("uid", "")):
            return 400, {"message": "bad request data"}
        if board.get("id") is not None:
            return 404, {"message": "Dashboard not found"}
        if body["folderUid"] not in self.folders:
            return 400, {"message": "folder not found"}
        if board["uid"] in self.provisioned:
            return 400, {"message": "Cannot save provisioned dashboard"}
        return self._store(body["folderUid"], board, overwrite=body.get("overwrite", False))

    def _store(self, folder: str, board: dict[str, Any], *, overwrite: bool) -> Answer:
        for uid, (where, other) in self.boards.items():
            if uid != board["uid"] and (where, other["title"]) == (folder, board["title"]):
                return 412, {"message": "A dashboard with the same name in the folder already exists"}
        if board["uid"] in self.boards and not overwrite:
            return 412, {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
        version = self.boards[board["uid"]][1]["version"] + 1 if board["uid"] in self.boards else 1
        self.boards[board["uid"]] = folder, {**board, "id": len(self.boards) + 1, "version": version}
        return 200, {"uid": board["uid"], "status": "success", "version": version}


@contextmanager
def running(grafana: FakeGrafana) -> Iterator[FakeGrafana]:
    """Serve it on a free port of the loopback address; `grafana.url` says where."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._exchange()

        def do_POST(self) -> None:
            self._exchange()

        def _exchange(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            authorization = self.headers.get("Authorization", "")
            status, answer = 200, ""
            if grafana.broken:
                status, answer = grafana.broken
            else:
                path = self.path.partition("?")[0]
                status, found = grafana.answer(self.command, path, authorization, json.loads(content or b"null"))
                answer = json.dumps(found)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: object) -> None:
            """Quiet: the tests read the state, not a log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        grafana.url = f"http://127.0.0.1:{server.server_port}{grafana.prefix}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield grafana
        finally:
            server.shutdown()
            thread.join()
