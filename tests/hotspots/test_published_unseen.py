from __future__ import annotations

import dataclasses
import functools

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotspots.analyst_tables import tables
from hotspots.capture_recapture import STRATUM_COLUMNS
from hotspots.dictionary import dictionary
from hotspots.maps import write_tasking_map
from hotspots.published_unseen import (
    publish_capture_recapture,
    publish_not_known,
    publish_reported,
    publish_sensitivity,
)
from hotspots.small_numbers import Rules
from hotspots.unseen import SHARES, reported_and_found
from tests.ed_ingest.contract_rows import assaults
from tests.effort import few
from tests.hotspots.builders import areas, hot_spots, publishable
from tests.hotspots.test_disclosure import disclosed
from tests.hotspots.town import spread_out

RULES = Rules(5, "round5", 1000, premises_names=False)
STRATA = pd.DataFrame(
    [("weekend_nights", 503, 398, 0.31, 0.26, 0.36), ("other_nights", 302, 499, 0.2, 0.1, 0.3)],
    columns=list(STRATUM_COLUMNS),
)


def groups(*rows: tuple[str, str, int, int], share: float = 0.5) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["by", "group", "n", "n_incidents"])
    return table.assign(**dict.fromkeys((*SHARES, "share_by_chance"), share))


def shown(table: pd.DataFrame, rules: Rules = RULES) -> pd.DataFrame:
    return publish_not_known(table, hot_spots(), areas(), rules)


@functools.cache
def linked_town(n: int = 60):
    """Findings of a spot of assaults, half of them known."""
    rows = [{**c, "link_status": "linked" if i % 2 else "not_found", "lsoa": "W01"}
            for i, c in enumerate(spread_out(n))]  # fmt: skip
    known = [float(i % 2) for i in range(n)]
    weighed = pd.DataFrame({"event_id": [f"a{i}" for i in range(n)], "known": known})
    weighed = weighed.assign(incident_id=weighed["event_id"], by_chance=0.0)
    weighed["known_by_incident"] = weighed["known"]
    return disclosed(*rows, weighed=weighed, link_figures={"chance_rate": 0.004})


def test_small_groups_and_hot_spots_that_are_not_shown_are_left_out():
    table = shown(
        groups(
            ("all", "all", 200, 190),
            ("hot_spot", "H01", 40, 35),
            ("hot_spot", "H99", 40, 35),
            ("area", "W01000001", 19, 19),
            ("area", "W01000002", 30, 4),
            ("method", "glass", 23, 22),
        )
    )

    assert table["group"].tolist() == ["all", "H01", "glass"]
    assert table["n"].tolist() == [200, 40, 25]
    assert table["name"].tolist() == ["", "Castle Street (The Anchor)", ""]


def test_shares_are_whole_per_cents_of_rounded_counts():
    # 0.43 of 23 are 9.9, to the nearest five 10 of 25.
    table = shown(groups(("all", "all", 23, 23), share=0.43))

    assert table.loc[0, "share_not_found"] == 0.4


@few(8, deadline=None)
@given(
    st.lists(st.integers(20, 120), min_size=1, max_size=6),
    st.integers(3, 12),
    st.floats(0, 1),
)
@example([20], 6, 0.0)
def test_no_share_stands_for_a_small_number(sizes, threshold, share):
    rows = [("method", f"m{i}", n, n) for i, n in enumerate(sizes)]
    rules = Rules(threshold, "suppress_lt5", sum(sizes), premises_names=False)
    table = shown(groups(*rows, ("all", "all", sum(sizes), sum(sizes)), share=share), rules)
    base = max(5, threshold)

    untold = table["n"].isna()
    assert table.loc[untold, [*SHARES, "share_by_chance"]].isna().all(axis=None)
    for row in table[~untold].itertuples():
        part = row.share_not_found * row.n
        assert part == pytest.approx(0, abs=0.006 * row.n) or part > base - 0.006 * row.n
        assert row.n % base == 0


def test_what_chance_leaves_unknown_stays_unknown():
    table = groups(("all", "all", 100, 100)).assign(share_by_chance=np.nan)

    assert np.isnan(shown(table).loc[0, "share_by_chance"])


def test_small_cells_of_what_patients_said_are_rounded():
    said = [{"reported_to_police": "yes", "link_status": "linked"}] * 3
    more = [{"reported_to_police": "no", "link_status": "not_found"}] * 31
    table = publish_reported(reported_and_found(assaults(*said, *more)), RULES)

    assert set(table["n"].dropna()) <= {0, 5, 30}


def test_the_corrected_share_comes_from_the_shares_that_are_shown():
    table = pd.DataFrame(
        {"distance_m": [100.0], "gap_min": [60.0], "n": [203], "share_within": [0.417],
         "share_by_chance": [0.113], "share_corrected": [0.999]}
    )  # fmt: skip
    row = publish_sensitivity(table, RULES).loc[0]

    # 84.7 of 203 are 85 of 205: 0.41; (0.41 - 0.11) / 0.89 = 0.34
    assert row.tolist() == [100, 60, 0.41, 0.11, 0.34]


def test_capture_and_recapture_is_worked_out_from_rounded_counts():
    table = publish_capture_recapture(STRATA, RULES)
    other = STRATA.assign(n_hospital=[505, 298], n_police=[402, 502])

    assert table["n_hospital"].tolist()[:3] == [505, 300, 805]
    pd.testing.assert_frame_equal(table, publish_capture_recapture(other, RULES))


def test_a_stratum_of_few_gives_no_estimate_at_all():
    assert publish_capture_recapture(STRATA.assign(n_hospital=[500, 19]), RULES) is None
    assert publish_capture_recapture(None, RULES) is None


def test_the_analysts_tables_hold_it_and_every_column_is_explained():
    found = linked_town()
    table = tables(found)

    assert {"not_known_to_police", "reported_and_found", "link_sensitivity"} <= set(table)
    assert "capture_recapture" not in table
    everything = table["not_known_to_police"].iloc[0]
    assert (everything["by"], everything["n"], everything["share_not_found"]) == ("all", 60, 0.5)
    assert "hot_spot" in set(table["not_known_to_police"]["by"])
    dictionary({name: list(rows.columns) for name, rows in table.items()}, threshold=5)


def test_hot_spots_show_the_share_of_the_estimate():
    table = tables(linked_town())
    spot = table["not_known_to_police"].query("by == 'hot_spot'").iloc[0]

    assert table["hotspots"].loc[0, "share_not_found"] == spot["share_not_found"]


def test_maps_hold_nothing_of_capture_and_recapture(tmp_path):
    found = linked_town()
    estimated = publish_capture_recapture(STRATA, RULES)
    knowledge = dataclasses.replace(found.knowledge, capture_recapture=estimated)
    with_it = dataclasses.replace(found, knowledge=knowledge)
    for name, one in (("with", with_it), ("without", found)):
        write_tasking_map(one, tmp_path / f"{name}.html")

    assert (tmp_path / "with.html").read_bytes() == (tmp_path / "without.html").read_bytes()
    assert "capture_recapture" in tables(with_it)


def test_the_share_by_chance_stands_beside_the_share(tmp_path):
    found = linked_town()
    write_tasking_map(found, tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")

    assert found.chance_rate == 0.0
    assert "By chance alone a record would be found for under 1%." in page
    write_tasking_map(publishable(chance_rate=None), tmp_path / "map.html")
    assert "By chance alone" not in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_before_linkage_there_is_nothing_of_it():
    assert disclosed(*spread_out(30)).knowledge is None
