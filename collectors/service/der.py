"""As much of ASN.1's distinguished encoding (X.690) as a timestamp's question and answer are made of. Pure.

X.509 libraries do not read RFC 3161; a whole ASN.1 library would be ten times this.
"""

from dataclasses import dataclass

BOOLEAN, INTEGER, OCTETS, NULL, OID, SEQUENCE, SET = 0x01, 0x02, 0x04, 0x05, 0x06, 0x30, 0x31
_LONG = 0x80
_MOST = 4  # bytes of a length


@dataclass(frozen=True, slots=True)
class Node:
    """One value: its tag (one byte), what is in it, and the bytes that it is as a whole."""

    tag: int
    content: bytes
    whole: bytes

    def children(self) -> tuple["Node", ...]:
        """The values in a constructed one. Raises ValueError."""
        found, rest = [], self.content
        while rest:
            node = _first(rest)
            found.append(node)
            rest = rest[len(node.whole) :]
        return tuple(found)

    def child(self, tag: int) -> "Node":
        """The first one inside that has this tag. Raises ValueError."""
        for node in self.children():
            if node.tag == tag:
                return node
        raise ValueError(f"there is no value with the tag {tag:#04x}")

    def integer(self) -> int:
        return int.from_bytes(self.content, signed=True)


def read(data: bytes) -> Node:
    """The one value that the data is. Raises ValueError."""
    node = _first(data)
    if len(node.whole) != len(data):
        raise ValueError("there are bytes behind the end")
    return node


def write(tag: int, *parts: bytes) -> bytes:
    """One value, of bytes or of the values in it."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, _LONG | len(length))) + length + content


def write_integer(value: int) -> bytes:
    """Not negative."""
    return write(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def _first(data: bytes) -> Node:
    if len(data) < 2:
        raise ValueError("the data ends too early")
    size, start = data[1], 2
    if size >= _LONG:
        count = size - _LONG
        if not 0 < count <= _MOST:
            raise ValueError("a length is not definite, or beyond reason")
        start += count
        size = int.from_bytes(data[2:start])
    if len(data) < start + size:
        raise ValueError("the data ends too early")
    return Node(data[0], data[start : start + size], data[: start + size])
