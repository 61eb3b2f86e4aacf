"""The form of a message that fits one SMS: what, where, since when and why, without diacritics.

What does not fit is left out from its least end: remarks in brackets, then long names by their usual abbreviations,
then the place's name, at last the end of what happened; always between words. Time and cause always stay.
"""

import re

from alerts.relay.gsm import without_diacritics

SMS_LENGTH = 160
_LEAST_PLACE = 24  # letters of the place's name: "TTPVHCC xa Truong Ha ..."
_ABBREVIATED = (
    ("Trung tam Phuc vu hanh chinh cong", "TTPVHCC"),
    ("Cong Dich vu cong quoc gia", "Cong DVCQG"),
    ("khong truy cap duoc", "khong vao duoc"),
)
_MARK = "..."


def sms(head: str, summary: str, tail: str, link: str = "") -> str:
    """One SMS at most; the link only where nothing has to make room for it."""
    head, tail = without_diacritics(head), without_diacritics(tail)
    whole = head + _fitting(without_diacritics(summary), SMS_LENGTH - len(head) - len(tail)) + tail
    whole = cut(whole, SMS_LENGTH)
    linked = f"{whole} {link}"
    return linked if link and len(linked) <= SMS_LENGTH else whole


def _fitting(summary: str, room: int) -> str:
    if len(summary) > room:
        summary = re.sub(r" *\([^()]*\)", "", summary)
    for long, brief in _ABBREVIATED:
        if len(summary) > room:
            summary = summary.replace(long, brief)
    place, colon, what = summary.partition(": ")
    if len(summary) <= room or not colon:
        return cut(summary, room)
    place = cut(place, max(room - len(colon) - len(what), _LEAST_PLACE))
    return place + colon + cut(what, room - len(place) - len(colon))


def cut(text: str, room: int) -> str:
    """At most so many letters, ending with three dots after a whole word where some were left out."""
    if len(text) <= room:
        return text
    kept = text[: max(room - len(_MARK), 0) + 1].rpartition(" ")[0] or text[: max(room - len(_MARK), 0)]
    return (kept.rstrip(" ,;:") + _MARK)[: max(room, 0)]
