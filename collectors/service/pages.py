"""What an answer says to a person: words under which a service hides that it is not working. Pure, linear in its input.

A page counts as a notice only when it is short or says so in its title or headings: a portal that works may well list
"Phí bảo trì đường bộ" among its procedures or announce next week's maintenance, and carries the notice in its scripts.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from collectors.core.ports import HttpExchange
from collectors.service.redirects import header

_MOST = 131_072  # characters that are looked at
_SHORT = 1_500  # characters that a person sees on a page that is nothing but a notice
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.ASCII)
_TAG = re.compile(r"<[^<>]*>")
_HEADLINE = re.compile(r"<(title|h1|h2)\b[^<>]*>([^<>]{0,200})", re.IGNORECASE)
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_HIDDEN = ("script", "style", "template", "noscript")

Patterns = Mapping[str, re.Pattern[str]]  # by the name that is told: of a page itself nothing is kept

# Patterns hold on folded text: small letters, no diacritics. Sources: VNeID, 28-29 August 2025 ("Hệ thống đang bảo trì.
# Vui lòng thử lại sau"), common notices of portals and of web servers.
_MAINTENANCE: Patterns = {
    "system under maintenance": re.compile(
        r"\b(he thong|trang web|website|cong (thong tin|dich vu)|dich vu|ung dung)\b[^.!?]{0,60}\b(bao tri|nang cap)\b"
    ),
    "maintenance now": re.compile(
        r"\b(dang|tam thoi|tien hanh|thuc hien|thong bao)( \w+){0,4} (bao tri|bao duong|nang cap)\b"
    ),
    "maintenance of the system": re.compile(
        r"\b(bao tri|bao duong|nang cap) (he thong|trang web|website|dich vu|phan mem|may chu)\b"
    ),
    "service paused": re.compile(r"\btam (thoi )?(ngung|dung|ngat) (phuc vu|hoat dong|cung cap|truy cap|ket noi)\b"),
    "under maintenance": re.compile(
        r"\b(under|undergoing|scheduled|planned|system|site|down for|offline for)( \w+){0,3} maintenance\b"
    ),
    "maintenance mode": re.compile(r"\bmaintenance (mode|in progress|window|page)\b"),
    "down for maintenance": re.compile(r"\b(is|are|temporarily) (down|offline|unavailable)( \w+){0,4} maintenance\b"),
    "back soon": re.compile(r"\bbe (right )?back (soon|shortly)\b"),
}
_JUST_BEFORE = 30  # characters in which "will be" may stand
_FUTURE = re.compile(r"\b(se|will)\b")  # announced, not yet true
_CHALLENGE: Patterns = {
    "F5": re.compile(r"the requested url was rejected"),
    "Incapsula": re.compile(r"incapsula incident id"),
    "Cloudflare": re.compile(r"attention required! \| cloudflare"),
    "check of the browser": re.compile(r"checking (if the site connection is secure|your browser before accessing)"),
    "proof of being human": re.compile(r"verif(y|ying) (that )?you are (a )?human"),
    "denial with a number": re.compile(
        r"(access denied|request blocked|tu choi truy cap)\b.{0,200}\b(incident|support|reference|request|event) id"
    ),
}


@dataclass(frozen=True, slots=True)
class _Notices:
    """What was found on a page: the pattern's name, "" where there is none."""

    maintenance: str
    challenge: str


_REMEMBERED = 32  # pages
_read_before: dict[bytes, _Notices] = {}


def text_of(exchange: HttpExchange) -> str:
    """The body as text, in the character set that it claims, else UTF-8."""
    claimed = _CHARSET.search(header(exchange, "content-type"))
    try:
        return exchange.body.decode(claimed[1] if claimed else "utf-8", "replace")
    except (LookupError, UnicodeError, ValueError):
        return exchange.body.decode("utf-8", "replace")


def maintenance(exchange: HttpExchange) -> str:
    """The name of the pattern that finds the page to say "under maintenance", "" when it does not say so."""
    return _notices(exchange).maintenance


def challenge(exchange: HttpExchange) -> str:
    """The name of the pattern of a firewall that wants to see a person, "" when there is none."""
    if header(exchange, "cf-mitigated") == "challenge":
        return "cf-mitigated: challenge"
    return _notices(exchange).challenge


def fold(text: str) -> str:
    """Small letters without diacritics, white space as one blank: "Đang bảo trì" becomes "dang bao tri"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return " ".join(plain.encode("ascii", "ignore").decode().split())


def _notices(exchange: HttpExchange) -> _Notices:
    """Read the page, unless it is the one of a time before: pages seldom change. By digest: no content is kept."""
    digest = hashlib.sha256(exchange.body + header(exchange, "content-type").encode()).digest()
    if digest not in _read_before:
        if len(_read_before) >= _REMEMBERED:
            del _read_before[next(iter(_read_before))]
        shown = _shown(exchange)
        _read_before[digest] = _Notices(_name(shown, _MAINTENANCE), _name(shown, _CHALLENGE))
    return _read_before[digest]


def _shown(exchange: HttpExchange) -> str:
    """What a person would see, folded; of a long page its title and headings."""
    source = text_of(exchange)[:_MOST]
    shown = fold(_readable(_without_hidden(source)))
    if len(shown) > _SHORT:
        shown = fold(_readable(". ".join(headline for _, headline in _HEADLINE.findall(source))))
    return shown


def _name(shown: str, patterns: Patterns) -> str:
    for name, pattern in patterns.items():
        match = pattern.search(shown)
        if match and not _is_announced(shown, match):
            return name
    return ""


def _is_announced(text: str, match: re.Match[str]) -> bool:
    return bool(_FUTURE.search(text, max(0, match.start() - _JUST_BEFORE), match.end()))


def _readable(markup: str) -> str:
    escaped = _JSON_ESCAPE.sub(lambda match: chr(int(match[1], 16)), markup)
    return unescape(_TAG.sub(" ", escaped))


def _without_hidden(markup: str) -> str:
    """The markup without scripts and styles. A search per element that goes forward only: no input makes it slow."""
    for element in _HIDDEN:
        markup = _without(markup, element)
    return markup


def _without(markup: str, element: str) -> str:
    lower, kept, position = markup.lower(), [], 0
    if len(lower) != len(markup):  # a letter whose small form is longer: positions would not agree
        lower = markup
    while (start := lower.find(f"<{element}", position)) >= 0:
        kept.append(markup[position:start])
        end = lower.find(f"</{element}", start)
        position = len(markup) if end < 0 else end
    return "".join(kept) + markup[position:]
