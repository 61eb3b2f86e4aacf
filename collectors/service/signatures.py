"""Certificates and signatures, by `cryptography`, which is loaded with the first probe that needs it (some 10 MB)."""

import asyncio
import importlib
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from collectors.core import ProbeError, Reason
from collectors.service.words import Pem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hashes import HashAlgorithm
    from cryptography.x509 import Certificate

_HASHES: Mapping[str, str] = {  # object identifiers in DER, as RFC 5754 and RFC 3370 give them
    "2b0e03021a": "SHA1",
    "608648016503040201": "SHA256",
    "608648016503040202": "SHA384",
    "608648016503040203": "SHA512",
}


async def load() -> None:
    """Before a measurement, and in a thread: loading takes a fifth of a second, in which others measure."""
    if "cryptography.x509.ocsp" not in sys.modules:
        await asyncio.to_thread(importlib.import_module, "cryptography.x509.ocsp")


def certificate(pem: Pem) -> "Certificate":
    """The first one in the text. Raises ProbeError: PERMISSION, for this machine's configuration is wrong."""
    from cryptography import x509  # noqa: PLC0415

    try:
        return x509.load_pem_x509_certificates(pem.text.encode())[0]
    except ValueError as error:
        raise ProbeError(Reason.PERMISSION, f"the certificate in the configuration cannot be read: {error}") from None


def hash_named(identifier: bytes) -> "HashAlgorithm":
    """By the content of its object identifier. Raises ValueError."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415

    name = _HASHES.get(identifier.hex())
    if name is None:
        raise ValueError("a digest that is not known here")
    algorithm: HashAlgorithm = getattr(hashes, name)()
    return algorithm


def is_signed(key: Any, signature: bytes, data: bytes, algorithm: "HashAlgorithm | None") -> bool:
    """Whether `data` was signed by the owner of this public key (RSA PKCS#1, ECDSA, EdDSA)."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa  # noqa: PLC0415

    try:
        if isinstance(key, rsa.RSAPublicKey) and algorithm:
            key.verify(signature, data, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm:
            key.verify(signature, data, ec.ECDSA(algorithm))
        elif hasattr(key, "verify") and algorithm is None:
            key.verify(signature, data)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def is_issued(by: "Certificate", leaf: "Certificate", now: datetime) -> bool:
    """Whether a certificate is that authority's and holds now."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415

    if not leaf.not_valid_before_utc <= now <= leaf.not_valid_after_utc:
        return False
    try:
        leaf.verify_directly_issued_by(by)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def may(leaf: "Certificate", purpose: str) -> bool:
    """Whether a certificate is for this purpose: OCSP_SIGNING or TIME_STAMPING of its extended key usage."""
    from cryptography import x509  # noqa: PLC0415
    from cryptography.x509.oid import ExtendedKeyUsageOID  # noqa: PLC0415

    try:
        usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return getattr(ExtendedKeyUsageOID, purpose) in usage
