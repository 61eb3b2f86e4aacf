"""The UPS of an office, over SNMP: is there mains, how much battery is left, does the UPS need anybody?

canonical   the form in which every UPS is described, in base units
profile     how a family of cards says it: data files in profiles/
observe     answers -> observation
status      observation -> verdict
metrics     observation and verdict -> samples
collector   what to ask, in which order
"""

from collectors.ups.collector import Ups
from collectors.ups.metrics import CHARGE, ON_BATTERY, RUNTIME, STATUS
from collectors.ups.status import Status
from collectors.ups.target import Target

COLLECTOR = Ups()

__all__ = ["CHARGE", "COLLECTOR", "ON_BATTERY", "RUNTIME", "STATUS", "Status", "Target", "Ups"]
