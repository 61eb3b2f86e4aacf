"""The SNMP port on pysnmp 7. Importing this loads pysnmp (some 25 MiB): do it only where a probe needs SNMP.

port          SnmpAdapter: agents, deadlines, what is remembered between polls
conversation  one poll: which request comes next
limits        how an agent wants to be asked (pure)
engine        pysnmp itself
credentials   pysnmp's names for protocols
presence      is anybody there?
failures      what to tell a person
"""

from agent.io.snmp.port import SnmpAdapter

__all__ = ["SnmpAdapter"]
