"""Promised gains, held against the tables with the changes made."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.gains import CHANGES, NO_CHANGE, best_changes, changes_needed
from ed_ingest.items import ITEMS
from ed_ingest.measures import MINIMUM_DATA_SET, is_complete, month_of
from tests.ed_ingest.contract_rows import assaults
from tests.effort import few

USABLE = {
    "type": {"assault_method": "body_part"},
    "time": {"time_precision": "minute"},
    "location": {"location_level": "premises"},
}
NO_TYPE = {"assault_method": "unknown"}
NO_TIME = {"time_precision": "date"}
NO_PREMISES = {"location_level": "locality", "location_type": "licensed_premises"}
NO_STREET = {"location_level": "locality"}


def table(*rows: tuple[dict, int]) -> pd.DataFrame:
    """So many rows with each set of changes; nothing was delivered that is not usable."""
    made = assaults(*[change for change, n in rows for _ in range(n)])
    return made.assign(items_present=0, month=month_of(made))


def made(rows: pd.DataFrame, changes) -> pd.DataFrame:
    """The rows as they are once these changes are made."""
    needed, rows = changes_needed(rows), rows.copy()
    for item in MINIMUM_DATA_SET:
        for column, value in USABLE[item].items():
            rows[column] = rows[column].mask(needed[item].isin(list(changes)), value)
    return rows


def gained(rows: pd.DataFrame, changes) -> int:
    return int(is_complete(made(rows, changes)).sum() - is_complete(rows).sum())


def test_a_change_gains_the_rows_that_lack_nothing_else():
    # 61 rows lack the premises alone, 9 the premises and the time, 4 the time alone.
    rows = table((NO_PREMISES, 61), (NO_PREMISES | NO_TIME, 9), (NO_TIME, 4), ({}, 20))

    found = best_changes(rows)

    assert found["change"].tolist() == ["place_licensed_premises", "time_asked"]
    assert found["n_alone"].tolist() == [61, 4]
    # With the premises asked for, the time gains its 4 and the 9 that lacked both.
    assert found["n_added"].tolist() == [61, 13]
    assert found["whom"].tolist() == ["hospital", "hospital"]
    assert "name of the premises" in found["words"].iloc[0]


def test_two_changes_that_only_together_gain_are_found_before_a_smaller_one_alone():
    # Greedy search would take the type first: alone it gains 3, the other two nothing.
    rows = table((NO_TIME | NO_STREET, 50), (NO_TYPE, 3))

    found = best_changes(rows)

    assert found["n_added"].sum() == 53
    assert set(found["change"]) == {"type_asked", "time_asked", "place_street"}
    assert found["n_added"].tolist() == [3, 0, 50]


def test_only_three_changes_are_named():
    places = ["street", "workplace", "education", "custody"]
    rows = table(*[({"location_level": "none", "location_type": kind}, 9 - i)
                   for i, kind in enumerate(places)])  # fmt: skip

    found = best_changes(rows)

    assert found["change"].tolist() == ["place_street", "place_workplace", "place_education"]
    assert found["rank"].tolist() == [1, 2, 3]


def test_words_in_which_no_place_was_found_are_the_partnerships_work():
    rows = table(({"location_level": "none"}, 5)).assign(items_present=(1 << len(ITEMS)) - 1)

    found = best_changes(rows)

    assert found["whom"].tolist() == ["partnership"]
    assert "places review" in found["words"].iloc[0]


def test_a_home_lacks_no_place():
    home = {"location_type": "own_home", "location_level": "none"}

    assert changes_needed(table((home, 1)))["location"].tolist() == [NO_CHANGE]


def test_hospitals_are_told_apart_and_months_counted():
    rows = table((NO_TIME, 4), (NO_TIME | {"provider": "royal"}, 2))
    rows.loc[0, "month"] = "2026-04"

    found = best_changes(rows).set_index("provider")

    assert found["n_added"].to_dict() == {"marford": 4, "royal": 2}
    assert found["n_months"].to_dict() == {"marford": 2, "royal": 1}


@pytest.mark.parametrize("rows", [table(({}, 3)), table(({}, 3)).iloc[:0]])
def test_complete_or_no_rows_need_nothing(rows):
    assert best_changes(rows).empty


def test_every_reason_has_a_change():
    assert {change.item for change in CHANGES.values()} == set(MINIMUM_DATA_SET)


methods = st.sampled_from(["body_part", "unknown"])
precisions = st.sampled_from(["minute", "date", "arrival"])
kinds = st.sampled_from(["street", "licensed_premises", "own_home", "unknown"])
levels = st.sampled_from(["premises", "locality", "none"])
masks = st.sampled_from([0, (1 << len(ITEMS)) - 1, 1 << (2 * len(ITEMS))])


@few(6)
@given(st.lists(st.tuples(methods, precisions, kinds, levels, masks), min_size=1, max_size=25))
def test_what_is_promised_comes_and_no_other_set_brings_more(cells):
    names = ["assault_method", "time_precision", "location_type", "location_level"]
    rows = assaults(*[dict(zip(names, cell[:4], strict=True)) for cell in cells])
    rows = rows.assign(items_present=[cell[4] for cell in cells], month=month_of(rows))

    found = best_changes(rows)

    chosen = found["change"].tolist()
    for i, change in enumerate(chosen):
        assert gained(rows, [change]) == found["n_alone"][i]
        assert gained(rows, chosen[: i + 1]) == found["n_added"][: i + 1].sum()
    needed = changes_needed(rows)
    every = sorted(set(np.unique(needed.to_numpy().astype(str))) - {NO_CHANGE})
    most = max((gained(rows, s) for s in combinations(every, min(3, len(every)))), default=0)
    assert found["n_added"].sum() == most
    # A row is complete exactly when it needs no change.
    assert (needed.eq(NO_CHANGE).all(axis=1) == is_complete(rows)).all()
