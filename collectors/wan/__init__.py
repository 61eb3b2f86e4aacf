"""What the office itself moves over its link: byte counters of the WAN interface, on this machine or in the router.

counters   two looks at a counter -> bytes that went by
place      where the counters are, and one look at them
load       the office's own load at a moment, for probes that want to know
past       the last look, and which interface carried the default route
collector  what becomes of it
"""

from collectors.wan.collector import Target, Wan

COLLECTOR = Wan()

__all__ = ["COLLECTOR", "Target", "Wan"]
