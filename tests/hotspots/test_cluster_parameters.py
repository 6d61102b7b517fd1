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
