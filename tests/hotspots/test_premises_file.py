"""What the partnership's own list of places knows of premises beyond name and point."""

from __future__ import annotations

import numpy as np
import pytest

from ed_ingest.errors import ReferenceDataError
from hotspots.premises_file import load_premises_facts


def facts(folder, text):
    (folder / "places.csv").write_text(text, encoding="utf-8")
    return load_premises_facts(folder)


def test_capacity_and_opening_hours_are_read_and_blanks_are_missing(tmp_path):
    table = facts(
        tmp_path,
        "place_id,name,capacity,open_hours\np1,The Anchor,250, 70.5 \np2,Quay Bar,,\n",
    )

    assert list(table["place_id"]) == ["p1", "p2"]
    np.testing.assert_array_equal(table["capacity"], [250, np.nan])
    np.testing.assert_array_equal(table["open_hours"], [70.5, np.nan])


def test_headings_are_read_in_any_case_and_order_and_one_column_is_enough(tmp_path):
    table = facts(tmp_path, "Capacity,PLACE_ID\n250,p1\n")

    assert list(table["capacity"]) == [250]
    assert table["open_hours"].isna().all()


def test_the_first_row_of_a_place_counts_and_a_row_without_id_does_not(tmp_path):
    table = facts(tmp_path, "place_id,capacity\np1,100\np1,900\n,500\n")

    assert table[["place_id", "capacity"]].to_numpy().tolist() == [["p1", 100]]


@pytest.mark.parametrize("text", ["place_id,name\np1,The Anchor\n", "name,capacity\nx,5\n"])
def test_without_such_columns_nothing_is_known(tmp_path, text):
    assert facts(tmp_path, text) is None


def test_without_a_list_nothing_is_known(tmp_path):
    assert load_premises_facts(tmp_path) is None


def test_a_list_without_a_row_is_an_empty_table(tmp_path):
    assert facts(tmp_path, "place_id,capacity,open_hours\n").empty


@pytest.mark.parametrize(
    ("column", "cell", "limit"),
    [
        ("capacity", "0", "above 0, or blank"),
        ("capacity", "-5", "above 0, or blank"),
        ("capacity", "seventeen", "above 0, or blank"),
        ("capacity", "inf", "above 0, or blank"),
        ("open_hours", "169", "at most 168 hours a week, or blank"),
    ],
)
def test_a_wrong_number_is_told_by_its_row_and_never_by_its_value(tmp_path, column, cell, limit):
    with pytest.raises(ReferenceDataError, match=f"row 3: {column} must be .*{limit}") as told:
        facts(tmp_path, f"place_id,{column}\np1,10\np2,{cell}\n")

    assert cell not in str(told.value).replace("above 0", "").replace("168", "")


def test_a_whole_week_is_no_wrong_number(tmp_path):
    assert list(facts(tmp_path, "place_id,open_hours\np1,168\n")["open_hours"]) == [168]
