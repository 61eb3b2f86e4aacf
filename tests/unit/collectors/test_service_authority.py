"""Answers of an authority's services: each border between one that holds and one that does not."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from collectors.core import ProbeError, Reason
from collectors.core.values import Url
from collectors.service import crl
from collectors.service.ocsp import Question as OcspQuestion
from collectors.service.target import Kind, Target
from collectors.service.timestamp import Question
from collectors.service.words import Pem
from tests.servers.authorities import DAY, NOW, House, issue

URL = Url("http://authority.example/")
SECOND = timedelta(seconds=1)


@cache
def house() -> House:
    return House.build()


def changed(data: bytes) -> bytes:
    """In the last bit, which is one of the signature."""
    return data[:-1] + bytes([data[-1] ^ 1])


def about_leaf() -> OcspQuestion:
    leaf, issuer = Pem(house().leaf.pem), Pem(house().authority.pem)
    return OcspQuestion.about(Target(kind=Kind.OCSP, url=URL, certificate=leaf, issuer=issuer))


ANSWERS: dict[str, tuple[Callable[[], bytes], Reason, str]] = {
    "good": (lambda: house().says(), Reason.OK, ""),
    "signed by the issuer itself": (lambda: house().says(signer=house().authority), Reason.OK, ""),
    "without an end": (lambda: house().says(until=None), Reason.OK, ""),
    "ends now": (lambda: house().says(until=NOW), Reason.OK, ""),
    "has ended": (lambda: house().says(until=NOW - SECOND), Reason.CONTENT, "ended at"),
    "begins a little later": (lambda: house().says(since=NOW + 300 * SECOND), Reason.OK, ""),
    "begins later": (lambda: house().says(since=NOW + 301 * SECOND), Reason.CONTENT, "holds only from"),
    "revoked": (lambda: house().says(status=ocsp.OCSPCertStatus.REVOKED), Reason.CONTENT, "is revoked"),
    "unknown": (lambda: house().says(status=ocsp.OCSPCertStatus.UNKNOWN), Reason.CONTENT, "is unknown"),
    "about another": (lambda: house().says(about=issue("b", house().authority)), Reason.CONTENT, "another certificate"),
    "signed by a stranger": (lambda: house().says(signer=issue("stranger")), Reason.CONTENT, "not named"),
    "signed without the right": (lambda: house().says(signer=house().stamper), Reason.CONTENT, "not named"),
    "changed": (lambda: changed(house().says(signer=house().authority)), Reason.CONTENT, "signature"),
    "no answer": (
        lambda: ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(
            Encoding.DER
        ),
        Reason.ERROR,
        "TRY_LATER",
    ),
    "garbage": (lambda: b"<html>", Reason.BAD_ANSWER, "not an OCSP answer"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_ocsp_answer_is_believed_only_when_it_holds(name: str) -> None:
    make, reason, words = ANSWERS[name]
    verdict, samples = about_leaf().judge(make(), NOW)
    assert verdict.reason is reason, verdict
    assert words in verdict.why
    status = [dict(sample.labels)["status"] for sample in samples if sample.metric.name.endswith("_status")]
    assert status == {"revoked": ["revoked"], "unknown": ["unknown"]}.get(name, ["good"] if not words else [])


def test_a_question_names_the_certificate() -> None:
    asked = ocsp.load_der_ocsp_request(about_leaf().body)
    assert asked.serial_number == house().leaf.certificate.serial_number


def test_a_certificate_that_cannot_be_read_is_this_machines_fault() -> None:
    broken = Pem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(ProbeError) as caught:
        OcspQuestion.about(Target(kind=Kind.OCSP, url=URL, certificate=broken, issuer=broken))
    assert caught.value.reason is Reason.PERMISSION


@pytest.mark.parametrize(
    ("wishes", "reason", "words"),
    [
        ({}, Reason.OK, ""),
        ({"until": NOW + SECOND}, Reason.OK, ""),
        ({"until": NOW}, Reason.CONTENT, "ended at"),
        ({"since": NOW}, Reason.OK, ""),
        ({"since": NOW + SECOND}, Reason.CONTENT, "holds only from"),
        ({"by": issue("stranger")}, Reason.CONTENT, "not signed by its issuer"),
    ],
)
def test_a_revocation_list_has_its_borders(wishes: dict[str, Any], reason: Reason, words: str) -> None:
    target = Target(kind=Kind.CRL, url=URL, issuer=Pem(house().authority.pem))
    verdict, samples = crl.judge(target, house().revokes(**wishes), NOW)
    assert (verdict.reason, words in verdict.why) == (reason, True), verdict
    assert {sample.metric.name: sample.value for sample in samples}["probe_crl_revoked_certificates"] == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"\x30\x03\x02\x01\x01", b"-----BEGIN X509 CRL-----\nAAAA\n"])
def test_what_is_not_a_revocation_list_is_a_bad_answer(body: bytes) -> None:
    assert crl.judge(Target(kind=Kind.CRL, url=URL), body, NOW)[0].reason is Reason.BAD_ANSWER


@pytest.fixture
def openssl() -> str:
    found = shutil.which("openssl")
    if found is None:
        pytest.skip("openssl is not installed")
    return found


def asked(**fields: Any) -> Question:
    return Question.fresh(Target(kind=Kind.TIMESTAMP, url=URL, **fields))


def stamp(question: Question, body: bytes) -> tuple[Reason, str]:
    verdict, _ = question.judge(body, NOW)
    return verdict.reason, verdict.why


def test_a_real_token_is_verified_and_its_time_compared(openssl: str, tmp_path: Path) -> None:
    question = asked(issuer=Pem(house().authority.pem))
    stamped = house().stamps(openssl, question.body, tmp_path)
    verdict, samples = question.judge(
        stamped, datetime.now(UTC)
    )  # OpenSSL stamps the time it is, not that of the import
    assert verdict.reason is Reason.OK, verdict
    assert [sample.metric.name for sample in samples] == ["probe_timestamp_offset_seconds"]
    assert abs(samples[0].value) < 300


def test_a_token_for_another_question_is_not_believed(openssl: str, tmp_path: Path) -> None:
    question, other = asked(), asked()
    body = house().stamps(openssl, question.body, tmp_path)
    assert stamp(other, body) == (Reason.CONTENT, "the token is for another digest")
    same_digest = Question(question.imprint, other.nonce, None)
    assert "nonce" in stamp(same_digest, body)[1]


def test_a_token_that_was_changed_is_not_believed(openssl: str, tmp_path: Path) -> None:
    question = asked()
    body = house().stamps(openssl, question.body, tmp_path)
    reason, why = stamp(question, changed(body))
    assert (reason, why) == (Reason.CONTENT, "the signature of the token is wrong")
    place = body.index(question.imprint)
    assert "digest" in stamp(question, body[:place] + bytes(32) + body[place + 32 :])[1]


def test_a_token_of_a_stranger_is_not_believed(openssl: str, tmp_path: Path) -> None:
    question = asked(issuer=Pem(issue("another").pem))
    assert "not from the issuer" in stamp(question, house().stamps(openssl, question.body, tmp_path))[1]


def test_an_expired_authority_is_not_believed(openssl: str, tmp_path: Path) -> None:
    question = asked(issuer=Pem(house().authority.pem))
    body = house().stamps(openssl, question.body, tmp_path)
    later: datetime = NOW + 31 * DAY
    assert "expired" in question.judge(body, later)[0].why


def test_a_refusal_is_an_error_and_garbage_a_bad_answer() -> None:
    assert stamp(asked(), bytes.fromhex("30053003020102"))[0] is Reason.ERROR
    for garbage in (b"", b"<html>", b"\x30", b"\x30\x80\x00\x00", b"\x30\x05\x30\x03\x02\x01\x00"):
        assert stamp(asked(), garbage)[0] in (Reason.BAD_ANSWER, Reason.ERROR)
