"""Whole polls of derived cards: the verdict, and every series that leaves the collector."""

import pytest

from collectors.core import ProbeError, Reason
from tests.unit.collectors.ups.cards import FIXTURES, collect, derived, exported, judged

VERDICTS = {
    "powernet-online": "mains",
    "powernet-onbattery": "outage",
    "powernet-lowbattery": "low_battery",
    "powernet-selftest": "self_test",
    "powernet-selftest-15": "self_test",
    "powernet-selftest-cause": "unknown",  # the last cause alone may be that of last week
    "powernet-selftest-flag": "self_test",
    "powernet-selftest-mains-lost": "self_test",  # as far as a first look can tell: see test_watch.py
    "powernet-linklost": "ups_link_lost",
    "powernet-linklost-words": "ups_link_lost",
    "powernet-bypass": "bypass",
    "powernet-overload": "overload",
    "powernet-off": "unknown",
    "powernet-sentinels": "mains",
    "rfc1628-online": "mains",
    "rfc1628-onbattery": "outage",
    "rfc1628-lowbattery": "low_battery",
    "rfc1628-lowbattery-unsaid": "low_battery",
    "rfc1628-empty": "low_battery",
    "rfc1628-selftest": "self_test",
    "rfc1628-selftest-result": "self_test",
    "rfc1628-linklost": "ups_link_lost",
    "rfc1628-bypass": "bypass",
    "rfc1628-overload": "overload",
    "rfc1628-off": "unknown",
    "rfc1628-standby-live": "unknown",
    "rfc1628-brownout": "outage",
    "rfc1628-false-battery": "unknown",
    "rfc1628-distorted": "unknown",
    "rfc1628-seconds-not-reset": "mains",
    "rfc1628-recharging": "mains",
    "rfc1628-tenths": "mains",
    "rfc1628-extra-zero": "mains",
    "rfc1628-phantoms": "mains",
    "rfc1628-phantoms-onbattery": "outage",
    "rfc1628-nulls": "mains",
    "rfc1628-sentinels": "mains",
    "rfc1628-texts": "mains",
    "both-disagree": "outage",
}


def test_every_derived_card_has_a_verdict_here() -> None:
    names = {path.stem.removeprefix("derived-") for path in FIXTURES.glob("*.snmprec")}
    assert names == VERDICTS.keys()


@pytest.mark.parametrize(("card", "verdict"), VERDICTS.items())
async def test_a_derived_card_has_its_verdict(card: str, verdict: str) -> None:
    reading = await judged(derived(card), looks=2)
    assert reading.result is Reason.OK
    assert exported(reading).get(f"ups_power_verdict{{{verdict}}}") == 1, reading.evidence


async def test_a_powernet_card_on_mains_gives_every_series_in_base_units() -> None:
    assert exported(await judged(derived("powernet-online"))) == {
        "ups_power_verdict{mains}": 1,
        "ups_on_battery": 0,
        "ups_outage_suspected": 0,
        "ups_data_age_seconds": 0,
        "ups_disturbances_total": 0,
        "ups_source{line}": 1,
        "ups_battery_state{normal}": 1,
        "ups_self_test_result{passed}": 1,
        "ups_bypass": 0,
        "ups_overload": 0,
        "ups_battery_low": 0,
        "ups_battery_charge_ratio": 1,
        "ups_battery_runtime_seconds": 4020,
        "ups_on_battery_seconds": 0,
        "ups_battery_voltage_volts": pytest.approx(27.4),
        "ups_battery_temperature_celsius": pytest.approx(28.7),
        "ups_battery_replace": 0,
        "ups_input_voltage_volts{1}": pytest.approx(226.4),
        "ups_input_voltage_lowest_volts": pytest.approx(224.7),
        "ups_input_voltage_highest_volts": pytest.approx(228.1),
        "ups_input_frequency_hertz{1}": pytest.approx(49.9),
        "ups_output_voltage_volts{1}": pytest.approx(226.4),
        "ups_output_frequency_hertz": pytest.approx(49.9),
        "ups_load_ratio{1}": pytest.approx(0.214),
        "ups_self_test_running": 0,
        "ups_communication_up": 1,
    }


async def test_an_rfc1628_card_without_mains_gives_every_series_in_base_units() -> None:
    assert exported(await judged(derived("rfc1628-onbattery"))) == {
        "ups_power_verdict{outage}": 1,
        "ups_on_battery": 1,
        "ups_outage_suspected": 0,
        "ups_data_age_seconds": 0,
        "ups_source{battery}": 1,
        "ups_battery_state{normal}": 1,
        "ups_self_test_result{passed}": 1,
        "ups_bypass": 0,
        "ups_overload": 0,
        "ups_battery_low": 0,
        "ups_battery_charge_ratio": pytest.approx(0.88),
        "ups_battery_runtime_seconds": 1980,
        "ups_on_battery_seconds": 75,
        "ups_battery_voltage_volts": pytest.approx(54.7),
        "ups_battery_current_amperes": pytest.approx(8.3),
        "ups_battery_temperature_celsius": 31,
        "ups_battery_replace": 0,
        "ups_input_voltage_volts{1}": 0,
        "ups_input_frequency_hertz{1}": 0,
        "ups_output_voltage_volts{1}": 220,
        "ups_output_frequency_hertz": 50,
        "ups_load_ratio{1}": pytest.approx(0.38),
        "ups_self_test_running": 0,
        "ups_communication_up": 1,
        "ups_input_line_bads_total": 13,
    }


