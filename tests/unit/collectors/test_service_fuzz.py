"""Whatever bytes a far end sends, the parsers of the service collector end in a verdict or a ProbeError."""

from contextlib import suppress
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from collectors.core import ProbeError, Reason
from collectors.core.ports import Datagram, Staple
from collectors.core.values import Url
from collectors.service import crl, der
from collectors.service.banner import judge_banner
from collectors.service.ntp import read
from collectors.service.ocsp import Question as OcspQuestion
from collectors.service.staple import judge as judge_staple
from collectors.service.starttls import Imap, Smtp
from collectors.service.target import Kind, Target
from collectors.service.timestamp import Question
from collectors.service.words import Pem
from tests.servers.authorities import NOW, House
from tests.servers.ntp import reply

URL = Url("http://authority.example/")
NOT_OK = {Reason.BAD_ANSWER, Reason.CONTENT, Reason.ERROR}
COOKIE = 99
spoilt_mail = st.sampled_from((b"220 a\r\n", b"250-STARTTLS\r\n", b"250 STARTTLS\r\n", b"* OK\r\n", b"t OK\r\n", b"t "))


@cache
def house() -> House:
    return House.build()


@cache
def right_answers() -> tuple[bytes, ...]:
    return house().says(), house().says(signer=house().authority), house().revokes()


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Bytes, or a right answer with some of its bytes changed, left out or doubled."""
    data = bytearray(draw(st.sampled_from(right_answers())))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        data[start : start + draw(st.integers(0, 8))] = draw(st.binary(max_size=8))
    return draw(st.sampled_from((bytes(data), draw(st.binary(max_size=300)))))


def nodes() -> st.SearchStrategy[bytes]:
    """Values in DER, nested."""
    tags = st.sampled_from((0x02, 0x04, 0x06, 0x18, 0x30, 0x31, 0xA0))
    return st.recursive(
        st.builds(der.write, tags, st.binary(max_size=40)),
        lambda inner: st.builds(lambda tag, parts: der.write(tag, *parts), tags, st.lists(inner, max_size=5)),
    )


@given(spoilt())
def test_an_ocsp_answer_is_never_a_crash(body: bytes) -> None:
    target = Target(kind=Kind.OCSP, url=URL, certificate=Pem(house().leaf.pem), issuer=Pem(house().authority.pem))
    assert OcspQuestion.about(target).judge(body, NOW)[0].reason in NOT_OK | {Reason.OK}


@given(spoilt())
def test_a_revocation_list_is_never_a_crash(body: bytes) -> None:
    target = Target(kind=Kind.CRL, url=URL, issuer=Pem(house().authority.pem))
    assert crl.judge(target, body, NOW)[0].reason in NOT_OK | {Reason.OK}


@given(st.one_of(st.binary(max_size=300), nodes(), spoilt()))
def test_a_timestamp_that_was_made_up_is_never_believed(body: bytes) -> None:
    assert Question.fresh(Target(kind=Kind.TIMESTAMP, url=URL)).judge(body, NOW)[0].reason in NOT_OK


@given(nodes())
def test_what_is_written_in_der_is_read_again(data: bytes) -> None:
    assert der.read(data).whole == data


@given(st.integers(0, 2**80))
def test_integers_survive_der(number: int) -> None:
    assert der.read(der.write_integer(number)).integer() == number


@given(st.one_of(st.binary(max_size=60), st.binary(min_size=48, max_size=48)))
def test_a_time_servers_answer_is_never_a_crash(data: bytes) -> None:
    with suppress(ProbeError):
        read(Datagram("10.0.0.1", data, 0.0, 0.01, 1_800_000_000.0), COOKIE)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(1, 15))
def test_any_time_gives_a_finite_offset(receive: int, transmit: int, stratum: int) -> None:
    packet = bytearray(reply(bytes(40) + COOKIE.to_bytes(8), 0.0, 0.0, stratum=stratum))
    packet[32:40], packet[40:48] = receive.to_bytes(8), transmit.to_bytes(8)
    with suppress(ProbeError):
        found = read(Datagram("10.0.0.1", bytes(packet), 0.0, 0.01, 1_800_000_000.0), COOKIE)
        assert abs(found.offset) <= 2**31
        assert found.delay >= 0


@given(st.sampled_from((Kind.SMTP, Kind.IMAP, Kind.SSH)), st.binary(max_size=200))
def test_a_greeting_is_never_a_crash(kind: Kind, said: bytes) -> None:
    assert judge_banner(Target(kind=kind, host="a.example"), said).reason in (
        Reason.OK,
        Reason.BUSY,
        Reason.BAD_ANSWER,
    )


@given(st.lists(st.one_of(spoilt_mail, st.binary(max_size=60)), max_size=6), st.sampled_from((Smtp, Imap)))
def test_any_words_of_a_mail_server_lead_on_or_end_the_conversation(
    words: list[bytes], kind: type[Smtp | Imap]
) -> None:
    reply, heard = kind(), b""
    with suppress(ProbeError):
        for word in words:
            heard += word
            said = reply(heard)
            if said is None:
                break
            assert said == b"" or said.endswith(b"\r\n")


@given(spoilt(), st.lists(st.binary(max_size=80), max_size=3))
def test_any_stapled_answer_is_good_or_a_matter_of_tls(answer: bytes, certificates: list[bytes]) -> None:
    assert judge_staple(Staple(tuple(certificates), answer), NOW)[0].reason is Reason.TLS
