"""`communewatch inventory ca init|issue|renew|server|revoke|list`: who may write into the province's monitoring."""

import argparse
import re
import sys
import time
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

from collectors.core.decode import DecodeError
from collectors.core.pki import asked_key, certificate_pem, issue, key_pem, new_key
from inventory.ca import build
from inventory.ca.folder import AuthorityError, Folder, Issued, at, write
from inventory.load import SHIPPED, load

_DAY = 86400.0
_LIFETIME = 90  # days
_SOON = 30 * _DAY
_LABEL = r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_HOST = re.compile(rf"(\*\.)?{_LABEL}(\.{_LABEL})*")  # RFC 1123, section 2.1


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 fine; 1 a certificate ends soon (list), nothing to revoke; 2 wrong use, files or office."""
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments, Folder(arguments.ca), time.time())
    except (AuthorityError, DecodeError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="communewatch inventory ca", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    begun = _verb(verbs, "init", "make an authority: a root for the safe, an issuer for every day", _init)
    begun.add_argument(
        "--name", type=_title, default="communewatch", metavar="TEXT", help="of the authority, in its certificates"
    )

    for name, purpose in (("issue", "sign an office's first certificate"), ("renew", "sign its next one")):
        signed = _verb(verbs, name, purpose, _issue)
        signed.set_defaults(again=name == "renew")
        signed.add_argument("office", metavar="OFFICE")
        way = signed.add_mutually_exclusive_group(required=True)
        asked = "from `communewatch agent request` on the office's machine, where the key stays"
        way.add_argument("--request", type=Path, metavar="FILE", help=asked)
        way.add_argument("--new-key", type=Path, metavar="FILE", help="make the key here, where that cannot be avoided")
        signed.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the certificate goes")
        signed.add_argument("--inventory", type=Path, default=SHIPPED, metavar="DIR")
        _days(signed)

    served = _verb(verbs, "server", "make a gateway's certificate and key", _server)
    by = "host names and addresses that offices call it by"
    served.add_argument("names", nargs="+", type=_server_name, metavar="NAME", help=by)
    served.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the certificate; its key beside it, named .key"
    )
    _days(served)

    taken = _verb(verbs, "revoke", "take back all that an office has, or one certificate", _revoke)
    taken.add_argument("holder", metavar="OFFICE|SERIAL")

    _verb(verbs, "list", "what was issued here, and what ends soon", _list)
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, purpose: str, run: object
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=purpose, description=purpose)
    verb.add_argument("--ca", type=Path, required=True, metavar="FOLDER", help="the authority's folder")
    verb.set_defaults(run=run)
    return verb


def _days(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--days", type=_lifetime, default=_LIFETIME, metavar="N", help="how long it is good; default: 90"
    )


def _lifetime(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 825:
        raise argparse.ArgumentTypeError(f"{text!r} should be a number of days from 1 to 825")
    return int(text)


def _title(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text.encode()) > build.LONGEST_TITLE:
        raise argparse.ArgumentTypeError(f"{text!r} should be a line of 1 to {build.LONGEST_TITLE} bytes")
    return text


def _server_name(text: str) -> str:
    try:
        ip_address(text)
    except ValueError:
        if len(text) > 253 or not _HOST.fullmatch(text):
            raise argparse.ArgumentTypeError(f"{text!r} is no host name (in ASCII: xn--...) and no address") from None
    return text


def _init(arguments: argparse.Namespace, folder: Folder, now: float) -> int:
    folder.create(arguments.name, now)
    print(f"{folder.path}: a new authority; put root.key into a safe and remove it from here")
    return 0


def _issue(arguments: argparse.Namespace, folder: Folder, now: float) -> int:
    _require_places(*filter(None, (arguments.out, arguments.new_key)))
    _require_known(arguments.office, arguments.inventory)
    _require_turn(arguments.office, arguments.again, folder, now)
    signer, secret = folder.issuer(), None
    if arguments.request:
        try:
            key = asked_key(arguments.request.read_bytes())
        except ValueError as error:
            raise AuthorityError(f"{arguments.request}: {error}") from None
    else:
        secret = new_key()
        key = secret.public_key()
    made = issue(signer, arguments.office, key, now, arguments.days * _DAY)
    folder.record(made, arguments.office)
    if secret:
        write(arguments.new_key, key_pem(secret), private=True)
    write(arguments.out, certificate_pem(made) + certificate_pem(signer.certificate))
    print(f"{arguments.out}: {arguments.office} until {made.not_valid_after_utc.date()}")
    return 0


def _require_places(*paths: Path) -> None:
    """Before anything is signed: what cannot be written down would be lost, and the office would count as served."""
    for path in paths:
        if not path.parent.is_dir() or path.is_dir():
            raise AuthorityError(f"{path}: nothing can be written there")
    if len({path.resolve() for path in paths}) < len(paths):
        raise AuthorityError(f"{paths[0]}: the certificate and its key need a file each")


def _require_known(office: str, inventory: Path) -> None:
    if office not in {known.id for known in load(inventory).offices}:
        raise AuthorityError(f"no office {office!r} in {inventory}; offices are named like 01273-1")


def _require_turn(office: str, again: bool, folder: Folder, now: float) -> None:
    """A first certificate where there is one, or a next one where there is none, is a slip."""
    has = any(one.holder == office and one.ends > now for one in _good(folder))
    if has and not again:
        raise AuthorityError(f"{office} has a certificate; use `renew`, or `revoke` it first")
    if again and not has:
        raise AuthorityError(f"{office} has no certificate of this authority; use `issue`")


def _good(folder: Folder) -> list[Issued]:
    """What was not taken back."""
    issued, serials, offices = folder.issued(), folder.revoked_serials(), folder.revoked_offices()
    return [
        one
        for one in issued
        if int(one.serial, 16) not in serials
        and not (one.holder in offices and one.made <= offices[one.holder].timestamp())
    ]


def _server(arguments: argparse.Namespace, folder: Folder, now: float) -> int:
    key = arguments.out.with_suffix(".key")
    _require_places(arguments.out, key)
    signer = folder.issuer()
    made = build.server(signer, arguments.names, now, arguments.days * _DAY)
    folder.record(made.certificate, arguments.names[0])
    write(key, key_pem(made.key), private=True)
    write(arguments.out, certificate_pem(made.certificate) + certificate_pem(signer.certificate))
    print(f"{arguments.out}, {key}: {', '.join(arguments.names)} until {made.certificate.not_valid_after_utc.date()}")
    return 0


def _revoke(arguments: argparse.Namespace, folder: Folder, now: float) -> int:
    holder, offices, serials = arguments.holder, dict(folder.revoked_offices()), folder.revoked_serials()
    known = [one for one in folder.issued() if holder in (one.holder, one.serial)]
    if not known:
        print(f"nothing was issued to {holder!r} here; `list` shows what was", file=sys.stderr)
        return 1
    if holder == known[0].holder:
        offices[holder] = at(now)
    serials |= {int(one.serial, 16) for one in known if one.ends > now}
    folder.write_revoked(offices, serials, now)
    print(f"{holder}: taken back; copy revoked.crl and revoked.yml to the gateways, which read them within seconds")
    return 0


def _list(_: argparse.Namespace, folder: Folder, now: float) -> int:
    good = _good(folder)
    newest = {one.holder: one.serial for one in good}
    serials, soon = {one.serial for one in good}, False
    for one in folder.issued():
        word = "good" if one.serial in serials else "revoked"
        if word == "good" and one.ends < now:
            word = "ended"
        elif word == "good" and one.ends < now + _SOON and newest[one.holder] == one.serial:
            word, soon = "ends soon", True
        print(f"{one.holder:<24} {at(one.ends).date()}  {word:<9}  {one.serial}")
    return 1 if soon else 0
