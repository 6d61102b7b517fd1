import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.items import ITEMS
from ed_ingest.measures import is_complete, measure
from tests.ed_ingest.contract_rows import assaults
from tests.effort import few

NO_HELD_BACK = pd.DataFrame({"provider": [], "month": [], "items_present": []}).astype(
    {"provider": "str", "month": "str", "items_present": "int64"}
)
ALL_PRESENT = (1 << len(ITEMS)) - 1


def masks(table: pd.DataFrame, mask: int = ALL_PRESENT) -> pd.Series:
    return pd.Series(mask, index=table.index, dtype="int64")


def counts(measures: pd.DataFrame, item: str) -> list[int]:
    row = measures[measures["item"] == item].iloc[0]
    return [int(row[name]) for name in ("n", "present", "valid", "usable")]


def test_a_date_without_time_is_valid_but_not_usable():
    table = assaults({"time_precision": "date"}, {"time_precision": "part_of_day"}, {})

    assert counts(measure(table, masks(table), NO_HELD_BACK), "time") == [3, 3, 3, 2]


def test_a_town_is_valid_but_not_usable_and_a_home_is_usable():
    table = assaults(
        {"location_level": "locality"},
        {"location_level": "none"},
        {"location_level": "withheld", "location_type": "own_home"},
    )

    assert counts(measure(table, masks(table), NO_HELD_BACK), "location") == [3, 3, 2, 1]


def test_an_unknown_code_is_present_at_best():
    table = assaults({"assault_method": "unknown"}, {"assault_method": "glass"})

    assert counts(measure(table, masks(table), NO_HELD_BACK), "type") == [2, 2, 1, 1]
    assert counts(measure(table, masks(table, 0), NO_HELD_BACK), "type") == [2, 1, 1, 1]


def test_rows_held_back_count_as_present_at_best():
    table = assaults({})
    held_back = pd.DataFrame(
        {"provider": "marford", "month": "2026-03", "items_present": [ALL_PRESENT, 0]}
    )

    assert counts(measure(table, masks(table), held_back), "alcohol") == [3, 2, 1, 1]


def test_details_of_premises_are_asked_only_where_appropriate():
    table = assaults(
        {"location_type": "licensed_premises", "location_level": "premises"},
        {"location_type": "licensed_premises", "location_level": "street"},
        {"location_type": "street", "location_level": "street"},
    )

    assert counts(measure(table, masks(table), NO_HELD_BACK), "premises") == [2, 2, 2, 1]


def test_a_point_without_words_tells_nothing_of_the_premises():
    table = assaults({"location_type": "licensed_premises", "location_level": "coordinates"})

    assert counts(measure(table, masks(table, 0), NO_HELD_BACK), "premises") == [1, 0, 0, 0]


def test_the_month_is_that_of_the_arrival_else_of_the_assault():
    table = assaults({"arrived_at": pd.Timestamp("2026-04-01 00:20")}, {"arrived_at": pd.NaT})

    found = measure(table, masks(table), NO_HELD_BACK)

    assert list(found["month"].unique()) == ["2026-03", "2026-04"]


def test_a_row_is_complete_when_type_time_and_location_are_usable():
    table = assaults(
        {},
        {"assault_method": "unknown"},
        {"time_precision": "date"},
        {"location_level": "area"},
        {"location_type": "other_home", "location_level": "withheld"},
    )

    assert list(is_complete(table)) == [True, False, False, False, True]


def test_no_rows_give_no_counts():
    table = assaults(n=1).iloc[:0]

    assert measure(table, masks(table), NO_HELD_BACK).empty


@few(5, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["minute", "part_of_day", "date", "arrival", "missing"]),
            st.sampled_from(["coordinates", "premises", "locality", "withheld", "none"]),
            st.sampled_from(["street", "own_home", "licensed_premises", "unknown"]),
            st.sampled_from(["glass", "unknown"]),
            st.integers(0, ALL_PRESENT),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_usable_never_exceeds_valid_nor_valid_present(rows):
    names = ("time_precision", "location_level", "location_type", "assault_method")
    table = assaults(*(dict(zip(names, row, strict=False)) for row in rows))
    present = pd.Series([row[-1] for row in rows], index=table.index)

    found = measure(table, present, NO_HELD_BACK)

    assert (found["usable"] <= found["valid"]).all()
    assert (found["valid"] <= found["present"]).all()
    assert (found["present"] <= found["n"]).all()
    assert (found.loc[found["item"] != "premises", "n"] == len(rows)).all()