@pytest.mark.parametrize("card", ["powernet-linklost", "powernet-linklost-words", "rfc1628-linklost"])
async def test_a_card_that_lost_its_ups_repeats_no_old_value(card: str) -> None:
    assert exported(await judged(derived(card))) == {
        "ups_power_verdict{ups_link_lost}": 1, "ups_outage_suspected": 0, "ups_communication_up": 0,
    }  # fmt: skip


async def test_an_empty_battery_is_worth_a_zero_on_battery_and_only_there() -> None:
    empty = exported(await collect(derived("rfc1628-empty")))
    assert (empty["ups_battery_charge_ratio"], empty["ups_battery_runtime_seconds"]) == (0, 0)
    on_mains = exported(await collect(derived("rfc1628-sentinels")))
    assert not {"ups_battery_charge_ratio", "ups_battery_runtime_seconds"} & on_mains.keys()


@pytest.mark.parametrize("card", ["rfc1628-sentinels", "powernet-sentinels"])
async def test_sentinels_are_absent_never_a_number(card: str) -> None:
    left = exported(await collect(derived(card)))
    missing = {"ups_battery_charge_ratio", "ups_battery_runtime_seconds", "ups_battery_temperature_celsius",
               "ups_input_voltage_volts{1}"}  # fmt: skip
    assert not missing & left.keys()
    assert left["ups_load_ratio{1}"] > 0


async def test_an_unclear_verdict_does_not_say_whether_there_is_an_outage() -> None:
    assert "ups_on_battery" not in exported(await judged(derived("rfc1628-false-battery")))


async def test_a_battery_that_recharges_is_low_but_no_outage() -> None:
    recharging = exported(await judged(derived("rfc1628-recharging")))
    assert (recharging["ups_battery_low"], recharging["ups_on_battery"]) == (1, 0)


async def test_a_misplaced_decimal_point_is_put_right() -> None:
    values = exported(await collect(derived("rfc1628-tenths")))
    assert values["ups_input_voltage_volts{1}"] == pytest.approx(221.7)
    assert values["ups_output_voltage_volts{1}"] == pytest.approx(220.4)
    assert values["ups_input_frequency_hertz{1}"] == pytest.approx(49.98)
    assert values["ups_output_frequency_hertz"] == pytest.approx(50.01)


async def test_rows_with_a_zero_too_many_are_found() -> None:
    values = exported(await collect(derived("rfc1628-extra-zero")))
    assert [values[f"ups_input_voltage_volts{{{line}}}"] for line in (1, 2, 3)] == [231, 229, 232]
    assert [values[f"ups_load_ratio{{{line}}}"] for line in (1, 2, 3)] == pytest.approx([0.11, 0.27, 0.19])


@pytest.mark.parametrize("card", ["rfc1628-phantoms", "rfc1628-phantoms-onbattery"])
async def test_phases_that_do_not_exist_have_no_series(card: str) -> None:
    assert not [name for name in exported(await collect(derived(card))) if name.endswith(("{2}", "{3}"))]


async def test_the_vendors_word_counts_and_the_disagreement_is_shown() -> None:
    reading = await collect(derived("both-disagree"))
    assert exported(reading)["ups_battery_charge_ratio"] == pytest.approx(0.917)
    assert exported(reading)["ups_input_line_bads_total"] == 14, "what only the other MIB knows is taken from it"
    assert exported(reading)["ups_mibs_disagree"] == 1
    assert any("its MIBs disagree" in line for line in reading.evidence)


async def test_a_makers_mib_that_says_mains_is_doubted_where_the_other_has_two_reasons_to_say_battery() -> None:
    both = {**derived("powernet-online"), **derived("rfc1628-onbattery")}
    doubted = exported(await judged(both, looks=2))
    assert (doubted["ups_power_verdict{unknown}"], doubted["ups_outage_suspected"]) == (1, 1)
    alone = {**derived("powernet-online"), "1.3.6.1.2.1.33.1.4.1.0": 5}
    assert exported(await judged(alone, looks=2))["ups_power_verdict{mains}"] == 1
    tested = {**derived("powernet-online"), **derived("rfc1628-selftest")}
    assert exported(await judged(tested, looks=2))["ups_power_verdict{mains}"] == 1


async def test_one_mib_can_be_asked_for_alone() -> None:
    reading = await collect(derived("both-disagree"), mib="rfc1628")
    assert exported(reading)["ups_battery_charge_ratio"] == pytest.approx(0.91)
    assert "ups_mibs_disagree" not in exported(reading)
    assert not any("disagree" in line for line in reading.evidence)


async def test_info_names_the_ups_without_the_padding_of_its_texts() -> None:
    (info,) = (
        sample for sample in (await collect(derived("rfc1628-texts"))).samples if sample.metric.name == "ups_info"
    )
    assert dict(info.labels) == {
        "manufacturer": "Derived", "model": "Line 2000", "serial": "", "firmware": "2.11", "mib": "rfc1628",
    }  # fmt: skip


async def test_an_agent_without_a_ups_is_unsupported_and_introduces_itself() -> None:
    with pytest.raises(ProbeError) as caught:
        await collect({"1.3.6.1.2.1.1.1.0": b"A printer"})
    assert caught.value.reason is Reason.UNSUPPORTED
    assert "A printer" in caught.value.message


async def test_a_card_that_only_talks_nonsense_is_a_bad_answer() -> None:
    nonsense = dict.fromkeys(derived("rfc1628-online"), b"\xff\x00?")
    with pytest.raises(ProbeError) as caught:
        await collect(nonsense)
    assert caught.value.reason is Reason.BAD_ANSWER
