"""A request as bytes: what h11 would write, and nothing that leaves its line."""

import h11
import pytest

from agent.io.http import encode

HEADERS = [("Host", "portal.example"), ("User-Agent", "communewatch"), ("Content-Length", "4"), ("X-Own", "a b\tc")]


def test_it_is_what_h11_writes() -> None:
    connection = h11.Connection(h11.CLIENT)
    request = h11.Request(method="POST", target="/a?b=c", headers=HEADERS)
    parts = [connection.send(request), connection.send(h11.Data(b"body"))]
    assert encode("POST", "/a?b=c", HEADERS, b"body") == b"".join(part for part in parts if part)


@pytest.mark.parametrize("value", ["a\r\nX: b", "a\nX: b", "a\rb"])
def test_a_value_that_would_leave_its_line_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="line end"):
        encode("GET", "/", [("Host", "a"), ("X", value)], b"")
