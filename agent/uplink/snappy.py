"""Snappy's block format with literals only: valid for every reader, and no smaller than what goes in.

A last word has a few hundred bytes, which no library makes worth while. Source: google/snappy, format_description.txt.
"""

from agent.uplink.series import varint

_CHUNK = 65536  # bytes; two bytes hold the length


def compress(data: bytes) -> bytes:
    """The length of the whole as a varint, then the data as literals."""
    chunks = (data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))
    return varint(len(data)) + b"".join(_literal(chunk) for chunk in chunks)


def _literal(chunk: bytes) -> bytes:
    """Tag with the length less one: in its upper six bits below 60, else in the two bytes that 61 announces."""
    length = len(chunk) - 1
    if length < 60:
        return bytes((length << 2,)) + chunk
    return bytes((61 << 2,)) + length.to_bytes(2, "little") + chunk
