"""What a modem says to AT commands (3GPP TS 27.007) -> a signal. Pure. Only questions: nothing is set."""

import re
from collections.abc import Mapping, Sequence

from collectors.modem.said import Signal, shown

QUESTIONS = ("AT+CEREG?", "AT+CREG?", "AT+COPS?", "AT+CESQ", "AT+CSQ")
Answers = Mapping[str, Sequence[str]]  # the lines of each answer; a question that the modem refuses is absent

_HOME, _ROAMING = 1, 5  # stat of +CREG and +CEREG
_TECHNOLOGIES = {0: "gsm", 1: "gsm", 2: "umts", 3: "gsm", 4: "umts", 5: "umts", 6: "umts", 7: "lte", 10: "lte",
                 11: "5gnr", 12: "5gnr", 13: "5gnr+lte"}  # fmt: skip
# Of +CESQ: where it stands, how many steps there are, what step 0 (below the scale) means, and the size of a step.
_QUALITIES = {
    "rscp": (2, 96, -121.0, 1.0), "rsrq": (4, 34, -20.0, 0.5), "rsrp": (5, 97, -141.0, 1.0),
    "ss_rsrq": (6, 126, -43.5, 0.5), "ss_rsrp": (7, 126, -157.0, 1.0), "ss_sinr": (8, 127, -23.5, 0.5),
}  # fmt: skip
_RSSI_STEPS, _RSSI_LEAST, _RSSI_STEP = 31, -113.0, 2.0  # of +CSQ


def read_at(answers: Answers) -> Signal:
    """Whatever is missing or odd is not said. 5G goes before LTE."""
    radio = {name: _quality(_fields(answers, "AT+CESQ"), *where) for name, where in _QUALITIES.items()}
    csq = _whole(_fields(answers, "AT+CSQ"), 0)
    newest = radio["ss_rsrp"] is not None
    network = _fields(answers, "AT+COPS?")
    access = _whole(network, 3)
    registration = max((_fields(answers, f"AT+{name}?") for name in ("CEREG", "CREG")), key=_is_registered)
    return Signal(
        "registered" if _is_registered(registration) else "searching",
        "" if access is None else _TECHNOLOGIES.get(access, ""),
        shown(network[2]) if len(network) > 2 else "",
        radio["ss_rsrp"] if newest else radio["rsrp"],
        radio["ss_rsrq"] if newest else radio["rsrq"],
        radio["ss_sinr"],
        radio["rscp"],
        None if csq is None or csq > _RSSI_STEPS else _RSSI_LEAST + _RSSI_STEP * csq,
        shown(registration[3]) if len(registration) > 3 else "",
    )


def _fields(answers: Answers, question: str) -> tuple[str, ...]:
    """Of the line that answers it, without quotes, such as +CREG: 2,1,"1A2B","01C3D4E5",7 for AT+CREG?."""
    head = f"{question.removeprefix('AT').rstrip('?')}:"
    line = next((line for line in answers.get(question, ()) if line.startswith(head)), "")
    return tuple(
        quoted or plain.strip() for quoted, plain in re.findall(r'"([^"]*)"|([^,"]+)', line.removeprefix(head))
    )


def _is_registered(fields: Sequence[str]) -> bool:
    return _whole(fields, 1) in (_HOME, _ROAMING)


def _whole(fields: Sequence[str], index: int) -> int | None:
    word = fields[index] if index < len(fields) else ""
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 6 else None


def _quality(fields: Sequence[str], index: int, steps: int, least: float, size: float) -> float | None:
    """The lower edge of the step; what lies beyond the steps (99, 255) is a modem's word for "unknown"."""
    step = _whole(fields, index)
    return None if step is None or step > steps else least + size * step
