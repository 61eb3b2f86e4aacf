"""The SNMP port on pysnmp 7. Importing this loads pysnmp (some 25 MiB): do it only where a probe needs SNMP.

port          SnmpAdapter: agents, deadlines, what is remembered between polls
conversation  one poll: which request comes next
limits        how an agent wants to be asked (pure)
uptime        is it still the same run of the same agent? (pure)
engines       one for each set of credentials
engine        pysnmp itself
envelope      is a datagram worth decoding? (pure)
credentials   pysnmp's names for protocols
presence      is anybody there?
failures      what to tell a person
"""

from agent.io.snmp.port import SnmpAdapter

__all__ = ["SnmpAdapter"]
