from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ed_ingest.errors import AnalysisError
from hotspots.density import kernel_density
from hotspots.grid import make_grid
from hotspots.preview import preview_density

GRID = make_grid((0, 0, 600, 400), cell_m=50)
POINTS = st.lists(
    st.tuples(st.floats(-300, 900), st.floats(-300, 700), st.floats(0, 5)), max_size=25
)


def off_by(x, y, weights=None, **call):
    """How far the preview is from the exact density, and how far it says it may be."""
    call = {"grid": GRID, "bandwidth_m": 120, "weights": weights, **call}
    preview = preview_density(x, y, **call)
    exact = kernel_density(x, y, **{k: v for k, v in call.items() if k != "refine"})
    return np.abs(preview.surface.values - exact.values).max(), preview.bound


@given(points=POINTS, refine=st.sampled_from([1, 3, 7]))
@settings(max_examples=60, deadline=None)
def test_no_cell_is_further_off_than_the_bound(points, refine):
    x, y, weight = np.array(points).reshape(-1, 3).T
    off, bound = off_by(x, y, weight, refine=refine)

    assert off <= bound + 1e-9


def test_an_event_on_a_node_is_exact():
    assert off_by([325], [225])[0] < 1e-12


def test_the_bound_of_one_event_by_hand():
    # δ = 50/5 = 10 m, h = 120 m: 2 · (10/120)² of the peak 3 · 10⁶ / (π 120²).
    _, bound = off_by([325], [225], refine=5)

    assert bound == pytest.approx(2 / 144 * 3e6 / (np.pi * 120**2))


def test_a_finer_grid_is_nearer_to_the_truth():
    x, y = np.random.default_rng(2).uniform(0, 400, (2, 100))

    assert off_by(x, y, refine=9)[0] < off_by(x, y, refine=3)[0] / 4


def test_stray_events_are_counted():
    preview = preview_density([325, 5e5], [225, 0], grid=GRID, bandwidth_m=120)

    assert preview.surface.n_beyond == 1


@pytest.mark.parametrize("wrong", [{"refine": 2}, {"refine": -1}, {"bandwidth_m": 0}])
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(AnalysisError):
        preview_density([1], [1], **{"grid": GRID, "bandwidth_m": 120, **wrong})
