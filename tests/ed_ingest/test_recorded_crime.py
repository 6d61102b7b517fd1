import pandas as pd
import pytest

from ed_ingest.errors import ReferenceDataError
from ed_ingest.open_data import csv_format
from ed_ingest.recorded_crime import COLUMNS, load_recorded_crime

HEADER = (
    "Financial Year,Financial Quarter,Force Name,CSP Name,Offence Description,Offence Group,"
    "Offence Subgroup,Offence Code,Number of Offences\n"
)
ROWS = (
    "2024/25,4,Wexshire,Marford,Assault with injury,Violence against the person,"
    'Violence with injury,8N,"1,012"\n'
    "2024/25,4,Wexshire,Marford,Wounding,Violence against the person,Violence with injury,5D,88\n"
    "2025/26,1,Wexshire,Marford,Assault without injury,Violence against the person,"
    "Violence without injury,105A,-2\n"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "home-office").mkdir()
    return tmp_path


def test_a_table_becomes_counts_by_area_quarter_and_group(folder):
    path = folder / "home-office" / "csp.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    table = load_recorded_crime(folder)

    assert list(table.columns) == list(COLUMNS)
    # Quarter 4 of 2024/25 is January to March 2025; 1,012 and 88 are of one group.
    assert table.astype(str).to_numpy().tolist() == [
        ["Marford", "2025-01-01", "2025-03-31", "violence_with_injury", "1100"],
        ["Marford", "2025-04-01", "2025-06-30", "violence_without_injury", "-2"],
    ]
    assert csv_format(path) == "recorded_crime"


def test_tables_of_forces_and_other_headings_are_read_too(folder):
    text = (
        "Financial Year,Financial Quarter,Force Name,Offence Code,Offence Count\n"
        "2024/25,Q2,Wexshire,34B,7\n"
    )
    (folder / "force.csv").write_text(text, encoding="utf-8")
    table = load_recorded_crime(folder)

    assert table[["area", "offence_group", "n"]].to_numpy().tolist() == [["Wexshire", "robbery", 7]]
    assert table["quarter_from"].tolist() == [pd.Timestamp("2024-07-01")]


def test_without_a_table_there_are_no_counts(folder):
    (folder / "places.csv").write_text("place_id,name\np1,High Street\n", encoding="utf-8")

    assert load_recorded_crime(folder).empty


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEADER.replace("Number of Offences", "Number") + ROWS, "no column for n"),
        (HEADER.replace("CSP Name", "A").replace("Force Name", "B") + ROWS, "the area"),
        (HEADER + ROWS.replace("2024/25,4", "2024/25,7"), "a quarter"),
        (HEADER + ROWS.replace(",88", ",many"), "a number of offences"),
    ],
)  # fmt: skip
def test_a_table_that_is_none_is_refused_with_the_remedy(folder, text, told):
    (folder / "csp.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=told) as refused:
        load_recorded_crime(folder)

    assert "many" not in str(refused.value)
