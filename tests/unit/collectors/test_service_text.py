"""From bytes to text: what a server claims of its body costs no more than the body."""

import gzip
import re
import time
import tracemalloc
import unicodedata
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.ports import HttpExchange
from collectors.service.pages import maintenance, unread
from collectors.service.target import Target
from collectors.service.text import content, fold, unescaped, utf8_of

MOST = Target().max_body
MEMORY = 2 * 2**20
NASTY = {
    "marks that have to be put in order": "\u0315\u0300",
    "marks of another script": "\u05b4\u05b0",
    "a letter that becomes a sentence": "\ufdfa",
    "letters beyond the first plane": "\U0001f600",
    "one beyond the first plane among others": "a" * 300 + "\U0001f600",
    "Vietnamese": "<li>Thủ tục đăng ký khai sinh, cấp giấy chứng nhận</li>\n",
    "headings": "<h1>x",
    "references": "&#7843;",
    "a number that ends nowhere": "&#9999999999",
    "blanks": "&nbsp;",
    **{unit: unit for unit in ("<", "<script", "<script>", "</", "&#", "\\u0041", "he thong ", "<title>", "dang ")},
    **{unit: unit for unit in ("<a", "<!--", '"data:', "'data:x'", "</script", "document.cookie=", "  ", "<p> </p>")},
}
CHARSETS = ("utf-8", "utf-16", "windows-1258", "iso-8859-1")


def page(body: bytes, *headers: tuple[str, str]) -> HttpExchange:
    return HttpExchange({}, status=200, headers=headers, body=body)


def text_of(answer: HttpExchange) -> str:
    return utf8_of(answer).decode()


def claimed(body: bytes, charset: str) -> HttpExchange:
    return page(body, ("Content-Type", f"text/html; charset={charset}"))


def filled(unit: str, charset: str, length: int, different: int) -> HttpExchange:
    """A page of that many bytes, never twice the same one: what was read once is remembered."""
    body = f"{different} ".encode(charset, "replace")
    more = unit.encode(charset, "replace")
    return claimed((body + more * (length // len(more)))[:length], charset)


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("unit", NASTY.values(), ids=NASTY)
def test_reading_takes_time_in_proportion_to_the_page(unit: str, charset: str) -> None:
    def seconds(length: int, attempt: int) -> float:
        answer = filled(unit, charset, length, attempt)
        started = time.process_time()
        maintenance(answer)
        utf8_of(answer)
        return time.process_time() - started

    small, large = (min(seconds(length, attempt) for attempt in range(3)) for length in (MOST // 16, MOST))
    assert large < 80 * small + 0.02


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("unit", NASTY.values(), ids=NASTY)
def test_reading_takes_little_memory_beside_the_page(unit: str, charset: str) -> None:
    maintenance(claimed(b"", charset))
    answer = filled(unit, charset, MOST, 0)
    tracemalloc.start()
    try:
        maintenance(answer)
        utf8_of(answer)
        assert tracemalloc.get_traced_memory()[1] < MEMORY - MOST
    finally:
        tracemalloc.stop()


WORDS = "Cổng Dịch vụ công quốc gia – Đăng nhập bằng VNeID"


TONES = "\u0300\u0301\u0303\u0309\u0323"


def spelt(text: str) -> bytes:
    """In windows-1258, which has tones behind their letters."""
    return "".join(map(_apart, text)).encode("cp1258")


def _apart(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(part for part in parts if part in TONES)
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES)) + tones


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "text/html; charset=windows-1258"),
        (b'<meta charset="windows-1258">', "text/html"),
        (b"<!doctype html>\n<html>\n<head>\n<META  CharSet = windows-1258 >", "text/html"),
        (b"<meta http-equiv='Content-Type' content='text/html; charset=windows-1258'>", "text/html"),
        (b'<?xml version="1.0" encoding="windows-1258"?>', "application/xhtml+xml"),
        (b'<meta charset="windows-1258">', "text/html; charset=none-that-is-known"),
    ],
)
def test_a_page_is_read_in_the_character_set_that_it_declares(head: bytes, kind: str) -> None:
    answer = page(head + spelt(f"<p>{WORDS}</p>"), ("Content-Type", kind))
    assert WORDS in text_of(answer)
    assert maintenance(page(head + spelt("<p>Hệ thống đang bảo trì</p>"), ("Content-Type", kind)))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b'<meta charset="windows-1258">', "text/html; charset=utf-8"),  # the header outranks the page
        (b'\xef\xbb\xbf<meta charset="windows-1258">', "text/html"),
        (b'<meta charset="utf-16">', "text/html"),  # not true of a page in which this can be read
        (b'<meta name="note" content="no charset here">', "text/html"),
        (b" " * 1024 + b'<meta charset="windows-1258">', "text/html"),
    ],
)
def test_a_page_that_declares_nothing_that_counts_is_read_as_utf8(head: bytes, kind: str) -> None:
    assert WORDS in text_of(page(head + WORDS.encode(), ("Content-Type", kind)))


