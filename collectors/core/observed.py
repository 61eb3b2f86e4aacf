"""Metrics that the agent writes about every probe and about itself.

They are declared here, not in the agent, because rules and boards speak of them and may not import the agent.
Collectors never write them. Every probe's series carry `collector` and the probe's own identity label.
"""

from collectors.core.metric import Kind, Metric

BLACKBOX = "blackbox_exporter"

PROBE_SUCCESS = Metric(
    "probe_success", Kind.GAUGE, "Displays whether or not the probe was a success.", ("collector",), BLACKBOX
)
PROBE_DURATION = Metric(
    "probe_duration_seconds", Kind.GAUGE, "Returns how long the probe took to complete in seconds.", ("collector",),
    BLACKBOX,
)  # fmt: skip
PROBE_RESULT = Metric(
    "probe_result", Kind.GAUGE, "1 for the reason of the last result; other reasons have no series.",
    ("collector", "reason"),
)  # fmt: skip
PROBE_TIMESTAMP = Metric("probe_timestamp_seconds", Kind.GAUGE, "When the last run ended, Unix time.", ("collector",))
PROBE_LAST_SUCCESS = Metric(
    "probe_last_success_timestamp_seconds", Kind.GAUGE, "When the last successful run ended, Unix time.",
    ("collector",),
)  # fmt: skip
PROBE_FAILURES = Metric(
    "probe_failures_total", Kind.COUNTER, "Runs that were not a success, since the agent started.",
    ("collector", "reason"),
)  # fmt: skip
PROBE_RUNS = Metric("probe_runs_total", Kind.COUNTER, "Runs since the agent started.", ("collector",))
LINK_BUDGET_LEFT = Metric(
    "link_budget_left_bytes", Kind.GAUGE,
    "What the probes of the link may still use in this month, after the last run of this one.", ("collector",),
)  # fmt: skip

JOINT_SUCCESS = Metric(
    "joint_success", Kind.GAUGE,
    "Whether all services that an errand needs worked at their last runs; absent while that is not known.", ("joint",),
)  # fmt: skip
JOINT_SERVICES = Metric("joint_services", Kind.GAUGE, "Services that the errand needs.", ("joint",))
JOINT_FAILING = Metric(
    "joint_failing_services", Kind.GAUGE, "How many of them did not work; absent while one of them is not known.",
    ("joint",),
)  # fmt: skip
JOINT_DURATION = Metric(
    "joint_duration_seconds", Kind.GAUGE, "How long the slowest of them took; only while all work.", ("joint",)
)

AGENT_INFO = Metric("agent_build_info", Kind.GAUGE, "1; the version of the agent.", ("version",))
AGENT_START = Metric("agent_start_time_seconds", Kind.GAUGE, "When the agent started, Unix time.")
AGENT_CONFIG_GOOD = Metric(
    "agent_config_last_reload_successful", Kind.GAUGE, "Whether the last attempt to load the configuration succeeded."
)
AGENT_CONFIG_TIME = Metric(
    "agent_config_last_reload_success_timestamp_seconds", Kind.GAUGE, "When the configuration in use was loaded."
)
AGENT_PROBES = Metric("agent_probes", Kind.GAUGE, "Configured probes.", ("collector",))
AGENT_STALE = Metric(
    "agent_probes_stale", Kind.GAUGE,
    "Probes without an answer for three of their turns, so that none of theirs is on the page; absent for none.",
    ("collector",),
)  # fmt: skip
AGENT_LATE = Metric(
    "agent_schedule_lateness_seconds", Kind.GAUGE, "How late the last probe of this kind started, waiting included.",
    ("collector",),
)  # fmt: skip
AGENT_MEMORY = Metric("agent_resident_memory_bytes", Kind.GAUGE, "Resident memory of the agent.")
AGENT_CPU = Metric("agent_cpu_seconds_total", Kind.COUNTER, "User and system CPU time of the agent.")
AGENT_DESCRIPTORS = Metric("agent_open_fds", Kind.GAUGE, "Open file descriptors of the agent.")
AGENT_CLOCK_JUMPS = Metric(
    "agent_clock_jumps_total", Kind.COUNTER, "Times the wall clock moved against the monotonic clock by over a second."
)
AGENT_TRAPS = Metric(
    "agent_trap_datagrams_total", Kind.COUNTER,
    "Datagrams on the port for traps: accepted (a UPS's probe runs for it), repeated (before that run), or from an "
    "unknown_sender.",
    ("result",),
)  # fmt: skip

# The agent's journal, and the last word that it sends by itself (collectors/core/lastword.py). Labels are closed lists.
_WHY = ("cause", "evidence")
ABSENCE_SECONDS = Metric(
    "office_last_absence_seconds", Kind.GAUGE,
    "How long the agent was away the last time; absent while that cannot be told.", _WHY,
)  # fmt: skip
ABSENCE_END = Metric(
    "office_last_absence_end_timestamp_seconds", Kind.GAUGE, "When it came back from there, Unix time.", _WHY
)
ABSENCES = Metric("office_absences_total", Kind.COUNTER, "Times that the agent was away, kept over restarts.", _WHY)
ABSENT_SECONDS = Metric(
    "office_absence_seconds_total", Kind.COUNTER, "Seconds that it was away, as far as known, kept over restarts.",
    _WHY,
)  # fmt: skip
ROUTER_ON_UPS = Metric(
    "office_router_on_ups", Kind.GAUGE,
    "1 where the link lives on when mains fails, 0 where it dies with it; learnt from outages, absent before that.",
)  # fmt: skip
LAST_WORD = Metric(
    "office_last_word", Kind.GAUGE, "Pushed by the agent when it changes: 1 for the word that holds, 0 for the others.",
    ("word",),
)  # fmt: skip
LAST_WORD_CHARGE = Metric(
    "office_last_word_charge_ratio", Kind.GAUGE, "Pushed beside the word: charge of the battery, 0 to 1."
)
LAST_WORD_RUNTIME = Metric(
    "office_last_word_runtime_seconds", Kind.GAUGE, "Pushed beside the word: how long the battery lasts."
)
WORDS_SENT = Metric("agent_last_words_sent_total", Kind.COUNTER, "Words that the receiver has taken.")
WORDS_DROPPED = Metric("agent_last_words_dropped_total", Kind.COUNTER, "Words that were refused, or grew too old.")
WORD_FAILURES = Metric("agent_last_word_failures_total", Kind.COUNTER, "Attempts to send that failed.", ("reason",))
WORD_READY = Metric(
    "agent_last_word_ready", Kind.GAUGE, "Whether the last attempt reached the receiver; tried at the start and hourly."
)

