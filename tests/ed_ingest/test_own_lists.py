"""Lists that a partnership keeps by hand."""

import pytest

from ed_ingest.errors import ReferenceDataError
from ed_ingest.own_lists import first_rows, read_own_list

COLUMNS = ["provider", "month", "note"]


def written(folder, text):
    path = folder / "events.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path):
    text = "provider,month,note\nafon,2026-01,a\n\n\nbryn,2026-02,b\n"

    rows = read_own_list(written(tmp_path, text), COLUMNS)

    assert rows["provider"].tolist() == ["afon", "bryn"]
    assert first_rows(rows["provider"].eq("bryn")) == "5"


@pytest.mark.parametrize("row", ["afon,2026-01,at the desk, again", "afon,2026-01,a,"])
@pytest.mark.parametrize("before", ["", "bryn,2026-01,b\n"])
def test_a_comma_too_many_is_said_in_one_sentence(tmp_path, before, row):
    path = written(tmp_path, f"provider,month,note\n{before}{row}\n")

    with pytest.raises(ReferenceDataError, match=r"^events\.csv: "):
        read_own_list(path, COLUMNS)
