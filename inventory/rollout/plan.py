"""What has to be done on one office: a pure function of the bundle, the configuration and what is there."""

import hashlib
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from inventory.rollout.bundle import SYSUSERS, UNIT, Bundle
from inventory.rollout.facts import Facts, Layout, Manager

_NEEDED_BYTES = 300_000_000  # two releases beside each other, and room to breathe


@dataclass(frozen=True, slots=True)
class Upload:
    """Write `content` to a path, readable to the agent's group only; None = the bundle's archive."""

    path: str
    content: bytes | None
    purpose: str


@dataclass(frozen=True, slots=True)
class Run:
    """A shell script that ends with status 0 when its purpose is reached."""

    script: str
    purpose: str


Step = Upload | Run


@dataclass(frozen=True, slots=True)
class Plan:
    """`steps` in order; `summary` says why they are needed, or that none are; `refusal` why it cannot be done."""

    office: str
    steps: tuple[Step, ...]
    summary: str
    refusal: str = ""


def make(office: str, config: bytes, listen: str, bundle: Bundle, facts: Facts, layout: Layout) -> Plan:
    """Plan one office. `listen` is where its agent serves its pages (host:port)."""
    if refusal := _refusal(bundle, facts):
        return Plan(office, (), "", refusal)
    wrong = _differences(config, bundle, facts)
    if not wrong:
        return Plan(office, (), f"nothing to do: {facts.installed}, configuration up to date, running")
    return Plan(office, tuple(_steps(config, listen, bundle, facts, layout)), "; ".join(wrong))


def _refusal(bundle: Bundle, facts: Facts) -> str:
    manifest = bundle.manifest
    if not facts.python:
        return "there is no python3 on the machine: apt-get install python3"
    if (facts.python, facts.machine) != (manifest.python, manifest.machine):
        return (
            f"the bundle is for Python {manifest.python} on {manifest.machine}, "
            f"the machine has Python {facts.python} on {facts.machine}: build a bundle on a machine like it"
        )
    if not facts.writable:
        return "we may not write below /opt: log in as root, or set a prefix"
    if facts.free_bytes < _NEEDED_BYTES:
        return f"only {facts.free_bytes // 10**6} MB are free, {_NEEDED_BYTES // 10**6} MB are needed"
    return ""


def _differences(config: bytes, bundle: Bundle, facts: Facts) -> list[str]:
    wrong = []
    if facts.installed != bundle.manifest.version:
        wrong.append(f"{facts.installed or 'nothing'} installed, {bundle.manifest.version} wanted")
    if facts.config_sha256 != hashlib.sha256(config).hexdigest():
        wrong.append("agent.yml differs" if facts.config_sha256 else "no agent.yml yet")
    if facts.manager is Manager.SYSTEMD and facts.unit_sha256 != bundle.unit_sha256:
        wrong.append("the unit differs" if facts.unit_sha256 else "no unit yet")
    if not facts.running:
        wrong.append("not running")
    if not wrong and not facts.checked:
        wrong.append("the last change broke off")
    return wrong


def _steps(config: bytes, listen: str, bundle: Bundle, facts: Facts, layout: Layout) -> Iterator[Step]:
    version = bundle.manifest.version
    yield Run(_folders(layout), "make the folders")
    if facts.installed != version:
        yield Upload(f"{layout.home}/incoming/{bundle.name}", None, "bring the bundle")
        yield Run(_install(bundle, layout), f"install {version} beside what is there")
    if facts.manager is Manager.SYSTEMD and facts.unit_sha256 != bundle.unit_sha256:
        yield Upload(f"{layout.home}/incoming/{UNIT}", bundle.unit, "bring the unit")
        yield Upload(f"{layout.home}/incoming/{SYSUSERS}", bundle.sysusers, "bring the user's definition")
        yield Run(_unit(layout), "install the unit and the user")
    if facts.config_sha256 != hashlib.sha256(config).hexdigest():
        yield Upload(f"{layout.config}.new", config, "bring agent.yml")
        yield Run(_configure(layout, version), "check agent.yml and take it over, keeping the one before")
    yield Run(_switch(layout, version, facts.manager), f"switch to {version} and start")
    yield Run(_check(layout, listen, version), "check that the agent answers")
    if facts.installed != version:
        yield Run(_tidy(layout), "remove releases older than the one before")


