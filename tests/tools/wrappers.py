"""The scripts in .cache/debian/<group>/bin: each sets what an unpacked program needs and then becomes that program."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.tools.catalogue import Group

# Run by root, sshd insists on a user `sshd` and on the folder /run/sshd. The user exists only in a mount namespace of
# the server's own, so the machine's /etc/passwd stays as it is.
SSHD_PREPARATION = """\
if [ "$(id -u)" = 0 ]; then
  mkdir -p /run/sshd
  if ! grep -q '^sshd:' /etc/passwd; then
    users=$(mktemp) && chmod 644 "$users"
    { cat /etc/passwd; echo 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin'; } >"$users"
    exec unshare --mount sh -ec 'mount --bind "$0" /etc/passwd; rm "$0"; exec "$@"' "$users" "$0" "$@"
  fi
fi
"""

# Debian's own snmp.conf, which is not unpacked into /etc, says the same: names are not looked up in MIB files.
SNMP_PREPARATION = 'export MIBS="${MIBS-}"\n'

PREPARATIONS = {
    "sshd": SSHD_PREPARATION,
    **dict.fromkeys(("snmpd", "snmpget", "snmpwalk", "snmpset", "snmptrap"), SNMP_PREPARATION),
}

FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{folder}/root/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
  <alias binding="same"><family>sans-serif</family><prefer><family>Noto Sans</family></prefer></alias>
  <alias binding="same"><family>system-ui</family><prefer><family>Noto Sans</family></prefer></alias>
</fontconfig>
"""


def write(group: Group, built: Path, final: Path) -> None:
    """Write the scripts of the programs that were unpacked in `built`, which will be renamed to `final`."""
    (built / "bin").mkdir()
    (built / "fonts.conf").write_text(FONTS.format(folder=final))
    libraries = ":".join(str(final / folder.relative_to(built)) for folder in _library_folders(built / "root"))
    for program in group.programs:
        if (built / "root" / program.path).exists():
            script = built / "bin" / program.name
            script.write_text(_script(program.name, final / "root" / program.path, libraries, final))
            script.chmod(0o755)


def _script(name: str, target: Path, libraries: str, final: Path) -> str:
    lines = [
        "#!/bin/sh",
        "# Written by tests/tools; becomes the program, so the process id stays the same.",
        PREPARATIONS.get(name, "").rstrip(),
        f"export LD_LIBRARY_PATH={shlex.quote(libraries)}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}" if libraries else "",
        f"export FONTCONFIG_FILE={shlex.quote(str(final / 'fonts.conf'))}" if name == "chromium" else "",
        f'exec {shlex.quote(str(target))} "$@"',
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _library_folders(root: Path) -> Iterator[Path]:
    """Folders with shared libraries, the general ones first, then the private ones of single packages."""
    for pattern in ("lib/*-linux-gnu", "usr/lib/*-linux-gnu", "usr/lib/*-linux-gnu/*"):
        yield from (folder for folder in sorted(root.glob(pattern)) if any(folder.glob("lib*.so*")))
