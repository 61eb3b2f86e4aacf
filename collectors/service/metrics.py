"""The metrics of the service collector: blackbox_exporter's, with its names and meanings, and a few of our own.

Two deliberate differences, both for honesty: a phase that was never reached has no series (there it is 0), and what is
only known from an answer has none when there was no answer. probe_http_status_code is 0 then, as there.
"""

from collections.abc import Iterator

from collectors.core.metric import Kind, Metric, Sample
from collectors.core.ports import Failure, TlsFacts
from collectors.core.reading import ProbeError


def _gauge(name: str, text: str, *labels: str) -> Metric:
    return Metric(name, Kind.GAUGE, text, labels, "blackbox_exporter")


LOOKUP = _gauge("probe_dns_lookup_time_seconds", "Time that resolving the host name took.")
IP_PROTOCOL = _gauge("probe_ip_protocol", "4 or 6: the version of IP that was used.")

NAME_FAILURE = Metric(
    "probe_name_failure", Kind.GAUGE,
    "1 for how the host name failed to resolve: nxdomain, no_address, servfail, timeout, no_server or bad_name.",
    ("failure",),
)  # fmt: skip

HTTP_PHASE = _gauge(
    "probe_http_duration_seconds", "Time per phase of the HTTP requests, summed over redirects.", "phase"
)
HTTP_STATUS = _gauge("probe_http_status_code", "Status code of the last answer, 0 when there was none.")
HTTP_VERSION = _gauge("probe_http_version", "HTTP version of the last answer.")
HTTP_SSL = _gauge("probe_http_ssl", "Whether the last request went over TLS.")
HTTP_REDIRECTS = _gauge("probe_http_redirects", "Redirects that were followed.")
HTTP_CONTENT_LENGTH = _gauge("probe_http_content_length", "Content-Length of the last answer, -1 when it has none.")
HTTP_BODY_LENGTH = _gauge(
    "probe_http_uncompressed_body_length", "Bytes of the last body that were read (up to the bound)."
)
HTTP_LAST_MODIFIED = _gauge(
    "probe_http_last_modified_timestamp_seconds", "Last-Modified of the last answer, Unix time."
)
HTTP_UNCHANGED = Metric(
    "probe_http_unchanged", Kind.GAUGE,
    "Whether the last answer was that the page has not changed; only for targets that are asked conditionally.",
)  # fmt: skip
FAILED_REGEX = _gauge("probe_failed_due_to_regex", "Whether a pattern that the body should (not) match failed.")

SSL_EARLIEST_EXPIRY = _gauge(
    "probe_ssl_earliest_cert_expiry", "When the first of the certificates sent expires, Unix time."
)
SSL_CHAIN_EXPIRY = _gauge(
    "probe_ssl_last_chain_expiry_timestamp_seconds", "When the verified chain expires, Unix time; absent if none is."
)
TLS_VERSION = _gauge("probe_tls_version_info", "1; the TLS version that was agreed on.", "version")

ICMP_PHASE = _gauge("probe_icmp_duration_seconds", "Time per phase; rtt is the median of the burst.", "phase")
ICMP_HOP_LIMIT = _gauge("probe_icmp_reply_hop_limit", "Hop limit (TTL) of the last reply.")

DNS_PHASE = _gauge("probe_dns_duration_seconds", "Time per phase of the question to the name server.", "phase")
DNS_ANSWERED = _gauge("probe_dns_query_succeeded", "Whether the name server answered at all.")
DNS_ANSWERS = _gauge("probe_dns_answer_rrs", "Records in the answer section.")
DNS_AUTHORITY = _gauge("probe_dns_authority_rrs", "Records in the authority section.")
DNS_ADDITIONAL = _gauge("probe_dns_additional_rrs", "Records in the additional section.")

ICMP_RTT = Metric(
    "probe_icmp_rtt_seconds", Kind.GAUGE, "Round-trip times of the burst: stat is min, median or max.", ("stat",)
)
ICMP_JITTER = Metric(
    "probe_icmp_jitter_seconds", Kind.GAUGE, "Mean difference between one round-trip time and the next of the burst."
)
ICMP_LOSS = Metric("probe_icmp_loss_ratio", Kind.GAUGE, "Share of the burst that did not come back.")

