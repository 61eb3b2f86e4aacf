"""Names of metrics that only the centre writes: an office that did could answer for others, or break joins over all.

An `office_info` of its own beside the centre's would end every rule that joins with it, for everybody.
"""

_BEGINNINGS = ("gateway_", "planned_", "relay_", "responder_")
_FACTS = frozenset((
    "joint_info", "journey_info", "link_contract_bytes_per_second", "link_info", "link_monthly_budget_bytes",
    "link_rank", "office_info", "service_info", "service_probe_interval_seconds",
    "ALERTS", "ALERTS_FOR_STATE",  # Prometheus, about its alerts
))  # fmt: skip


def is_of_the_centre(name: str) -> bool:
    """Facts, the centre's own processes, and whatever rules record: their names have a colon, and no others have."""
    return ":" in name or name in _FACTS or name.startswith(_BEGINNINGS)
