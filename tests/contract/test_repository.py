"""Facts that are written in more than one place of the repository agree."""

import re
import tomllib
from pathlib import Path

import pytest

import agent
import communewatch
from tests.tools.debian import CHECKOUT

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
PINNED = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([^ ]+) \\$", re.MULTILINE)
LOCKS = ("office", "province", "dev")
PROVINCE_ONLY = {"aiohttp", "apprise", "asyncssh", "grafana-client", "grafana-foundation-sdk"}


def lock(kind: str) -> str:
    return (CHECKOUT / f"requirements-{kind}.lock").read_text()


def declared(extra: str) -> set[str]:
    names = (re.split(r"[^\w-]", entry, maxsplit=1)[0] for entry in PROJECT["optional-dependencies"][extra])
    return {name for name in names if name != "communewatch"}


def test_the_version_is_written_once_and_the_same_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert PROJECT["version"] == agent.VERSION
    assert communewatch.main(["--version"]) == 0
    assert capsys.readouterr().out == f"communewatch {agent.VERSION}\n"


def test_the_changelog_begins_with_what_is_unreleased_and_names_metrics() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (CHECKOUT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert all(heading == PROJECT["version"] for heading in headings[1:2])


def test_office_province_and_developer_get_the_same_versions() -> None:
    office, province, development = (dict(PINNED.findall(lock(kind))) for kind in LOCKS)
    assert office.items() <= province.items() <= development.items()
    assert declared("office") <= office.keys()
    assert declared("province") <= province.keys()


def test_ssh_and_grafana_libraries_never_reach_an_office() -> None:
    assert declared("province") >= PROVINCE_ONLY
    assert not (PROVINCE_ONLY | {"pysmi"}) & dict(PINNED.findall(lock("office"))).keys()


def test_a_lock_file_pins_everything_by_hash_and_names_no_host() -> None:
    for kind in LOCKS:
        requirements = re.findall(r"^[a-zA-Z].*(?:\n {4}--hash=\S+(?: \\)?)*", lock(kind), re.MULTILINE)
        assert all("--hash=sha256:" in requirement for requirement in requirements), kind
        assert "://" not in lock(kind)


def test_every_dependency_is_accounted_for() -> None:
    accounted = (CHECKOUT / "docs" / "dependencies.md").read_text()
    named = {"pyyaml", *declared("office"), *declared("province"), *declared("dev")}
    assert {name for name in named if f"| {name} |" not in accounted} == set()


def test_decisions_are_numbered_dated_and_listed() -> None:
    folder = CHECKOUT / "docs" / "adr"
    records = sorted(path for path in folder.glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    index = (folder / "README.md").read_text()
    for path in records:
        text = path.read_text()
        assert re.search(r"^Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE), path.name
        assert all(f"## {part}" in text for part in ("Context", "Decision", "Consequences")), path.name
        assert f"({path.name})" in index


def test_the_readme_names_every_verb() -> None:
    readme = (CHECKOUT / "README.md").read_text()
    assert [verb for verb in communewatch.VERBS if f"communewatch {verb}" not in readme] == []


def test_every_command_of_a_page_is_one() -> None:
    pages = [CHECKOUT / "README.md", *(CHECKOUT / "docs").rglob("*.md"), *(CHECKOUT / "deploy").rglob("*.md")]
    told = [
        re.findall(r"communewatch((?: [a-z0-9]+(?![\w.:/-]))+)", page.read_text(encoding="utf-8")) for page in pages
    ]
    commands = {tuple(words.split()[:3]) for found in told for words in found}
    assert [command for command in sorted(commands) if command[0] in communewatch.VERBS and not is_one(command)] == []


def is_one(command: tuple[str, ...]) -> bool:
    """Whether it can explain itself."""
    with pytest.raises(SystemExit) as ended:
        communewatch.main([*command, "--help"])
    return ended.value.code == 0


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")]
    assert [link for page in pages for link in broken_links(page)] == []


def broken_links(page: Path) -> list[str]:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
    return [f"{page.name}: {target}" for target in targets if not (page.parent / target).exists()]
