"""What the link carries, whoever uses it, in a fraction of a second and of the bytes of a throughput test.

trace      packets as their receiver saw them, and their rate
knee       when has a train shown the link's rate?
bursts     what follows the train
hearing    the receiving end: when it is enough, and what was heard
estimate   both ends' words -> a figure, or the doubts about it
metrics    estimate -> samples
past       what is remembered of a dip
pace       what was remembered -> how fast the next train is
target     what is configured
collector  what is asked of the responder
"""

from collectors.capacity.collector import Capacity
from collectors.capacity.target import Target

COLLECTOR = Capacity()

__all__ = ["COLLECTOR", "Capacity", "Target"]
