"""What is on an office's machine now: one POSIX shell script that changes nothing, and its answer decoded."""

import shlex
from dataclasses import dataclass
from enum import StrEnum


class Manager(StrEnum):
    """Who keeps the agent running."""

    SYSTEMD = "systemd"
    PROCESS = "process"  # a plain process with a pid file, where there is no systemd


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things lie on an office. A `prefix` other than "" is for machines where we are not root."""

    prefix: str = ""

    def at(self, path: str) -> str:
        """An absolute path below the prefix."""
        return f"{self.prefix}{path}"

    @property
    def home(self) -> str:
        return self.at("/opt/communewatch")

    @property
    def current(self) -> str:
        """A symbolic link to the release in use: switching it is the moment of an upgrade."""
        return f"{self.home}/current"

    @property
    def config(self) -> str:
        return self.at("/etc/communewatch/agent.yml")

    @property
    def unit(self) -> str:
        return self.at("/etc/systemd/system/communewatch-agent.service")

    @property
    def pid_file(self) -> str:
        return f"{self.home}/agent.pid"

    @property
    def checked(self) -> str:
        """Lies there while the last change has been carried out to its end, and the agent has answered."""
        return f"{self.home}/checked"

    def release(self, version: str) -> str:
        """The folder of one release's environment."""
        return f"{self.home}/releases/{version}"


@dataclass(frozen=True, slots=True)
class Facts:
    """python: "3.11", "" where there is none. Hashes and versions are "" where nothing is installed."""

    python: str
    machine: str
    manager: Manager
    installed: str
    config_sha256: str
    unit_sha256: str
    running: bool
    checked: bool
    free_bytes: int
    writable: bool


_SCRIPT = """
set -u
hash() {{ if [ -f "$1" ]; then sha256sum "$1" | cut -d' ' -f1; fi; }}
echo "python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)"
echo "machine=$(uname -m)"
if [ -z {prefix} ] && [ -d /run/systemd/system ]; then manager=systemd; else manager=process; fi
echo "manager=$manager"
link=$(readlink {current} 2>/dev/null || true); echo "installed=${{link##*/}}"
echo "config_sha256=$(hash {config})"
echo "unit_sha256=$(hash {unit})"
running=no
if [ "$manager" = systemd ]; then systemctl is-active --quiet communewatch-agent && running=yes
elif [ -f {pid_file} ] && kill -0 "$(cat {pid_file})" 2>/dev/null; then running=yes; fi
echo "running=$running"
if [ -f {checked} ]; then echo checked=yes; else echo checked=no; fi
top={home}; while [ ! -d "$top" ]; do top=$(dirname "$top"); done
echo "free_kib=$(df -Pk "$top" | awk 'NR==2 {{print $4}}')"
if [ -w "$top" ]; then echo writable=yes; else echo writable=no; fi
"""


def script(layout: Layout) -> str:
    """The script that `parse` understands."""
    names = ("current", "config", "unit", "pid_file", "checked", "home")
    places = {name: shlex.quote(getattr(layout, name)) for name in names}
    return _SCRIPT.format(prefix=shlex.quote(layout.prefix), **places)


def parse(output: str) -> Facts:
    """Decode the script's answer. ValueError when it is not one (a machine without sha256sum, df or awk)."""
    said = dict(line.split("=", 1) for line in output.splitlines() if "=" in line)
    try:
        return Facts(
            python=said["python"],
            machine=said["machine"],
            manager=Manager(said["manager"]),
            installed=said["installed"],
            config_sha256=said["config_sha256"],
            unit_sha256=said["unit_sha256"],
            running=said["running"] == "yes",
            checked=said["checked"] == "yes",
            free_bytes=int(said["free_kib"]) * 1024,
            writable=said["writable"] == "yes",
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"the office's answer is not understood ({error}): {output[-300:]!r}") from None
