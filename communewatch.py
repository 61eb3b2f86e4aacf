"""The command `communewatch`: finds the room that a verb belongs to and hands it the rest of the line."""

import os
import select
import sys
from collections.abc import Sequence
from importlib import import_module

VERBS = {
    "agent": ("agent.cli", "run|check|buffer: the agent of one commune office"),
    "probe": ("agent.probe_cli", "KIND: run one probe once and show what happened"),
    "responder": ("agent.responder.cli", "run: the far end of the bandwidth probes"),
    "gateway": ("agent.gateway.cli", "run|check: the way in for what offices send, in front of the store"),
    "inventory": ("inventory.cli", "check|render|show|diff: offices, links, UPSes, services"),
    "rollout": ("inventory.rollout.cli", "plan|apply: put agents on offices over SSH"),
    "alerts": ("alerts.cli", "build|check: rules and routing"),
    "relay": ("alerts.relay.cli", "run|check: deliver notifications to people"),
    "dashboards": ("dashboards.cli", "build|publish: Grafana boards"),
    "report": (
        "dashboards.reports.cli",
        "bandwidth|outages|completeness: a month per link, what was out, what is held",
    ),
}
_ROOMS = frozenset(("agent", "alerts", "collectors", "dashboards", "inventory"))
_PROVINCE = frozenset(("gateway", "inventory", "rollout", "alerts", "relay", "dashboards", "report"))
_UNREAD = 141  # 128 and SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 fine, 1 the world is not as it should be, 2 wrong use or wrong configuration.

    141, as shells say it of SIGPIPE, where whoever read the output has gone (`| head`).
    """
    try:
        try:
            return _main(list(sys.argv[1:] if argv is None else argv))
        finally:
            _flush()
    except BrokenPipeError:
        if not _is_unread():
            raise  # another pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter complains at its end
        return _UNREAD


def _is_unread() -> bool:
    """Whether nobody reads our output any more."""
    output = select.poll()
    output.register(sys.stdout, select.POLLOUT)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in output.poll(0))


def _flush() -> None:
    if sys.stdout:  # none where it was closed before we began
        sys.stdout.flush()


def _main(arguments: Sequence[str]) -> int:
    if arguments == ["--version"]:
        print(f"communewatch {import_module('agent').VERSION}")
        return 0
    if not arguments or arguments[0] not in VERBS:
        asked = bool(arguments) and arguments[0] in ("-h", "--help", "help")
        print(usage(), file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    verb, *rest = arguments
    try:
        module = import_module(VERBS[verb][0])
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in _ROOMS:
            raise  # a defect of ours, not a missing extra
        extra = "province" if verb in _PROVINCE else "office"
        print(f"`communewatch {verb}` needs {error.name}: install communewatch[{extra}]", file=sys.stderr)
        return 2
    status: int = module.main(rest)
    return status


def usage() -> str:
    """The verbs, a line each."""
    lines = [f"  {verb:<11} {purpose}" for verb, (_, purpose) in VERBS.items()]
    return "\n".join(
        ("usage: communewatch VERB ...", "", *lines, "", "communewatch VERB --help says more; communewatch --version.")
    )


if __name__ == "__main__":
    sys.exit(main())
