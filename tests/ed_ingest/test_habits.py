import pandas as pd
import pytest

from ed_ingest.habits import habits
from ed_ingest.items import ITEMS, items_present
from tests.ed_ingest.contract_rows import assault_at, assaults

ALL_PRESENT = (1 << len(ITEMS)) - 1
NOON = pd.Timestamp("2026-03-14 12:00")
BATCHES = pd.DataFrame({"provider": ["marford"], "n_read": [200], "n_duplicate": [3]})


def at(*minutes: int) -> pd.DataFrame:
    """Assaults so many minutes after noon."""
    rows = [assault_at(NOON + pd.Timedelta(minutes=m)) for m in minutes]
    return assaults(*rows).assign(items_present=ALL_PRESENT)


def measured(table: pd.DataFrame, habit: str, item: str | None = None) -> tuple:
    found = habits(table, BATCHES)
    own = found[found["habit"].eq(habit) & (True if item is None else found["item"].eq(item))]
    return tuple(own[["part", "whole"]].iloc[0]) if len(own) else ()


def test_full_and_half_hours_stand_beside_a_sixtieth():
    table = at(0, 60, 30, 7, 11)

    assert measured(table, "on_the_hour") == (2, 5)
    assert measured(table, "on_the_half_hour") == (1, 5)
    expected = habits(table, BATCHES).set_index("habit")["expected"]
    assert expected["on_the_hour"] == pytest.approx(1 / 60)


def test_midnight_counts_also_where_it_stood_for_not_known():
    # Two at each hour of 22, 23, 01 and 02; six at midnight, of which four became a date alone.
    times = [pd.Timestamp("2026-03-14") + pd.Timedelta(hours=h) for h in (-2, -1, 1, 2, 0)]
    minute = [assault_at(time) for time in times * 2]
    alone = [{**assault_at(times[4]), "time_precision": "date"}] * 4
    cells = [f"{t:%H:%M}" for t in times * 2] + ["00:00"] * 4
    table = assaults(*minute, *alone)
    table = table.assign(items_present=items_present(pd.DataFrame({"assault_time": cells})))

    assert measured(table, "midnight") == (6, 14)
    # As many as of each hour beside it: 2 of 14.
    expected = habits(table, BATCHES).set_index("habit").loc["midnight", "expected"]
    assert expected == pytest.approx(2 / 14)


def test_the_commonest_other_time_stands_beside_the_same_minute_of_the_hours_around():
    # 12:15 seven times; 10:15, 11:15, 13:15 and 14:15 once each.
    table = at(*[15] * 7, -105, -45, 75, 135)

    assert measured(table, "one_time") == (7, 11)
    expected = habits(table, BATCHES).set_index("habit").loc["one_time", "expected"]
    assert expected == pytest.approx(1 / 11)


def test_an_assault_after_its_arrival_is_counted_where_both_are_to_the_minute():
    table = at(0, 0, 0)
    table.loc[0, "arrived_at"] = NOON - pd.Timedelta(minutes=20)
    table.loc[1, "arrived_at"] = NOON.normalize()  # a date without a time

    assert measured(table, "after_arrival") == (1, 2)


def test_words_of_places_are_single_and_found_or_not():
    rows = [{}, {"location_level": "none"}, {"location_level": "locality"},
            {"location_level": "withheld", "location_type": "own_home"}]  # fmt: skip
    cells = ["Castle Street", "over there", "Marford", "home"]
    table = assaults(*rows)
    table = table.assign(items_present=items_present(pd.DataFrame({"location_text": cells})))

    assert measured(table, "one_word") == (2, 4)
    assert measured(table, "place_found") == (1, 3)


def test_the_commonest_place_and_value_are_counted():
    table = assaults(*[{"place_id": "p1"}] * 3, {"place_id": "p2", "drugs": "unknown"})
    table = table.assign(items_present=ALL_PRESENT)

    assert measured(table, "one_place") == (3, 4)
    assert measured(table, "one_value", "drugs") == (3, 3)
    found = habits(table, BATCHES)
    assert found.loc[found["item"].eq("drugs"), "code"].tolist() == ["no"]


def test_duplicates_are_of_the_rows_received():
    assert measured(at(0), "duplicate") == (3, 200)


def test_nothing_has_no_habits():
    assert habits(at(0).iloc[:0], BATCHES.iloc[:0]).empty


def test_no_place_and_no_cell_is_named():
    table = at(0, 1).assign(place_name="The Anchor", place_id="p9", location_text="The Anchor")

    text = habits(table, BATCHES).to_csv()
    assert "Anchor" not in text
    assert "p9" not in text
