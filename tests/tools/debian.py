"""Debian packages unpacked below .cache/debian/<group>, never installed: no maintainer script runs, no service starts.

apt resolves what the machine lacks (libraries too) and checks signatures; `dpkg -x` unpacks it; a small script per
program sets the library path and executes it, so that its process id is the program's own. A group appears with one
rename, complete or not at all; its stamp says what it was made from. Works without root wherever apt's lists exist.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.tools import relocate, wrappers
from tests.tools.catalogue import Group, group_of

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = CHECKOUT / ".cache" / "debian"
SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
ENGLISH = {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
PLANNED = re.compile(r"^Inst (?P<name>\S+) (?:\[[^]]*\] )?\((?P<version>\S+)", re.MULTILINE)


class MissingProgramError(Exception):
    """A program is neither in the cache nor on this machine. The text says what to do."""


class FetchError(Exception):
    """A group could not be fetched. The text says what apt said and what to do."""


def say(text: str) -> None:
    """One line of progress."""
    print(f"tools: {text}", file=sys.stderr, flush=True)


def program(name: str) -> Path:
    """An executable path: from the cache, else from this machine. Asks no network; raises MissingProgramError."""
    group, entry = group_of(name)
    if is_ready(group) and (unpacked := CACHE / group.name / "bin" / name).exists():
        return unpacked
    if found := shutil.which(name, path=SYSTEM_PATH) or shutil.which(Path(entry.path).name, path=SYSTEM_PATH):
        return Path(found)
    raise MissingProgramError(f"{name} is not here; fetch it: python -m tests.tools fetch --group {group.name}")


def is_ready(group: Group) -> bool:
    """Whether the cache holds this group as the catalogue and the wrappers describe it today."""
    stamp = CACHE / group.name / "stamp"
    return stamp.exists() and stamp.read_text().splitlines()[:1] == [fingerprint(group)]


def fingerprint(group: Group) -> str:
    """Of everything that decides what a group's folder holds, apart from the versions that apt offers."""
    parts = [str(CACHE), *group.packages, *(f"{entry.name}={entry.path}" for entry in group.programs)]
    parts.append(Path(wrappers.__file__).read_text())
    if any(entry.data for entry in group.programs):
        parts.append(Path(relocate.__file__).read_text())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def fetch(group: Group) -> None:
    """Bring a group into the cache unless it is there. Two processes may ask at once: the second one waits."""
    if is_ready(group):
        return
    with _alone():
        if not is_ready(group):
            _fetch(group)


def _fetch(group: Group) -> None:
    final, new = CACHE / group.name, CACHE / f"{group.name}.new"
    shutil.rmtree(new, ignore_errors=True)
    (new / "packages").mkdir(parents=True)
    try:
        versions = _download(group, new / "packages")
    except FetchError as problem:
        _refresh_lists(problem)
        versions = _download(group, new / "packages")
    if versions:
        say(f"{group.name}: unpacking into {final.relative_to(CHECKOUT)} (nothing is installed)")
    _unpack(new)
    wrappers.write(group, new, final)
    relocate.relocate(group, new, final)
    (new / "stamp").write_text("\n".join([fingerprint(group), *(f"{n}={v}" for n, v in versions.items()), ""]))
    shutil.rmtree(final, ignore_errors=True)
    new.rename(final)
    say(f"{group.name}: ready ({', '.join(entry.name for entry in group.programs)})")


def _download(group: Group, folder: Path) -> Mapping[str, str]:
    """Package -> version of everything that this machine lacks for the group, libraries included; now in `folder`."""
    plan = _apt("install", "--simulate", "--yes", "--no-install-recommends", *group.packages)
    versions = {found["name"]: found["version"] for found in PLANNED.finditer(plan)}
    if versions:
        say(f"{group.name}: downloading {len(versions)} Debian packages")
        _apt("download", *(f"{name}={version}" for name, version in versions.items()), cwd=folder)
    return versions


def _refresh_lists(problem: FetchError) -> None:
    """Package lists that are empty or old are the usual reason for a failure, and only root may refresh them."""
    if os.geteuid() != 0:
        raise FetchError(f"{problem}\nIf the package lists are empty or old, run once as root: apt-get update")
    say("refreshing the package lists (apt-get update)")
    _apt("update")


def _unpack(folder: Path) -> None:
    archives = sorted((folder / "packages").glob("*.deb"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda archive: _run(["dpkg", "-x", str(archive), str(folder / "root")]), archives))
    shutil.rmtree(folder / "packages")


def _apt(*arguments: str, cwd: Path = CHECKOUT) -> str:
    # As root, apt would download as the user _apt, who may not write into the checkout.
    return _run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "-o", "Debug::NoLocking=1", *arguments], cwd)


def _run(command: Sequence[str], cwd: Path = CHECKOUT) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=ENGLISH, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise FetchError(f"{' '.join(command[:6])} ... failed:\n{done.stderr.strip()[-2000:]}")
    return done.stdout


@contextmanager
def _alone() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is fetching; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
