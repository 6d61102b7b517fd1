from __future__ import annotations

import numpy as np
import pytest
import shapely
from scipy.stats import norm

from ed_ingest.errors import AnalysisError
from hotspots.density import kernel_density
from hotspots.edges import share_inside
from hotspots.grid import make_grid
from hotspots.kernels import KERNELS

BOX = shapely.box(0, 0, 600, 400)
GRID = make_grid(BOX, cell_m=25)
# A bay, a pond and an island.
COAST = shapely.union(
    shapely.Polygon(
        [(0, 0), (500, 0), (500, 300), (250, 120), (0, 400)],
        [[(100, 50), (150, 50), (150, 100), (100, 100)]],
    ),
    shapely.box(600, 100, 700, 200),
)
RNG = np.random.default_rng(4)


def share(x, y, h, kernel="quartic", boundary=BOX):
    places = np.array([x], float), np.array([y], float), np.array([h], float)
    return share_inside(*places, boundary=boundary, kernel=KERNELS[kernel])[0]


@pytest.mark.parametrize("kernel", KERNELS)
def test_far_inside_all_is_inside_at_a_side_half_and_in_a_corner_a_quarter(kernel):
    h = 15 if kernel == "gaussian" else 100

    assert share(300, 200, h, kernel) == 1
    assert share(300, 0, h, kernel) == pytest.approx(0.5)
    assert share(1e-9, 1e-9, h, kernel) == pytest.approx(0.25)


def test_the_share_left_of_a_line_by_hand():
    # Epanechnikov, 2/π · (1 − r²): the line at t = d/h holds 8/(3π) · (1 − t²)^(3/2). Its integral
    # from 0 to t is [t (5 − 2t²) √(1 − t²) + 3 asin t] / (3π); half lies beyond t = 0.
    t = 0.5
    behind = 0.5 - (t * (5 - 2 * t**2) * np.sqrt(1 - t**2) + 3 * np.arcsin(t)) / (3 * np.pi)

    assert share(50, 200, 100, "epanechnikov") == pytest.approx(1 - behind, abs=1e-12)


def test_a_gaussian_in_a_box_is_a_product_of_normal_shares():
    for x, y in RNG.uniform(1, 399, (20, 2)):
        east = norm.cdf((600 - x) / 80) - norm.cdf(-x / 80)
        north = norm.cdf((400 - y) / 80) - norm.cdf(-y / 80)

        assert share(x, y, 80, "gaussian") == pytest.approx(east * north, abs=1e-12)


@pytest.mark.parametrize("kernel", ["quartic", "epanechnikov"])
@pytest.mark.parametrize("place", [(20, 20), (250, 60), (160, 75), (650, 150), (120, 20)])
def test_the_share_on_a_ragged_coast_agrees_with_counting_small_squares(kernel, place):
    step = (np.arange(800) + 0.5) / 400 - 1
    x, y = np.meshgrid(step, step)
    power = KERNELS[kernel].power
    height = np.clip(1 - x**2 - y**2, 0, None) ** power * (power + 1) / np.pi
    land = shapely.contains_xy(COAST, place[0] + 150 * x, place[1] + 150 * y)

    assert share(*place, 150, kernel, COAST) == pytest.approx(
        (height * land).sum() / 400**2, abs=2e-3
    )


def test_after_diggles_correction_the_whole_is_the_number_of_events():
    x, y = RNG.uniform(0, 400, (2, 50))
    fine = make_grid(BOX, cell_m=5)
    plain = kernel_density(x, y, grid=fine, bandwidth_m=150)
    surface = kernel_density(
        x, y, grid=fine, bandwidth_m=150, boundary=BOX, edge="diggle", uncertainty_m=x / 4
    )

    assert surface.values.sum() * 25 / 1e6 == pytest.approx(50, rel=1e-3)
    assert plain.values.sum() * 25 / 1e6 < 45


def test_an_even_density_stays_even_up_to_the_boundary():
    # One event on each square of 10 m: 10,000 per km².
    x, y = (each.ravel() for each in np.meshgrid(np.arange(5, 600, 10), np.arange(5, 400, 10)))
    call = {"grid": GRID, "bandwidth_m": 120, "boundary": BOX}
    surface = kernel_density(x, y, edge="uniform", standard_error=True, **call)
    bare = kernel_density(x, y, standard_error=True, **call)

    assert bare.values[0, 0] < 4_500
    assert surface.values == pytest.approx(np.full(surface.values.shape, 10_000), rel=2e-3)
    ratio = surface.values / bare.values
    assert surface.standard_error == pytest.approx(bare.standard_error * ratio)
    assert (surface.edge, bare.edge) == ("uniform", None)


def test_a_correction_leaves_out_what_lies_outside_and_counts_it():
    call = {"grid": GRID, "bandwidth_m": 100, "boundary": BOX}
    surface = kernel_density([300, -20], [200, 200], edge="diggle", **call)

    assert (surface.n_outside, surface.n_beyond) == (1, 0)
    assert np.array_equal(
        surface.values, kernel_density([300], [200], edge="diggle", **call).values
    )


def test_a_uniform_correction_of_kernels_of_many_widths_is_refused():
    with pytest.raises(AnalysisError, match="choose edge='diggle'"):
        kernel_density(
            [300], [200], grid=GRID, bandwidth_m=100, boundary=BOX, edge="uniform",
            uncertainty_m=[50],
        )  # fmt: skip
