"""Trains over an imaginary link: its rate, what others use of it, its bucket; no packet is sent and no time passes."""

from collections import Counter
from dataclasses import dataclass, field

from collectors.core import Reason
from collectors.core.ports import Direction, Ending, Failure, Heard, Sent, Train, TrainRequest


@dataclass(slots=True)
class FakeTrain:
    """The `train` of a net port. Bytes per second. `rates`: of one probe after the other, the last one stays."""

    rates: list[float] = field(default_factory=lambda: [2_500_000.0])
    others: float = 0.0
    bucket: float = 0.0
    key: str = "sixteen letters!"
    failure: Failure | None = None
    asked: list[TrainRequest] = field(default_factory=list)
    _totals: Counter[Direction] = field(default_factory=Counter)

    async def train(self, request: TrainRequest, timeout: float) -> Train:
        rate = self.rates[min(len(self.asked), len(self.rates) - 1)]
        self.asked.append(request)
        failure = self.failure
        if request.key.reveal() != self.key:
            failure = Failure(Reason.DENIED, "handshake", "this responder has another key")
        if failure:
            return Train(total_bytes=self._totals[request.direction], phases={failure.phase: 0.0}, failure=failure)
        return self._measure(request, rate)

    def _measure(self, request: TrainRequest, rate: float) -> Train:
        sending = request.expected * request.factor
        until_knee = self.bucket / max(1.0, sending + self.others - rate)
        saturated = sending + self.others > rate
        size = min(request.max_bytes, round(sending * (until_knee + 0.1))) if saturated else request.max_bytes
        self._totals[request.direction] += size
        if not saturated or size == request.max_bytes:
            heard = Heard(Ending.BYTES, sending, received=size // 1500)
            sent = Sent(sending, sending, size)
        else:
            tail = rate * sending / (sending + self.others)
            heard = Heard(Ending.KNEE, tail, self.bucket, (rate,) * 5, received=size // 1500, delay_rise=0.02)
            sent = Sent(sending, sending, size, (100 * rate,) * 5)
        phases = {"resolve": 0.0, "connect": 0.02, "handshake": 0.02, "knock": 0.04, "train": size / sending}
        return Train(heard, sent, 0.02, size, self._totals[request.direction], phases)
