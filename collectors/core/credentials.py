"""Names that a credential goes by, in a header or in the query of a URL. Pure.

A list of names cannot prove that a value is harmless. It catches the key that somebody pasted where others read it.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from collectors.core.plain import plain

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # accessToken, APIKey
_WORDS = frozenset(
    (
        "auth",
        "authorization",
        "bearer",
        "cookie",
        "jwt",
        "key",
        "pass",
        "pwd",
        "session",
        "sessionid",
        "sid",
        "sig",
        "token",
    )
)
_PARTS = ("apikey", "accesskey", "credential", "passphrase", "password", "passwd", "secret", "signature", "accesstoken")


def is_credential(name: str) -> bool:
    """Whether what goes by this name opens a door: `Authorization`, `X-Api-Key`, `access_token`, `sig`."""
    words = re.findall("[a-z]+", _HUMP.sub(" ", name).lower())
    together = "".join(words)
    return any(word in _WORDS for word in words) or any(part in together for part in _PARTS)


def in_query(url: str) -> Iterator[tuple[str, str]]:
    """Name and value of each credential that is written into a URL."""
    for name, value in parse_qsl(urlsplit(url).query):
        if is_credential(name):
            yield name, value


def shown(url: str) -> str:
    """A URL without its query, which may hold what is nobody's business."""
    parts = urlsplit(url)
    return plain(f"{parts.scheme}://{parts.netloc}{parts.path or '/'}") + ("?..." if parts.query else "")
