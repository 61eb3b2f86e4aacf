"""How fast the uplink sends: by what the kernel saw arrive, and by what requests came to."""

import socket
import struct
from typing import cast

import pytest

from agent.io.pacing import Pacing


class Line:
    """A socket as far as it is asked."""

    def __init__(self, told: bytes) -> None:
        self._told = told
        self.wanted: list[int] = []

    def getsockopt(self, level: int, name: int, size: int) -> bytes:
        assert (level, name) == (socket.IPPROTO_TCP, socket.TCP_INFO)
        return self._told[:size]

    def setsockopt(self, level: int, name: int, value: bytes) -> None:
        assert (level, name) == (socket.SOL_SOCKET, 47)
        self.wanted += struct.unpack("=I", value)


def paced(told: bytes, size: int = 0, seconds: float = 1.0) -> list[int]:
    line = Line(told)
    Pacing().carried(cast("socket.socket", line), size, seconds)
    return line.wanted


def info(rate: int) -> bytes:
    return bytes(160) + struct.pack("=Q", rate) + bytes(64)


@pytest.mark.parametrize(("rate", "wanted"), [(32_000, [48_000]), (1 << 40, [2**32 - 1])])
def test_half_as_much_again_as_arrived_may_leave(rate: int, wanted: list[int]) -> None:
    assert paced(info(rate)) == wanted


def test_a_kernel_that_saw_less_than_the_request_came_to_is_not_believed() -> None:
    assert paced(info(1_500), 32_000, 1.0) == [48_000]


def test_of_a_kernel_that_does_not_tell_the_request_itself_is_asked() -> None:
    assert paced(bytes(104), 32_000, 2.0) == [24_000]


def test_a_connection_that_is_gone_is_no_trouble() -> None:
    with socket.socket() as gone:
        pass
    Pacing().carried(gone, 32_000, 1.0)
