# ruff: noqa: PD011 (the values are a surface's, not a frame's)
from __future__ import annotations

import math
import subprocess
import sys
import tracemalloc

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gaussian_kde
from sklearn.neighbors import KernelDensity

from ed_ingest.errors import AnalysisError
from hotspots.density import incident_support, kernel_density
from hotspots.grid import make_grid
from hotspots.tables import Grid

RNG = np.random.default_rng(5)
GRID = make_grid((0, 0, 600, 400), cell_m=50)
POINTS = st.lists(
    st.tuples(
        st.floats(-300, 900), st.floats(-300, 700), st.floats(0, 5), st.floats(0, 200)
    ),
    max_size=25,
)  # fmt: skip


def brute_force(x, y, h, weight=1.0, kernel="quartic"):
    """Every point against every cell with plain numpy, in events per km²."""
    cx, cy = np.meshgrid(np.unique(GRID["x"]), np.unique(GRID["y"]))
    d2 = (cx[..., None] - x) ** 2 + (cy[..., None] - y) ** 2
    r2 = d2 / h**2
    if kernel == "gaussian":
        each = np.exp(-r2 / 2) / (2 * np.pi * h**2)
    elif kernel == "quartic":
        each = np.where(r2 < 1, 3 / (np.pi * h**2) * (1 - r2) ** 2, 0)
    else:
        each = np.where(r2 < 1, 2 / (np.pi * h**2) * (1 - r2), 0)
    return 1e6 * (each * weight).sum(axis=-1)


def test_the_peak_of_one_event_is_3_over_pi_h_squared_per_km2():
    # 3 / (pi * 200^2) per m² = 23.8732 per km², at the cell centre that the event lies on.
    surface = kernel_density([325], [225], grid=GRID, bandwidth_m=200)

    assert surface.values.max() == pytest.approx(23.8732, abs=1e-4)
    assert surface.values[4, 6] == surface.values.max()
    assert (surface.x[6], surface.y[4]) == (325, 225)


def test_a_cell_centre_half_a_bandwidth_away_has_nine_sixteenths_of_the_peak():
    # (1 - (100/200)^2)^2 = 0.5625
    surface = kernel_density([325], [225], grid=GRID, bandwidth_m=200)

    assert surface.values[4, 8] == pytest.approx(0.5625 * 3e6 / (math.pi * 200**2), rel=1e-12)
    assert surface.values[4, 10] == 0


@pytest.mark.parametrize(
    ("kernel", "bandwidth_m", "error"),
    [("quartic", 300, 1e-9), ("gaussian", 30, 1e-9), ("epanechnikov", 300, 1e-6)],
)
def test_one_event_adds_up_to_one_event(kernel, bandwidth_m, error):
    # The sum over 1 m cells is the integral but for the kernel's edge: it is smooth for the
    # quartic, smoother still for the Gaussian, and has a kink for Epanechnikov.
    fine = make_grid((0, 0, 700, 700), cell_m=1)
    surface = kernel_density(
        [351.3], [348.7], grid=fine, bandwidth_m=bandwidth_m, kernel=kernel
    )  # fmt: skip

    assert surface.values.sum() / 1e6 == pytest.approx(1, abs=error)


@pytest.mark.parametrize(("kernel", "spread"), [("quartic", 8), ("epanechnikov", 6)])
def test_uncertainty_adds_its_variance_to_the_kernels_own(kernel, spread):
    # The variance of a compact kernel along one axis is h²/8 (quartic) or h²/6 (Epanechnikov);
    # an error with 95 % radius 48.96 m has a standard deviation of 20 m: the sum is what it was
    # plus 400 m².
    fine = make_grid((0, 0, 700, 700), cell_m=2)
    surface = kernel_density(
        [351], [351], grid=fine, bandwidth_m=150, uncertainty_m=[48.96], kernel=kernel
    )
    column = surface.values.sum(axis=0) / surface.values.sum()
    variance = (column * (surface.x - 351) ** 2).sum()

    assert variance == pytest.approx(150**2 / spread + 400, rel=1e-3)


@given(points=POINTS, kernel=st.sampled_from(["quartic", "epanechnikov", "gaussian"]))
@settings(max_examples=60, deadline=None)
def test_density_equals_brute_force(points, kernel):
    x, y, weight, error = np.array(points).reshape(-1, 4).T
    square = {"quartic": 8, "epanechnikov": 6, "gaussian": 1}[kernel]
    surface = kernel_density(
        x, y, grid=GRID, bandwidth_m=120, weights=weight, uncertainty_m=error, kernel=kernel
    )
    own = np.sqrt(120**2 + square * (error / 2.448) ** 2)
    wanted = brute_force(x, y, own, weight, kernel)

    assert np.abs(surface.values - wanted).max() <= 1e-9 * max(wanted.max(initial=0), 1e-300)


