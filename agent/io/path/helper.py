"""`python -m agent.io.path.helper`: reads one question from standard input, writes one answer, ends.

Bounded in time (it is killed by its own alarm), memory, processor time, files and packets. It ends as soon as its
standard input does, so it does not outlive the agent.
"""

import math
import resource
import signal
import sys
from contextlib import closing

from agent.io.path.wire import Question, dump_problem, dump_trace
from collectors.core import ProbeError, Reason

_MEMORY = 512 * 2**20  # bytes of address space
_PROCESSOR = 10  # seconds
_FILES = 64
_GRACE = 5  # seconds beyond the question's own time, to start and to answer


def main() -> int:
    """Exit status: 0 an answer was written, 1 nobody waits for it any more."""
    _bound_itself()
    try:
        question = Question.load(sys.stdin.buffer.readline(65536))
    except ValueError as error:
        return _say(dump_problem(Reason.INTERNAL, str(error)))
    signal.alarm(math.ceil(question.seconds) + _GRACE)
    return _answer(question)


def _bound_itself() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _PROCESSOR),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def _answer(question: Question) -> int:
    try:
        # Only now: they import scapy, within the limits.
        from agent.io.path.sockets import ParentGoneError, Sockets  # noqa: PLC0415
        from agent.io.path.sweep import Sweep  # noqa: PLC0415
    except ImportError as error:
        return _say(dump_problem(Reason.UNSUPPORTED, f"scapy is not installed: {error}"))
    try:
        with closing(Sockets(question.address, question.port, sys.stdin.fileno())) as sockets:
            return _say(dump_trace(Sweep(question, sockets).run()))
    except ParentGoneError:
        return 1
    except ProbeError as error:
        return _say(dump_problem(error.reason, error.message))


def _say(answer: bytes) -> int:
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
