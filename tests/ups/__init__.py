"""Judges of the UPS collector: real cards as others recorded them, and what others expect of those recordings.

recordings   the recorded cards and where each comes from
canonical    an observation as plain facts, to be compared
librenms     the values that LibreNMS expects, in our units
nut          what NUT's snmp-ups 2.8.0 says to the same recordings
dumps        what users of NUT saw, turned back into the answers of their cards
differences  where we differ from them, and why
derive       states that nobody recorded, made from what was
product      the whole collector before a card, time in the test's hands
simulator    snmpsim, which answers as the recorded cards do
walk         what the product makes of a walk that somebody recorded: `python -m tests.ups.walk FILE`

The recordings are read in place and never copied; the data files here name objects and reasons only.
"""
