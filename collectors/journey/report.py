"""From a finished trip to a reading. Pure."""

from collections.abc import Iterator

from collectors.core import Reading, Reason, Sample
from collectors.journey import metrics
from collectors.journey.target import Step, Target
from collectors.journey.travel import Stop, Trip
from collectors.messages.said import Said


def reading(target: Target, trip: Trip) -> Reading:
    """The first step that failed decides; a journey without one that took longer than its budget is slow."""
    stops = (*trip.stops, *trip.clean_up)
    failed = next((stop for stop in stops if not stop.verdict.reason.success), None)
    total = sum(stop.seconds for stop in trip.stops)
    in_time = Reason.OK if total <= target.budget else Reason.SLOW
    result = failed.verdict.reason if failed else in_time
    samples = (
        *(sample for stop in stops for sample in _of_step(stop)),
        *([metrics.FAILED_STEP(1, step=failed.name)] if failed else []),
        *([metrics.DURATION(total)] if _arrived(target, trip) else []),
        metrics.BUDGET(target.budget),
        metrics.SUCCESS(result is Reason.OK),
    )
    evidence = tuple(_evidence(target, trip, total, failed))
    return Reading(result, samples, {stop.name: stop.seconds for stop in stops}, evidence)


def _arrived(target: Target, trip: Trip) -> bool:
    return len(trip.stops) == len(target.steps) and trip.stops[-1].verdict.reason.success


def _of_step(stop: Stop) -> Iterator[Sample]:
    yield metrics.STEP_DURATION(stop.seconds, step=stop.name)
    yield metrics.STEP_SUCCESS(stop.verdict.reason.success, step=stop.name)
    yield metrics.STEP_RESULT(1, step=stop.name, reason=stop.verdict.reason)


def _evidence(target: Target, trip: Trip, total: float, failed: Stop | None) -> Iterator[str]:
    for stop in trip.stops:
        yield _line(stop, target.steps[stop.name])
    for stop in trip.clean_up:
        yield f"clean-up {_line(stop, target.clean_up[stop.name])}"
    if _arrived(target, trip):
        steps = "1 step" if len(trip.stops) == 1 else f"{len(trip.stops)} steps"
        yield f"{steps} in {total:.2f} s, the budget is {target.budget:g} s"
    if failed:
        yield Said("journey.failed", step=failed.name, what=failed.verdict.why or str(failed.verdict.reason))


def _line(stop: Stop, step: Step) -> str:
    """The address as it was written, without its query: what was taken on the way is nobody's business."""
    place = step.url.text.partition("?")[0]
    if stop.answer is None:
        happened = "nothing was sent"
    else:
        redirects = f", {stop.answer.redirects} redirects" if stop.answer.redirects else ""
        status = f"status {stop.answer.status}" if stop.answer.status else "no answer"
        content = f", {stop.answer.size} bytes, sha256 {stop.answer.digest}" if stop.answer.status else ""
        happened = f"{status} after {1000 * stop.seconds:.0f} ms{redirects}{content}"
    why = f"; {stop.verdict.why}" if stop.verdict.why else ""
    return f"{stop.name}: {step.method} {place}: {happened}{why}"
