"""The authority's folder, as a person in the province uses it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from collectors.core.pki import ask, new_key
from inventory.ca.folder import Folder
from inventory.cli import main

Printed = pytest.CaptureFixture[str]
OFFICE = "01273-1"


@pytest.fixture
def ca(tmp_path: Path, capsys: Printed) -> Path:
    path = tmp_path / "ca"
    assert main(["ca", "init", "--ca", str(path), "--name", "Cao Bằng"]) == 0
    capsys.readouterr()
    return path


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    path = tmp_path / "office.csr"
    path.write_bytes(ask(OFFICE, new_key()))
    return path


def sign(ca: Path, folder: Path, request: Path, verb: str = "issue", office: str = OFFICE) -> int:
    out = ["--out", str(ca.parent / "office.pem"), "--inventory", str(folder)]
    return main(["ca", verb, office, "--ca", str(ca), "--request", str(request), *out])


def chain(ca: Path) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates((ca.parent / "office.pem").read_bytes())


def test_an_office_gets_a_certificate_that_names_it_and_keeps_its_key(
    ca: Path, folder: Path, request_file: Path, capsys: Printed
) -> None:
    assert sign(ca, folder, request_file) == 0
    assert "01273-1 until" in capsys.readouterr().out
    leaf, issuer = chain(ca)
    leaf.verify_directly_issued_by(issuer)
    issuer.verify_directly_issued_by(x509.load_pem_x509_certificate((ca / "root.pem").read_bytes()))
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [f"urn:communewatch:office:{OFFICE}"]
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert leaf.not_valid_after_utc - datetime.now(UTC) == pytest.approx(timedelta(days=90), abs=timedelta(hours=1))


def test_what_a_request_says_of_itself_counts_for_nothing_but_its_key(ca: Path, folder: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.csr"
    foreign.write_bytes(ask("01290-1", new_key()))
    assert sign(ca, folder, foreign) == 0
    leaf = chain(ca)[0]
    assert OFFICE in leaf.subject.rfc4514_string()


def test_keys_are_for_their_owner_only(ca: Path, folder: Path, tmp_path: Path, capsys: Printed) -> None:
    key, out = tmp_path / "office.key", tmp_path / "office.pem"
    arguments = ["--new-key", str(key), "--out", str(out), "--inventory", str(folder)]
    assert main(["ca", "issue", OFFICE, "--ca", str(ca), *arguments]) == 0
    assert main(["ca", "server", "gw.example", "192.0.2.1", "--ca", str(ca), "--out", str(tmp_path / "gw.pem")]) == 0
    keys = [key, tmp_path / "gw.key", ca / "root.key", ca / "issuer.key"]
    assert [path.stat().st_mode & 0o777 for path in keys] == [0o600] * 4
    assert "PRIVATE" not in capsys.readouterr().out


def test_a_gateway_is_known_by_its_names_and_addresses(ca: Path, tmp_path: Path) -> None:
    assert main(["ca", "server", "gw.example", "192.0.2.1", "--ca", str(ca), "--out", str(tmp_path / "gw.pem")]) == 0
    leaf = x509.load_pem_x509_certificate((tmp_path / "gw.pem").read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["gw.example"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["192.0.2.1"]


def test_an_authority_is_never_overwritten(ca: Path, capsys: Printed) -> None:
    before = (ca / "root.key").read_bytes()
    assert main(["ca", "init", "--ca", str(ca)]) == 2
    assert "holds an authority already" in capsys.readouterr().err
    assert (ca / "root.key").read_bytes() == before


def test_issue_is_for_the_first_and_renew_for_the_next(
    ca: Path, folder: Path, request_file: Path, capsys: Printed
) -> None:
    assert sign(ca, folder, request_file, "renew") == 2
    assert "use `issue`" in capsys.readouterr().err
    assert sign(ca, folder, request_file) == 0
    assert sign(ca, folder, request_file) == 2
    assert "use `renew`" in capsys.readouterr().err
    assert sign(ca, folder, request_file, "renew") == 0
    assert [one.holder for one in Folder(ca).issued()] == [OFFICE, OFFICE]


def test_what_is_taken_back_is_void_in_both_lists(ca: Path, folder: Path, request_file: Path, capsys: Printed) -> None:
    sign(ca, folder, request_file)
    serial = chain(ca)[0].serial_number
    assert main(["ca", "revoke", OFFICE, "--ca", str(ca)]) == 0
    found = x509.load_pem_x509_crl((ca / "revoked.crl").read_bytes())
    assert found.get_revoked_certificate_by_serial_number(serial)
    issuer = x509.load_pem_x509_certificate((ca / "issuer.pem").read_bytes())
    assert found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    assert OFFICE in Folder(ca).revoked_offices()
    assert main(["ca", "list", "--ca", str(ca)]) == 0
    assert "revoked" in capsys.readouterr().out


def test_one_certificate_is_taken_back_without_the_others(ca: Path, folder: Path, request_file: Path) -> None:
    sign(ca, folder, request_file)
    first = f"{chain(ca)[0].serial_number:x}"
    sign(ca, folder, request_file, "renew")
    assert main(["ca", "revoke", first, "--ca", str(ca)]) == 0
    assert Folder(ca).revoked_serials() == {int(first, 16)}
    assert OFFICE not in Folder(ca).revoked_offices()


def test_the_list_says_what_ends_soon(
    ca: Path, folder: Path, tmp_path: Path, request_file: Path, capsys: Printed
) -> None:
    out = ["--out", str(tmp_path / "o.pem"), "--inventory", str(folder), "--days", "20"]
    assert main(["ca", "issue", OFFICE, "--ca", str(ca), "--request", str(request_file), *out]) == 0
    capsys.readouterr()
    assert main(["ca", "list", "--ca", str(ca)]) == 1
    assert "ends soon" in capsys.readouterr().out
    assert sign(ca, folder, request_file, "renew") == 0
    assert main(["ca", "list", "--ca", str(ca)]) == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["issue", "99999-1"], "no office '99999-1'"),
        (["issue", OFFICE, "--ca", "nowhere"], "no authority in nowhere"),
        (["issue", OFFICE, "--request", "LICENSE"], "is no certificate request"),
    ],
)
def test_slips_are_told_with_what_to_do(
    ca: Path, folder: Path, request_file: Path, capsys: Printed, arguments: list[str], complaint: str
) -> None:
    usual = ["--ca", str(ca), "--request", str(request_file), "--out", "unwritten", "--inventory", str(folder)]
    verb, office, *own = arguments
    assert main(["ca", verb, office, *usual, *own]) == 2
    assert complaint in capsys.readouterr().err


def test_a_damaged_index_is_told_with_its_line(ca: Path, capsys: Printed) -> None:
    with (ca / "issued.csv").open("a") as file:
        file.write("12,01273-1,yesterday,tomorrow\n")
    assert main(["ca", "list", "--ca", str(ca)]) == 2
    assert "issued.csv:2: is no certificate" in capsys.readouterr().err


@pytest.mark.parametrize("title", ["", " ", "two\nlines", "Tỉnh " * 12])
def test_an_authority_has_a_name_that_fits_into_its_certificates(tmp_path: Path, title: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["ca", "init", "--ca", str(tmp_path / "new"), "--name", title])
    assert caught.value.code == 2
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["", "two words", "cổng.vn", "-a.vn", "a..vn", "x" * 64, "10.0.0.1:9443"])
def test_a_gateway_has_names_that_can_be_called(ca: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["ca", "server", name, "--ca", str(ca), "--out", str(tmp_path / "server.crt")])
    assert caught.value.code == 2


def test_a_gateway_may_have_a_long_name(ca: Path, tmp_path: Path) -> None:
    name = f"{'x' * 63}.{'y' * 63}.example"
    assert main(["ca", "server", name, "--ca", str(ca), "--out", str(tmp_path / "server.crt")]) == 0
    leaf = x509.load_pem_x509_certificates((tmp_path / "server.crt").read_bytes())[0]
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [name]


def test_nothing_is_signed_that_could_not_be_kept(ca: Path, folder: Path, capsys: Printed) -> None:
    """A certificate over its own key, or one that nobody has: the office could not get another one."""
    here = str(ca.parent / "same.pem")
    inventory = ["--inventory", str(folder)]
    for out, key in ((here, here), ("/nowhere/office.crt", here), (here, "/nowhere/office.key"), (str(ca), here)):
        assert main(["ca", "issue", OFFICE, "--ca", str(ca), "--new-key", key, "--out", out, *inventory]) == 2
    assert main(["ca", "server", "gateway.vn", "--ca", str(ca), "--out", str(ca.parent / "server.key")]) == 2
    assert "each" in capsys.readouterr().err
    assert Folder(ca).issued() == ()
