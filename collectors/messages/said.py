"""What a probe saw, as a line that can be told in either language."""

from typing import Self

from collectors.core.plain import plain
from collectors.messages import Language, catalogue, text

Value = str | int | float


class Said(str):
    """A message of the catalogue, below `seen`, with its values: wherever a text is wanted it is the English one.

    A value may be Said itself; a number with a fraction is written with three digits, as each language has it.
    """

    __slots__ = ("key", "values")
    key: str
    values: dict[str, Value]

    def __new__(cls, key: str, /, **values: Value) -> Self:
        said = super().__new__(cls, _told(key, "en", values))
        said.key, said.values = key, values
        return said

    def told(self, lang: Language) -> str:
        """In this language."""
        return _told(self.key, lang, self.values)

    def advice(self, lang: Language) -> str:
        """What to do about it; "" where nobody can say. What is said inside of it knows better."""
        for inner in self.values.values():
            if isinstance(inner, Said) and (found := inner.advice(lang)):
                return found
        key = f"next.{self.key}"
        return text(key, lang) if key in catalogue() else ""


def _told(key: str, lang: Language, values: dict[str, Value]) -> str:
    return text(f"seen.{key}", lang, **{name: _shown(value, lang) for name, value in values.items()})


def _shown(value: Value, lang: Language) -> str:
    if isinstance(value, Said):
        return value.told(lang)
    if isinstance(value, float):
        return f"{value:.3g}".replace(".", "," if lang == "vi" else ".")
    return plain(str(value))
