"""What a journey says about itself. Steps are named by the configuration, so their number is bounded."""

from collectors.core.metric import Kind, Metric

STEP_DURATION = Metric(
    "journey_step_duration_seconds", Kind.GAUGE, "How long a step took, redirects included.", ("step",)
)
STEP_SUCCESS = Metric(
    "journey_step_success", Kind.GAUGE, "Whether a step succeeded; a step that was not reached has no series.",
    ("step",),
)  # fmt: skip
STEP_RESULT = Metric(
    "journey_step_result", Kind.GAUGE, "1 for the reason of a step's result; other reasons have no series.",
    ("step", "reason"),
)  # fmt: skip
FAILED_STEP = Metric(
    "journey_failed_step", Kind.GAUGE, "1 for the first step that failed; the others have no series.", ("step",)
)
DURATION = Metric(
    "journey_duration_seconds", Kind.GAUGE,
    "Time of all steps together, clean-up left out; absent when the end was not reached.",
)  # fmt: skip
BUDGET = Metric("journey_budget_seconds", Kind.GAUGE, "Time that the whole journey may take.")
SUCCESS = Metric(
    "journey_success", Kind.GAUGE, "Whether every step succeeded, clean-up included, and all stayed within the budget."
)

ALL: tuple[Metric, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Metric))
