"""Throughput of the office's link, down and up: one TCP flow against our own responder, ended as soon as it is steady.

The figure is goodput: TCP payload that arrived, in bytes per second, counted at the receiving end. It is what an office
gets at that moment beside its own traffic, not what the line could carry; docs/responder.md says what that means.
"""

from collectors.bandwidth.collector import COLLECTOR

__all__ = ["COLLECTOR"]
