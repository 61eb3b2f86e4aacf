"""The gateway's files are read again when they change, and only once they stand still."""

import re
import time
from pathlib import Path

import pytest

from agent.gateway import papers
from agent.gateway.config import GatewaySettings, Tls
from collectors.core.decode import DecodeError
from collectors.core.lastword import Receiver
from collectors.core.values import Url
from tests.servers.gateway import IDENTITIES, OFFICES, Authority

REVOKED = 'version: 1\noffices:\n  01273-1: "2026-11-22T09:30:00+07:00"\n'


class Scene:
    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder / "ca", time.time())
        self.authority.server("127.0.0.1")
        ca, self.identities = self.authority.path, folder / "identities.yml"
        self.identities.write_text(IDENTITIES)
        tls = Tls(ca / "server.crt", ca / "server.key", ca / "authority.pem", ca / "revoked.crl", ca / "revoked.yml")
        self.settings = GatewaySettings("1", tls, self.identities, Receiver(Url("http://store/")))
        self.read = list[papers.Papers]()
        self.keeper = papers.Keeper(self.settings, papers.read(self.settings), self.read.append)

    @property
    def good(self) -> bool:
        (found,) = (one.value for one in self.keeper.samples() if one.metric.name == "gateway_files_good")
        return bool(found)


async def test_a_list_that_is_being_written_is_not_taken_for_a_shorter_one(tmp_path: Path) -> None:
    """Its first lines alone are a good list: of fewer offices, or of fewer that are taken back."""
    scene = Scene(tmp_path)
    whole = IDENTITIES.replace('"04"', '"04" ')
    scene.identities.write_text("".join(whole.splitlines(keepends=True)[:3]))
    await scene.keeper.look()
    scene.identities.write_text(whole)
    await scene.keeper.look()
    assert scene.read == []
    await scene.keeper.look()
    await scene.keeper.look()
    assert [set(one.identities.offices) for one in scene.read] == [set(OFFICES)]


async def test_what_is_broken_or_gone_leaves_what_was_good_and_is_said(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    for name in ("revoked.yml", "revoked.crl", "authority.pem", "server.key"):
        path = scene.authority.path / name
        content = path.read_bytes()
        for broken in (content[: len(content) // 3], b"", None):
            path.unlink() if broken is None else path.write_bytes(broken)
            await scene.keeper.look()
            await scene.keeper.look()
            assert (scene.good, scene.read) == (False, []), (name, broken)
        path.write_bytes(content)
        await scene.keeper.look()
        await scene.keeper.look()
        assert scene.good
        scene.read.clear()


@pytest.mark.parametrize("broken", [b"", b"no PEM", None], ids=["empty", "garbage", "gone"])
@pytest.mark.parametrize("name", ["server.crt", "server.key", "authority.pem", "revoked.crl", "revoked.yml"])
def test_what_is_said_names_the_file(tmp_path: Path, name: str, broken: bytes | None) -> None:
    scene = Scene(tmp_path)
    path = scene.authority.path / name
    path.unlink() if broken is None else path.write_bytes(broken)
    with pytest.raises((DecodeError, OSError, ValueError), match=re.escape(str(path))):
        papers.read(scene.settings)


async def test_offices_that_are_taken_back_are_out_at_the_next_reading(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    (scene.authority.path / "revoked.yml").write_text(REVOKED)
    await scene.keeper.look()
    await scene.keeper.look()
    assert set(scene.keeper.papers.void) == {OFFICES[0]}


async def test_a_defect_in_taking_them_up_is_said_and_the_watch_goes_on(tmp_path: Path) -> None:
    scene = Scene(tmp_path)

    def fails(_: papers.Papers) -> None:
        raise OSError("the key changed in between")

    keeper = papers.Keeper(scene.settings, papers.read(scene.settings), fails)
    scene.keeper = keeper
    scene.identities.write_text(IDENTITIES + "# other\n")
    await keeper.look()
    await keeper.look()
    assert not scene.good
