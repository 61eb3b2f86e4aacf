"""An SNMPv3 agent of pysnmp's own, for what net-snmp does not speak. It has sysDescr and sysUpTime."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config, engine
from pysnmp.entity.rfc3413 import cmdrsp, context


@asynccontextmanager
async def user_agent(
    user: str, auth: Any, auth_key: str, privacy: Any, privacy_key: str, port: int
) -> AsyncIterator[None]:
    """One user with pysnmp's names for its protocols, on a port of loopback."""
    agent = engine.SnmpEngine()
    server = udp.UdpTransport()
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: server, local_addr=("127.0.0.1", port))
    config.add_transport(agent, udp.DOMAIN_NAME, server)
    config.add_v3_user(agent, user, auth, auth_key, privacy, privacy_key)
    config.add_vacm_user(agent, 3, user, "authPriv", (1, 3, 6))
    cmdrsp.GetCommandResponder(agent, context.SnmpContext(agent))
    try:
        yield
    finally:
        agent.close_dispatcher()
        await asyncio.sleep(0)
