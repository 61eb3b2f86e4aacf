"""Boards into a running Grafana over its HTTP API. The only import of the Grafana client.

First a plan, made by reading only; then the same plan carried out. Publishing twice changes nothing the second time.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from grafana_client.api import GrafanaApi
from grafana_client.client import GrafanaClientError, GrafanaException

from collectors.core.values import Secret, Url

_MESSAGE = "communewatch dashboards publish"  # stands in Grafana's history of the board
_NUMBERED = ("id", "version")  # what Grafana itself writes into a stored board
_HINTS = {
    400: "Grafana refused the board; one that is provisioned from files cannot be published as well",
    401: "the token is wrong, or it has expired: make a new one for a service account",
    403: "the token may not do this: its service account needs the role Editor",
    404: "is this the address of Grafana? Give it with its path, as https://host/grafana",
    412: "Grafana holds something else under this name: rename or remove it there, then publish again",
}


class PublishError(Exception):
    """Grafana could not be asked, or refused; the text says what to do."""


class Action(StrEnum):
    """What becomes of one thing."""

    CREATE = "create"
    REPLACE = "replace"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the plan."""

    action: Action
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.action:8} {self.kind:7} {self.name}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing will do. folder_uid None = the folder is still to be made."""

    folder: str
    folder_uid: str | None
    boards: tuple[tuple[Step, Mapping[str, Any]], ...]

    @property
    def steps(self) -> Iterator[Step]:
        """The plan, line by line."""
        yield Step(Action.KEEP if self.folder_uid else Action.CREATE, "folder", self.folder)
        yield from (step for step, _ in self.boards)


class Grafana:
    """One Grafana and a token for it, to be closed. plan and apply raise PublishError."""

    def __init__(self, url: Url, token: Secret, timeout: float = 10.0) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        self._url = url
        self._api: Any = GrafanaApi(
            auth=token.reveal(),
            host=f"[{host}]" if ":" in host else host,
            port=parts.port,
            url_path_prefix=f"{parts.path.strip('/')}/".lstrip("/"),
            protocol=parts.scheme,
            timeout=timeout,
            user_agent="communewatch",
        )
        self._api.client.s.trust_env = False  # no proxy, no .netrc: the token goes to this address and nowhere else

    def close(self) -> None:
        """Give up the connections."""
        self._api.client.s.close()

    def plan(self, folder: str, boards: Sequence[str]) -> Plan:
        """What it takes to have these boards (JSON) in the folder of this title. Changes nothing."""
        uid = self._folder(folder)
        return Plan(folder, uid, tuple(self._planned(json.loads(board), uid) for board in boards))

    def apply(self, plan: Plan) -> None:
        """Carry the plan out."""
        uid = plan.folder_uid
        if uid is None:
            with self._asking(f"folder {plan.folder}"):
                uid = str(self._api.folder.create_folder(plan.folder)["uid"])
        for step, board in plan.boards:
            if step.action is not Action.KEEP:
                wanted = {"dashboard": {**board, "id": None}, "folderUid": uid, "overwrite": True, "message": _MESSAGE}
                with self._asking(step.name):
                    self._api.dashboard.update_dashboard(wanted)

    def _folder(self, title: str) -> str | None:
        with self._asking("the list of folders"):
            found = [str(folder["uid"]) for folder in self._api.folder.get_all_folders() if folder["title"] == title]
        return found[0] if found else None

    def _planned(self, board: Mapping[str, Any], folder: str | None) -> tuple[Step, Mapping[str, Any]]:
        stored = self._stored(str(board["uid"]))
        same = stored is not None and folder == stored["meta"].get("folderUid") and _content(stored) == board
        action = Action.CREATE if stored is None else Action.KEEP if same else Action.REPLACE
        return Step(action, "board", f"{board['uid']}  {board['title']}"), board

    def _stored(self, uid: str) -> Mapping[str, Any] | None:
        with self._asking(f"board {uid}"):
            try:
                found: Mapping[str, Any] = self._api.dashboard.get_dashboard(uid)
            except GrafanaClientError as error:
                if error.status_code != 404:
                    raise
                return None
            return found

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        """Whatever goes wrong in here becomes a text for a person; the token is in none of them."""
        try:
            yield
        except GrafanaException as error:
            hint = _HINTS.get(error.status_code, "see Grafana's own log")
            raise PublishError(f"{self._url} on {what}: {error.message} ({hint})") from None
        except (ValueError, KeyError, TypeError):
            raise PublishError(f"{self._url} does not answer like Grafana: check the address") from None
        except OSError as error:  # what the client's HTTP library raises
            raise PublishError(f"cannot reach Grafana at {self._url}: {error}") from None


def _content(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stored["dashboard"].items() if name not in _NUMBERED}
