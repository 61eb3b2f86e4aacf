"""Polls cards as others do it: `snmp_poller.py gufo|PATH_OF_SNMPGET 2c|3 PORT SECONDS EVERY HOSTS OIDS`.

Runs for so long and then prints how many polls of the last round were answered. HOSTS and OIDS are separated by commas.
Needs nothing of ours: gufo_snmp lives in an environment of its own.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence

AT_ONCE = 60
USER, KEY = "bench", "a key for the bench"
WAIT = 5  # seconds

Poll = Callable[[str], Awaitable[bool]]


async def rounds(poll: Poll, hosts: Sequence[str], seconds: float, every: float) -> int:
    """Each host once per `every` seconds, spread evenly; returns how many polls were answered in the last round."""
    loop = asyncio.get_running_loop()
    begun, slots, good = loop.time(), asyncio.Semaphore(AT_ONCE), 0

    async def one(host: str, due: float, *, counts: bool) -> None:
        nonlocal good
        await asyncio.sleep(due - loop.time())
        async with slots:
            answered = await poll(host)
        good += answered and counts

    count = max(1, int(seconds / every))
    async with asyncio.TaskGroup() as group:
        for turn in range(count):
            for number, host in enumerate(hosts):
                due = begun + every * (turn + number / len(hosts))
                group.create_task(one(host, due, counts=turn == count - 1))
    return good


def gufo(version: str, port: int, oids: Sequence[str]) -> Poll:
    from gufo.snmp import Aes128Key, Sha1Key, User  # type: ignore[import-not-found]
    from gufo.snmp.aio import SnmpSession  # type: ignore[import-not-found]

    user = User(USER, auth_key=Sha1Key(KEY.encode()), priv_key=Aes128Key(KEY.encode())) if version == "3" else None
    sessions: dict[str, SnmpSession] = {}

    async def poll(host: str) -> bool:
        try:
            if host not in sessions:
                session = SnmpSession(host, port, user=user, timeout=WAIT)
                await session.refresh()
                sessions[host] = session
            return bool(await sessions[host].get_many(oids))
        except Exception:  # noqa: BLE001 - whatever it is called there
            return False

    return poll


def snmpget(version: str, port: int, oids: Sequence[str], program: str) -> Poll:
    signed = ("-v3", "-u", USER, "-l", "authPriv", "-a", "SHA", "-A", KEY, "-x", "AES", "-X", KEY)
    how = signed if version == "3" else ("-v2c", "-c", "public")

    async def poll(host: str) -> bool:
        command = (program, *how, "-On", "-t", str(WAIT), "-r", "1", f"{host}:{port}", *oids)
        process = await asyncio.create_subprocess_exec(*command, stdout=-3, stderr=-3)
        return await process.wait() == 0

    return poll


def main() -> None:
    kind, version, port, seconds, every, hosts, oids = sys.argv[1:]
    asked = (version, int(port), oids.split(","))
    poll = gufo(*asked) if kind == "gufo" else snmpget(*asked, kind)
    print(asyncio.run(rounds(poll, hosts.split(","), float(seconds), float(every))))


if __name__ == "__main__":
    main()
