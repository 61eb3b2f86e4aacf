"""The way to a host, hop by hop: a helper process with raw sockets and scapy, which lives for one trace.

scapy costs 45 MiB and is GPL-2.0-only, so it is imported in the helper alone (packets.py) and never in the agent.

wire.py     question and answer between the two, as JSON
client.py   the agent's side
helper.py   the process; sockets.py, sweep.py and packets.py are its parts
"""
