"""The message catalogue: two languages, the same placeholders, Vietnamese that is Vietnamese."""

from collections.abc import Mapping

import pytest

from collectors.messages import Language, catalogue, placeholders

READERS = sorted({key.partition(".")[0] for key in catalogue()})
FIRST_LETTER_BEYOND_ENGLISH = "\u00c0"


def messages(reader: str) -> Mapping[str, Mapping[Language, str]]:
    return {key: message for key, message in catalogue().items() if key.partition(".")[0] == reader}


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
