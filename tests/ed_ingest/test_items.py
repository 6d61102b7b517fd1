import pandas as pd
import pytest

from ed_ingest.items import (
    ITEMS,
    is_present,
    items_present,
    was_date_alone,
    was_midnight,
    was_one_word,
    was_word,
)
from ed_ingest.schema import load_spec


def mapped(**cells) -> pd.DataFrame:
    rows = pd.RangeIndex(2, 2 + len(next(iter(cells.values()))), name="row")
    return pd.DataFrame(cells, index=rows, dtype="str")


def test_an_item_is_present_when_its_cell_is_neither_blank_nor_a_word_for_not_known():
    masks = items_present(mapped(alcohol=["yes", "", None, "  ", "not known", "N/K", "-", "no"]))

    assert list(is_present(masks, "alcohol")) == [True, *[False] * 6, True]
    assert list(was_word(masks, "alcohol")) == [False] * 4 + [True] * 3 + [False]
    assert list(masks.index) == list(range(2, 10))


def test_bit_i_of_a_mask_is_item_i():
    masks = items_present(mapped(relationship=["stranger"]))

    assert masks.iloc[0] == 1 << [item.item for item in ITEMS].index("relationship")


def test_one_cell_stands_for_all_items_told_by_the_type_of_assault():
    masks = items_present(mapped(assault_method=["fists"]))

    present = [item.item for item in ITEMS if is_present(masks, item.item).all()]
    assert present == ["type", "knife", "other_weapon", "firearm"]


def test_the_location_is_present_in_words_or_in_coordinates():
    masks = items_present(
        mapped(location_text=["", "unknown", "Castle Street"], easting=["1", "", ""])
    )

    assert list(is_present(masks, "location")) == [True, False, True]
    assert list(is_present(masks, "premises")) == [False, False, True]


def test_a_column_that_is_not_mapped_is_never_present():
    assert items_present(mapped(attendance_number=["1", "2"])).eq(0).all()


@pytest.mark.parametrize(
    ("cell", "midnight"),
    [("00:00", True), ("0:00", True), ("00:00:00", True), ("0000", True), ("00:01", False),
     ("10:00", False), ("20:00:00", False), ("", False)],
)  # fmt: skip
def test_a_time_of_exactly_midnight_is_noted(cell, midnight):
    assert was_midnight(items_present(mapped(assault_time=[cell]))).item() is midnight


def test_midnight_is_noted_where_date_and_time_share_a_cell():
    masks = items_present(
        mapped(assault_at=["14/03/2026 00:00", "2026-03-14T00:00:00", "14/03/2000"])
    )

    assert list(was_midnight(masks)) == [True, True, False]


def test_a_date_alone_is_no_time():
    cells = ["14/03/2026", "2026-03-14", "14 Mar 2026", "14/03/2026 22:10", "22:10"]
    masks = items_present(mapped(assault_at=cells))

    assert list(was_date_alone(masks)) == [True, True, True, False, False]
    assert list(is_present(masks, "time")) == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("cell", "one"), [("Marford", True), (" town ", True), ("Castle Street", False), ("", False),
                      ("unknown", False), ("?", False)]
)  # fmt: skip
def test_a_location_of_one_word_is_noted(cell, one):
    assert was_one_word(items_present(mapped(location_text=[cell]))).item() is one


def test_a_file_without_rows_gives_no_masks():
    assert items_present(mapped(alcohol=["x"]).iloc[:0]).empty


def test_items_are_the_fourteen_of_the_survey_with_the_minimum_data_set_first():
    # Table 5 of the survey: 94 of 108 partnerships received the type, 8 of 108 gang relation.
    assert len({item.item for item in ITEMS}) == 14
    assert [item.item for item in ITEMS if item.minimum] == ["type", "time", "location"]
    assert ITEMS[0].national_2009 == round(94 / 108, 2)
    assert ITEMS[-1].national_2009 == round(8 / 108, 2)


def test_every_item_names_columns_of_the_schema():
    names = set(load_spec("ed_assault").names())

    assert all(set(item.columns) <= names for item in ITEMS)
