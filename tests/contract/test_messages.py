"""The message catalogue: two languages, the same placeholders, Vietnamese that is Vietnamese."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from collectors import messages as shipped
from collectors.messages import Language, catalogue, placeholders

READERS = sorted({key.partition(".")[0] for key in catalogue()})
FIRST_LETTER_BEYOND_ENGLISH = "\u00c0"


def messages(reader: str) -> Mapping[str, Mapping[Language, str]]:
    return {key: message for key, message in catalogue().items() if key.partition(".")[0] == reader}


def said_twice(node: yaml.Node | None) -> Iterator[str]:
    """Keys that a mapping has more than once: the reader of YAML takes the last without a word."""
    if isinstance(node, yaml.MappingNode):
        yield from (key for key, times in Counter(key.value for key, _ in node.value).items() if times > 1)
        for _, child in node.value:
            yield from said_twice(child)


@pytest.mark.parametrize("path", sorted(Path(shipped.__file__).parent.glob("*.yml")), ids=lambda path: path.stem)
def test_no_message_is_written_twice(path: Path) -> None:
    assert list(said_twice(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))) == []


@pytest.mark.parametrize("reader", READERS)
def test_nothing_is_left_untranslated(reader: str) -> None:
    assert [
        key for key, message in messages(reader).items() if not message["vi"].strip() or not message["en"].strip()
    ] == []


@pytest.mark.parametrize("reader", READERS)
def test_both_languages_speak_of_the_same_values(reader: str) -> None:
    found = messages(reader).items()
    assert [key for key, message in found if placeholders(message["vi"]) != placeholders(message["en"])] == []


@pytest.mark.parametrize("reader", READERS)
def test_a_vietnamese_sentence_has_its_diacritics(reader: str) -> None:
    sentences = {key: message["vi"] for key, message in messages(reader).items() if len(message["vi"].split()) > 4}
    assert [key for key, text in sentences.items() if max(text) < FIRST_LETTER_BEYOND_ENGLISH] == []
