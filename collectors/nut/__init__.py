"""A UPS behind a NUT server (upsd): USB boxes on the office's machine, and whatever else NUT has a driver for.

target      where the server is, which UPS is meant
protocol    what is said to the server, and what it answers
observe     NUT's variables -> the canonical form of collectors.ups
collector   one conversation; the judgement and the metrics are those of collectors.ups
"""

from collectors.nut.collector import Nut
from collectors.nut.target import Target

COLLECTOR = Nut()

__all__ = ["COLLECTOR", "Nut", "Target"]
