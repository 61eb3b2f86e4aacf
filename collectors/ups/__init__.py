"""The UPS of an office, over SNMP: is there mains, how much battery is left, does the UPS need anybody?

canonical   the form in which every UPS is described, in base units
profile     how a family of cards says it: data files in profiles/
objects     what a profile can say of one object
detection   which families a card speaks
observe     answers -> observation
shape       numbers that only mean something beside each other
signs       what one observation tells of mains, battery and UPS
power       observations over time -> verdict
said        the verdict's reason, for a person
dips        what happened between two observations
metrics     observation -> samples
watch       readings -> the verdict's samples, and the past that they need
collector   what to ask, in which order
"""

from collectors.ups.collector import Ups
from collectors.ups.metrics import CHARGE, ON_BATTERY, POWER_VERDICT, RUNTIME, SUSPECTED
from collectors.ups.power import Verdict
from collectors.ups.target import Target

COLLECTOR = Ups()
READERS = ("nut", "ups")  # the collectors that read a UPS: their metrics and verdicts are these

__all__ = [
    "CHARGE", "COLLECTOR", "ON_BATTERY", "POWER_VERDICT", "READERS", "RUNTIME", "SUSPECTED", "Target", "Ups", "Verdict",
]  # fmt: skip
