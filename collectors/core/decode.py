"""The one decoder from YAML text to frozen dataclasses. Strict, and it reports every problem at once.

YAML's guesses are switched off: a scalar stays the text that was written until a type asks for something else. The
commune code 01273 stays "01273" (YAML 1.1 reads an octal 699) and `no` stays "no". Repeated keys, unknown keys,
explicit tags and self-containing aliases are refused with their line.

What a type means:
  str, int, float, bool            a scalar; bool is `true` or `false` only
  StrEnum, Literal["a", "b"]       one of the listed words
  X with classmethod parse(text)   see values.py; likewise IPv4Address, IPv6Address, Path
  tuple[X, ...], Mapping[str, X]   a list, a mapping
  X | None                         X, or nothing (empty, ~ or null)
  frozen dataclass                 a mapping with exactly its fields; `check()` may yield (field, message) findings;
                                   `check_parts(fields)` may decode a Raw among those that are right when others are not
  Secret                           a text, {file: PATH} or {env: NAME}
  Raw                              anything, decoded later by `Raw.decode`
"""

import difflib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml

from collectors.core.compose import compose
from collectors.core.nodes import is_nothing, nearest, plain, shape
from collectors.core.problem import DecodeError, Problem
from collectors.core.scalar import is_subclass, reader, wanted
from collectors.core.values import UNREAD, Secret

__all__ = ["DecodeError", "Document", "Problem", "Raw", "decode_file", "decode_text"]

T = TypeVar("T")

_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq"))
_DEEPEST = 40
_FAILED: Any = object()


@dataclass(frozen=True, slots=True)
class Document(Generic[T]):
    """A decoded file: the value, and the way back from a path in it to a line of text."""

    value: T
    source: str
    _root: yaml.Node = field(repr=False)  # the text as written, secrets included

    def where(self, path: str) -> str:
        """`file:line` of a path such as `offices[3].links[0].operator`, or of its nearest ancestor that exists."""
        return f"{self.source}:{nearest(self._root, path).start_mark.line + 1}"

    def problem(self, path: str, message: str, hint: str = "") -> Problem:
        """A problem found after decoding, located at the line of the path."""
        return Problem(self.where(path), path, message, hint)


@dataclass(frozen=True, slots=True)
class Raw:
    """A part of a document whose type is known only once another part has been read."""

    _node: yaml.Node = field(repr=False)  # the text as written, secrets included
    _source: str
    _path: str
    _read_secrets: bool
    _decoded: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def decode(self, kind: type[T]) -> T:
        """Raises DecodeError with every problem of this part, located in the whole document. Done once per type."""
        if kind not in self._decoded:
            decoder = _Decoder(self._source, self._read_secrets)
            self._decoded[kind] = _finish(decoder, self._node, kind, self._path)
        result: T = self._decoded[kind]
        return result

    def plain(self) -> Any:
        """As it was written, in texts, lists and mappings, for a file that hands on what `decode` has checked."""
        return plain(self._node)


