"""The way to tell a running lab what to do: a Unix socket in its folder. One line of JSON there, one line back."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.plan import labs_folder

SOCKET = "control.sock"
PATIENCE = 60.0  # seconds; restarting a server is the longest of the orders

Handler = Callable[[Sequence[str]], Awaitable[str]]


async def serve(folder: Path, handler: Handler) -> asyncio.Server:
    """Listen for orders. The handler's text, or the text of its LabError, goes back."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if line := await reader.readline():  # none: somebody looked whether we are here
            writer.write(json.dumps(await _answer(line, handler)).encode() + b"\n")
        writer.close()

    return await asyncio.start_unix_server(talk, folder / SOCKET)


async def _answer(line: bytes, handler: Handler) -> dict[str, object]:
    try:
        return {"done": True, "text": await handler(json.loads(line))}
    except (LabError, ValueError) as problem:
        return {"done": False, "text": str(problem)}


def running() -> dict[int, Path]:
    """The control sockets of this user's labs, by number; one that nobody listens on is left out."""
    found = {}
    for path in sorted(labs_folder().glob(f"*/{SOCKET}")):
        with socket.socket(socket.AF_UNIX) as line:
            if line.connect_ex(str(path)) == 0:
                found[int(path.parent.name)] = path
    return found


def choose(number: int | None) -> Path:
    """The socket of the lab that is meant. LabError when there is none, or more than one to choose from."""
    labs = running()
    if number is not None and number not in labs:
        raise LabError(f"there is no lab {number}; running: {', '.join(map(str, labs)) or 'none'}")
    if not labs:
        raise LabError("no lab of this user is running; start one with: make run")
    if number is None and len(labs) > 1:
        raise LabError(f"labs {', '.join(map(str, labs))} are running; say which one: --lab NUMBER")
    return labs[number if number is not None else next(iter(labs))]


def send(path: Path, words: Sequence[str]) -> str:
    """Give an order and wait for what came of it. LabError when the lab refused."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE)
        line.connect(str(path))
        line.sendall(json.dumps(words).encode() + b"\n")
        with line.makefile() as answers:
            answer = json.loads(answers.readline() or '{"done": false, "text": "the lab went away"}')
    if not answer["done"]:
        raise LabError(answer["text"])
    return str(answer["text"])
