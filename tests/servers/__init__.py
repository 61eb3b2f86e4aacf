"""Servers that misbehave on purpose, on loopback and a free port, for the real adapters to meet."""
