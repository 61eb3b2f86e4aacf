"""Echoes by UDP against a responder: the office's end.

packet  what an echo holds, and its proofs
client  sends them at random times, and hears the answers
"""
