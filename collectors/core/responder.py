"""Metrics that `communewatch responder` writes about itself.

They are declared here because rules and boards speak of them and may not import the agent.
"""

from collectors.core.metric import Kind, Metric

RESPONDER_INFO = Metric("responder_build_info", Kind.GAUGE, "1; the version of the responder.", ("version",))
RESPONDER_START = Metric("responder_start_time_seconds", Kind.GAUGE, "When the responder started, Unix time.")
RESPONDER_CPU = Metric("responder_cpu_seconds_total", Kind.COUNTER, "User and system CPU time of the responder.")
RESPONDER_SLOTS = Metric("responder_slots", Kind.GAUGE, "Tests that may run at once.")
RESPONDER_RUNNING = Metric("responder_running_tests", Kind.GAUGE, "Tests that run now.")
RESPONDER_WAITING = Metric("responder_waiting_clients", Kind.GAUGE, "Clients that were told when to come again.")
RESPONDER_LINE = Metric(
    "responder_line_bytes_per_second", Kind.GAUGE, "What the responder's own line carries, as it was told."
)
RESPONDER_LINE_LOAD = Metric(
    "responder_line_load_ratio", Kind.GAUGE,
    "Share of that in use in the last second, whoever uses it; beyond 0.5 no test begins.", ("direction",),
)  # fmt: skip
RESPONDER_LINE_BYTES = Metric(
    "responder_line_bytes_total", Kind.COUNTER,
    "Bytes on the interface of the responder's line, whoever uses it: down was sent, up was received.", ("direction",),
)  # fmt: skip
RESPONDER_CONNECTIONS = Metric("responder_connections", Kind.GAUGE, "Open connections of clients.")
RESPONDER_TESTS = Metric(
    "responder_tests_total", Kind.COUNTER, "Tests that ended, by the client's will or at a bound of this responder.",
    ("direction", "outcome"),
)  # fmt: skip
RESPONDER_BYTES = Metric(
    "responder_bytes_total", Kind.COUNTER, "TCP payload of tests: down was sent, up has arrived.", ("direction",)
)
RESPONDER_REFUSALS = Metric(
    "responder_refusals_total", Kind.COUNTER,
    "Connections without a test: busy, denied, unsupported, garbage, or silent.", ("reason",),
)  # fmt: skip
RESPONDER_ECHOES = Metric(
    "responder_echoes_total", Kind.COUNTER,
    "Echoes of offices: answered, denied (another key, a token that is too old), limited (too many of one address).",
    ("outcome",),
)  # fmt: skip

METRICS: tuple[Metric, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))
