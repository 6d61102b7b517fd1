from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.clock import NONE, UNREAD, Clock, read_clock


def at(hour, minute=0):
    return hour * 60 + minute


@pytest.mark.parametrize(
    ("cell", "hour", "minute"),
    [
        ("21:15", 21, 15), ("21:15:30", 21, 15), ("0200", 2, 0), ("200", 2, 0), ("2am", 2, 0),
        ("2 a.m.", 2, 0), ("9pm", 21, 0), ("11.30 pm", 23, 30), ("12am", 0, 0), ("12.30am", 0, 30),
        ("12pm", 12, 0), ("noon", 12, 0), ("12 noon", 12, 0), ("approx 23.30", 23, 30),
        ("c. 0148", 1, 48), ("~18:50", 18, 50), ("19.30 approx", 19, 30),
        ("about 10 o'clock pm", 22, 0),
        ("2300hrs", 23, 0), ("23h30", 23, 30), ("2am ish", 2, 0), ("2am?", 2, 0), ("24:00", 24, 0),
        ("2400", 24, 0), ("Sat 11pm", 23, 0), ("45", 0, 45), ("evening, approx 9pm", 21, 0),
    ],
)  # fmt: skip
def test_a_time_is_read_however_it_is_written(cell, hour, minute):
    assert read_clock(cell) == Clock("minute", at(hour, minute), at(hour, minute))


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("between 1 and 2am", at(1), at(2)),
        ("2-4am", at(2), at(4)),
        ("23:00-02:00", at(23), at(26)),
        ("11pm - 1am", at(23), at(25)),
        ("11-1am", at(23), at(25)),
        ("10-2am", at(22), at(26)),
        ("10pm-2", at(22), at(26)),
        ("10pm to midnight", at(22), at(24)),
        ("2200-2300", at(22), at(23)),
        ("22/23:00", at(22), at(23)),
        ("early hours", at(0), at(5, 59)),
        ("early hours of Sunday morning", at(0), at(5, 59)),
        ("Morning", at(6), at(11, 59)),
        ("afternoon", at(12), at(17, 59)),
        ("lunchtime", at(12), at(13, 59)),
        ("EVENING", at(18), at(23, 59)),
        ("evening about 9", at(18), at(23, 59)),
        ("Sat night", at(21), at(29, 59)),
        ("pm", at(12), at(23, 59)),
    ],
)
def test_ranges_and_words_become_spans_that_may_pass_midnight(cell, start, end):
    assert read_clock(cell) == Clock("part_of_day", start, end)


@pytest.mark.parametrize(
    "cell", ["", " ", "?", "-", "NK", "n/k", "Not known", "cant remember", "00:00-23:59"]
)
def test_what_says_nothing_is_no_time(cell):
    assert read_clock(cell) == NONE


@pytest.mark.parametrize("cell", ["25:00", "21:60", "17.5", "half nine", "11:00 or 12:30 or 13:00"])
def test_what_cannot_be_read_is_not_guessed(cell):
    assert read_clock(cell) == UNREAD


def test_midnight_in_words_is_told_apart_from_figures():
    assert read_clock("midnight").kind == "midnight"
    assert read_clock("00:00").kind == "minute"


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (time(22, 15), at(22, 15)), (datetime(1899, 12, 31, 22, 15), at(22, 15)),
        (timedelta(hours=22), at(22)), (0.5, at(12)), (0.0, 0), (200.0, at(2)),
        (2230.0, at(22, 30)),
    ],
)  # fmt: skip
def test_true_times_and_numbers_of_a_workbook_are_read(cell, minutes):
    assert read_clock(cell) == Clock("minute", minutes, minutes)


def test_figures_that_lost_their_zeros_are_minutes_in_a_column_of_such_figures():
    assert read_clock("5", bare_hhmm=True).from_min == 5
    assert read_clock("5", bare_hhmm=False).from_min == at(5)
    assert read_clock(True) == UNREAD


@given(st.text(max_size=30))
def test_any_text_gives_a_span_within_two_days_and_never_fails(text):
    clock = read_clock(text)

    assert clock.kind in {"minute", "midnight", "part_of_day", "none", "unread"}
    assert 0 <= clock.from_min <= clock.to_min <= 2 * 1440


@given(st.integers(0, 1439))
def test_every_minute_comes_back_from_its_usual_spellings(minute):
    hours, minutes = divmod(minute, 60)
    half = f"{(hours - 1) % 12 + 1}.{minutes:02d}{'pm' if hours > 11 else 'am'}"

    for text in (f"{hours:02d}:{minutes:02d}", f"{hours:02d}{minutes:02d}", half):
        assert read_clock(text).from_min == minute