# The uplink: what is sent to receivers (docs/uplink.md).
_TO = ("receiver",)
PUSH_INTERVAL = Metric(
    "agent_push_scrape_interval_seconds", Kind.GAUGE,
    "Seconds between two looks that are sent; only where the agent sends, and so its heartbeat there.",
)  # fmt: skip
SCRAPE_NUMBER = Metric(
    "agent_scrape_number", Kind.GAUGE,
    "Number of the look that this sample belongs to, only where figures are pushed; a gap in a store is a loss.",
)  # fmt: skip
SCRAPE_SAMPLES = Metric(
    "agent_scrape_samples", Kind.GAUGE, "Samples of that look, these two included: what a store should hold of it."
)
PUSH_SAMPLES = Metric("agent_push_samples_total", Kind.COUNTER, "Samples that the receiver has taken.", _TO)
PUSH_BYTES = Metric("agent_push_bytes_total", Kind.COUNTER, "Bytes of requests that were sent, as packed.", _TO)
PUSH_FAILURES = Metric(
    "agent_push_failures_total", Kind.COUNTER, "Requests that were not taken.", ("receiver", "reason")
)
PUSH_BACKLOG = Metric("agent_push_backlog_samples", Kind.GAUGE, "About how many samples wait to be sent.", _TO)
PUSH_BACKLOG_AGE = Metric(
    "agent_push_backlog_age_seconds", Kind.GAUGE, "How old the oldest of them is, 0 for none.", _TO
)
PUSH_MISCONFIGURED = Metric(
    "agent_push_misconfigured", Kind.GAUGE,
    "1 while the receiver, or a proxy, turns everything away: a login, certificate or address has to be put right.",
    _TO,
)  # fmt: skip
PUSH_QUARANTINED = Metric(
    "agent_push_quarantined_samples_total", Kind.COUNTER,
    "Samples that are kept, and never sent there: refused by the receiver, or of a time that cannot be known "
    "(clock_unknown) or is used already (time_taken).",
    ("receiver", "reason"),
)  # fmt: skip
PUSH_SKEW = Metric(
    "agent_push_clock_skew_seconds", Kind.GAUGE,
    "How far the machine's clock is ahead of the receivers'; what is sent carries the right time all the same.",
)  # fmt: skip

CERTIFICATE_ENDS = Metric(
    "agent_certificate_expiry_timestamp_seconds", Kind.GAUGE,
    "When the certificate ends that this receiver knows the office by, Unix time; looked at once a day.", _TO,
)  # fmt: skip
CERTIFICATE_FAILED = Metric(
    "agent_certificate_renewal_failed",
    Kind.GAUGE,
    "1 if the last attempt to renew it failed, 0 if it was not due.",
    _TO,
)

JOURNAL_FAILURES = Metric("agent_journal_failures_total", Kind.COUNTER, "Writings of the journal that failed.")
WRITES_HELD = Metric(
    "agent_writes_held", Kind.GAUGE, "1 while the agent writes nothing to disk because the battery is nearly empty."
)

# The buffer of what is pushed (agent/buffer). `receiver`: its name in the configuration.
BUFFER_SCRAPES = Metric(
    "agent_buffer_scrapes", Kind.GAUGE, "Scrapes that are kept: on the disk, or in memory while it takes none.",
    ("place",),
)  # fmt: skip
BUFFER_BYTES = Metric("agent_buffer_bytes", Kind.GAUGE, "Bytes that they take.", ("place",))
BUFFER_QUOTA = Metric("agent_buffer_quota_bytes", Kind.GAUGE, "Bytes that they may take on the disk.")
BUFFER_OLDEST = Metric("agent_buffer_oldest_timestamp_seconds", Kind.GAUGE, "Time of the oldest of them, Unix time.")
BUFFER_WAITING = Metric(
    "agent_buffer_waiting_scrapes", Kind.GAUGE, "Those of them that the receiver has not taken.", ("receiver",)
)
BUFFER_APPENDED = Metric("agent_buffer_scrapes_total", Kind.COUNTER, "Scrapes that were kept since the agent started.")
BUFFER_FAILURES = Metric(
    "agent_buffer_write_failures_total", Kind.COUNTER,
    "Times that the disk refused: full, read_only or error. What it refuses is kept in memory.", ("reason",),
)  # fmt: skip
BUFFER_CORRUPT = Metric(
    "agent_buffer_corrupt_records_total", Kind.COUNTER,
    "Records that were damaged when the agent started, those that a power cut had torn included.",
)  # fmt: skip
BUFFER_LOST = Metric(
    "agent_buffer_lost_scrapes_total", Kind.COUNTER,
    "Scrapes that some receiver had not taken: thinned to one a minute, dropped for want of room, or never written"
    " because the disk hung for more than ten minutes.",
    ("reason",),
)  # fmt: skip

METRICS: tuple[Metric, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))
