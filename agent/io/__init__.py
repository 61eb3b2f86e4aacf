"""The edges: the only imports of pysnmp, psutil and sockets. Each adapter implements one port of collectors/core/ports.

Adapters are imported only when a configured probe needs them: an office without a UPS never loads an SNMP library.
"""
