"""How many stored assaults are alike, counted by hand, by pandas, and on any table at all."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.anonymity import (
    COLUMNS,
    class_sizes,
    describe_k,
    k_by_provider,
    summarise_k,
    withhold_of_few,
)
from tests.ed_ingest.contract_rows import EAST, assaults
from tests.effort import few

NIGHTS = [pd.Timestamp("2026-03-14"), pd.Timestamp("2026-03-15"), None]
NOWHERE = {"place_id": None, "easting": None, "northing": None, "lsoa": None}
YOUNG, OLD = {"age_band": "18-24"}, {"age_band": "65+"}
WOMAN, MAN = {"sex": "female"}, {"sex": "male"}


def tables():
    """Few values, so that many rows are alike; every column but the provider may be missing."""
    row = st.fixed_dictionaries(
        {
            "provider": st.sampled_from(["marford", "st-teilos"]),
            "night_of": st.sampled_from(NIGHTS),
            "age_band": st.sampled_from(["18-24", "65+", "unknown"]),
            "sex": st.sampled_from(["female", "male", "unknown"]),
            "place_id": st.sampled_from(["p1", "W01000001", None]),
            "easting": st.sampled_from([1.0, 2.0, None]),
            "northing": st.sampled_from([1.0, None]),
            "lsoa": st.sampled_from(["W01000001", "p1", None]),
        }
    )  # fmt: skip
    return st.lists(row, max_size=25).map(lambda rows: assaults(*rows) if rows else assaults()[:0])


def sizes_by_pandas(table):
    """The same by pandas alone: the finest place in words, then groups of equal rows."""
    place = [
        f"place {row.place_id}" if pd.notna(row.place_id)
        else f"point {row.easting} {row.northing}"
        if pd.notna(row.easting) and pd.notna(row.northing)
        else f"area {row.lsoa}" if pd.notna(row.lsoa)
        else "nowhere"
        for row in table.itertuples()
    ]  # fmt: skip
    keys = table.assign(place=place)[["provider", "night_of", "age_band", "sex", "place"]]
    return keys.groupby(list(keys), dropna=False)["sex"].transform("size").tolist()


def test_records_are_alike_in_age_sex_place_night_and_provider():
    # Two men of one band, night, place and hospital; a woman; a man of another band.
    table = assaults({}, {}, WOMAN, OLD)

    assert class_sizes(table).tolist() == [2, 2, 1, 1]
    assert describe_k(class_sizes(table)) == {"k_smallest": 1, "n_k_1": 2, "n_k_below_5": 4}


@pytest.mark.parametrize(
    "change",
    [
        {"provider": "st-teilos"},
        {"night_of": pd.Timestamp("2026-03-15")},
        {"night_of": None},
        {"place_id": "p2"},
        {"age_band": "unknown"},
        {"sex": "unknown"},
    ],
)
def test_one_difference_parts_two_records(change):
    assert class_sizes(assaults({}, change)).tolist() == [1, 1]


def test_what_nobody_outside_could_know_parts_no_records():
    table = assaults({}, {"assault_method": "glass", "alcohol": "no", "batch_id": "b2"})

    assert class_sizes(table).tolist() == [2, 2]


def test_the_finest_place_counts():
    # A known place whatever its point; then the point; then the small area; then none at all.
    same_place = assaults({}, {"easting": EAST + 1, "lsoa": "W01000009"})
    points = assaults({"place_id": None}, {"place_id": None, "easting": EAST + 1})
    areas = assaults({**NOWHERE, "lsoa": "W01000001"}, {**NOWHERE, "lsoa": "W01000001"}, NOWHERE)

    assert class_sizes(same_place).tolist() == [2, 2]
    assert class_sizes(points).tolist() == [1, 1]
    assert class_sizes(areas).tolist() == [2, 2, 1]


def test_a_place_and_an_area_of_the_same_name_are_not_alike():
    table = assaults({"place_id": "W01000001"}, {**NOWHERE, "lsoa": "W01000001"})

    assert class_sizes(table).tolist() == [1, 1]


def test_five_alike_are_not_few():
    # 5 alike, 4 alike, 1 alone: k = 1; 1 of 10 alone; 5 of 10 in classes of fewer than 5.
    table = assaults(*[{}] * 5, *[WOMAN] * 4, OLD)

    assert summarise_k(table) == {
        "n_records": 10, "k_smallest": 1, "n_k_1": 1, "n_k_below_5": 5,
        "share_k_1": 0.1, "share_k_below_5": 0.5,
    }  # fmt: skip


def test_an_empty_table_has_no_k():
    empty = assaults()[:0]

    assert summarise_k(empty)["k_smallest"] == 0
    assert summarise_k(empty)["share_k_1"] == 0
    assert k_by_provider(empty)["providers"] == {}
    assert withhold_of_few(empty, k_min=5).empty


def test_each_provider_is_told_by_itself():
    told = k_by_provider(assaults({}, {}, {"provider": "st-teilos"}))

    assert told["all"]["n_records"] == 3
    assert {name: k["k_smallest"] for name, k in told["providers"].items()} == {
        "marford": 2,
        "st-teilos": 1,
    }


@few(25)
@given(tables())
def test_pandas_counts_the_same(table):
    assert class_sizes(table).tolist() == sizes_by_pandas(table)


@few(25)
@given(tables())
def test_the_order_of_the_rows_does_not_matter(table):
    turned = table.iloc[::-1]

    assert class_sizes(turned).sort_index().tolist() == class_sizes(table).tolist()


# --- withholding -------------------------------------------------------------------------------


def withheld(table, k_min):
    return withhold_of_few(table, k_min=k_min)[["age_band", "sex"]].to_numpy().tolist()


def test_the_sex_goes_first_and_the_age_band_stays_where_that_is_enough():
    # Two women and one man of one band: without sex three are alike.
    table = assaults({**YOUNG, **WOMAN}, {**YOUNG, **WOMAN}, {**YOUNG, **MAN})

    assert withheld(table, 3) == [["18-24", "unknown"]] * 3


def test_the_age_band_goes_where_the_sex_was_not_enough():
    # Three young men stay. Two of another band and one more: alone even without sex.
    table = assaults(*[{**YOUNG, **MAN}] * 3, {**OLD, **MAN}, {**OLD, **WOMAN}, WOMAN)

    assert withheld(table, 3) == [["18-24", "male"]] * 3 + [["unknown", "unknown"]] * 3


def test_a_large_enough_class_is_left_as_it_is():
    table = assaults(*[{**YOUNG, **MAN}] * 2)

    assert withheld(table, 2) == [["18-24", "male"]] * 2


def test_a_lone_record_keeps_its_night_and_place_and_tells_neither_sex_nor_age():
    table = assaults({})
    changed = table.assign(**withhold_of_few(table, k_min=5))

    pd.testing.assert_frame_equal(
        changed.drop(columns=["sex", "age_band"]), table.drop(columns=["sex", "age_band"])
    )
    assert changed[["sex", "age_band"]].to_numpy().tolist() == [["unknown", "unknown"]]


@few(25)
@given(tables(), st.integers(2, 6))
def test_afterwards_a_class_that_is_too_small_tells_neither(table, k_min):
    changed = table.assign(**withhold_of_few(table, k_min=k_min))
    few = pd.Series(sizes_by_pandas(changed), index=changed.index) < k_min

    assert (changed.loc[few, ["sex", "age_band"]] == "unknown").all(axis=None)


@few(25)
@given(tables(), st.integers(2, 6))
def test_what_is_withheld_was_in_a_class_that_is_too_small(table, k_min):
    changed = withhold_of_few(table, k_min=k_min)
    lost = (changed != table[["sex", "age_band"]]).any(axis=1)

    assert (pd.Series(sizes_by_pandas(table), index=table.index)[lost] < k_min).all()
    assert set(changed.to_numpy().ravel()) <= {*table["sex"], *table["age_band"], "unknown"}


@few(25)
@given(tables(), st.integers(2, 6))
def test_withholding_again_changes_nothing(table, k_min):
    once = table.assign(**withhold_of_few(table, k_min=k_min))

    pd.testing.assert_frame_equal(withhold_of_few(once, k_min=k_min), once[["sex", "age_band"]])


def test_the_columns_are_those_of_the_contract():
    assert set(COLUMNS) <= set(assaults())
