"""A journey over the real http port against real servers on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from agent.io.clock import MachineClock
from agent.io.http import HttpAdapter
from collectors.core import Reading, Reason
from collectors.core.decode import decode_text
from collectors.journey import COLLECTOR
from collectors.journey.target import Target
from tests.fakes.ports import FakePorts
from tests.servers import errand
from tests.servers.errand import Errand
from tests.servers.tcp import listening

PLENTY = 20.0
ERRAND = """
family: ip4
steps:
  home:
    url: {portal}/
    body_matches: [Cổng]
    take: {{token: 'regex name="csrf" value="([^"]+)"'}}
  login_page: {{url: "{portal}/login?lang=vi", body_matches: [VNeID]}}
  draft:
    url: {portal}/drafts
    method: POST
    form: {{csrf: "{{token}}", procedure: birth_registration}}
    status: [303]
    follow_redirects: false
    take: {{draft: location}}
  look: {{url: "{{draft}}", timeout: {patience}, take: {{id: json draft.id}}}}
clean_up:
  delete: {{url: "{portal}/drafts/{{id}}", method: DELETE, headers: {{X-Token: "{{token}}"}}, status: [204]}}
  delete_blindly: {{url: "{{draft}}", method: DELETE, headers: {{X-Token: "{{token}}"}}, status: [204], timeout: 300ms}}
"""
VISITED = ["GET /", "GET /login", "POST /drafts", "GET /drafts/7", "DELETE /drafts/7", "DELETE /drafts/7"]


@asynccontextmanager
async def serving(portal: Errand, known: str = "localhost") -> AsyncIterator[str]:
    """The portal on 127.0.0.1, its login page on another host; gives the portal's URL."""
    async with listening(Errand(asked=portal.asked).behave) as sso, listening(portal.behave) as port:
        portal.login = f"http://{known}:{sso}/auth?client=portal&state=1"
        yield f"http://127.0.0.1:{port}"


async def walk(text: str, timeout: float = PLENTY) -> Reading:
    ports = FakePorts(http=HttpAdapter("communewatch/test (+someone@example.org)"), clock=MachineClock())
    return await COLLECTOR.collect(decode_text(text, Target, "agent.yml").value, ports, timeout)


async def run_errand(portal: Errand, hosts: str = "hosts: [localhost]", timeout: float = PLENTY) -> Reading:
    async with serving(portal) as url:
        return await walk(ERRAND.format(portal=url, patience="300ms") + hosts, timeout)


def step(reading: Reading, metric: str, name: str) -> float:
    return next(
        sample.value
        for sample in reading.samples
        if sample.metric.name == f"journey_{metric}" and sample.label("step") == name
    )


async def test_an_errand_is_run_from_the_front_page_to_the_clean_up() -> None:
    portal = Errand()
    reading = await run_errand(portal)
    assert reading.result is Reason.OK, reading.evidence
    assert [name for name in portal.asked if name != "GET /auth"] == VISITED
    assert portal.drafts == set()
    assert portal.cookies == ["", *["SID=s-1"] * 5]
    assert list(reading.phases) == ["home", "login_page", "draft", "look", "delete", "delete_blindly"]


async def test_a_login_page_on_a_host_that_was_not_named_is_an_unexpected_redirect() -> None:
    portal = Errand()
    reading = await run_errand(portal, hosts="")
    assert (reading.result, portal.asked) == (Reason.REDIRECT, ["GET /", "GET /login"])
    assert step(reading, "failed_step", "login_page") == 1


async def test_a_step_that_hangs_is_frozen_and_what_was_made_is_removed() -> None:
    portal = Errand(hangs=frozenset({"GET /drafts/7"}))
    reading = await run_errand(portal)
    assert (reading.result, portal.drafts) == (Reason.FROZEN, set())
    assert step(reading, "failed_step", "look") == 1
    assert 0.3 <= step(reading, "step_duration_seconds", "look") < 0.6
    assert "delete" not in reading.phases, "the id was never taken"


async def test_a_step_that_the_journeys_end_cuts_short_leaves_time_for_the_clean_up() -> None:
    portal = Errand(hangs=frozenset({"GET /"}))
    async with serving(portal) as url:
        leave = f"{{url: {url}/login, status: [302], follow_redirects: false}}"
        reading = await walk(f"steps: {{home: {{url: {url}/}}}}\nclean_up: {{leave: {leave}}}", timeout=0.6)
    assert reading.result is Reason.TIMEOUT
    assert step(reading, "step_success", "leave") == 1
    assert sum(reading.phases.values()) < 0.66


async def test_a_clean_up_that_fails_is_the_verdict_when_all_else_went_well() -> None:
    portal = Errand(fails=frozenset({"DELETE /drafts/7"}))
    reading = await run_errand(portal)
    assert (reading.result, portal.asked[-2:]) == (Reason.ERROR, VISITED[-2:])
    assert step(reading, "failed_step", "delete") == 1


async def test_a_clean_up_that_hangs_ends_in_time() -> None:
    portal = Errand(hangs=frozenset({"DELETE /drafts/7"}))
    reading = await run_errand(portal, hosts="hosts: [localhost]\nreserve: 1s", timeout=2)
    assert (reading.result, step(reading, "failed_step", "delete")) == (Reason.TIMEOUT, 1)
    assert sum(reading.phases.values()) <= 2.2


@pytest.mark.parametrize(("budget", "reason"), [("10s", Reason.OK), ("250ms", Reason.SLOW)])
async def test_a_journey_over_its_budget_is_slow(budget: str, reason: Reason) -> None:
    async with listening(errand.slow) as port:
        reading = await walk(f"{{steps: {{only: {{url: 'http://127.0.0.1:{port}/'}}}}, budget: {budget}}}")
    assert (reading.result, reading.success) == (reason, True)
