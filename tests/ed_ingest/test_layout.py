from datetime import date, datetime, time, timedelta

import pandas as pd
import pytest

from ed_ingest.errors import MappingError
from ed_ingest.header import BEYOND_HEADERS
from ed_ingest.layout import apply_mapping, as_text, text_of
from ed_ingest.schema import layout_names, load_layout, load_spec


def raw(**columns):
    table = pd.DataFrame(columns)
    table.index = pd.RangeIndex(2, len(table) + 2, name="row")
    return table


def test_only_mapped_columns_go_on_under_the_names_of_the_schema():
    table = raw(**{"Arrival  Date": ["1"], "NHS Number": ["9990000018"]})

    mapped = apply_mapping(table, {"arrived_at": "arrival date"}, where="a.csv")

    assert [c for c in mapped if not c.startswith("_")] == ["arrived_at"]
    assert "9990000018" not in mapped.to_csv()
    assert mapped.index.tolist() == [2]


def test_words_of_several_columns_are_joined_and_blanks_skipped():
    table = raw(
        A=["Hop & Thistle", None, None], B=["High Street", "Weir Lane", None], C=["T", "T", None]
    )

    mapped = apply_mapping(table, {"location_text": ("A", "B", "C")}, where="a.csv")

    assert mapped["location_text"].tolist()[:2] == ["Hop & Thistle, High Street, T", "Weir Lane, T"]
    assert pd.isna(mapped["location_text"].iloc[2])


def test_all_missing_headers_are_named_with_the_remedy():
    with pytest.raises(MappingError) as refusal:
        apply_mapping(
            raw(A=["1"]), {"arrived_at": "Arr", "sex": "A", "age": ("Y", "A")}, where="a.csv"
        )

    assert str(refusal.value) == (
        "a.csv: no column for arrived_at (header Arr), age (header Y). "
        "Check [columns] in the provider's file against the headers of the delivery."
    )


def test_an_empty_mapping_is_refused():
    with pytest.raises(MappingError, match="no column is mapped"):
        apply_mapping(raw(A=["1"]), {}, where="a.csv")


def test_a_row_is_a_repeat_only_if_equal_in_every_delivered_cell():
    table = raw(A=["1", "1", "1"], B=["x", "y", "x"])

    mapped = apply_mapping(table, {"arrived_at": "A"}, where="a.csv")

    assert mapped["_repeat"].tolist() == [False, False, True]


def test_rows_with_cells_beyond_the_headers_are_marked():
    table = raw(**{"A": ["1", "2"], BEYOND_HEADERS: [None, "x"]})

    assert apply_mapping(table, {"age": "A"}, where="a.csv")["_misplaced"].tolist() == [False, True]


def test_the_first_of_two_headers_that_differ_in_case_is_taken():
    table = raw(**{"Date": ["1"], "DATE": ["2"]})

    assert apply_mapping(table, {"arrived_at": "date"}, where="a.csv")["arrived_at"].tolist() == [
        "1"
    ]


def test_cells_become_the_text_that_a_person_would_type():
    cells = pd.Series(
        [" x ", 3.0, 2.5, True, datetime(2026, 1, 3, 2, 50), date(2026, 1, 3), time(2, 5),
         timedelta(hours=26), None, "  "], dtype="object",
    )  # fmt: skip

    assert as_text(cells).tolist()[:8] == [
        "x", "3", "2.5", "true", "2026-01-03 02:50:00", "2026-01-03", "02:05:00", "26:00",
    ]  # fmt: skip
    assert as_text(cells).isna().tolist()[8:] == [True, True]


def test_an_unmapped_column_is_all_missing():
    assert text_of(raw(A=["1"]), "sex").isna().all()


@pytest.mark.parametrize("name", ["police-uk-street", "istv", "force-extract"])
def test_known_layouts_name_columns_of_their_schema_and_no_identifier(name):
    layout = load_layout(name)
    spec = load_spec({"ed": "ed_assault", "police": "police_crime"}[layout["kind"]])

    assert name in layout_names()
    assert set(layout["columns"]) <= set(spec.names("keep", "coarsen", "transient"))


def test_the_epoch_of_day_numbers_goes_with_each_mapped_column():
    table = raw(A=["1"], B=["2"])
    table.attrs["epoch_1904"] = 1

    mapped = apply_mapping(table, {"arrived_at": "A", "place": "B"}, where="x")

    assert mapped["arrived_at"].attrs["epoch_1904"] == 1
