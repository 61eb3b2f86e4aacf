"""Fakes of the ports. Each passes the same suite in tests/ports as the real adapter."""
