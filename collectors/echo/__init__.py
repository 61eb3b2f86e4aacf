"""Is the line there, how late and how lossy, all the time: one tiny UDP packet a second to the responder and back.

summary    the packets of one run -> figures
past       what goes on over runs: outages, dips, counters
metrics    both -> samples
collector  what is asked of the responder
"""

from collectors.echo.collector import EchoProbe, Target

COLLECTOR = EchoProbe()

__all__ = ["COLLECTOR", "EchoProbe", "Target"]
