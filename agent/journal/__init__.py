"""What the agent remembers through a power cut, and what it makes of it when it is back.

entry     one line of the journal: when, which boot of the machine, the last word on power, the link, what was learnt
slots     the file: two slots, written in turn, so that a torn write costs the newest entry and never both
absence   from the last entry and the new start: how long away, and why. Pure
ledger    absences counted, over restarts. Pure
keeper    who writes when, off the loop, and not at all while the disk is to rest
"""
