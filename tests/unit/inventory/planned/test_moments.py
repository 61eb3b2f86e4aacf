"""Times as people write them: read one way or refused, never another way."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.core.values import VIETNAM
from inventory.planned.moments import moment, period, window
from inventory.planned.window import LONGEST, Window

AT = datetime(2026, 11, 25, 7, 30, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "written",
    [
        "07:30 25/11/2026", "25/11/2026 07:30", "25/11/2026 7:30:00", "7h30 ngày 25/11/2026",
        "07:30:00 ngày 25/11/2026",
        "7g30 25-11-2026", "7 giờ 30 ngày 25.11.2026", "2026-11-25 07:30", "2026-11-25T07:30", "2026-11-25T00:30Z",
        "2026-11-25T09:30:00+09:00",
    ],
)  # fmt: skip
def test_a_moment_is_read_however_it_is_written(written: str) -> None:
    assert moment(written) == AT


@pytest.mark.parametrize(
    "written",
    [
        "", "25/11/2026", "07:30", "07:30 25/11", "07:30 25/11/26", "07:30 11/25/2026", "07:30 30/02/2026",
        "25:00 25/11/2026", "24:30 25/11/2026", "07:60 25/11/2026", "07:30 - 08:00 25/11/2026", "2026-11-25",
        "sáng mai",
    ],
)  # fmt: skip
def test_what_is_half_a_moment_or_two_of_them_is_refused_and_the_right_way_is_said(written: str) -> None:
    with pytest.raises(ValueError, match=r"write 07:30|the day comes first"):
        moment(written)


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("1:30 PM - 5:00 PM 25/11/2026", (13.5, 17)), ("25/11/2026 01:30:00 CH - 25/11/2026 05:00:00 CH", (13.5, 17)),
        ("7h30 sáng đến 11h trưa ngày 25/11/2026", (7.5, 11)), ("7 giờ 30 phút sang - 1h chieu 25/11/2026", (7.5, 13)),
        ("12:15 AM - 12:30 PM 25/11/2026", (0.25, 12.5)), ("6h toi - 10h dem 25/11/2026", (18, 22)),
        ("7h toi 11h 25/11/2026", (7, 11)), ("7h30 tới 11h 25/11/2026", (7.5, 11)),
        ("11h trưa - 1h trưa 25/11/2026", (11, 13)),
        ("9h sáng - 17h 25/11/2026", (9, 17)), ("7 giờ 30 phút - 11 giờ 25/11/2026", (7.5, 11)),
    ],
)  # fmt: skip
def test_the_half_of_the_day_counts(written: str, hours: tuple[float, float]) -> None:
    midnight = datetime(2026, 11, 25, tzinfo=VIETNAM)
    assert period(written) == Window(*(midnight + timedelta(hours=one) for one in hours))


@pytest.mark.parametrize(
    "written",
    ["1h30 - 5h chiều 25/11/2026", "7h30 sáng - 11h 25/11/2026", "10h đêm - 12h đêm 25/11/2026",
     "13h sáng - 14h 25/11/2026", "07:30 - 11:00 25/11 - 26/11/2026"],
)  # fmt: skip
def test_what_may_be_either_half_or_another_day_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"half of the day|is no time of day|is no whole date"):
        period(written)


def test_two_cells_are_held_together() -> None:
    with pytest.raises(ValueError, match="half of the day"):
        window("1h30", "5h chiều", "25/11/2026")
    with pytest.raises(ValueError, match="no whole date"):
        window("07:30 24/11/26", "11:00", "25/11/2026")


def test_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    assert moment("24:00 25/11/2026") == datetime(2026, 11, 26, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "written",
    [
        "07:30 - 11:00 25/11/2026", "Từ 07:30:00 ngày 25/11/2026 đến 11:00:00 ngày 25/11/2026", "7h30-11h 25/11/2026",
        "25/11/2026 07:30 - 25/11/2026 11:00",
    ],
)  # fmt: skip
def test_one_cell_may_hold_both_ends(written: str) -> None:
    assert period(written) == Window(AT, AT + timedelta(hours=3, minutes=30))


def test_the_day_may_stand_in_a_cell_of_its_own() -> None:
    expected = Window(AT, AT + timedelta(hours=3, minutes=30))
    assert window("7h30", "11h00", "25/11/2026") == expected
    assert period("07:30 - 11:00", "25/11/2026") == expected


def test_a_cut_over_midnight_needs_both_days() -> None:
    night = period("22:00 25/11/2026 - 05:00 26/11/2026")
    assert night.end - night.start == timedelta(hours=7)
    with pytest.raises(ValueError, match="ends before it begins"):
        period("22:00 - 05:00 25/11/2026")


def test_a_slip_in_the_month_is_no_cut_of_half_a_year() -> None:
    with pytest.raises(ValueError, match="lasts longer than 31 days"):
        window("07:30 25/01/2026", "11:00 25/07/2026")


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 1), timezones=st.just(VIETNAM)).map(  # noqa: DTZ001
    lambda found: found.replace(second=0, microsecond=0)
)


@given(MOMENTS, st.sampled_from(["%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M:%S", "%Hh%M ngày %d/%m/%Y", "%Y-%m-%dT%H:%M"]))
def test_every_moment_survives_every_way_of_writing_it(found: datetime, form: str) -> None:
    assert moment(found.strftime(form)) == found


@given(
    MOMENTS,
    st.timedeltas(timedelta(minutes=1), LONGEST).map(lambda length: timedelta(minutes=length // timedelta(minutes=1))),
)
def test_a_window_is_read_back_as_it_was_written(start: datetime, length: timedelta) -> None:
    one = Window(start, start + length)
    assert Window.parse(str(one)) == one
    assert Window(start.astimezone(UTC), one.end).spoken() == one.spoken()


@given(st.text(alphabet="0123456789/:-hgT. ngàyđến", max_size=40))
def test_whatever_is_written_is_read_or_refused_with_words(written: str) -> None:
    for read in (moment, period, Window.parse):
        try:
            read(written)
        except ValueError as error:
            assert str(error)  # noqa: PT017 - both ends are right


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-11-25T07:30", "is not a time"),
        ("2026-11-25T07:30/tomorrow", "'tomorrow' is not a moment"),
        ("2026-11-25T07:30/2026-11-25T07:30", "ends before it begins"),
    ],
)
def test_a_wrong_window_is_refused_with_words(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Window.parse(written)
