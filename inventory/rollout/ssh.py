"""One connection to one office. The only importer of asyncssh.

The host key must be the one that the inventory holds: a machine that shows another one is not spoken to.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import asyncssh

_LOGIN = 15.0  # seconds


class OfficeError(Exception):
    """The office cannot be reached, is not the one that we know, or a script failed there."""


@dataclass(frozen=True, slots=True)
class Login:
    """Where and as whom. host_key: `ssh-ed25519 AAAA...` as in the inventory."""

    host: str
    port: int
    user: str
    host_key: str
    identities: tuple[Path, ...] = ()


class Shell(Protocol):
    """What applying a plan needs of an office."""

    async def run(self, script: str, timeout: float) -> str:
        """Standard output of a script. OfficeError with its last words when it fails."""
        ...

    async def upload(self, source: Path | bytes, path: str) -> None: ...


@asynccontextmanager
async def connect(login: Login) -> AsyncIterator[Shell]:
    """Log in. OfficeError says what is wrong and what to do."""
    try:
        known = asyncssh.import_known_hosts(f"[{login.host}]:{login.port} {login.host_key}\n")
        keys = [str(path) for path in login.identities]
        connection = await asyncssh.connect(
            login.host,
            login.port,
            username=login.user,
            known_hosts=known,
            client_keys=keys or (),
            agent_path=None if keys else (),
            password=None,
            config=None,
            connect_timeout=_LOGIN,
            login_timeout=_LOGIN,
            keepalive_interval=10,
        )
    except (OSError, asyncssh.Error, ValueError) as error:
        raise OfficeError(_explain(login, error)) from None
    async with connection:
        yield _Connection(connection)


def _explain(login: Login, error: Exception) -> str:
    where = f"{login.user}@{login.host}:{login.port}"
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return f"{where} shows another host key than the inventory's: a new machine, or somebody in between. Ask first."
    if isinstance(error, asyncssh.PermissionDenied):
        return f"{where} does not accept our key: put the public key into its authorized_keys, or choose --identity"
    if isinstance(error, asyncssh.KeyImportError):
        return f"{where}: the key cannot be read: {error}"
    return f"{where} cannot be reached: {str(error) or type(error).__name__}"


class _Connection:
    """A Shell over an asyncssh connection."""

    def __init__(self, connection: asyncssh.SSHClientConnection) -> None:
        self._connection = connection

    async def run(self, script: str, timeout: float) -> str:
        try:
            # Over standard input, so that nothing of it stands in the office's process list.
            done = await self._connection.run("/bin/sh -s", input=script, timeout=timeout, check=False)
        except asyncssh.TimeoutError:
            raise OfficeError(f"no end within {timeout:g} s") from None
        except (OSError, asyncssh.Error) as error:
            raise OfficeError(f"the connection broke: {error}") from None
        output, errors = str(done.stdout or ""), str(done.stderr or "")
        if done.exit_status != 0:
            raise OfficeError(_last_lines(errors or output) or f"exit status {done.exit_status}")
        return output

    async def upload(self, source: Path | bytes, path: str) -> None:
        try:
            async with self._connection.start_sftp_client() as sftp:
                if isinstance(source, Path):
                    await sftp.put(str(source), path)
                    return
                async with sftp.open(path, "wb", asyncssh.SFTPAttrs(permissions=0o640)) as file:
                    await file.write(source)
        except (OSError, asyncssh.Error) as error:
            raise OfficeError(f"cannot write {path}: {error}") from None


def _last_lines(text: str, count: int = 6) -> str:
    lines: Sequence[str] = text.strip().splitlines()[-count:]
    return " | ".join(line.strip() for line in lines)
