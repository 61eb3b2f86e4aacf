"""The net port over tables in memory: what is not in a table refuses, is lost or stays silent."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from collectors.core import ProbeError, Reason
from collectors.core.ports import (
    Arrivals,
    BulkRequest,
    Connection,
    Datagram,
    DnsAnswer,
    Echoes,
    EchoRequest,
    Failure,
    Family,
    Iperf3Report,
    Iperf3Request,
    Ping,
    Script,
    Staple,
    Talk,
    Trace,
    TraceRequest,
    Train,
    TrainRequest,
)

T = TypeVar("T")
Speaker = Callable[[bytes], bytes]  # what is said to what was said, b"" = silence
REFUSED = Failure(Reason.REFUSED, "connect", "connection refused")


def once(said: bytes) -> Speaker:
    """Says this and no more, whatever it is told."""
    left = [said]
    return lambda _: left.pop() if left else b""


@dataclass(slots=True)
class FakeNet:
    """connections  by (host, port)
    talks           by (host, port)
    datagrams       by (host, port): the answer to what was sent, with the seconds that it took
    answers         by (server, name, record); "" = the system's server
    pings           round-trip times by host, one per echo in turn, None = lost; a ProbeError is raised
    hops            routers by (host, distance)
    arrivals        by direction; a ProbeError is raised
    iperf3s         by direction; a ProbeError is raised
    trains          by direction
    echoes          by host
    traces          by host; a ProbeError is raised
    staples         by (host, port); a ProbeError is raised
    asked           every call, in order, as (method, what)
    """

    connections: Mapping[tuple[str, int], Connection] = field(default_factory=dict)
    talks: Mapping[tuple[str, int], Speaker] = field(default_factory=dict)
    datagrams: Mapping[tuple[str, int], Callable[[bytes], tuple[bytes, float, float]]] = field(default_factory=dict)
    answers: Mapping[tuple[str, str, str], DnsAnswer | ProbeError] = field(default_factory=dict)
    pings: Mapping[str, Sequence[float | None] | ProbeError] = field(default_factory=dict)
    hops: Mapping[tuple[str, int], str] = field(default_factory=dict)
    arrivals: Mapping[str, Arrivals | ProbeError] = field(default_factory=dict)
    iperf3s: Mapping[str, Iperf3Report | ProbeError] = field(default_factory=dict)
    trains: Mapping[str, Train] = field(default_factory=dict)
    echoes: Mapping[str, Echoes] = field(default_factory=dict)
    traces: Mapping[str, Trace | ProbeError] = field(default_factory=dict)
    staples: Mapping[tuple[str, int], Staple | ProbeError] = field(default_factory=dict)
    hop_limit: int | None = 64
    asked: list[tuple[str, object]] = field(default_factory=list)

    async def connect(
        self,
        host: str,
        port: int,
        timeout: float,
        *,
        family: Family = "any",
        tls: bool = False,
        server_name: str = "",
        ca_file: str = "",
    ) -> Connection:
        self.asked.append(("connect", (host, port, tls, server_name, ca_file)))
        refused = Connection({"resolve": 0.0, "connect": 0.0}, "127.0.0.1", failure=REFUSED)
        return self.connections.get((host, port), refused)

    async def talk(
        self,
        host: str,
        port: int,
        timeout: float,
        script: Script,
        *,
        family: Family = "any",
        server_name: str = "",
        ca_file: str = "",
    ) -> Talk:
        self.asked.append(("talk", (host, port, script.goodbye)))
        speaker, heard, phases = self.talks.get((host, port)), b"", {"resolve": 0.0, "connect": 0.001}
        if speaker is None:
            return Talk(Connection(phases, "127.0.0.1", failure=REFUSED))
        failure = None
        try:
            while (words := script.reply(heard)) is not None and len(heard) < script.most:
                said = speaker(words)
                if not said:
                    await asyncio.sleep(timeout)
                    failure = Failure(Reason.FROZEN, "talk", "connected, then silence")
                    break
                heard = (heard + said)[: script.most]
        except ProbeError as error:
            failure = Failure(error.reason, "talk", error.message)
        if failure or not script.secure:
            return Talk(Connection({**phases, "talk": 0.01}, "127.0.0.1", failure=failure), heard)
        secured = await self.connect(host, port, timeout, tls=True, server_name=server_name, ca_file=ca_file)
        return Talk(replace(secured, phases={**phases, "talk": 0.01, "tls": 0.01}), heard)

    async def staple(self, host: str, port: int, server_name: str, timeout: float, *, family: Family = "any") -> Staple:
        self.asked.append(("staple", (host, port, server_name)))
        return _or_raise(self.staples.get((host, port), ProbeError(Reason.REFUSED, "connection refused")))

    async def datagram(
        self, host: str, port: int, payload: bytes, timeout: float, *, family: Family = "any"
    ) -> Datagram:
        self.asked.append(("datagram", (host, port)))
        answer = self.datagrams.get((host, port))
        if answer is None:
            await asyncio.sleep(timeout)
            raise ProbeError(Reason.NO_ANSWER, "no answer")
        data, seconds, received = answer(payload)
        return Datagram("127.0.0.1", data, 0.0, seconds, received)

    async def query(self, server: str, name: str, record: str, timeout: float) -> DnsAnswer:
        self.asked.append(("query", (server, name, record)))
        answer = self.answers.get((server, name, record))
        if answer is None:
            await asyncio.sleep(timeout)
            raise ProbeError(Reason.NO_ANSWER, "the name server does not answer")
        return _or_raise(answer)

    async def ping(
        self, host: str, timeout: float, *, count: int = 1, interval: float = 0.2, family: Family = "any"
    ) -> Ping:
        self.asked.append(("ping", (host, count)))
        times = tuple(_or_raise(self.pings.get(host, ())))[:count]
        times += (None,) * (count - len(times))
        await asyncio.sleep(timeout if None in times else (count - 1) * interval)
        heard = any(time is not None for time in times)
        return Ping(host, times, 0.0, "dgram", self.hop_limit if heard else None)

    async def hop(self, host: str, distance: int, timeout: float) -> str | None:
        self.asked.append(("hop", (host, distance)))
        router = self.hops.get((host, distance))
        if router is None:
            await asyncio.sleep(timeout)
        return router

    async def bulk(self, request: BulkRequest, timeout: float) -> Arrivals:
        self.asked.append(("bulk", request))
        return _or_raise(self.arrivals.get(request.direction, ProbeError(Reason.REFUSED, "connection refused")))

    async def iperf3(self, request: Iperf3Request, timeout: float) -> Iperf3Report:
        self.asked.append(("iperf3", request))
        return _or_raise(self.iperf3s.get(request.direction, ProbeError(Reason.REFUSED, "connection refused")))

    async def echo(self, request: EchoRequest) -> Echoes:
        self.asked.append(("echo", request))
        return _or_raise(self.echoes.get(request.host, ProbeError(Reason.DNS, "no such name")))

    async def trace(self, request: TraceRequest, timeout: float) -> Trace:
        self.asked.append(("trace", request))
        return _or_raise(self.traces.get(request.host, ProbeError(Reason.PERMISSION, "no raw rights")))

    async def train(self, request: TrainRequest, timeout: float) -> Train:
        self.asked.append(("train", request))
        return self.trains.get(request.direction, Train(failure=REFUSED))


def _or_raise(value: T | ProbeError) -> T:
    if isinstance(value, ProbeError):
        raise value
    return value
