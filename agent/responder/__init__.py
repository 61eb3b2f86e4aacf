"""`communewatch responder run`: the far end of the bandwidth probes, at the province, an exchange or an operator.

It sends or receives bulk data for clients that prove a shared key, within its own bounds, and judges nothing. The near
end is agent/io/bulk.py; both speak agent/responder/protocol.py.
"""
