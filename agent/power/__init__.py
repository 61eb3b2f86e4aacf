"""What the agent makes of the office's power, whatever measured it: a word, and what it teaches about the router. Pure.

word     readings of all UPSes -> the one word of the office
router   outages and the link through them -> whether the router stands on the UPS
"""
