"""Trains of UDP packets: what both ends of a capacity probe are made of.

packet    what a packet of a train holds
udp       sockets whose packets the kernel stamps
sender    sends a train, and its bursts; blocks, so it runs in a thread
receiver  listens to one and says when it is enough; blocks, so it runs in a thread
client    the office's end
"""
