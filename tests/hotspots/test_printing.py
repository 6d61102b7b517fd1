"""What is told of the k of stored records: numbers, in words that a person can use."""

import pandas as pd

from ed_ingest.issues import HELD_BACK, NOTED, all_issues, issue_kinds, issue_rows
from hotspots.printing import class_lines, issue_lines, k_lines

NONE_WITHHELD = {"n_sex_withheld": 0, "n_age_band_withheld": 0, "n_earlier_withheld": 0}


def test_a_receipt_tells_the_smallest_class_and_how_many_are_in_small_ones():
    told = class_lines({"k_smallest": 1, "n_k_1": 12, "n_k_below_5": 30, **NONE_WITHHELD})

    assert len(told) == 1
    assert "12 of these are the only stored record of their provider, night, place" in told[0]
    assert "30 share them with fewer than four others (k = 1)" in told[0]


def test_a_receipt_tells_what_was_withheld():
    withheld = {"n_sex_withheld": 7, "n_age_band_withheld": 5, "n_earlier_withheld": 2}
    told = class_lines({"k_smallest": 1, "n_k_1": 0, "n_k_below_5": 0, **withheld})

    assert "sex of 7 records, age band of 5" in told[1]
    assert "2 stored earlier" in told[1]


def test_files_of_counts_and_crimes_have_no_classes():
    assert class_lines({"n_read": 3}) == []
    assert class_lines({"k_smallest": 0, "n_k_1": 0, "n_k_below_5": 0, **NONE_WITHHELD}) == []


def test_the_status_tells_each_providers_k_with_shares():
    k = {"n_records": 200, "k_smallest": 1, "n_k_1": 50, "n_k_below_5": 150}
    (line,) = k_lines({"marford": {**k, "share_k_1": 0.25, "share_k_below_5": 0.75}})

    assert line.startswith("marford: 200 assaults stored; 50 (25.0%) the only one of their")
    assert "150 (75.0%) shared by fewer than five (k = 1)" in line


def _issues():
    """Seven rows whose time of arrival cannot be read, held back; one noted; one of the file."""
    cells = pd.Series(["31/02/2026"] * 5 + ["Yellowley", "x"], index=range(7, 14), dtype="str")
    when = {"column": "arrived_at", "rule": "a date or time that can be read", "remedy": "Mend."}
    return all_issues(
        [
            issue_rows(pd.Index([33]), column="drugs", rule="words", fate=NOTED, remedy="Add."),
            issue_rows(pd.Index([0]), column="", rule="one sheet", fate=NOTED, remedy="Look."),
            issue_rows(cells.index, fate=HELD_BACK, cells=cells, **when),
        ]
    )


def test_rows_held_back_are_told_first_with_what_was_expected_where_and_the_remedy():
    kinds = issue_kinds(_issues())

    assert issue_lines(kinds[0]) == [
        "7 rows held back: expected a date or time that can be read (arrived_at; rows 7, 8, 9, 10, "
        "11 and others)",
        "  do:       Mend.",
    ]
    told = [issue_lines(kind)[0] for kind in kinds[1:]]
    assert sorted(told) == [
        "1 row noted: expected words (drugs; row 33)",
        "The whole file noted: expected one sheet",
    ]


def test_a_shape_is_told_as_one_and_no_cell_is_shown():
    lines = [line for k in issue_kinds(_issues(), by_shape=True) for line in issue_lines(k)]

    assert "  came:     99/99/9999 (shape of what came: 9 for a digit, A for a letter)" in lines
    assert "Yellowley" not in " ".join(lines)
    assert "31/02/2026" not in " ".join(lines)


def test_a_file_without_issues_has_no_kinds():
    assert issue_kinds(all_issues([])) == ()
