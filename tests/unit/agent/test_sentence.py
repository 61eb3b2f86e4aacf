"""One run in one sentence, Vietnamese and English."""

import pytest

import collectors
from agent.config import Probe
from agent.outcome import Outcome
from agent.sentence import sentence
from collectors.core import Reading, Reason, Sample
from collectors.messages import catalogue
from collectors.messages.said import Said
from collectors.service import metrics
from collectors.ups import POWER_VERDICT, Verdict
from tests.unit.agent.conftest import probe


def outcome(reason: Reason, *samples: Sample, seconds: float = 9.2, **phases: float) -> Outcome:
    return Outcome(probe(), Reading(reason, samples, phases), 0.0, seconds)


def service() -> Probe:
    found = collectors.load("service")
    return Probe("service", found, None, {}, None, found.schedule, 0.0)


def test_a_frozen_service_is_told_with_the_phase_that_hung_and_both_attempts() -> None:
    samples = metrics.HTTP_STATUS(0), metrics.ATTEMPTS(2)
    frozen = outcome(Reason.FROZEN, *samples, connect=0.02, processing=5.0)
    assert sentence(frozen) == (
        "Đồ chơi – bị treo: kết nối được nhưng không có dữ liệu trả về; mất 9,2 giây, "
        "lâu nhất ở bước chờ máy chủ trả lời (5,0 giây), sau 2 lần thử."
    )
    assert sentence(frozen, "en") == (
        "Toy – frozen: connected, then no data; 9.2 s in all, longest in waiting for the answer (5.0 s), "
        "after 2 attempts."
    )


def test_an_answer_is_told_with_its_status() -> None:
    said = sentence(outcome(Reason.ERROR, metrics.HTTP_STATUS(503), metrics.ATTEMPTS(1), seconds=0.25))
    assert said == "Đồ chơi – hệ thống báo lỗi; mất 0,250 giây, mã trạng thái HTTP 503."


def test_both_sentences_say_what_was_seen_and_what_to_do() -> None:
    certificate = Said("certificate.other_host", name="portal.example")
    seen = Said("in_phase", what=certificate, phase=Said("phase.tls"))
    failed = Outcome(service(), Reading(Reason.TLS, evidence=(seen,)), 0.0, 0.5)
    assert sentence(failed).endswith(
        "; chi tiết: chứng thư số được cấp cho máy chủ khác, không phải portal.example (bước bắt tay TLS); "
        "việc cần làm: báo đơn vị chủ quản."
    )
    assert sentence(failed, "en").endswith(
        "; the certificate is for another host than portal.example (phase tls); next: tell the owner."
    )


def test_what_was_seen_knows_the_next_step_better_than_the_result() -> None:
    expired = Said("in_phase", what=Said("certificate.expired"), phase=Said("phase.tls"))
    failed = Outcome(probe(), Reading(Reason.TLS, evidence=(expired,)), 0.0, 0.5)
    assert "báo đơn vị chủ quản gia hạn chứng thư số" in sentence(failed)


def test_a_figure_is_written_as_each_language_writes_it() -> None:
    slow = Outcome(probe(), Reading(Reason.TIMEOUT, evidence=(Said("time.trickling", seconds=2.5),)), 0.0, 2.5)
    assert "sau 2,5 giây" in sentence(slow)
    assert "after 2.5 s" in sentence(slow, "en")


def test_the_english_sentence_says_why() -> None:
    failed = Outcome(probe(), Reading(Reason.REFUSED, evidence=("GET /", "connection refused")), 0.0, 0.5)
    assert sentence(failed, "en") == "Toy – the connection is refused; 0.500 s in all; connection refused."


def test_a_slow_answer_is_told_beside_what_is_usual() -> None:
    assert "usual at this hour: 1.0 s." in sentence(outcome(Reason.SLOW, metrics.USUAL(1.0)), "en")


def test_a_look_at_a_ups_tells_its_verdict() -> None:
    verdicts = [POWER_VERDICT(each is Verdict.LOW_BATTERY, verdict=each) for each in Verdict]
    assert sentence(outcome(Reason.OK, *verdicts)).endswith("; nguồn điện: Mất điện, ắc quy sắp cạn.")
    assert sentence(outcome(Reason.OK, *verdicts), "en").endswith("; power: Low battery.")


def test_a_phase_without_a_translation_keeps_its_name() -> None:
    assert "longest in warmup (2.0 s)" in sentence(outcome(Reason.OK, warmup=2.0), "en")


def test_a_phase_that_explains_nothing_of_the_time_is_not_told() -> None:
    """Echoes are sent with pauses, which are no phase."""
    said = sentence(outcome(Reason.OK, seconds=0.4, resolve=0.0001, rtt=0.0002), "en")
    assert said == "Toy – works; 0.400 s in all."


def test_every_reason_makes_a_sentence() -> None:
    for reason in Reason:
        assert sentence(outcome(reason)).startswith("Đồ chơi – ")


@pytest.mark.parametrize(
    ("collector", "vi", "en"),
    [
        ("host", "Máy tính này – đọc được các số đo;", "This machine – can be read;"),
        ("ups", "Bộ lưu điện – trả lời bình thường;", "The UPS – answers;"),
        ("link", "Đường truyền – hoạt động bình thường;", "The link – works;"),
        ("bandwidth", "Phép đo băng thông – đã đo xong;", "The throughput test – is done;"),
        ("service", "Dịch vụ được đo – hoạt động bình thường;", "The service – works;"),
    ],
)
def test_what_has_no_name_is_called_what_it_is(collector: str, vi: str, en: str) -> None:
    found = collectors.load(collector)
    unnamed = Probe(collector, found, None, {}, None, found.schedule, 0.0)
    said = Outcome(unnamed, Reading(Reason.OK), 0.0, 1.0)
    assert sentence(said).startswith(vi)
    assert sentence(said, "en").startswith(en)


def test_every_collector_has_a_word_for_what_it_looks_at() -> None:
    told = {key.rpartition(".")[2] for key in catalogue() if key.startswith("probe.sentence.unnamed.")}
    assert told >= set(collectors.names())
    own = {key.split(".")[2] for key in catalogue() if key.startswith("probe.reason_of.")}
    assert own <= told
