"""A joint verdict as the outside world sees it: on /metrics and on the officers' page."""

from pathlib import Path

from tests.scripts.test_agent import free_port, running
from tests.servers.errand import Errand
from tests.servers.tcp import listening

CONFIG = """
version: 1
identity: {{province: "04", commune: "01273", office: 01273-1}}
name: {{vi: Trung tâm, en: Centre}}
listen: 127.0.0.1:{port}
joint:
  birth: {{name: {{vi: Đăng ký khai sinh, en: Birth registration}}, services: [portal, civil_status]}}
probes:
  - collector: service
    labels: {{service: portal}}
    name: {{vi: Cổng, en: Portal}}
    every: 1s
    timeout: 1s
    target: {{url: "http://127.0.0.1:{good}/"}}
  - collector: service
    labels: {{service: civil_status}}
    name: {{vi: Hộ tịch, en: Civil status}}
    every: 1s
    timeout: 1s
    target: {{url: "http://127.0.0.1:{bad}/"}}
"""


async def test_an_errand_needs_all_its_services(tmp_path: Path) -> None:
    config, port = tmp_path / "agent.yml", free_port()
    async with listening(Errand().behave) as good:
        config.write_text(CONFIG.format(port=port, good=good, bad=free_port()), encoding="utf-8")
        async with running(config, port) as agent:
            await agent.shows('joint_success{joint="birth"} 0')
            await agent.shows('joint_failing_services{joint="birth"} 1')
            await agent.shows("Chưa thực hiện được, do: Hộ tịch", "/")
            config.write_text(CONFIG.format(port=port, good=good, bad=good), encoding="utf-8")
            await agent.shows('joint_success{joint="birth"} 1')
            await agent.shows("Các hệ thống cần thiết đều hoạt động", "/")
