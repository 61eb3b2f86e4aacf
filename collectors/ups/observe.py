"""From an agent's answers, with the profiles that fit it, to one Observation. Pure, and at home with any value.

Cards send integers as Gauge32 or as text, sentinels for what they cannot measure, tenths where the MIB wants units,
and rows for phases that they do not have. All of that ends here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from collectors.core.ports import Oid, SnmpValue
from collectors.ups.canonical import (
    QUANTITIES,
    TEXTS,
    Battery,
    Condition,
    Dimension,
    Observation,
    Source,
    TestResult,
    Zeros,
    zeros_now,
)
from collectors.ups.objects import AlarmTable, Enumeration, FlagString, NumberObject, Part
from collectors.ups.profile import Profile
from collectors.ups.shape import shaped
from collectors.ups.signs import insists

Answers = Mapping[Oid, SnmpValue]
Word = TypeVar("Word", Source, Battery, TestResult)

NOTHING = frozenset((-1, 2**31 - 1, -(2**31), 2**32 - 1))  # "not available" on cards of every maker
NOTHING_16_BIT = 65535
_NOTHING_UNLESS_EXACT = frozenset((NOTHING_16_BIT, 32767, -32768, 9999))  # values like others as counts and ticks
_LONGEST_TEXT = 64

# What else is said by a word for the battery.
_BATTERY_IMPLIES: Mapping[Battery, Mapping[Condition, bool]] = MappingProxyType({
    Battery.NORMAL: {Condition.BATTERY_LOW: False},
    Battery.LOW: {Condition.BATTERY_LOW: True},
    Battery.DEPLETED: {Condition.BATTERY_LOW: True},
    Battery.FAULT: {Condition.BATTERY_REPLACE: True},
    Battery.ABSENT: {Condition.BATTERY_REPLACE: True},
})  # fmt: skip
_WEAK = (Battery.NORMAL, Battery.UNKNOWN)  # of several objects another one may know more


def observe(answers: Answers, profiles: Sequence[Profile]) -> Observation:
    """What the card says. Of profiles that speak of the same thing the first one counts."""
    conditions = _conditions(answers, profiles)
    source, battery = _source(answers, profiles, conditions), _battery(answers, profiles)
    zeros = zeros_now(source, battery, conditions)
    numbers = {name: _quantity(answers, profiles, name, zeros) for name in QUANTITIES}
    values = shaped(numbers)
    texts: dict[str, Any] = {name: _text(answers, profiles, name) for name in TEXTS}
    mibs = tuple(dict.fromkeys(profile.name for profile in profiles))
    test_result = _test_result(answers, profiles)
    return Observation(
        mibs,
        source,
        battery,
        test_result,
        MappingProxyType(conditions),
        **values,
        **texts,
        contradicted=source is not None and source.is_mains and _is_contradicted(answers, profiles[1:]),
    )


def _is_contradicted(answers: Answers, others: Sequence[Profile]) -> bool:
    """Whether one of these, which do not count, has its own reasons to say battery: the one that counts may be old."""
    return any(insists(observe(answers, (profile,))) for profile in others)


# --- states -----------------------------------------------------------------------------------------------------------


def source_of(answers: Answers, profile: Profile) -> Source | None:
    """What one profile says of the source, None when it says nothing. A group that nobody filled says "unknown"."""
    items = tuple(item for item in profile.sources if item.beside is None or _is_filled(answers, profile, item.beside))
    said = tuple(_words(answers, profile, items))
    return _first(source for source in said if source is not Source.UNKNOWN) or _first(said)


def _is_filled(answers: Answers, profile: Profile, part: Part) -> bool:
    return whole(answers.get(profile.oid(part))) not in (None, 0, *NOTHING)


def battery_of(answers: Answers, profile: Profile) -> Battery | None:
    """What one profile says of the battery, None when it says nothing."""
    said = tuple(_words(answers, profile, profile.batteries))
    return _first(word for word in said if word not in _WEAK) or _first(said)


def test_result_of(answers: Answers, profile: Profile) -> TestResult | None:
    """What one profile says of the last self-test, None when it says nothing."""
    return _first(_words(answers, profile, profile.test_results))


def _source(answers: Answers, profiles: Sequence[Profile], conditions: Mapping[Condition, bool]) -> Source | None:
    """A word that tells nothing counts only where no profile has a better one.

    "Unknown" means that the card has lost its UPS, unless another object says that it has it: then battery counts more.
    """
    said = tuple(source_of(answers, profile) for profile in profiles)
    found = _first(source for source in said if source is not Source.OTHER) or _first(said)
    if found is Source.UNKNOWN and conditions.get(Condition.LINK_LOST) is False:
        found = _first(source for source in said if source and source.is_battery) or _implied(conditions) or found
    return found or _implied(conditions)


def _implied(conditions: Mapping[Condition, bool]) -> Source | None:
    """Where no object says the source. That nothing is wrong with the mains has to be said by one."""
    if conditions.get(Condition.ON_BATTERY):
        return Source.BATTERY
    return Source.BYPASS if conditions.get(Condition.BYPASS) else None


def _battery(answers: Answers, profiles: Sequence[Profile]) -> Battery | None:
    said = tuple(battery_of(answers, profile) for profile in profiles)
    return _first(word for word in said if word is not Battery.UNKNOWN) or _first(said)


def _test_result(answers: Answers, profiles: Sequence[Profile]) -> TestResult | None:
    """A test that is on counts before the results of others."""
    said = tuple(test_result_of(answers, profile) for profile in profiles)
    if TestResult.IN_PROGRESS in said:
        return TestResult.IN_PROGRESS
    return _first(result for result in said if result is not TestResult.UNKNOWN) or _first(said)


def _conditions(answers: Answers, profiles: Sequence[Profile]) -> dict[Condition, bool]:
    """Within a profile one yes is enough; between profiles the first that speaks of a condition counts.

    But a test that any of them sees is on: it explains a battery for a while, and no more than that.
    """
    said: dict[Condition, bool] = {}
    for profile in profiles:
        own: dict[Condition, bool] = {}
        for condition, holds in _statements(answers, profile):
            own[condition] = holds or own.get(condition, False)
        seen_testing = own.get(Condition.TEST_RUNNING, False)
        said = own | said | ({Condition.TEST_RUNNING: True} if seen_testing else {})
    return said


def _statements(answers: Answers, profile: Profile) -> Iterator[tuple[Condition, bool]]:
    for battery in _words(answers, profile, profile.batteries):
        yield from _BATTERY_IMPLIES.get(battery, {}).items()
    yield from _tests(answers, profile)
    for item in profile.statements:
        holding = _word(item, answers.get(profile.oid(item.oid)))
        if holding is not None:
            listed = (*item.values.values(), *item.texts.values())
            spoken_of = {condition for conditions in listed for condition in conditions}
            yield from ((condition, condition in holding) for condition in spoken_of)
    for flags in profile.flags:
        yield from _flags(flags, answers.get(profile.oid(flags.oid)))
    if profile.alarms:
        yield from _alarms(profile, profile.alarms, answers)


def _tests(answers: Answers, profile: Profile) -> Iterator[tuple[Condition, bool]]:
    """An object that cannot say that a test is on does not say that none is."""
    for item in profile.test_results:
        result = _word(item, answers.get(profile.oid(item.oid)))
        can_tell = TestResult.IN_PROGRESS in (*item.values.values(), *item.texts.values())
        if result not in (None, TestResult.UNKNOWN) and can_tell:
            yield Condition.TEST_RUNNING, result is TestResult.IN_PROGRESS


def _words(answers: Answers, profile: Profile, items: Sequence[Enumeration]) -> Iterator[Any]:
    said = (_word(item, answers.get(profile.oid(item.oid))) for item in items)
    return (word for word in said if word is not None)


def _word(item: Enumeration, raw: SnmpValue | None) -> Any:
    """What a value means by the object's enumeration, None when it is not listed."""
    number = whole(raw)
    if number is None:
        return item.texts.get(clean(raw).lower())
    values: Mapping[str, Any] = item.values
    return values.get(str(number), values.get("odd" if number % 2 else "even"))