def _folders(layout: Layout) -> str:
    places = (f"{layout.home}/incoming", f"{layout.home}/releases", layout.at("/etc/communewatch"))
    return f"set -e; umask 022; rm -f {_q(layout.checked)}; mkdir -p " + " ".join(_q(place) for place in places)


def _install(bundle: Bundle, layout: Layout) -> str:
    # pip runs from its own wheel: a plain Debian has no ensurepip. `current` leads here only once all of it is there.
    release, unpacked = layout.release(bundle.manifest.version), f"{layout.home}/incoming/unpacked"
    return f"""
set -eu
umask 022
rm -rf {_q(unpacked)} {_q(release)}
mkdir {_q(unpacked)}
tar -xzf {_q(f"{layout.home}/incoming/{bundle.name}")} -C {_q(unpacked)} --no-same-owner
python3 -m venv --without-pip {_q(release)}
pip=$(ls {_q(unpacked)}/wheels/pip-*.whl)
{_q(release)}/bin/python "$pip/pip" install --quiet --no-index --no-cache-dir \\
  --find-links {_q(unpacked)}/wheels 'communewatch[office]=={bundle.manifest.version}'
rm -rf {_q(unpacked)} {_q(f"{layout.home}/incoming/{bundle.name}")}
"""


def _unit(layout: Layout) -> str:
    incoming = _q(f"{layout.home}/incoming")
    return f"""
set -eu
install -m 644 {incoming}/{SYSUSERS} /usr/lib/sysusers.d/communewatch.conf
systemd-sysusers /usr/lib/sysusers.d/communewatch.conf
install -m 644 {incoming}/{UNIT} {_q(layout.unit)}
systemctl daemon-reload
systemctl enable --quiet communewatch-agent
"""


def _configure(layout: Layout, version: str) -> str:
    config = _q(layout.config)
    return f"""
set -eu
{_q(layout.release(version))}/bin/communewatch agent check --config {config}.new
if getent group communewatch >/dev/null && [ "$(id -u)" = 0 ]; then chgrp communewatch {config}.new; fi
if [ -f {config} ]; then cp -p {config} {config}.previous; fi
mv {config}.new {config}
"""


def _switch(layout: Layout, version: str, manager: Manager) -> str:
    current, release = _q(layout.current), _q(layout.release(version))
    link = f"set -eu\nln -sfn {release} {current}.new\nmv -T {current}.new {current}\n"
    if manager is Manager.SYSTEMD:
        return link + "systemctl restart communewatch-agent\n"
    pid, log = _q(layout.pid_file), _q(f"{layout.home}/agent.log")
    return f"""{link}
if [ -f {pid} ] && kill -TERM "$(cat {pid})" 2>/dev/null; then
  for _ in $(seq 60); do kill -0 "$(cat {pid})" 2>/dev/null || break; sleep 0.1; done
fi
setsid nohup {current}/bin/communewatch agent run --config {_q(layout.config)} >>{log} 2>&1 </dev/null &
echo $! >{pid}
"""


def _check(layout: Layout, listen: str, version: str) -> str:
    host, _, port = listen.rpartition(":")
    url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/metrics"
    program = f"""
import sys, time, urllib.request
wanted = 'agent_build_info{{version="{version}"}} 1'
for _ in range(40):
    try:
        page = urllib.request.urlopen({url!r}, timeout=2).read().decode()
    except OSError as error:
        page = str(error)
    if wanted in page:
        sys.exit(0)
    time.sleep(0.5)
sys.exit("the agent does not answer on {url}: " + page[:200])
"""
    return f"{_q(layout.current)}/bin/python -c {_q(program)} && touch {_q(layout.checked)}"


def _tidy(layout: Layout) -> str:
    # The one in use and the newest of the others stay: room for going back, not for all that ever was.
    return f"""
set -eu
cd {_q(f"{layout.home}/releases")}
current=$(basename "$(readlink {_q(layout.current)})")
ls -1t | grep -vxF -- "$current" | tail -n +2 | while IFS= read -r old; do rm -rf -- "./$old"; done
"""


_q = shlex.quote
