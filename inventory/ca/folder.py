"""The authority's folder: its keys and certificates, what it has issued, and what it has taken back.

root.pem, root.key      trusted by offices and gateways; the key belongs into a safe, it is used once
issuer.pem, issuer.key  signs offices and gateways
authority.pem           both certificates, for `tls.authority` of a gateway and `ca_file` of an office
issued.csv              every certificate that was issued here
revoked.crl             single certificates that were taken back, for whoever reads revocation lists (RFC 5280)
revoked.yml             offices that were taken back: whatever was issued to them until then is void, renewals included
"""

import csv
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from collectors.core.decode import decode_file
from collectors.core.pki import Signer, certificate_pem, key_pem
from collectors.core.uplink import CERTIFICATE_SKEW, Moment, Revoked
from inventory.ca import build
from inventory.targets import to_yaml

_COLUMNS = ("serial", "holder", "begins", "ends")


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate. serial: hexadecimal; holder: an office's id or a gateway's name; times: Unix seconds."""

    serial: str
    holder: str
    begins: float
    ends: float

    @property
    def made(self) -> float:
        """When it was signed."""
        return self.begins + CERTIFICATE_SKEW


class AuthorityError(Exception):
    """The folder is not what it should be; the message is for a person."""


class Folder:
    """One authority on disk. Every method raises OSError; those that read raise AuthorityError, too."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self, title: str, now: float) -> None:
        """A new authority. AuthorityError where there is one: it is never overwritten."""
        if any((self.path / name).exists() for name in ("root.key", "issuer.key", "issued.csv")):
            raise AuthorityError(f"{self.path} holds an authority already; choose another folder")
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        root = build.root(title, now)
        issuer = build.issuer(title, root, now)
        for name, signer in (("root", root), ("issuer", issuer)):
            write(self.path / f"{name}.key", key_pem(signer.key), private=True)
            write(self.path / f"{name}.pem", certificate_pem(signer.certificate))
        write(self.path / "authority.pem", certificate_pem(issuer.certificate) + certificate_pem(root.certificate))
        write(self.path / "issued.csv", (",".join(_COLUMNS) + "\n").encode())
        self.write_revoked({}, frozenset(), now)

    def issuer(self) -> Signer:
        """Who signs."""
        try:
            return Signer.read((self.path / "issuer.pem").read_bytes(), (self.path / "issuer.key").read_bytes())
        except FileNotFoundError as error:
            hint = "make an authority with: communewatch inventory ca init"
            raise AuthorityError(f"there is no {error.filename}; {hint}") from None
        except ValueError as error:
            raise AuthorityError(f"{self.path / 'issuer.key'}: {error}") from None

    def issued(self) -> tuple[Issued, ...]:
        """All that was ever issued here, oldest first."""
        return tuple(self._issued())

    def record(self, certificate: x509.Certificate, holder: str) -> None:
        """Write down that this certificate was issued, before anybody gets it."""
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        line = io.StringIO()
        row = (f"{certificate.serial_number:x}", holder, begins.isoformat(), ends.isoformat())
        csv.writer(line, lineterminator="\n").writerow(row)
        with (self.path / "issued.csv").open("a", encoding="utf-8") as file:
            file.write(line.getvalue())
            file.flush()
            os.fsync(file.fileno())

    def revoked_offices(self) -> Mapping[str, Moment]:
        """Office -> when it was taken back. DecodeError."""
        return decode_file(self.path / "revoked.yml", Revoked).value.offices

    def revoked_serials(self) -> frozenset[int]:
        """Of single certificates."""
        try:
            found = x509.load_pem_x509_crl((self.path / "revoked.crl").read_bytes())
        except FileNotFoundError:
            return frozenset()
        except ValueError:
            raise AuthorityError(f"{self.path / 'revoked.crl'} holds no revocation list") from None
        return frozenset(entry.serial_number for entry in found)

    def write_revoked(self, offices: Mapping[str, Moment], serials: frozenset[int], now: float) -> None:
        """Both forms, each in one step that readers cannot see half of."""
        found = build.revocations(self.issuer(), serials, int(now), now)
        write(self.path / "revoked.crl", found.public_bytes(Encoding.PEM))
        document = {"version": 1, "offices": {office: when.isoformat() for office, when in sorted(offices.items())}}
        write(self.path / "revoked.yml", to_yaml(document).encode())

    def _issued(self) -> Iterator[Issued]:
        try:
            text = (self.path / "issued.csv").read_text(encoding="utf-8")
        except FileNotFoundError:
            raise AuthorityError(f"there is no authority in {self.path}") from None
        for number, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
            try:
                times = [datetime.fromisoformat(row[name]).timestamp() for name in ("begins", "ends")]
                yield Issued(row["serial"], row["holder"], *times)
            except (KeyError, TypeError, ValueError):
                raise AuthorityError(f"{self.path / 'issued.csv'}:{number}: is no certificate") from None


def write(path: Path, content: bytes, *, private: bool = False) -> None:
    """In one step, on disk when it returns; a private file is never readable for others, not even for a moment."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def at(unix: float) -> Moment:
    """As it is written, in whole seconds."""
    return Moment.fromtimestamp(int(unix), UTC)
