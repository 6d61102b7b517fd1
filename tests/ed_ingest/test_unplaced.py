import pandas as pd
import pytest

from ed_ingest.merge_places import PLACE_COLUMNS
from ed_ingest.unplaced import with_points

POSTCODES = pd.DataFrame({"postcode": ["ZE11AA"], "easting": [318500.0], "northing": [176500.0]})


def rows(*places):
    table = pd.DataFrame(
        [
            {"place_id": str(i), "kind": "premises", "northing": 176000.0, **place}
            for i, place in enumerate(places)
        ]
    )
    kinds = {c: "float64" if c in ("easting", "northing") else "str" for c in PLACE_COLUMNS}
    return table.reindex(columns=list(PLACE_COLUMNS)).astype(kinds)


LAMB = {"name": "The Lamb", "easting": None, "northing": None}
HERE = {"name": "Lamb", "easting": 318000.0, "postcode": "ZE1 1AB"}
FAR = {"name": "Lamb", "easting": 325000.0, "postcode": "ZE9 9ZZ"}


@pytest.mark.parametrize(
    ("own", "others", "easting", "centroid"),
    [
        ({}, [HERE], 318000.0, False),
        ({}, [HERE, FAR], None, False),  # which of the two?
        ({"postcode": "ZE11AB"}, [HERE, FAR], 318000.0, False),
        ({"postcode": "ZE1 1AA"}, [HERE, FAR], 318500.0, True),
        ({"postcode": "ZE1 1AA"}, [], 318500.0, True),
        ({"kind": "street"}, [HERE], None, False),
        ({"easting": 1.0, "northing": 2.0}, [HERE], 1.0, False),
    ],
)
def test_a_point_comes_from_the_one_namesake_else_from_the_postcode(own, others, easting, centroid):
    placed = with_points(rows({**LAMB, **own}), others=rows(*others), postcodes=POSTCODES).iloc[0]

    assert (placed["easting"] if pd.notna(placed["easting"]) else None) == easting
    assert placed["centroid"] == centroid
