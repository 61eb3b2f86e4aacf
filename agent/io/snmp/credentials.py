"""Credentials: what an engine is made for, and how pysnmp names the protocols (RFC 3414, 3826, 7860)."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pysnmp.hlapi.v3arch.asyncio import auth as usm

from collectors.core.ports import SnmpAgent, SnmpVersion
from collectors.core.values import Secret

_AUTH = MappingProxyType({
    "none": usm.USM_AUTH_NONE, "md5": usm.USM_AUTH_HMAC96_MD5, "sha": usm.USM_AUTH_HMAC96_SHA,
    "sha224": usm.USM_AUTH_HMAC128_SHA224, "sha256": usm.USM_AUTH_HMAC192_SHA256,
    "sha384": usm.USM_AUTH_HMAC256_SHA384, "sha512": usm.USM_AUTH_HMAC384_SHA512,
})  # fmt: skip
# aes192 and aes256 as net-snmp understands them; the makers' other key extension is called "c" (for Cisco) there too.
_PRIVACY = MappingProxyType({
    "none": usm.USM_PRIV_NONE, "des": usm.USM_PRIV_CBC56_DES, "3des": usm.USM_PRIV_CBC168_3DES,
    "aes128": usm.USM_PRIV_CFB128_AES, "aes192": usm.USM_PRIV_CFB192_AES_BLUMENTHAL,
    "aes256": usm.USM_PRIV_CFB256_AES_BLUMENTHAL, "aes192c": usm.USM_PRIV_CFB192_AES,
    "aes256c": usm.USM_PRIV_CFB256_AES,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Credentials:
    """An SnmpAgent without its address: agents that share these share an engine."""

    version: SnmpVersion
    community: Secret
    user: str
    auth: str
    auth_key: Secret
    privacy: str
    privacy_key: Secret

    @classmethod
    def of(cls, agent: SnmpAgent, version: SnmpVersion) -> "Credentials":
        return cls(version, agent.community, agent.user, agent.auth, agent.auth_key, agent.privacy,
                   agent.privacy_key)  # fmt: skip

    def for_pysnmp(self) -> Any:
        if self.version != "3":
            model = {"1": 0, "2c": 1}[self.version]
            return usm.CommunityData("communewatch", self.community.reveal().encode(), mpModel=model)
        return usm.UsmUserData(
            self.user,
            authKey=self.auth_key.reveal().encode() if self.auth != "none" else None,
            privKey=self.privacy_key.reveal().encode() if self.privacy != "none" else None,
            authProtocol=_AUTH[self.auth],
            privProtocol=_PRIVACY[self.privacy],
        )
