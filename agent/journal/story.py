"""The last absence as officers read it. Pure."""

from datetime import datetime

from agent.config import Name
from agent.journal.absence import Absence
from collectors.core.lastword import Away
from collectors.core.values import VIETNAM
from collectors.messages import Language, spoken, text

TOLD = 86400.0  # seconds for which the page tells it


def story(absence: Absence | None, now: float) -> Name | None:
    """None where there is nothing that officers need to know: a machine that is shut down in order, an update."""
    if absence is None or absence.cause not in (Away.POWER, Away.UNKNOWN) or not 0 <= now - absence.ended < TOLD:
        return None
    return Name(_story(absence, "vi"), _story(absence, "en"))


def _story(absence: Absence, language: Language) -> str:
    end = _time(absence.ended)
    if absence.seconds is None and absence.cause is Away.POWER:
        return text("away.power_unmeasured", language, end=end)
    key = f"away.{absence.cause}_{absence.evidence}"
    seconds = absence.seconds or 0.0
    return text(key, language, start=_time(absence.ended - seconds), end=end, length=_length(seconds, language))


def _length(seconds: float, language: Language) -> str:
    return spoken(max(1, round(seconds / 60)) * 60, language)


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, VIETNAM).strftime("%H:%M %d/%m")
