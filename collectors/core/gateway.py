"""Metrics that `communewatch gateway` writes about itself.

They are declared here because rules and boards speak of them and may not import the agent.
"""

from collectors.core.metric import Kind, Metric

GATEWAY_INFO = Metric("gateway_build_info", Kind.GAUGE, "1; the version of the gateway.", ("version",))
GATEWAY_START = Metric("gateway_start_time_seconds", Kind.GAUGE, "When the gateway started, Unix time.")
GATEWAY_CPU = Metric("gateway_cpu_seconds_total", Kind.COUNTER, "User and system CPU time of the gateway.")
GATEWAY_CONNECTIONS = Metric("gateway_connections", Kind.GAUGE, "Open connections of offices.")
GATEWAY_TURNED_AWAY = Metric(
    "gateway_connections_dropped_total", Kind.COUNTER,
    "Connections that the gateway ended: too many of all (crowded) or of one office (repeated), whose TLS handshake"
    " failed or took too long (handshake), silent for too long (idle), or too slow to ask (slow).",
    ("reason",),
)  # fmt: skip
GATEWAY_IN_FLIGHT = Metric("gateway_requests_in_flight", Kind.GAUGE, "Requests that are being read or handed on.")
GATEWAY_CATCHING_UP = Metric("gateway_offices_catching_up", Kind.GAUGE, "Offices whose turn it is to send old samples.")
GATEWAY_OFFICES = Metric("gateway_known_offices", Kind.GAUGE, "Offices in the list of identities.")
GATEWAY_REQUESTS = Metric("gateway_requests_total", Kind.COUNTER, "Requests that the store has taken.")
GATEWAY_SAMPLES = Metric("gateway_samples_total", Kind.COUNTER, "Samples that the store has taken.")
GATEWAY_BYTES = Metric("gateway_received_bytes_total", Kind.COUNTER, "Bodies of requests, as they arrived.")
GATEWAY_REFUSALS = Metric(
    "gateway_refusals_total", Kind.COUNTER, "Requests that were not taken, by reason.", ("reason",)
)
GATEWAY_STORE_SECONDS = Metric(
    "gateway_store_seconds_total", Kind.COUNTER, "Seconds that requests waited for the store."
)
GATEWAY_STORE_UP = Metric(
    "gateway_store_up",
    Kind.GAUGE,
    "1 if the store took the last request, 0 if it failed, or if its clock and the gateway's differ.",
)
GATEWAY_STORE_SKEW = Metric(
    "gateway_store_clock_skew_seconds", Kind.GAUGE,
    "Seconds by which the store's clock is ahead of the gateway's; beyond a minute nothing is taken.",
)  # fmt: skip
GATEWAY_ISSUED = Metric("gateway_certificates_issued_total", Kind.COUNTER, "Certificates of offices that were renewed.")
GATEWAY_EXPIRY = Metric(
    "gateway_certificate_expiry_timestamp_seconds", Kind.GAUGE,
    "When a file of the gateway ends, Unix time: server, authority, issuer, revoked (its next update).", ("file",),
)  # fmt: skip
GATEWAY_FILES_GOOD = Metric(
    "gateway_files_good", Kind.GAUGE, "1 while identities and certificates could be read when they last changed."
)
GATEWAY_OFFICE_SEEN = Metric(
    "gateway_office_last_request_timestamp_seconds", Kind.GAUGE, "When an office's samples were last taken, Unix time.",
    ("province", "commune", "office"),
)  # fmt: skip
GATEWAY_OFFICE_EXPIRY = Metric(
    "gateway_office_certificate_expiry_timestamp_seconds", Kind.GAUGE,
    "When the certificate ends with which an office last came, Unix time.", ("province", "commune", "office"),
)  # fmt: skip

METRICS: tuple[Metric, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))
