from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from hotspots.compared_months import Months
from hotspots.premises_change import COLUMNS, find_premises_changes

# Both Mays have four Mondays, so that without any change half of the incidents fall in each.
MONDAYS = {
    "now": pd.to_datetime(["2025-05-05", "2025-05-12", "2025-05-19", "2025-05-26"]),
    "before": pd.to_datetime(["2024-05-06", "2024-05-13", "2024-05-20", "2024-05-27"]),
}
COMPARED = Months(
    pd.Period("2025-05", "M"), pd.Period("2024-05", "M"), 1, "a_year_before", ("county",), ()
)
SHARES = pd.DataFrame({"now": [1.0], "before": [1.0]}, index=pd.Index(["county"]))


def named(place_id, *, now=0, before=0, patients=1) -> pd.DataFrame:
    """So many incidents that name the premises on every Monday of each period."""
    nights = [*np.repeat(MONDAYS["now"], now), *np.repeat(MONDAYS["before"], before)]
    rows = pd.DataFrame({"night": nights, "place_id": place_id, "premises": "The Anchor"})
    rows["incident"] = [f"{place_id} {k}" for k in range(len(rows))]
    return rows.loc[rows.index.repeat(patients)]


def changes(*tables, is_called=True, least=5):
    points = pd.concat(tables, ignore_index=True)
    points["incident"] = pd.factorize(points["incident"])[0]
    return find_premises_changes(
        points,
        pd.Series("county", index=points.index),
        compared=COMPARED,
        shares=SHARES,
        is_called=is_called,
        least=least,
    )


def test_more_is_called_only_where_the_exact_test_says_so():
    # 16 of 20 in the later half: two-sided p 0.0118; of two tests, adjusted to 0.0236. 8 of 16: 1.
    found = changes(named("p1", now=4, before=1), named("p2", now=2, before=2))

    assert list(found.columns) == list(COLUMNS)
    assert found["place_id"].tolist() == ["p1", "p2"]
    assert found[["n_now", "n_before"]].to_numpy().tolist() == [[16, 4], [8, 8]]
    assert found["p_value"].tolist() == pytest.approx([binomtest(16, 20).pvalue, 1.0])
    assert found["q_value"].tolist() == pytest.approx([2 * binomtest(16, 20).pvalue, 1.0])
    assert found["trend"].tolist() == ["up", "no_clear_change"]


def test_less_is_down():
    assert changes(named("p1", now=1, before=4))["trend"].tolist() == ["down"]


def test_which_are_tested_depends_on_both_periods_together_alone():
    # 4 incidents in both together are too few; 4 + 4 are enough, whichever period holds them.
    found = changes(named("p1", now=1), named("p2", now=2), named("p3", before=2))

    assert found["place_id"].tolist() == ["p2", "p3"]


def test_patients_of_one_incident_count_once_and_for_one_of_the_premises():
    both = pd.concat([named("p1", now=2), named("p2", now=2)])
    both["incident"] = both["incident"].str.replace("p2", "p1")
    found = changes(both, named("p3", now=2, patients=3), least=1)

    assert found.set_index("place_id")["n_now"].to_dict() == {"p1": 8, "p3": 8}


def test_where_recording_changed_nothing_is_called():
    found = changes(named("p1", now=5), is_called=False)

    assert found["trend"].tolist() == ["recording_changed"]
    assert found[["p_value", "q_value"]].isna().all(axis=None)


def test_records_that_name_no_premises_or_lie_in_neither_period_are_left_out():
    nobody = named("p1", now=3).assign(premises=None)
    long_ago = named("p2", now=3).assign(night=pd.Timestamp("2020-05-04"))

    assert changes(nobody, long_ago).empty


def test_the_order_of_the_records_changes_nothing():
    rows = pd.concat([named("p1", now=4, before=1), named("p2", now=1, before=3)])
    mixed = rows.sample(frac=1, random_state=3)

    pd.testing.assert_frame_equal(changes(rows), changes(mixed))