DNS_SERVER = Metric(
    "probe_dns_server_result", Kind.GAUGE, "1 for the reason of each name server that was asked.", ("server", "reason")
)
DNS_AGREE = Metric(
    "probe_dns_servers_agree", Kind.GAUGE, "Whether all name servers that answered gave the same records."
)

FAMILY_RESULT = Metric(
    "probe_family_result", Kind.GAUGE, "1 for the reason of each version of IP, probed apart.", ("family", "reason")
)
FAMILY_DURATION = Metric(
    "probe_family_duration_seconds", Kind.GAUGE, "Time in all phases of each version of IP, probed apart.", ("family",)
)

NTP_OFFSET = Metric(
    "probe_ntp_offset_seconds", Kind.GAUGE, "How far the time server is ahead of this machine's clock (RFC 5905)."
)
NTP_DELAY = Metric("probe_ntp_delay_seconds", Kind.GAUGE, "Round-trip time to the time server without its own share.")
NTP_STRATUM = Metric("probe_ntp_stratum", Kind.GAUGE, "How many servers stand between the time server and a clock.")

OCSP_STATUS = Metric(
    "probe_ocsp_certificate_status", Kind.GAUGE, "1 for what the responder says: good, revoked or unknown.", ("status",)
)
STAPLED = Metric(
    "probe_tls_stapled", Kind.GAUGE, "Whether the server sends an OCSP answer along; only where that was asked for."
)
NEXT_UPDATE = Metric(
    "probe_revocation_next_update_timestamp_seconds", Kind.GAUGE,
    "Until when the OCSP answer or the revocation list holds, Unix time; absent where it does not say.",
)  # fmt: skip
THIS_UPDATE = Metric(
    "probe_revocation_this_update_timestamp_seconds", Kind.GAUGE,
    "Since when the OCSP answer or the revocation list holds, Unix time.",
)  # fmt: skip
REVOKED = Metric("probe_crl_revoked_certificates", Kind.GAUGE, "Entries of the revocation list.")
TIMESTAMP_OFFSET = Metric(
    "probe_timestamp_offset_seconds", Kind.GAUGE,
    "The time in the token minus this machine's time when it came (RFC 3161).",
)  # fmt: skip

ATTEMPTS = Metric("probe_attempts", Kind.GAUGE, "Attempts that the last result rests on: 2 when the first was doubted.")
FIRST_RESULT = Metric(
    "probe_first_result", Kind.GAUGE, "1 for the reason of the first attempt; only there when it was doubted.",
    ("reason",),
)  # fmt: skip
USUAL = Metric(
    "probe_usual_duration_seconds", Kind.GAUGE,
    "Median duration at this hour of the week over the last weeks; absent until that is known.",
)  # fmt: skip

ALL: tuple[Metric, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))


def of_address(address: str, resolve_seconds: float | None) -> Iterator[Sample]:
    """How the name was resolved; `address` is "" when it was not."""
    if resolve_seconds is not None:
        yield LOOKUP(resolve_seconds)
    if address:
        yield IP_PROTOCOL(6 if ":" in address else 4)


def of_failure(failure: Failure | ProbeError | None) -> Iterator[Sample]:
    """What became of the name, where that is why a probe failed."""
    if failure and failure.name_failure:
        yield NAME_FAILURE(1, failure=failure.name_failure)


def of_tls(facts: TlsFacts | None) -> Iterator[Sample]:
    """What a handshake showed, whether or not the certificate was accepted."""
    if facts is None:
        return
    yield SSL_EARLIEST_EXPIRY(facts.earliest_expiry)
    if facts.chain_expiry is not None:
        yield SSL_CHAIN_EXPIRY(facts.chain_expiry)
    if facts.version:
        yield TLS_VERSION(1, version=facts.version)
