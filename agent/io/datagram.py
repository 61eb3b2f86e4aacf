"""One UDP datagram and its answer."""

import asyncio
import socket
import time

from agent.io.address import IP, family_of, socket_address
from agent.io.connect import explain
from collectors.core import ProbeError, Reason
from collectors.messages.said import Said

_MOST = 2048


async def datagram(ip: IP, port: int, payload: bytes, timeout: float) -> tuple[bytes, float, float]:
    """(answer, seconds it took, Unix time at which it came). Raises ProbeError: NO_ANSWER, REFUSED, UNREACHABLE."""
    loop = asyncio.get_running_loop()
    with socket.socket(family_of(ip), socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as connection:
        try:
            connection.connect(socket_address(ip, port))  # from here on only this far end is heard
            async with asyncio.timeout(timeout):
                sent = time.monotonic()
                await loop.sock_sendall(connection, payload)
                answer = await loop.sock_recv(connection, _MOST)
                return answer, time.monotonic() - sent, time.time()
        except TimeoutError:
            said = Said("connection.silent", where=f"{ip} port {port}", seconds=float(timeout))
            raise ProbeError(Reason.NO_ANSWER, said) from None
        except OSError as error:
            raise explain(error, f"{ip} port {port}") from None
