"""Cells that nobody expects, for the fuzz tests: whatever a file may hold in any column."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pandas as pd
from hypothesis import strategies as st

from ed_ingest.schema import load_spec
from ed_ingest.tables import RawExtract

SPEC = load_spec("ed_assault")
COLUMNS = [
    f.name
    for f in SPEC.fields.values()
    if f.role in ("keep", "coarsen", "transient")
    and f.name not in ("event_id", "provider", "source", "batch_id", "incident_id", "transfer")
]
LIKELY = (
    "03/01/2026 02:50", "2026-01-03 02:50", "3 Jan 26", "20260103", "0250", "24:00", "99:99", "2am",
    "between 1 and 2am", "11-1am", "approx 23.30", "evening", "last night", "midnight",
    "31/02/2026",
    "01/01/1900", "14/03/0001", "14/03/2062 02:15", "26/10/2025 01:30", "30/03/2025 01:30", "45000",
    "45000.5", "0", "-1", "1e400", "NaN", "inf", "9.9E+14", "999003031000000000", "NK", "?", "-",
    "", " ", "\u0000", "\u202e", "٣/١/٢٠٢٦", "٣", "²", "0" * 400, "9" * 5000, "(" * 300, "a" * 5000,
    "Fist", "pub", "at home in bed", "own home", "Assault", "Fall", "Yes", "3+", "318000",
    "176000", "51.48", "-3.18", "318.6", "A-1", "E01000001", "12 mths", "34 yrs",
)  # fmt: skip
TEXTS = st.sampled_from(LIKELY) | st.text(max_size=30)
CELLS = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes() | st.datetimes(timezones=st.just(None)),
    st.times(),
    st.timedeltas(),
    st.sampled_from([date(1, 1, 1), datetime(9999, 12, 31, 23, 59), time(0), timedelta(days=-1)]),
)


@st.composite
def raw_extracts(draw, cells=CELLS, most_rows=6) -> RawExtract:
    """A file's cells under some of the schema's names, with rows that may be alike."""
    names = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=12, unique=True))
    row = st.fixed_dictionaries(dict.fromkeys(names, cells))
    rows = draw(st.lists(row, min_size=1, max_size=most_rows))
    rows += draw(st.lists(st.sampled_from(rows), max_size=2))
    dtype = "str" if draw(st.booleans()) and _all_text(rows) else "object"
    table = pd.DataFrame(rows, dtype=dtype)
    return RawExtract(table.set_axis(pd.RangeIndex(2, len(rows) + 2, name="row")))


def _all_text(rows) -> bool:
    return all(cell is None or isinstance(cell, str) for row in rows for cell in row.values())