@given(points=POINTS, seed=st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_the_order_of_events_changes_no_bit(points, seed):
    values = np.array(points).reshape(-1, 4)
    mixed = values[np.random.default_rng(seed).permutation(len(values))]
    first, second = (
        kernel_density(v[:, 0], v[:, 1], grid=GRID, bandwidth_m=120, weights=v[:, 2]).values
        for v in (values, mixed)
    )

    assert np.array_equal(first, second)


def test_the_order_of_snapped_events_of_many_weights_changes_no_bit():
    x, y = RNG.integers(0, 4, (2, 500)) * 100
    weight, error = RNG.uniform(0, 3, 500).round(1), RNG.integers(0, 3, 500) * 40.5
    values = np.column_stack([x, y, weight, error])
    first, second = (
        kernel_density(
            *v.T[:2], grid=GRID, bandwidth_m=120, weights=v[:, 2], uncertainty_m=v[:, 3]
        ).values
        for v in (values, RNG.permutation(values))
    )

    assert np.array_equal(first, second)


def test_no_event_is_no_density():
    assert not kernel_density([], [], grid=GRID, bandwidth_m=100).values.any()


def test_equal_events_count_as_often_as_they_are():
    once = kernel_density([325], [225], grid=GRID, bandwidth_m=100).values
    thrice = kernel_density([325] * 3, [225] * 3, grid=GRID, bandwidth_m=100).values
    weighted = kernel_density([325], [225], grid=GRID, bandwidth_m=100, weights=[3]).values

    assert thrice == pytest.approx(3 * once)
    assert weighted == pytest.approx(3 * once)


def test_an_event_outside_the_grid_reaches_into_it():
    surface = kernel_density([-50], [225], grid=GRID, bandwidth_m=100)

    assert surface.values[4, 0] > 0
    assert surface.values[:, 1:].max() == 0


def test_a_stray_event_is_counted_and_costs_no_memory():
    tracemalloc.start()
    surface = kernel_density([325, 500_000], [225, 0], grid=GRID, bandwidth_m=100)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    without = kernel_density([325], [225], grid=GRID, bandwidth_m=100)

    assert (surface.n_beyond, without.n_beyond) == (1, 0)
    assert np.array_equal(surface.values, without.values)
    assert peak < 5e6


@pytest.mark.parametrize("bounds", [(0, 0, 600, 50), (0, 0, 50, 600)])
def test_a_grid_of_one_row_or_column_has_the_values_of_the_whole(bounds):
    x, y = RNG.uniform(-50, 650, (2, 40))
    whole = kernel_density(x, y, grid=make_grid((0, 0, 600, 600), cell_m=50), bandwidth_m=150)
    part = kernel_density(x, y, grid=make_grid(bounds, cell_m=50), bandwidth_m=150)
    rows, columns = part.values.shape

    assert min(rows, columns) == 1
    assert np.array_equal(part.values, whole.values[:rows, :columns])


def test_the_number_of_threads_changes_no_bit():
    fine = make_grid((0, 0, 600, 4000), cell_m=10)
    x, y = RNG.uniform(0, 4000, (2, 3000))
    one, two, five = (
        kernel_density(
            x, y, grid=fine, bandwidth_m=130, uncertainty_m=x % 300, threads=threads
        ).values
        for threads in (1, 2, 5)
    )  # fmt: skip

    assert np.array_equal(one, two)
    assert np.array_equal(one, five)


@pytest.mark.parametrize("far", [655_000, 5_000_000])
def test_far_from_the_origin_nothing_is_lost(far):
    x, y = RNG.integers(0, 600, (2, 200))
    there = make_grid((far, far, far + 600, far + 400), cell_m=50)
    surface = kernel_density(x + far, y + far, grid=there, bandwidth_m=120)

    assert np.abs(surface.values - brute_force(x, y, 120)).max() <= 1e-9 * surface.values.max()


@given(points=POINTS.filter(len), width=st.floats(40, 300))
@settings(max_examples=25, deadline=None)
@pytest.mark.parametrize("kernel", ["gaussian", "epanechnikov"])
def test_density_agrees_with_scikit_learn(kernel, points, width):
    x, y, _, _ = np.array(points).T
    surface = kernel_density(x, y, grid=GRID, bandwidth_m=width, kernel=kernel)
    model = KernelDensity(bandwidth=width, kernel=kernel).fit(np.column_stack([x, y]))
    wanted = 1e6 * len(x) * np.exp(model.score_samples(GRID[["x", "y"]].to_numpy()))

    # Coordinates meet the kernel's edge in other roundings there: an Epanechnikov kernel is steep.
    assert np.abs(surface.values.ravel() - wanted).max() <= 1e-9 * 1e6 * len(x) / width**2


def test_density_agrees_with_scipy():
    # Four events around a middle have the same variance, 2/3 · 120², along both axes.
    x, y = np.array([180, 420, 300, 300]), np.array([200, 200, 80, 320])
    spread = math.sqrt(2 / 3) * 120
    peer = gaussian_kde([x, y], bw_method=70 / spread)
    surface = kernel_density(x, y, grid=GRID, bandwidth_m=70, kernel="gaussian")

    wanted = 4e6 * peer(GRID[["x", "y"]].to_numpy().T)
    assert surface.values.ravel() == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("kernel", ["quartic", "epanechnikov", "gaussian"])
def test_the_standard_error_is_the_root_of_the_summed_squares(kernel):
    x, y, weight = RNG.uniform(0, 400, (3, 30))
    call = {"grid": GRID, "bandwidth_m": 90, "kernel": kernel}
    surface = kernel_density(x, y, weights=weight, standard_error=True, **call)
    each = [
        kernel_density([a], [b], weights=[w], **call).values
        for a, b, w in zip(x, y, weight, strict=True)
    ]

    assert surface.standard_error == pytest.approx(np.sqrt(np.sum(np.square(each), axis=0)))


def test_separate_events_are_surer_than_the_patients_of_one():
    # Four by themselves: √4 times the error of one; four at once: four times.
    call = {"grid": GRID, "bandwidth_m": 90, "standard_error": True}
    one = kernel_density([325], [225], **call).standard_error
    apart = kernel_density([325] * 4, [225] * 4, **call).standard_error
    together = kernel_density([325], [225], weights=[4], **call).standard_error

    assert apart == pytest.approx(2 * one)
    assert together == pytest.approx(4 * one)


def test_cells_outside_the_boundary_are_missing():
    surface = kernel_density(
        [325], [225], grid=GRID, bandwidth_m=100, boundary=shapely.box(0, 0, 300, 400)
    )

    assert np.isnan(surface.values[:, 6:]).all()
    assert np.isfinite(surface.values[:, :6]).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kernel": "square"},
        {"edge": "mirror", "boundary": shapely.box(0, 0, 600, 400)},
        {"edge": "diggle"},
        {"bandwidth_m": 0},
        {"weights": [-1]},
        {"weights": [1, 2]},
        {"uncertainty_m": [-5]},
    ],
)
def test_what_is_not_known_or_makes_no_sense_is_refused(wrong):
    with pytest.raises(AnalysisError):
        kernel_density([325], [225], **{"grid": GRID, "bandwidth_m": 100, **wrong})


