"""What others send over a line while it is measured. Each function runs until `over` is set, inside a namespace.

python -m tests.bench.capacity.traffic serve PORT        sends as many bytes as each connection asks for
python -m tests.bench.capacity.traffic udp HOST MBITS    a constant stream
python -m tests.bench.capacity.traffic web HOST PORT MBITS [--up]   objects of 200 kB on average, at random times
"""

import argparse
import asyncio
import ctypes
import random
import signal
import socket
import struct
import time
from contextlib import suppress

MEAN_OBJECT = 200_000.0  # bytes
_CHUNK = bytes(65_536)
_SIZE = struct.Struct("!BQ")  # 1: the client sends, 0: the server; bytes


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.capacity.traffic", description=__doc__)
    parser.add_argument("kind", choices=("serve", "udp", "web"))
    parser.add_argument("rest", nargs="*")
    parser.add_argument("--up", action="store_true")
    arguments = parser.parse_args()
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it ends with its parent
    match arguments.kind:
        case "serve":
            asyncio.run(_serve(int(arguments.rest[0])))
        case "udp":
            _stream(arguments.rest[0], float(arguments.rest[1]))
        case _:
            host, port, megabits = arguments.rest
            asyncio.run(_browse(host, int(port), float(megabits), up=arguments.up))


def _stream(host: str, megabits: float) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stream:
        stream.connect((host, 9))
        begun, sent = time.monotonic(), 0
        while True:
            while sent * 1514 * 8 < (time.monotonic() - begun) * megabits * 1e6:
                with suppress(OSError):  # nobody listens there, and says so
                    stream.send(_CHUNK[:1472])
                sent += 1
            time.sleep(0.001)


async def _serve(port: int) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            up, size = _SIZE.unpack(await reader.readexactly(_SIZE.size))
            if up:
                await reader.readexactly(size)
                writer.write(b"k")
            else:
                await _send(writer, size)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, port=port, limit=1 << 20)
    async with server:
        await server.serve_forever()


async def _send(writer: asyncio.StreamWriter, size: int) -> None:
    while size > 0:
        writer.write(_CHUNK[: min(size, len(_CHUNK))])
        await writer.drain()
        size -= len(_CHUNK)


async def _browse(host: str, port: int, megabits: float, *, up: bool) -> None:
    """Poisson arrivals of objects of exponential size."""
    every = MEAN_OBJECT * 8 / (megabits * 1e6)
    objects: set[asyncio.Task[float]] = set()
    while True:
        await asyncio.sleep(random.expovariate(1 / every))
        size = max(1000, min(5_000_000, int(random.expovariate(1 / MEAN_OBJECT))))
        task = asyncio.create_task(transfer(host, port, size, up=up))
        objects.add(task)
        task.add_done_callback(objects.discard)


async def transfer(host: str, port: int, size: int, *, up: bool = False) -> float:
    """Seconds that one object took, its connection included; inf when it failed."""
    begun = time.monotonic()
    try:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(_SIZE.pack(up, size))
        if up:
            await _send(writer, size)
            await reader.readexactly(1)
        else:
            await reader.readexactly(size)
        writer.close()
    except (OSError, asyncio.IncompleteReadError):
        return float("inf")
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
