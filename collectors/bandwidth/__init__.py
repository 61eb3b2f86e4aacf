"""Throughput of the office's link, down and up: one TCP flow against our own responder, ended as soon as it is steady.

The figure is goodput: TCP payload that arrived, in bytes per second, counted at the receiving end. It is what an office
gets at that moment, not what the line could carry; docs/bandwidth.md says what that means.

target     what is configured
steady     when has a flow shown what it gets?
judge      the flow and the office's own traffic beside it -> a figure, or the doubts about it
metrics    finding -> samples
collector  what is asked of the responder
"""

from collectors.bandwidth.collector import COLLECTOR

__all__ = ["COLLECTOR"]
