"""One outcome as one sentence: verdict, time, and what of the evidence is a figure."""

from collections.abc import Iterator

from agent.outcome import Outcome
from collectors.core import Reading
from collectors.messages import Language, catalogue, text
from collectors.messages.said import Said
from collectors.ups import POWER_VERDICT

_WORTH_TELLING = 0.1  # share of the whole time


def sentence(outcome: Outcome, lang: Language = "vi") -> str:
    """Such as: Cổng Dịch vụ công – bị treo: ...; mất 9,2 giây, lâu nhất ở bước chờ máy chủ trả lời (5,0 giây)."""
    name = outcome.probe.name
    return text(
        "probe.sentence.whole",
        lang,
        name=(name.vi if lang == "vi" else name.en) if name else _called(outcome, lang),
        reason=reason(outcome, lang),
        seconds=_number(outcome.seconds, lang),
        more="".join(_more(outcome, lang)),
    )


def reason(outcome: Outcome, lang: Language = "vi") -> str:
    """The result in words, in those of its collector where it has its own."""
    result = outcome.reading.result
    own = f"probe.reason_of.{outcome.probe.collector.name}.{result}"
    return text(own if own in catalogue() else f"probe.reason.{result}", lang)


def _called(outcome: Outcome, lang: Language) -> str:
    key = f"probe.sentence.unnamed.{outcome.probe.collector.name}"
    return text(key, lang) if key in catalogue() else outcome.probe.key


def _more(outcome: Outcome, lang: Language) -> Iterator[str]:
    reading = outcome.reading
    if reading.phases:
        phase, seconds = max(reading.phases.items(), key=lambda pair: pair[1])
        if seconds >= outcome.seconds * _WORTH_TELLING:
            shown = text(f"probe.phase.{phase}", lang) if f"probe.phase.{phase}" in catalogue() else phase
            yield text("probe.sentence.more.phase", lang, phase=shown, seconds=_number(seconds, lang))
    values = {sample.metric.name: sample.value for sample in reading.samples}
    if status := values.get("probe_http_status_code"):
        yield text("probe.sentence.more.status", lang, status=f"{status:.0f}")
    if (attempts := values.get("probe_attempts", 1)) > 1:
        yield text("probe.sentence.more.attempts", lang, attempts=f"{attempts:.0f}")
    for sample in reading.samples:
        if sample.metric == POWER_VERDICT and sample.value:
            yield text(
                "probe.sentence.more.power", lang, verdict=text(f"power.verdict.{sample.label('verdict')}", lang)
            )
    if not reading.success:
        yield from _why(outcome.probe.collector.name, reading, lang)
    if usual := values.get("probe_usual_duration_seconds"):
        yield text("probe.sentence.more.usual", lang, seconds=_number(usual, lang))


def _why(collector: str, reading: Reading, lang: Language) -> Iterator[str]:
    """The last line of the evidence, and what to do about it; what is not in the catalogue is English."""
    seen = reading.evidence[-1] if reading.evidence else ""
    if isinstance(seen, Said):
        yield text("probe.sentence.more.why", lang, why=seen.told(lang))
    elif seen and lang == "en":
        yield text("probe.sentence.more.why", lang, why=seen)
    usual = f"next.{collector}.{reading.result}"
    advice = seen.advice(lang) if isinstance(seen, Said) else ""
    if advice or usual in catalogue():
        yield text("probe.sentence.more.next", lang, next=advice or text(usual, lang))


def _number(seconds: float, lang: Language) -> str:
    shown = f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.3f}"
    return shown.replace(".", ",") if lang == "vi" else shown
