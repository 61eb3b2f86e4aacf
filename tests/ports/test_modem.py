"""A modem by the host port: one suite for the fake and for the adapter with a program in mmcli's place."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from agent.io.host import HostAdapter
from collectors.core import ProbeError, Reason
from collectors.core.ports import HostPort
from collectors.modem.said import read
from tests.fakes.host import FakeHost, machine

ANSWER = {
    "generic": {"state": "connected", "access-technologies": ["lte"]},
    "signal": {"lte": {"rsrp": "-97.00", "snr": "--"}},
}
Make = Callable[[Mapping[str, object] | None], HostPort]


def program(folder: Path, script: str) -> None:
    """What is called mmcli on this machine from now on."""
    file = folder / "mmcli"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@pytest.fixture(params=["fake", "adapter"])
def port(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A port for a machine with this modem, or with none."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")

    def make(answer: Mapping[str, object] | None) -> HostPort:
        if request.param == "fake":
            return FakeHost(machine(), modems={} if answer is None else {"any": answer})
        text = json.dumps({"modem": answer})
        program(tmp_path, 'echo "error: couldn\'t find modem" >&2; exit 1' if answer is None else f"echo '{text}'")
        return HostAdapter()

    return make


async def test_what_is_said_of_a_modem_can_be_read(port: Make) -> None:
    signal = read(await port(ANSWER).modem("any", 10))
    assert (signal.state, signal.technology, signal.rsrp, signal.sinr) == ("connected", "lte", -97.0, None)


async def test_a_modem_that_is_not_there_gives_no_answer(port: Make) -> None:
    with pytest.raises(ProbeError, match="modem") as caught:
        await port(None).modem("any", 10)
    assert caught.value.reason is Reason.NO_ANSWER


async def test_a_machine_without_modem_manager_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProbeError) as caught:
        await HostAdapter().modem("any", 10)
    assert caught.value.reason is Reason.UNSUPPORTED


SCRIPTS = {
    "echo 'not JSON'": Reason.BAD_ANSWER,
    "echo '[1]'": Reason.BAD_ANSWER,
    "head -c 200000 /dev/zero": Reason.BAD_ANSWER,
    "echo 'error: Not authorized' >&2; exit 1": Reason.PERMISSION,
    "exit 7": Reason.NO_ANSWER,
    "exec sleep 60": Reason.TIMEOUT,
}


@pytest.mark.parametrize(("script", "reason"), SCRIPTS.items(), ids=SCRIPTS.keys())
async def test_a_program_that_misbehaves_has_a_reason(
    script: str, reason: Reason, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProbeError) as caught:
        await HostAdapter().modem("any", 0.5 if reason is Reason.TIMEOUT else 10)
    assert caught.value.reason is reason


async def test_a_cell_that_nobody_may_ask_for_costs_the_signal_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = json.dumps({"modem": ANSWER})
    program(tmp_path, f"case \"$*\" in *location*) echo 'not authorized' >&2; exit 1;; esac; echo '{answer}'")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read(await HostAdapter().modem("any", 10)).rsrp == -97.0
