"""The network protocol of NUT (RFC 9271), as far as reading needs it: what is said when, and what the answers mean.

Pure: a conversation is a generator that gives commands and is sent the lines of the answers, each as its words.
"""

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Generic, NoReturn, TypeVar

from collectors.core import ProbeError, Reason
from collectors.nut.target import Target

T = TypeVar("T")
Words = tuple[str, ...]
Conversation = Generator[bytes, Words, T]  # b"" asks for the next line of the answer

MOST = 32_768  # bytes of all answers together; a UPS with all its outlets has about a third of it
LONGEST_LINE = 1024
GOODBYE = b"LOGOUT\n"

# Words for "the server is fine, its UPS is not": errors (RFC 9271) and upsd's status of a driver's start.
_STARTING = "WAIT"
LOST: Mapping[str, str] = MappingProxyType({
    "DATA-STALE": "the NUT server has heard nothing new from the UPS",
    "DRIVER-NOT-CONNECTED": "the NUT server has no driver running for the UPS",
    _STARTING: "the NUT server waits for the first word of the UPS's driver",
})  # fmt: skip
_DENIED = frozenset((
    "ACCESS-DENIED", "INVALID-USERNAME", "INVALID-PASSWORD", "USERNAME-REQUIRED", "PASSWORD-REQUIRED",
))  # fmt: skip
_WORD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)')


@dataclass(frozen=True, slots=True)
class Found:
    """What the server says of one UPS. lost: the word of LOST that it gives instead of variables."""

    ups: str
    description: str
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    lost: str = ""


def ask(target: Target) -> Conversation[Found]:
    """Everything about the target's UPS. Raises ProbeError: DENIED, UNSUPPORTED, ERROR, BAD_ANSWER."""
    if target.user:
        yield from _do("USERNAME", target.user)
        yield from _do("PASSWORD", target.password.reveal())
    ups, description = _choose(target.ups, (yield from _list("UPS")))
    if target.user:
        yield from _do("LOGIN", ups)  # upsd looks at user and password only now
    try:
        rows = yield from _list("VAR", ups)
    except _ServerError as error:
        if error.code in LOST:
            return Found(ups, description, lost=error.code)
        raise
    variables = {row[2]: row[3] for row in rows if row[:2] == ("VAR", ups) and len(row) == 4}
    if variables.get("ups.status") == _STARTING:
        return Found(ups, description, lost=_STARTING)
    return Found(ups, description, MappingProxyType(variables))


class Dialogue(Generic[T]):
    """A conversation over the bytes that have come so far; `result` once it is over."""

    def __init__(self, conversation: Conversation[T]) -> None:
        self._conversation = conversation
        self._begun = False
        self._read = 0
        self.result: T | None = None

    def reply(self, heard: bytes) -> bytes | None:
        """What to say next; b"" = listen on, None = that was all. Raises ProbeError as the conversation does."""
        try:
            say = b"" if self._begun else next(self._conversation)
            self._begun = True
            while not say and (end := heard.find(b"\n", self._read)) >= 0:
                line, self._read = heard[self._read : end], end + 1
                say = self._conversation.send(words(line))
        except StopIteration as stop:
            self.result = stop.value
            return None
        if len(heard) - self._read > LONGEST_LINE:
            raise ProbeError(Reason.BAD_ANSWER, "a line that does not end: this is no NUT server")
        return say


def words(line: bytes) -> Words:
    """A line's words; those in quotes may hold blanks, and with a backslash quotes. Raises ProbeError: BAD_ANSWER."""
    text, found, at = line.decode("utf-8", "replace").strip(), [], 0
    while at < len(text):
        match = _WORD.match(text, at)
        if match is None:
            raise ProbeError(Reason.BAD_ANSWER, "a line that is not of the NUT protocol")
        found.append(re.sub(r"\\(.)", r"\1", match[1]) if match[2] is None else match[2])
        at = match.end()
    return tuple(found)


def command(*said: str) -> bytes:
    """A line to send, its words in quotes where they need them."""
    return " ".join(said[:1] + tuple(_quoted(word) for word in said[1:])).encode() + b"\n"


def _quoted(word: str) -> str:
    if re.fullmatch(r"[\w.:/@-]+", word, re.ASCII):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _ServerError(ProbeError):
    """An answer `ERR code`."""

    def __init__(self, code: str, doing: str) -> None:
        reason = Reason.DENIED if code in _DENIED else Reason.ERROR
        hint = " (user, password, or the role `upsmon secondary` is missing)" if reason is Reason.DENIED else ""
        super().__init__(reason, f"the NUT server answers {code!r} to {doing}{hint}")
        self.code = code


def _do(*said: str) -> Conversation[None]:
    answer = yield command(*said)
    if answer[:1] != ("OK",):
        _fail(answer, said[0])


def _list(*what: str) -> Conversation[list[Words]]:
    answer = yield command("LIST", *what)
    if answer[:2] != ("BEGIN", "LIST"):
        _fail(answer, f"LIST {what[0]}")
    rows: list[Words] = []
    while (row := (yield b""))[:2] != ("END", "LIST"):
        rows.append(row)
    return rows


def _fail(answer: Words, doing: str) -> NoReturn:
    if answer[:1] == ("ERR",):
        raise _ServerError(answer[1][:40] if answer[1:] else "", doing)
    raise ProbeError(Reason.BAD_ANSWER, f"the answer to {doing} is not one of a NUT server")


def _choose(name: str, rows: list[Words]) -> tuple[str, str]:
    """Name and description of the UPS that is meant."""
    known = {row[1]: (*row[2:], "")[0] for row in rows if row[:1] == ("UPS",) and len(row) > 1}
    if not name and len(known) == 1:
        return next(iter(known.items()))
    if name in known:
        return name, known[name]
    names = ", ".join(known)[:200] or "none"
    problem = f"has no UPS {name!r}" if name else "has not exactly one UPS, so `ups` must say which"
    raise ProbeError(Reason.UNSUPPORTED, f"the NUT server {problem} (it has: {names})")
