"""One look at a way, in a process of its own: /proc shows the network of a process, not of a thread.

`python -m tests.end_to_end.path_look RESOLV_CONF < target > what was seen`, both pickled.
"""

import asyncio
import pickle
import subprocess
import sys
from functools import partial
from unittest.mock import patch

from agent import user_agent
from agent.io.ports import MachinePorts
from collectors.core import Reading, Reason
from collectors.core.ports import TraceRequest
from collectors.path import COLLECTOR, Target
from collectors.path.past import Usual
from tests.lab import net
from tests.tools.debian import CHECKOUT

TIMEOUT = 60.0  # a busy machine takes its time to start the helper
QUICK = partial(TraceRequest, apart=0.45)  # no router of a test is farther away


def look(office: net.Namespace, target: Target, past: Usual | None = None, resolv_conf: str = "/dev/null") -> Reading:
    """The verdict from inside this namespace, knowing how the way was."""
    return COLLECTOR.compare(seen(office, target, resolv_conf), past or COLLECTOR.past(), 0.0)[0]


def way(office: net.Namespace, target: Target) -> Usual:
    """How the way is now, for a later look."""
    return COLLECTOR.compare(seen(office, target), COLLECTOR.past(), 0.0)[1]


def seen(office: net.Namespace, target: Target, resolv_conf: str = "/dev/null") -> Reading:
    """What there is to see, not yet compared."""
    command = [sys.executable, "-m", "tests.end_to_end.path_look", resolv_conf]
    given = pickle.dumps(target)
    done = office.call(lambda: subprocess.run(command, input=given, capture_output=True, cwd=CHECKOUT, check=False))
    assert done.returncode == 0, done.stderr.decode()
    return Reading(Reason.OK, seen=pickle.loads(done.stdout))


async def _collect(target: Target) -> Reading:
    async with MachinePorts(user_agent("")) as ports:
        await ports.prepare(COLLECTOR.needs)
        return await COLLECTOR.collect(target, ports, TIMEOUT)


if __name__ == "__main__":
    with (
        patch("collectors.path.collector._RESOLV_CONF", sys.argv[1]),
        patch("collectors.path.collector.TraceRequest", QUICK),
    ):
        reading = asyncio.run(_collect(pickle.load(sys.stdin.buffer)))
    sys.stdout.buffer.write(pickle.dumps(reading.seen))
