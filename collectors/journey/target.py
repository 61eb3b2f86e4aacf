"""What a journey consists of: the schema of `target:` for the collector `journey`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

from collectors.core.credentials import in_query, is_credential
from collectors.core.ports import Family
from collectors.core.values import Duration
from collectors.journey.private import is_private
from collectors.journey.take import Source, Take
from collectors.journey.template import JsonTemplate, UrlTemplate, names_in
from collectors.service.target import Regexp, Statuses

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_HEADER_VALUE = re.compile(r"[ -~\t]*")
_OURS = frozenset(("content-length", "content-type", "cookie", "host", "transfer-encoding"))
_MOST_STEPS = 20
_MOST_CLEAN_UPS = 5
_MOST_BODY = 10_485_760


class Budget(Duration):
    """Seconds, or a target of Decision 1565/QD-TTg from login to submission: plan_2025 = 8 min, plan_2026 = 5 min."""

    @classmethod
    def parse(cls, text: str) -> "Budget":
        return PLANS[text] if text in PLANS else cls(Duration.parse(text))


PLANS: Mapping[str, Budget] = MappingProxyType({"plan_2025": Budget(480.0), "plan_2026": Budget(300.0)})


@dataclass(frozen=True, slots=True)
class Step:
    """One request, what its answer should be, and what is taken from it.

    form, json   a body of fixed, public values; `{name}` stands for what an earlier step took
    status       default 2xx
    take         name -> what, see Take
    """

    url: UrlTemplate
    method: Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"] = "GET"
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    form: Mapping[str, str] | None = None
    json: JsonTemplate | None = None
    status: tuple[Statuses, ...] = ()
    follow_redirects: bool = True
    body_matches: tuple[Regexp, ...] = ()
    body_must_not_match: tuple[Regexp, ...] = ()
    take: Mapping[str, Take] = field(default_factory=lambda: MappingProxyType({}))
    timeout: Duration = Duration(30.0)
    max_body: int = 262_144

    @property
    def uses(self) -> frozenset[str]:
        """The names that stand in it."""
        texts = (self.url.text, *self.headers.values(), *(self.form or {}).values())
        return frozenset().union(*map(names_in, texts), self.json.names if self.json else ())

    def check(self) -> Iterable[tuple[str, str]]:
        """Findings within one step: (field, message)."""
        yield from self._body()
        yield from self._headers()
        yield from self._private()
        yield from self._takes()
        if self.timeout <= 0:
            yield "timeout", "should be more than 0"
        if not 0 < self.max_body <= _MOST_BODY:
            yield "max_body", f"should be between 1 and {_MOST_BODY} bytes"

    def _body(self) -> Iterator[tuple[str, str]]:
        given = [name for name in ("form", "json") if getattr(self, name) is not None]
        if len(given) > 1:
            yield "json", "means nothing beside form: a request has one body"
        if given and self.method not in ("POST", "PUT"):
            yield given[0], f"means nothing for {self.method}; write method: POST"
        if self.method == "HEAD" and (self.body_matches or self.body_must_not_match):
            yield "method", "HEAD brings no body that patterns could be held against"

    def _headers(self) -> Iterator[tuple[str, str]]:
        for name, value in self.headers.items():
            if not _HEADER_NAME.fullmatch(name):
                yield "headers", f"{name!r} is not the name of a header"
            elif name.lower() in _OURS:
                yield f"headers.{name}", "is set by the journey itself"
            elif not _HEADER_VALUE.fullmatch(value):
                yield f"headers.{name}", "has letters that a header cannot carry (ASCII only)"
            elif is_credential(name) and not is_private(name) and not names_in(value):
                yield f"headers.{name}", _never("is a login")

    def _private(self) -> Iterator[tuple[str, str]]:
        fields = [("url", name) for name in self.url.fields]
        fields += [(f"headers.{name}", name) for name in self.headers]
        fields += [(f"form.{name}", name) for name in self.form or ()]
        fields += [("json", name) for name in (self.json.fields if self.json else ())]
        for name, value in in_query(self.url.text):
            if not is_private(name) and not names_in(value):
                yield "url", _never(f"{name!r} in its query is a login")
        for place, name in fields:
            if is_private(name):
                yield place, _never(f"{name!r} looks like a field that only a person may fill in")

    def _takes(self) -> Iterator[tuple[str, str]]:
        for name, wanted in self.take.items():
            if not _NAME.fullmatch(name):
                yield f"take.{name}", "is not a name: up to 32 small letters, digits and _"
            if wanted.source is Source.LOCATION and self.follow_redirects:
                yield f"take.{name}", "a location is only seen with follow_redirects: false and status: [3xx]"


def _never(why: str) -> str:
    return f"{why}; a journey never logs in and sends no personal data, only fixed public values"


@dataclass(frozen=True, slots=True)
class Target:
    """A journey: steps in order, until one fails; then the clean-up steps, whatever happened.

    budget   what all steps may take together, clean-up left out; longer is `slow`
    hosts    hosts that redirects and taken addresses may lead to, beside those written in the steps' URLs
    reserve  time of the probe's timeout that is kept for clean-up
    """

    steps: Mapping[str, Step]
    clean_up: Mapping[str, Step] = field(default_factory=lambda: MappingProxyType({}))
    budget: Budget = PLANS["plan_2026"]
    hosts: tuple[str, ...] = ()
    reserve: Duration = Duration(15.0)
    family: Family = "any"
    ca_file: str = ""

    @property
    def known_hosts(self) -> frozenset[str]:
        """Where the journey may lead."""
        written = (urlsplit(step.url.text).hostname for step in self._all().values() if not step.url.whole)
        return frozenset(host.lower() for host in (*self.hosts, *written) if host)

    def _all(self) -> Mapping[str, Step]:
        return {**self.steps, **self.clean_up}

    def check(self) -> Iterable[tuple[str, str]]:
        """Findings across steps: (field, message)."""
        if not 0 < len(self.steps) <= _MOST_STEPS:
            yield "steps", f"should be between 1 and {_MOST_STEPS}"
        if len(self.clean_up) > _MOST_CLEAN_UPS:
            yield "clean_up", f"should be at most {_MOST_CLEAN_UPS} steps"
        for name in ("budget", "reserve"):
            if getattr(self, name) <= 0:
                yield name, "should be more than 0"
        for part in ("steps", "clean_up"):
            for name in getattr(self, part):
                if not _NAME.fullmatch(name):
                    yield f"{part}.{name}", "is not a step's name: up to 32 small letters, digits and _"
        for name in self.clean_up.keys() & self.steps.keys():
            yield f"clean_up.{name}", "is also the name of a step"
        yield from self._names()

    def _names(self) -> Iterator[tuple[str, str]]:
        """Every name is taken once, before it is used, and is used."""
        taken: dict[str, str] = {}
        for part, steps in (("steps", self.steps), ("clean_up", self.clean_up)):
            for key, step in steps.items():
                place = f"{part}.{key}"
                for name in sorted(step.uses - taken.keys()):
                    yield place, f"{{{name}}} is not taken by any step before; known here: {_listed(taken)}"
                for name in step.take:
                    if name in taken:
                        yield f"{place}.take.{name}", "is taken twice; the first is " + taken[name]
                    taken.setdefault(name, f"{place}.take.{name}")
        used = frozenset().union(*(step.uses for step in self._all().values()))
        for name, place in taken.items():
            if name not in used:
                yield place, f"{{{name}}} is not used by any step"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"
