"""The text of a foreign file. Its encoding is known or asked for, never guessed: a guess turns names into others."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from unicodedata import normalize

from collectors.core.decode import DecodeError
from collectors.core.problem import Problem

LARGEST = 10_000_000  # bytes; years of a province's plans are less
_MARKED = ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"))


def read(path: Path, encoding: str = "") -> str:
    """Composed letters, whatever it was written in. Raises DecodeError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from None
    if len(content) > LARGEST:
        raise _refused(path, f"is larger than {LARGEST // 1_000_000} MB: this is no plan")
    return normalize("NFC", _decoded(path, content, encoding))


def _decoded(path: Path, content: bytes, encoding: str) -> str:
    marked = next((name for mark, name in _MARKED if content.startswith(mark)), "")
    try:
        return content.decode(marked or encoding or "utf-8")
    except UnicodeDecodeError as error:
        message = f"is not {encoding or 'UTF-8'} text: byte {error.start} is {error.object[error.start]:#04x}"
    except LookupError:
        message = f"cannot be read as {encoding!r}: there is no encoding of that name"
    if content[:200].count(0) > 20:
        hint = "it looks like UTF-16 without a mark: say --encoding utf-16-le, or save it as CSV UTF-8"
    else:
        hint = "save it as CSV UTF-8; an old file of Vietnamese Windows may be read with --encoding cp1258"
    raise _refused(path, message, hint)


def _refused(path: Path, message: str, hint: str = "") -> DecodeError:
    return DecodeError((Problem(str(path), "", message, hint),))
