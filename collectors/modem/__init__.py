"""The signal of a mobile link, where a modem at this machine tells it (ModemManager) or the router does (SNMP).

said       what mmcli says -> a signal
at         what a modem says to AT commands -> a signal
family     where which router says what
router     what a router says -> a signal
past       the usual signal, dips, changes of cell and technology
collector  what becomes of it
"""

from collectors.modem.collector import ModemProbe, Target

COLLECTOR = ModemProbe()

__all__ = ["COLLECTOR", "ModemProbe", "Target"]
