from ipaddress import IPv4Network

import pytest

from tests.lab.errors import LabError
from tests.lab.plan import CANDIDATES, MOST_OFFICES, Plan, free_network


def test_no_two_places_share_an_address() -> None:
    plan = Plan(IPv4Network("198.18.7.0/24"))
    offices = range(MOST_OFFICES)
    addresses = [plan.province, *map(plan.service, range(3)), *map(plan.office, offices), *map(plan.ups, offices)]
    routers = [plan.address(subnet, 1) for subnet in range(4 + MOST_OFFICES)]
    assert len({*addresses, *routers}) == len(addresses) + len(routers)


def test_a_network_that_the_machine_already_has_a_route_to_is_left_alone() -> None:
    elsewhere = [IPv4Network("0.0.0.0/0"), IPv4Network("192.168.1.0/24")]
    assert free_network(7, elsewhere) == IPv4Network("198.18.7.0/24")
    assert free_network(7, [*elsewhere, IPv4Network("198.18.0.0/15")]) == IPv4Network("10.118.7.0/24")


def test_a_machine_without_a_free_network_says_so() -> None:
    taken = [IPv4Network(candidate.format(number=7)) for candidate in CANDIDATES]
    with pytest.raises(LabError, match=r"10\.118\.7\.0/24"):
        free_network(7, taken)