def test_an_event_without_a_point_is_refused():
    with pytest.raises(AnalysisError, match="Leave out events without a point"):
        kernel_density([np.nan], [225], grid=GRID, bandwidth_m=100)


def test_a_missing_uncertainty_widens_nothing():
    plain = kernel_density([325], [225], grid=GRID, bandwidth_m=100)
    missing = kernel_density([325], [225], grid=GRID, bandwidth_m=100, uncertainty_m=[np.nan])

    assert np.array_equal(plain.values, missing.values)


def test_patients_of_one_incident_support_a_cell_once():
    support = incident_support(
        [325, 330, 325], [225, 225, 225], [0, 0, 1], grid=GRID, bandwidth_m=100
    )

    assert support[4, 6] == 2
    assert support.max() == 2
    assert support[4, 10] == 0


@given(points=POINTS, data=st.data())
@settings(max_examples=40, deadline=None)
def test_support_equals_counting_incidents_one_by_one(points, data):
    x, y, _, _ = np.array(points).reshape(-1, 4).T
    incident = np.array([data.draw(st.integers(0, 4)) for _ in points], dtype=int)
    support = incident_support(x, y, incident, grid=GRID, bandwidth_m=150)
    cx, cy = GRID["x"].to_numpy(), GRID["y"].to_numpy()
    near = (cx[:, None] - x) ** 2 + (cy[:, None] - y) ** 2 <= 150**2
    wanted = [len(set(incident[row])) for row in near]

    assert list(support.ravel()) == wanted


def test_density_agrees_with_a_published_map_of_robberies(open_data):
    # Memphis, January 2019: the R package sfhotspot prints sums of (1 - (d/h)²)² for cells of
    # 200 m and a bandwidth of 1,000 m, from the south-west corner of the map.
    robberies = pd.read_csv(open_data / "sfhotspot" / "memphis_robberies_jan.csv")
    points = gpd.GeoSeries(gpd.points_from_xy(robberies["lon"], robberies["lat"], crs=4326))
    points = points.to_crs(32615)
    x = 771_936.2 + 100 + 200 * np.arange(9)
    grid = Grid(pd.DataFrame({"x": x, "y": 3_876_686.0, "inside": True}))
    surface = kernel_density(points.x, points.y, grid=grid, bandwidth_m=1000)
    sums = surface.values[0] / 1e6 * math.pi * 1000**2 / 3

    printed = [0.0658, 0.315, 0.618, 0.867, 1.00, 0.997, 0.821, 0.518, 0.208]
    assert sums == pytest.approx(printed, rel=5e-3)


def test_the_compiler_is_loaded_only_when_a_surface_is_wanted():
    # Loading it takes longer than printing a help text.
    code = "import sys, hotspots.analysis, hotspots.disclosure; sys.exit('numba' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
