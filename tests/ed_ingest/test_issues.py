import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.issues import all_issues, issue_rows, shapes
from ed_ingest.tables import ISSUE_COLUMNS


def test_shapes_tell_the_form_and_hide_the_value():
    cells = pd.Series(["31/02/2026", "2 am?", "Ŵy's_£", None, "9" * 30])

    assert shapes(cells).tolist() == ["99/99/9999", "9 AA?", "AA?A??", "", "9" * 20]


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Z"]), max_size=40))
def test_a_shape_holds_no_letter_or_figure_of_its_cell(text):
    shape = shapes(pd.Series([text])).iloc[0]

    assert set(shape) <= set("9A? :/.-")
    assert len(shape) <= 20


def test_issues_stand_in_the_order_of_the_rows():
    mask = pd.Series([True, False, True], index=[4, 5, 6])
    cells = pd.Series(["a1", "b", "c"], index=[4, 5, 6])
    how = {"column": "sex", "rule": "r", "fate": "noted", "remedy": "m"}

    issues = all_issues([issue_rows(mask, cells=cells, **how), issue_rows(pd.Index([5]), **how)])

    assert tuple(issues.columns) == ISSUE_COLUMNS
    assert issues["row"].tolist() == [4, 5, 6]
    assert issues["shape"].tolist() == ["A9", "", "A"]


def test_no_issue_is_an_empty_table_of_the_same_columns():
    issues = all_issues([])

    assert issues.empty
    assert tuple(issues.columns) == ISSUE_COLUMNS
    assert issues["row"].dtype == "int64"
