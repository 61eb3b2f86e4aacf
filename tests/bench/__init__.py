"""Benchmarks: figures of the agent against the exporters that people use today, measured in the same run."""
