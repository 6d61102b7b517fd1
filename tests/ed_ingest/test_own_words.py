"""A provider's own codes: explained by a list, by the NHS data dictionary, or left to a person."""

from __future__ import annotations

import pandas as pd

from ed_ingest.own_words import explained_codes, holds_records, national_codes, unread_words

CODES = pd.Series(["BP", "KN", "OT", None] * 6, dtype="str")
LIST = pd.DataFrame(
    {
        0: ["Code list", "ASSAULT METHOD", "ASSAULT METHOD", "ASSAULT METHOD", "LOCATION"],
        1: ["Code", "BP", "KN", "OT", "OT"],
        2: ["Meaning", "Fist, foot or other body part", "Knife", "Other", "Somewhere else"],
    }
)


def test_a_sheet_of_codes_explains_the_codes_of_the_heading_that_it_names():
    found = explained_codes("ASSAULT METHOD", CODES, "assault_method", [LIST])

    assert found == {"BP": "body_part", "KN": "sharp_object", "OT": "other"}


def test_the_records_themselves_are_no_list_of_codes():
    records = pd.DataFrame({"Method": CODES, "Note": ["Knife", "Fist", "Bottle", "Gun"] * 6})

    assert explained_codes("Method", CODES, "assault_method", [records]) == {}


def test_words_that_are_known_need_no_explaining():
    cells = pd.Series(["Fist", "Knife"], dtype="str")
    table = pd.DataFrame({0: ["Fist", "Knife"], 1: ["Gun", "Gun"]})

    assert explained_codes("Method", cells, "assault_method", [table]) == {}


def test_codes_of_a_data_item_count_under_its_name_alone():
    cells = pd.Series(["10", "60", "91"], dtype="str")

    assert national_codes("AEINCLOCTYPE", cells, "location_type")["10"] == "own_home"
    assert national_codes("Place", cells, "location_type") == {}
    # A code that the item does not have: the column holds a hospital's own codes.
    local = pd.Series(["10", "12", "91"], dtype="str")
    assert national_codes("AEINCLOCTYPE", local, "location_type") == {}


def test_only_frequent_words_of_a_coded_column_are_shown():
    cells = pd.Series(["ZQ7"] * 6 + ["ZQ8"] * 2 + ["Knife"] * 6, dtype="str")
    many = pd.Series([f"word {n}" for n in range(70)] * 6, dtype="str")

    assert unread_words(cells, "assault_method", {}) == ["ZQ7"]
    assert unread_words(cells, "assault_method", {"ZQ7": "glass"}) == []
    assert unread_words(many, "assault_method", {}) == []


def test_a_list_with_a_code_in_two_groups_is_still_a_list():
    table = pd.DataFrame(
        {
            "ECDS_Description": ["Knife", "Fist", "Not known", "Pub", "Street", "Not known"],
            "SNOMED_Code": ["11", "12", "99", "13", "14", "99"],
        }
    )
    cells = pd.Series(["11", "12", "12", "99"] * 5, dtype="str")

    found = explained_codes("Mechanism", cells, "assault_method", [table])

    assert found == {"11": "sharp_object", "12": "body_part", "99": "unknown"}


def test_the_sheet_of_the_records_is_known_by_its_headings():
    raw = pd.DataFrame(columns=["Arrival / Date", "Assault / Method", "Place"])
    sheet = pd.DataFrame(
        [["Arrival", "Assault", ""], ["Date", "Method", "Place"], ["1", "BP", "x"]]
    )

    assert holds_records(sheet, raw)
    assert not holds_records(LIST, raw)