def _first(said: Iterable[Word | None]) -> Word | None:
    return next((word for word in said if word is not None), None)


def _flags(flags: FlagString, value: SnmpValue | None) -> Iterator[tuple[Condition, bool]]:
    text = clean(value)
    yield from ((condition, True) for condition in flags.words.get(text, ()))
    if "1" in text and not text.strip("01"):  # not one that nobody has filled
        for positions, yes in ((flags.positions, "1"), (flags.inverted, "0")):
            for position, condition in positions.items():
                if int(position) <= len(text):
                    yield condition, text[int(position) - 1] == yes


def _alarms(profile: Profile, table: AlarmTable, answers: Answers) -> Iterator[tuple[Condition, bool]]:
    """Rows that are there say yes. "No such alarm" is believed only when all rows that the card counts have arrived."""
    kinds = profile.oid(table.kinds) + "."
    rows = [value for oid, value in answers.items() if oid.startswith(profile.oid(table.rows) + ".")]
    present = {value.removeprefix(kinds) for value in rows if isinstance(value, str) and value.startswith(kinds)}
    count = whole(answers.get(profile.oid(table.count)))
    complete = count is not None and 0 <= count <= len(rows)
    for kind, conditions in table.conditions.items():
        if complete or kind in present:
            yield from ((condition, kind in present) for condition in conditions)


