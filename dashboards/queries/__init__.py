"""What the boards ask the store: PromQL from `Metric` and `Recorded` objects and inventory's label names.

One module for each part of a board. `$province`, `$office` and `$service` stand for the board's variables. Wherever the
alerts record a state, the board reads that recorded state: what is red here is what woke somebody there.
"""