def decode_file(path: Path, kind: type[T], *, read_secrets: bool = True) -> Document[T]:
    """Decode one file. An unreadable file is a problem like any other: DecodeError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DecodeError((Problem(str(path), "", error.strerror or str(error)),)) from None
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}"
        raise DecodeError((Problem(str(path), "", message, "save the file as UTF-8"),)) from None
    return decode_text(text, kind, str(path), read_secrets=read_secrets)


def decode_text(text: str, kind: type[T], source: str, *, read_secrets: bool = True) -> Document[T]:
    """Decode one YAML document; `source` is its name in messages, and {file: ...} is read relative to its folder.

    Without `read_secrets`, for a file that is checked on another machine, such a secret is values.UNREAD.
    """
    root = compose(text, source)
    value = _finish(_Decoder(source, read_secrets), root, kind, "")
    return Document(value, source, root)


def _finish(decoder: "_Decoder", node: yaml.Node, kind: type[T], path: str) -> T:
    value = decoder.decode(node, kind, path)
    if decoder.problems:
        raise DecodeError(tuple(sorted(decoder.problems, key=_line)))
    result: T = value
    return result


def _line(problem: Problem) -> int:
    return int(problem.where.rpartition(":")[2])


@cache
def _schema(kind: Any) -> tuple[tuple[Field[Any], ...], Mapping[str, Any]]:
    return tuple(one for one in fields(kind) if one.init), get_type_hints(kind)


class _Decoder:
    """One walk over one document. Every `_as_*` returns the value, or reports and returns _FAILED."""

    def __init__(self, source: str, read_secrets: bool) -> None:
        self.problems: list[Problem] = []
        self._source = source
        self._read_secrets = read_secrets
        self._above: list[int] = []

    def decode(self, node: yaml.Node, kind: Any, path: str) -> Any:
        if node.tag not in _PLAIN_TAGS:
            return self._report(node, path, f"the tag {node.tag} is not allowed here")
        if id(node) in self._above or len(self._above) > _DEEPEST:
            return self._report(node, path, "contains itself or is nested too deeply")
        self._above.append(id(node))
        try:
            return self._decode(node, kind, path)
        finally:
            self._above.pop()

    def _decode(self, node: yaml.Node, kind: Any, path: str) -> Any:
        origin = get_origin(kind)
        if kind is Raw:
            return Raw(node, self._source, path, self._read_secrets)
        if kind is Secret:
            return self._as_secret(node, path)
        if origin in (Union, UnionType):
            return self._as_union(node, get_args(kind), path)
        if origin is tuple:
            return self._as_tuple(node, get_args(kind)[0], path)
        if origin is not None and is_subclass(origin, Mapping):
            return self._as_mapping(node, get_args(kind)[1], path)
        if isinstance(kind, type) and is_dataclass(kind) and not hasattr(kind, "parse"):
            return self._as_dataclass(node, kind, path)
        return self._as_scalar(node, kind, path)

    def _report(self, node: yaml.Node, path: str, message: str, hint: str = "") -> Any:
        self.problems.append(Problem(f"{self._source}:{node.start_mark.line + 1}", path, message, hint))
        return _FAILED

    def _as_scalar(self, node: yaml.Node, kind: Any, path: str) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            return self._report(node, path, f"should be {wanted(kind)}, not a {shape(node)}")
        if is_nothing(node):
            return self._report(node, path, f"is empty; it should be {wanted(kind)}")
        try:
            return reader(kind)(node.value)
        except ValueError as error:
            return self._report(node, path, str(error))

    def _as_union(self, node: yaml.Node, kinds: tuple[Any, ...], path: str) -> Any:
        if NoneType in kinds and is_nothing(node):
            return None
        choices = [kind for kind in kinds if kind is not NoneType]
        attempts: list[list[Problem]] = []
        for kind in choices:
            attempt = _Decoder(self._source, self._read_secrets)
            value = attempt.decode(node, kind, path)
            if not attempt.problems:
                return value
            attempts.append(attempt.problems)
        # The attempt that got deepest understood best what was meant.
        self.problems.extend(max(attempts, key=lambda found: max(len(problem.path) for problem in found)))
        return _FAILED

    def _as_tuple(self, node: yaml.Node, item: Any, path: str) -> Any:
        if not isinstance(node, yaml.SequenceNode):
            return self._report(node, path, f"should be a list, not a {shape(node)}")
        values = [self.decode(child, item, f"{path}[{index}]") for index, child in enumerate(node.value)]
        return _FAILED if _FAILED in values else tuple(values)

    def _as_mapping(self, node: yaml.Node, item: Any, path: str) -> Any:
        entries = self._entries(node, path)
        if entries is None:
            return _FAILED
        values = {key: self.decode(child, item, _join(path, key)) for key, (_, child) in entries.items()}
        return _FAILED if _FAILED in values.values() else MappingProxyType(values)

    def _as_dataclass(self, node: yaml.Node, kind: Any, path: str) -> Any:
        entries = self._entries(node, path)
        if entries is None:
            return _FAILED
        settings, hints = _schema(kind)
        names = [one.name for one in settings]
        for key in entries.keys() - set(names):
            close = difflib.get_close_matches(key, names, 1)
            hint = f"did you mean {close[0]}?" if close else f"known here: {', '.join(names)}"
            self._report(entries[key][0], _join(path, key), "is not a known key", hint)
        values: dict[str, Any] = {}
        for one in settings:
            place = _join(path, one.name)
            if one.name in entries:
                values[one.name] = self.decode(entries[one.name][1], hints[one.name], place)
            elif one.default is MISSING and one.default_factory is MISSING:
                values[one.name] = self._report(node, place, "is missing")
        if _FAILED in values.values():
            self._check_parts(kind, values)
            return _FAILED
        return self._build(node, kind, values, path)

    def _check_parts(self, kind: type[Any], values: Mapping[str, Any]) -> None:
        """What can be said of a part must not wait until the fields beside it are right."""
        check: Callable[..., None] | None = getattr(kind, "check_parts", None)
        try:
            if check:
                check({name: value for name, value in values.items() if value is not _FAILED})
        except DecodeError as error:
            self.problems.extend(error.problems)

    def _build(self, node: yaml.Node, kind: type[Any], values: Mapping[str, Any], path: str) -> Any:
        try:
            built = kind(**values)
        except ValueError as error:
            return self._report(node, path, str(error))
        check: Callable[[], Iterable[tuple[str, str]]] | None = getattr(built, "check", None)
        before = len(self.problems)
        try:
            for name, message in check() if check else ():
                self._report(nearest(node, name), _join(path, name), message)
        except DecodeError as error:  # of a part that `check` has decoded: its problems have their own lines
            self.problems.extend(error.problems)
        return _FAILED if len(self.problems) > before else built

    def _entries(self, node: yaml.Node, path: str) -> dict[str, tuple[yaml.Node, yaml.Node]] | None:
        """The mapping's entries as key -> (key node, value node), None (reported) when it is not a plain mapping."""
        if not isinstance(node, yaml.MappingNode):
            self._report(node, path, f"should be a mapping (key: value), not a {shape(node)}")
            return None
        entries: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._report(key, path, "a key should be a plain word")
            elif key.value in entries:
                first = entries[key.value][0].start_mark.line + 1
                self._report(key, _join(path, key.value), f"is given twice (first on line {first})")
            else:
                entries[key.value] = (key, value)
        return entries

    def _as_secret(self, node: yaml.Node, path: str) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return Secret(node.value, written_out=True)
        where = self._as_mapping(node, str, path)
        if where is _FAILED:
            return _FAILED
        if len(where) != 1 or not where.keys() <= {"file", "env"}:
            return self._report(node, path, "should be a text, {file: PATH} or {env: NAME}")
        return self._read_secret(node, path, where) if self._read_secrets else UNREAD

    def _read_secret(self, node: yaml.Node, path: str, where: Mapping[str, str]) -> Any:
        if "env" in where:
            if where["env"] not in os.environ:
                return self._report(node, path, f"the environment variable {where['env']} is not set")
            return Secret(os.environ[where["env"]])
        try:
            return Secret((Path(self._source).parent / where["file"]).read_text(encoding="utf-8").rstrip("\r\n"))
        except (OSError, UnicodeDecodeError) as error:
            return self._report(node, path, f"cannot read the secret: {error}")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