@given(st.text(alphabet="ảộ\u1ea1aoe \u0300\u0323\u0302") | st.text(), st.integers(8_180, 8_200))
def test_letters_and_their_marks_are_one_letter_wherever_the_text_is_cut(text: str, before: int) -> None:
    """Up to four marks: no letter of any language has more."""
    whole = "x" * before + re.sub("([\u0300-\u036f]{4})[\u0300-\u036f]+", "\\1", unicodedata.normalize("NFD", text))
    read = text_of(page(whole.encode("utf-8", "replace")))
    assert unicodedata.normalize("NFC", read) == unicodedata.normalize("NFC", whole.encode("utf-8", "replace").decode())
    for word in ("ả", "ộ", "ạ"):
        assert read.count(word) == unicodedata.normalize("NFC", whole).count(word)


@pytest.mark.parametrize("charset", ["punycode", "utf-7", "idna", "unicode_escape", "rot13", "hex", "zlib", "nonsense"])
def test_what_is_no_character_set_of_the_web_is_read_as_utf8(charset: str) -> None:
    assert text_of(claimed("bảo trì +AGE-".encode(), charset)) == "bảo trì +AGE-"


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("windows-1258", "cp1258"),
        ("iso-8859-1", "cp1252"),
        ("utf-16", "utf-16-le"),
        ("utf-16be", "utf-16-be"),
        ("koi8-r", "koi8-r"),
        ('"windows-1252"', "cp1252"),
        ("", "utf-8"),
    ],
)
def test_a_page_in_the_character_set_that_it_claims_is_read(charset: str, codec: str) -> None:
    text = "bao tri d'un systeme"
    assert text_of(claimed(text.encode(codec), charset)) == text


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_mark_of_byte_order_outweighs_the_claim_and_is_no_text(codec: str) -> None:
    assert text_of(claimed("bảo trì".encode(codec), "iso-8859-1")) == "bảo trì"


def test_folding_takes_away_case_diacritics_and_white_space() -> None:
    assert fold(" Đang\n BẢO\u00a0trì ") == "dang bao tri"
    assert fold("ba\u0309o tri\u0300") == "bao tri"


def test_a_reference_to_no_letter_is_nothing() -> None:
    assert unescaped("&amp;&#7843;&#x1ea3;&#" + "9" * 5000 + ";.") == "&ảả."


def test_a_body_that_was_packed_unasked_is_unpacked_no_further_than_it_would_be_read() -> None:
    bomb = gzip.compress(b"\0" * 10_000_000, mtime=0)
    tracemalloc.start()
    try:
        unpacked = content(page(bomb, ("Content-Encoding", "gzip")))
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
    assert unpacked == b"\0" * MOST


@pytest.mark.parametrize(
    ("coding", "body", "expected"),
    [
        ("", b"a", b"a"),
        ("identity", b"a", b"a"),
        ("GZIP", gzip.compress(b"a", mtime=0), b"a"),
        ("x-gzip", gzip.compress(b"a", mtime=0), b"a"),
        ("deflate", zlib.compress(b"a"), b"a"),
        ("deflate", zlib.compress(b"a", wbits=-15), b"a"),  # as some servers have it, and all browsers take it
        ("", gzip.compress(b"a", mtime=0), b"a"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"a", mtime=0), mtime=0), b"a"),
        ("gzip", gzip.compress(b"a" * 100, mtime=0)[:-9], b"a" * 100),
        ("gzip", b"no gzip", b"no gzip"),
        ("deflate", b"no deflate", b"no deflate"),
        ("gzip", b"\x1f\x8bbroken", None),
        ("br", b"a", None),
        ("gzip, br", b"a", None),
    ],
)
def test_what_cannot_be_unpacked_is_said(coding: str, body: bytes, expected: bytes | None) -> None:
    answer = page(body, ("Content-Encoding", coding))
    assert content(answer) == expected
    assert bool(unread(answer)) == (expected is None)


@given(st.binary(max_size=2000), st.text(max_size=50), st.text(max_size=10))
def test_no_body_and_no_claim_breaks_the_reading(body: bytes, kind: str, coding: str) -> None:
    answer = page(body, ("Content-Type", kind), ("Content-Encoding", coding))
    maintenance(answer)
    text_of(answer)
