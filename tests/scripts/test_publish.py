"""`dashboards build` and `dashboards publish` as a person uses them; Grafana is a strict fake of its API."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import communewatch
from dashboards.boards import BOARDS
from tests.fakes.grafana import FakeGrafana, running

UIDS = [board.uid for board in BOARDS]


@pytest.fixture
def grafana() -> Iterator[FakeGrafana]:
    with running(FakeGrafana()) as server:
        yield server


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text("right-token\n")
    path.chmod(stat.S_IRUSR)
    return path


def publish(url: str, token: Path, *more: str) -> int:
    return communewatch.main(["dashboards", "publish", "--url", url, "--token-file", str(token), *more])


def test_build_writes_every_board_as_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "boards"
    assert communewatch.main(["dashboards", "build", "--out", str(out)]) == 0
    assert sorted(path.stem for path in out.iterdir()) == sorted(UIDS)
    assert all(json.loads(path.read_text(encoding="utf-8"))["uid"] == path.stem for path in out.iterdir())
    assert capsys.readouterr().out.splitlines() == [str(out / f"{uid}.json") for uid in UIDS]


def test_build_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert communewatch.main(["dashboards", "build", "--out", str(tmp_path / name)]) == 0
    for uid in UIDS:
        assert (tmp_path / "a" / f"{uid}.json").read_bytes() == (tmp_path / "b" / f"{uid}.json").read_bytes()


def test_publish_makes_the_folder_and_every_board(
    grafana: FakeGrafana, token: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(grafana.url, token) == 0
    assert list(grafana.folders.values()) == ["communewatch"]
    assert list(grafana.boards) == UIDS
    assert {folder for folder, _ in grafana.boards.values()} == set(grafana.folders)
    plan = capsys.readouterr().out.splitlines()
    assert plan[0].split() == ["create", "folder", "communewatch"]
    assert [line.split()[:3] for line in plan[1:]] == [["create", "board", uid] for uid in UIDS]


def test_publishing_again_changes_nothing(
    grafana: FakeGrafana, token: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(grafana.url, token)
    grafana.writes.clear()
    capsys.readouterr()
    assert publish(grafana.url, token) == 0
    assert grafana.writes == []
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == {"keep"}


def test_a_board_that_somebody_changed_is_put_right(grafana: FakeGrafana, token: Path) -> None:
    publish(grafana.url, token)
    folder, board = grafana.boards[UIDS[0]]
    grafana.boards[UIDS[0]] = folder, {**board, "title": "changed by hand"}
    assert publish(grafana.url, token) == 0
    assert grafana.boards[UIDS[0]][1]["title"] == board["title"]
    assert grafana.writes[-1] == "POST /api/dashboards/db"


def test_boards_move_to_the_folder_that_is_asked_for(grafana: FakeGrafana, token: Path) -> None:
    publish(grafana.url, token)
    assert publish(grafana.url, token, "--folder", "Cao Bằng") == 0
    assert {grafana.folders[folder] for folder, _ in grafana.boards.values()} == {"Cao Bằng"}


@pytest.mark.parametrize("slash", ["", "/"])
def test_grafana_may_live_below_a_path(token: Path, slash: str) -> None:
    with running(FakeGrafana(prefix="/grafana")) as grafana:
        assert publish(f"{grafana.url}{slash}", token) == 0
        assert list(grafana.boards) == UIDS


def test_a_wrong_token_is_named_as_such_and_never_shown(
    grafana: FakeGrafana, token: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token.chmod(stat.S_IRUSR | stat.S_IWUSR)
    token.write_text("stale-token")
    assert publish(grafana.url, token) == 1
    shown = "".join(capsys.readouterr())
    assert "the token is wrong, or it has expired" in shown
    assert "stale-token" not in shown
    assert grafana.writes == []


def test_a_token_without_rights_is_told_which_it_needs(token: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(FakeGrafana(role="Viewer")) as grafana:
        assert publish(grafana.url, token) == 1
    assert "role Editor" in capsys.readouterr().err


def test_a_name_that_is_taken_says_what_to_do(
    grafana: FakeGrafana, token: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(grafana.url, token)
    (folder,) = grafana.folders
    _, board = grafana.boards.pop(UIDS[0])
    grafana.boards["foreign"] = folder, {**board, "uid": "foreign"}
    assert publish(grafana.url, token) == 1
    complaint = capsys.readouterr().err
    assert "same name" in complaint
    assert "rename or remove it there" in complaint


def test_a_provisioned_board_is_explained(
    grafana: FakeGrafana, token: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grafana.provisioned = set(UIDS)
    assert publish(grafana.url, token) == 1
    assert "provisioned from files" in capsys.readouterr().err


def test_a_server_that_is_down_is_said_with_its_address(token: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(FakeGrafana()) as grafana:
        url = grafana.url
    assert publish(url, token) == 1
    assert f"cannot reach Grafana at {url}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [((200, "<html>"), "does not answer like Grafana"), ((200, "[1]"), "does not answer like Grafana"),
     ((500, "{}"), "Server Error 500"), ((502, "bad gateway"), "Server Error 502"), ((404, "{}"), "is this the add")],
)  # fmt: skip
def test_what_is_not_grafana_or_broken_is_told_apart(
    broken: tuple[int, str], complaint: str, token: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(FakeGrafana(broken=broken)) as grafana:
        assert publish(grafana.url, token) == 1
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "  \n", "two words", "kh\u00f3a"])
def test_a_file_without_a_token_is_wrong_use(
    content: str, grafana: FakeGrafana, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "token"
    path.write_text(content, encoding="utf-8")
    assert publish(grafana.url, path) == 2
    assert str(path) in capsys.readouterr().err


def test_a_missing_token_file_is_wrong_use(grafana: FakeGrafana, tmp_path: Path) -> None:
    assert publish(grafana.url, tmp_path / "none") == 2


@pytest.mark.parametrize("url", ["grafana.local", "ftp://host", "http://admin:secret@host"])
def test_an_address_that_is_none_is_wrong_use(url: str, token: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        publish(url, token)
    assert ended.value.code == 2