# --- numbers ----------------------------------------------------------------------------------------------------------


def _quantity(answers: Answers, profiles: Sequence[Profile], name: str, zeros: Zeros) -> dict[int, float]:
    """Line -> value, of the first profile that has a value to be believed."""
    for profile in profiles:
        if found := _own_quantity(answers, profile, name, zeros):
            return found
    return {}


def _own_quantity(answers: Answers, profile: Profile, name: str, zeros: Zeros) -> dict[int, float]:
    """Of several objects the first that is not all zero: cards fill with zeros what they do not measure."""
    blank: dict[int, float] = {}
    for item in profile.numbers.get(name, ()):
        read = ((line, _row(answers, oid)) for line, oid in profile.oids(item))
        lines = {line: _believed(raw, item, name, zeros) for line, raw in read}
        found = {line: value for line, value in lines.items() if value is not None}
        if any(found.values()):
            return found
        blank = blank or found
    return blank


def _row(answers: Answers, oid: Oid) -> SnmpValue | None:
    """Some cards have the row i under i.0."""
    return answers.get(oid, answers.get(f"{oid}.0"))


def _believed(raw: SnmpValue | None, item: NumberObject, name: str, zeros: Zeros) -> float | None:
    number = _number(raw)
    if number is None or number in NOTHING or number in item.absent:
        return None
    if number in _NOTHING_UNLESS_EXACT and item.unit.name not in ("ticks", "count"):
        return None
    quantity, value = QUANTITIES[name], number * item.unit.factor
    if item.unit.dimension is Dimension.VOLTAGE and item.unit.factor < 1 and value > quantity.most:
        return None  # tenths already: no decimal point is to be put right
    return quantity.believed(value, zeros)


# --- values -----------------------------------------------------------------------------------------------------------


def _number(raw: SnmpValue | None) -> float | None:
    if isinstance(raw, bytes):
        text = clean(raw)
        return float(text) if re.fullmatch(r"[-+]?\d{1,15}(\.\d{1,6})?", text) else None
    return None if raw is None or isinstance(raw, str) or abs(raw) > 2**64 else float(raw)


def whole(raw: SnmpValue | None) -> int | None:
    """A value as a whole number, whatever its type; None when it is none."""
    number = _number(raw)
    return int(number) if number is not None and number.is_integer() else None


def clean(raw: SnmpValue | None) -> str:
    """A text for a person: printable, without the spaces and NULs that cards pad it with, "" when there is none."""
    if not isinstance(raw, bytes):
        return ""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:_LONGEST_TEXT]


def _text(answers: Answers, profiles: Sequence[Profile], name: str) -> str:
    for profile in profiles:
        texts = (clean(answers.get(profile.oid(part))) for part in profile.texts.get(name, ()))
        found = next((text for text in texts if text.strip("F0-?")), "")  # FFFFFFFFFFFF is an empty serial number
        if found or (name == "manufacturer" and profile.maker):
            return found or profile.maker
    return ""
