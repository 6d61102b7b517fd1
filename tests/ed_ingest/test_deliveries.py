"""Which word on an attendance stands after several deliveries."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ed_ingest.deliveries import Claim, period_of, settle


def day(number: float, month: int = 3) -> pd.Timestamp:
    """Noon of a day of 2025."""
    return pd.Timestamp(2025, month, 1, 12) + pd.Timedelta(days=number - 1)


def delivery(batch: str, arrivals: dict[str, pd.Timestamp], *, numbered=True, withdrawn=()):
    stored = [Claim(batch, name, at, numbered, True) for name, at in arrivals.items()]
    return stored + [Claim(batch, name, None, True, False) for name in withdrawn]


def month(*names: str, of: int = 3) -> dict[str, pd.Timestamp]:
    """Rows a, b, c … on days 2, 4.7, 7.4 … of a month, each on its own day; j is on day 26.3."""
    return {name: day(2 + 2.7 * (ord(name) - ord("a")), of) for name in names}


def standing(*deliveries: list[Claim], order: str | None = None) -> dict[str, str]:
    """Attendance -> batch whose word stands."""
    claims = [claim for each in deliveries for claim in each]
    batches = dict.fromkeys(claim.batch_id for claim in claims)
    settled = settle(claims, order or batches)
    told = zip(claims, settled.event_id, settled.by, strict=True)
    return {event: claim.batch_id for claim, event, by in told if claim.stored and not by}


def test_the_later_word_on_an_attendance_stands():
    first, second = delivery("1", month(*"abc")), delivery("2", month("b"))

    assert standing(first, second) == {"a": "1", "b": "2", "c": "1"}
    assert standing(first, second, order="21") == {"a": "1", "b": "1", "c": "1"}


def test_a_period_sent_again_takes_out_what_it_leaves_out():
    # Nine of ten rows of the month come again, and one with another arrival, so another name.
    again = delivery("2", {**month(*"abcdefghi"), "x": day(12)})

    assert set(standing(delivery("1", month(*"abcdefghij")), again)) == {*"abcdefghi", "x"}


def test_a_row_that_a_correction_of_single_rows_changed_goes_with_its_period_too():
    single = delivery("2", month(*"dj"))
    again = delivery("3", month(*"abcdefghi"))

    assert set(standing(delivery("1", month(*"abcdefghij")), single, again)) == set("abcdefghi")


@pytest.mark.parametrize(
    "later",
    [
        month("d"),
        month(*"dh"),  # 2 of the 5 rows of its days
        month(*"abcefgi"),  # 7 of 10 rows
        {f"n{i}": day(i) for i in range(1, 29)},  # another site's rows of the same days
        {**month("j"), **month(*"abcdefghij", of=4)},  # the last night in the next month's file
    ],
)
def test_a_few_corrected_rows_or_an_overlap_take_out_nothing(later):
    first = month(*"abcdefghij")

    assert set(first) <= set(standing(delivery("1", first), delivery("2", later)))


def test_rows_of_one_day_are_corrections_however_many():
    crowd = {name: day(7 + i / 100) for i, name in enumerate("abcdef")}
    first = {**crowd, **{f"n{i}": day(i) for i in range(10, 29)}}

    assert "f" in standing(delivery("1", first), delivery("2", dict(list(crowd.items())[:5])))


def test_the_month_after_its_two_halves_takes_out_of_both():
    first, second = delivery("1", month(*"abcde")), delivery("2", month(*"fghij"))
    whole = delivery("3", month(*"abcdfghi"))

    assert set(standing(first, second, whole)) == set("abcdfghi")


def test_a_first_half_after_the_month_leaves_the_second_half_alone():
    whole, half = delivery("1", month(*"abcdefghij")), delivery("2", month(*"abcd"))

    assert set(standing(whole, half)) == set("abcdefghij")
    # Days 2 to 13 hold a to e: 4 of these 5 are 80 %, and d goes.
    with_gap = delivery("2", month(*"abce"))
    assert set(standing(whole, with_gap)) == set("abcefghij")


def test_the_first_or_last_row_left_out_goes_but_not_what_a_moving_window_leaves_behind():
    whole = delivery("1", month(*"abcdefghij"))
    moved_on = {**month(*"bcdefghij"), "k": day(3, 4), "l": day(5, 4)}

    assert set(standing(whole, delivery("2", month(*"abcdefghi")))) == set("abcdefghi")
    assert set(standing(whole, delivery("2", {**month(*"cdefghij"), "b": day(5)}))) == set(
        "bcdefghij"
    )
    assert "a" in standing(whole, delivery("2", moved_on))


def test_rolling_windows_neither_double_nor_lose():
    months = {
        m: {f"{m}{n}": at for n, at in month(*"abcdefghij", of=m).items()} for m in range(1, 6)
    }
    windows = [
        delivery(str(m), {**months[m - 2], **months[m - 1], **months[m]}) for m in range(3, 6)
    ]
    for claim in list(windows[2]):
        if claim.delivered_id == "4d":
            windows[2].remove(claim)

    expected = {name for rows in months.values() for name in rows} - {"4d"}
    assert set(standing(*windows)) == expected


def test_the_first_night_kept_from_another_file_survives_a_month_sent_again():
    march = {f"m{i}": day(i) for i in range(1, 32)}
    april = {"edge": day(31.3), **{f"a{i}": day(i, 4) for i in range(1, 31)}}
    once, again = delivery("2", april), delivery("3", {k: v for k, v in april.items() if k != "a9"})

    assert set(standing(delivery("1", march), once, again)) == {*march, *april} - {"a9"}


def test_what_is_no_assault_after_all_is_out_until_a_later_word():
    first = delivery("1", month(*"abc"))
    taken_back = delivery("2", month("a"), withdrawn=["b"])

    assert set(standing(first, taken_back)) == {"a", "c"}
    assert set(standing(first, taken_back, order="21")) == {"a", "b", "c"}
    assert set(standing(first, taken_back, delivery("3", month("b")))) == {"a", "b", "c"}


def test_the_same_period_with_and_without_numbers_is_not_doubled():
    with_numbers = delivery("1", month(*"abcde"))
    without = delivery("2", {n.upper(): at for n, at in month(*"abcde").items()}, numbered=False)

    assert standing(with_numbers, without) == dict.fromkeys("abcde", "2")
    assert standing(without, with_numbers, order="21") == dict.fromkeys("abcde", "1")
    # And again without: the number's name stays.
    third = [claim._replace(batch_id="3") for claim in without]
    assert standing(with_numbers, without, third) == dict.fromkeys("abcde", "3")


def test_two_sites_with_one_minute_in_common_are_not_mixed():
    numbered = delivery("1", {f"n{i}": day(i) for i in range(1, 29)})
    others = {f"o{i}": day(i + 0.1) for i in range(1, 28)} | {"same": day(14)}

    assert len(standing(numbered, delivery("2", others, numbered=False))) == 28 + 28


def test_midnight_is_no_minute_to_match_by():
    midnight = pd.Timestamp("2025-03-04")
    one, other = delivery("1", {"a": midnight}), delivery("2", {"A": midnight}, numbered=False)

    assert set(standing(one, other)) == {"a", "A"}


def test_a_window_that_begins_within_a_day_takes_nothing_of_the_hours_before():
    # Ten rows a day; the windows move on by 10 days and begin at 08:00 of a day.
    rows = {f"r{i}": day(1 + i / 10) for i in range(400)}
    first = delivery("1", dict(list(rows.items())[:300]))
    second = delivery("2", dict(list(rows.items())[103:]))

    assert set(standing(first, second)) == set(rows)


def test_windows_that_move_by_a_day_lose_nothing_at_few_rows():
    rows = {f"r{i}": day(i) for i in range(1, 41)}
    windows = [
        delivery(str(k), {n: at for n, at in rows.items() if day(k) <= at < day(k + 20)})
        for k in range(1, 20)
    ]

    assert set(standing(*windows)) == set(list(rows)[:38])


def test_the_period_of_a_delivery_is_exact():
    assert period_of([day(3), day(29)]) == (day(3), day(29) + pd.Timedelta(minutes=1))
    assert period_of([]) is None


def test_nothing_delivered_settles_to_nothing():
    assert settle([], []).event_id == []
    assert standing(delivery("1", {"a": None}), delivery("2", {"a": None})) == {"a": "2"}


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from([f"e{i}" for i in range(12)]), st.booleans(), max_size=12),
        min_size=1,
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_single_words_end_as_the_last_one_on_each_attendance(words, random):
    # All on one day: no period is sent again, and every word counts by itself.
    deliveries = [
        delivery(
            str(i),
            {name: day(9) for name, assault in told.items() if assault},
            withdrawn=[name for name, assault in told.items() if not assault],
        )
        for i, told in enumerate(words)
    ]
    last: dict[str, tuple[str, bool]] = {}
    for i, told in enumerate(words):
        last |= {name: (str(i), assault) for name, assault in told.items()}
    shuffled = random.sample(deliveries, len(deliveries))
    expected = {name: batch for name, (batch, assault) in last.items() if assault}

    order = [str(i) for i in range(len(words))]
    assert standing(*shuffled, order=order) == expected


def test_many_files_of_one_period_are_settled_without_comparing_each_row_with_all_others():
    # As when a folder of hundreds of files is dropped: it took seconds for each of them.
    told = [
        delivery(f"{n:03}", {f"{n}-{i}": day(2 + i / 2) for i in range(50)}) for n in range(300)
    ]
    began = time.process_time()
    stand = standing(*told)

    assert len(stand) == 300 * 50
    assert time.process_time() - began < 2  # 0.1 s; six where each is compared with all
