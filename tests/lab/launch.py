"""Become a program that dies with its parent, inside a network namespace with a few files of its own.

usage: launch.py PARENT NETWORK MOUNTS PROGRAM ARGUMENT...

PARENT is the process id of whoever starts it; NETWORK the path of a namespace or ""; MOUNTS a JSON object of paths and
what is to be seen there instead. Both need root. It runs as a script of its own, before any import of ours,
because between fork and exec a process with threads may do almost nothing.
"""

import ctypes
import json
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000

_libc = ctypes.CDLL(None, use_errno=True)


def main(parent: str, network: str, mounts: str, *command: str) -> None:
    _die_with(int(parent))
    instead = json.loads(mounts)
    if network:
        _enter(network)
    if network or instead:
        _expect(_libc.unshare(CLONE_NEWNS), "unshare")
        _mount("none", "/", None, MS_REC | MS_PRIVATE)
    if network:
        _mount("sysfs", "/sys", "sysfs", 0)
    for path, other in instead.items():
        _mount(other, path, None, MS_BIND)
    os.execvp(command[0], command)


def _die_with(parent: int) -> None:
    _expect(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL), "prctl")
    if os.getppid() != parent:  # it died before prctl
        sys.exit("launch: the lab is gone")


def _enter(network: str) -> None:
    """Into the network namespace; /sys shows it only once it is mounted anew."""
    descriptor = os.open(network, os.O_RDONLY)
    _expect(_libc.setns(descriptor, CLONE_NEWNET), "setns")
    os.close(descriptor)


def _mount(source: str, target: str, kind: str | None, flags: int) -> None:
    encoded = kind.encode() if kind else None
    _expect(_libc.mount(source.encode(), target.encode(), encoded, ctypes.c_ulong(flags), None), f"mount {target}")


def _expect(result: int, what: str) -> None:
    if result != 0:
        sys.exit(f"launch: {what}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    main(*sys.argv[1:])
