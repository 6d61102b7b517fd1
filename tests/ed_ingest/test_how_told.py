import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ed_ingest.how_told import PLACE_LEVELS, TIME_PRECISIONS, how_told
from tests.ed_ingest.contract_rows import assaults


def counts(table: pd.DataFrame, item: str) -> dict[str, int]:
    found = how_told(table, ["marford"])
    own = found[found["item"] == item]
    return {code: n for code, n in zip(own["code"], own["n"], strict=True) if n}


def test_places_are_counted_by_level_and_homes_apart():
    table = assaults(
        {"location_level": "premises"},
        {"location_level": "street"},
        {"location_level": "street", "location_type": "own_home"},
        {"location_level": "withheld", "location_type": "unknown"},
        {"location_level": "none"},
    )

    assert counts(table, "location") == {"premises": 1, "street": 1, "home": 2, "none": 1}


def test_times_are_counted_by_precision():
    table = assaults({}, {}, {"time_precision": "date"})

    assert counts(table, "time") == {"minute": 2, "date": 1}


def test_a_hospital_without_rows_has_every_level_with_nought():
    found = how_told(assaults({}).iloc[:0], ["marford"])

    assert len(found) == len(PLACE_LEVELS) + len(TIME_PRECISIONS)
    assert found["n"].eq(0).all()


levels = st.sampled_from(["coordinates", "premises", "locality", "area", "withheld", "none"])
kinds = st.sampled_from(["street", "own_home", "unknown"])


@settings(max_examples=20)
@given(st.lists(st.tuples(levels, kinds, st.sampled_from(TIME_PRECISIONS)), min_size=1))
def test_levels_add_up_to_all_rows(rows):
    table = assaults(
        *[{"location_level": a, "location_type": b, "time_precision": c} for a, b, c in rows]
    )

    sums = how_told(table, ["marford"]).groupby("item")["n"].sum()
    assert sums.to_dict() == {"location": len(rows), "time": len(rows)}
