"""Grid references name the south-west corner of a square."""

from __future__ import annotations

import pandas as pd
import pytest

from ed_ingest.grid_references import grid_points


def point(text):
    row = grid_points(pd.Series([text], dtype="str")).iloc[0]
    return None if pd.isna(row["easting"]) else (row["easting"], row["northing"])


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        # ST is the square with corner 300000, 100000; 183 765 are hundreds of metres.
        ("ST183765", (318350, 176550)),
        ("st 183 765", (318350, 176550)),
        ("TQ 30080 80380", (530080, 180380)),
        ("SV 8920 1000", (89205, 10005)),
        ("HU 396753", (439650, 1175350)),
    ],
)
def test_a_reference_is_the_middle_of_its_square(reference, expected):
    assert point(reference) == expected


@pytest.mark.parametrize("text", ["ST 18 76", "ST1837", "ST18376", "IT183765", "High Street", ""])
def test_coarse_broken_and_other_texts_are_no_points(text):
    assert point(text) is None
