"""A small sound inventory in a folder: two offices of Cao Bằng, every other commune planned."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inventory import register

PROVINCE = """\
province: "04"
web_name: caobang
agent: {{listen: 0.0.0.0:9817, contact: Trực ban}}
plans:
  fibre: {{operator: vnpt, technology: ftth, down_mbps: 100, up_mbps: 50, monthly_budget: 80GB}}
  mobile: {{operator: viettel, technology: 4g, down_mbps: 40, up_mbps: 15, monthly_budget: 4GB,
    interface: wwan0, reference: 198.51.100.10, responder: "198.51.100.11:9818"}}
ups_models:
  apc: {{name: APC SMT1500, target: {{community: {{file: secrets/ups}}}}}}
probes:
  host: {{every: 1m}}
  bandwidth: {{target: {{responder: speed.example:9818, key: {{file: secrets/responder}}}}}}
planned:
{planned}
"""
OFFICES = """\
offices:
  01273-1:
    address: 10.4.1.2
    links: {main: fibre, backup: mobile}
    ups: {main: {model: apc, host: 10.4.1.9}}
  01290-1:
    address: 10.4.4.2:9900
    links: {main: {plan: fibre, down_mbps: 80, circuit: CBG-7}}
    name: {vi: Một cửa Bảo Lâm, en: Bảo Lâm one-stop}
    latitude: 22.8300
    longitude: 105.5000
"""
SERVICES = """\
services:
  portal: {every: 2m, verified: 2026-11-20}
  one_stop: {enabled: false}
"""
CONTACTS = """\
province: {name: {vi: Trực ban, en: Duty}, channels: [zalo-duty]}
operators:
  vnpt: {name: {vi: VNPT Cao Bằng, en: VNPT Cao Bằng}, channels: [email-vnpt]}
"""
WITH_OFFICE = ("01273", "01290")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    province = tmp_path / "provinces" / "04"
    province.mkdir(parents=True)
    others = [unit.code for unit in register.load().communes_of("04") if unit.code not in WITH_OFFICE]
    planned = "\n".join(f"  {code}: year 2" for code in others)
    texts = {"province": PROVINCE.format(planned=planned), "offices": OFFICES, "services": SERVICES}
    for name, text in {**texts, "contacts": CONTACTS}.items():
        (province / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit(folder: Path) -> Edit:
    """edit(file, old, new): one slip in one file."""

    def replace(name: str, old: str, new: str) -> None:
        path = folder / "provinces" / "04" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
