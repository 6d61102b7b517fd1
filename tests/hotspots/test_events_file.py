from __future__ import annotations

from datetime import date

import pytest

from ed_ingest.errors import ReferenceDataError
from hotspots.events_file import read_events
from hotspots.special_nights import calendar_of_nights


def written(folder, *rows, header="first_night,last_night,name"):
    path = folder / "events.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")
    return path


def test_events_become_nights_of_the_calendar(tmp_path):
    events = read_events(written(tmp_path, "2025-05-10,2025-05-11,Fair", "2025-05-09,,Cup final"))
    table = calendar_of_nights(date(2025, 5, 9), date(2025, 5, 12), country="Wales", events=events)

    assert table["event"].fillna("").tolist() == ["Cup final", "Fair", "Fair", ""]


@pytest.mark.parametrize(
    "row", ["10/05/2025,,Quuzle", "2025-05-10,,", "2025-05-10,2025-05-09,Quuzle", ",,Quuzle"]
)
def test_a_row_that_cannot_be_meant_is_named_by_its_number_alone(tmp_path, row):
    with pytest.raises(ReferenceDataError, match="row 3") as told:
        read_events(written(tmp_path, "2025-05-10,,Fair", row))

    assert "Quuzle" not in str(told.value)


def test_a_missing_column_or_file_is_told(tmp_path):
    with pytest.raises(ReferenceDataError, match="no column last_night"):
        read_events(written(tmp_path, header="first_night,name"))
    with pytest.raises(ReferenceDataError, match=r"absent.csv: cannot be read"):
        read_events(tmp_path / "absent.csv")
