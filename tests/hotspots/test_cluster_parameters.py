from __future__ import annotations

import numpy as np
import pytest

from ed_ingest.errors import AnalysisError
from hotspots.cluster_parameters import suggest_parameters
from hotspots.clusters import dbscan


def test_the_bend_lies_between_crowded_places_and_the_rest():
    # Twenty places of 100 events within some 20 m, and 500 events strewn over 100 km².
    rng = np.random.default_rng(1)
    centres = rng.uniform(0, 10_000, (20, 2))
    crowded = (centres[:, None] + rng.normal(0, 20, (20, 100, 2))).reshape(-1, 2)
    x, y = np.concatenate([crowded, rng.uniform(0, 10_000, (500, 2))]).T
    found = suggest_parameters(x, y, min_samples=10)
    labels = dbscan(x, y, eps_m=found.eps_m, min_samples=10)

    assert 20 <= found.eps_m <= 100
    assert labels.max() + 1 == 20
    assert (labels[:2000] >= 0).mean() > 0.95
    assert f"Within {found.eps_m:.0f} m" in found.why


def test_the_distance_is_that_to_the_kth_event_itself_counted():
    # Five events 10 m apart in a row: of three, the two nearest of the ends lie at 10 and 20 m.
    found = suggest_parameters([0, 10, 20, 30, 40], [0] * 5, min_samples=3, least_m=1)

    assert list(found.k_distance_m) == [10, 10, 10, 20, 20]


@pytest.mark.parametrize(("farthest_m", "bend"), [(200, (40, 0.8)), (5000, (10, 0.2))])
def test_the_bend_is_where_the_curve_lies_farthest_below_the_line(farthest_m, bend):
    # Pairs 10, 20, 30, 40 and 200 m apart, far from each other: each event's nearest is so far. The
    # line from 10 to 200 rises by 21.1 an event: the last 40 lies 117.8 below it, the first 96.7.
    # What is beyond 500 m counts for nothing: the line from 10 to 40 rises by 4.3 an event, and the
    # last 10 lies 4.3 below it, the last 20 lies 2.9, the last 30 lies 1.4.
    apart = np.array([10, 20, 30, 40, farthest_m])
    x = np.concatenate([np.arange(5) * 1e5, np.arange(5) * 1e5 + apart])
    found = suggest_parameters(x, np.zeros(10), min_samples=2, least_m=5)

    assert found.k_distance_m.tolist() == np.repeat(apart, 2).tolist()
    assert (found.eps_m, found.share_within) == bend


def test_the_order_of_events_changes_nothing():
    x, y = np.random.default_rng(2).normal(0, 500, (2, 400))
    one, other = (
        suggest_parameters(x, y, min_samples=5),
        suggest_parameters(x[::-1], y[::-1], min_samples=5),
    )

    assert one[:4] == other[:4]


def test_all_at_one_place_gives_the_least_distance():
    found = suggest_parameters([7] * 20, [7] * 20, min_samples=10)

    assert (found.eps_m, found.share_within) == (25, 1)
    assert found.why.endswith("Held at 25 m, the limit that was set.")


def test_too_few_events_are_refused():
    with pytest.raises(AnalysisError, match="10 events or more"):
        suggest_parameters([1, 2], [1, 2], min_samples=10)
