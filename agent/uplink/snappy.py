"""How a request is packed: Snappy's block format, which the protocol asks for, or zstd, where a receiver takes it.

Source: google/snappy, format_description.txt; RFC 8878.
"""

from types import ModuleType

from agent.uplink.series import varint

_CHUNK = 65536  # bytes; two bytes hold the length
_LEVEL = 3  # of zstd: beyond it bytes hardly shrink


def _library() -> ModuleType | None:
    """cramjam; without it (a platform that it has no wheel for) requests are whole, but not smaller."""
    try:
        import cramjam  # noqa: PLC0415
    except ImportError:
        return None
    return cramjam


def compress(data: bytes) -> bytes:
    """Snappy."""
    library = _library()
    return bytes(library.snappy.compress_raw(data)) if library else literal(data)


def zstd(data: bytes) -> bytes | None:
    """None where that is not installed."""
    library = _library()
    return bytes(library.zstd.compress(data, _LEVEL)) if library else None


def literal(data: bytes) -> bytes:
    """Snappy without compression, valid for every reader: the length of the whole as a varint, the data as literals."""
    chunks = (data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))
    return varint(len(data)) + b"".join(_literal(chunk) for chunk in chunks)


def _literal(chunk: bytes) -> bytes:
    """Tag with the length less one: in its upper six bits below 60, else in the two bytes that 61 announces."""
    length = len(chunk) - 1
    if length < 60:
        return bytes((length << 2,)) + chunk
    return bytes((61 << 2,)) + length.to_bytes(2, "little") + chunk
