"""What the map draws lies where it should, and is small enough to draw at once."""

from __future__ import annotations

import base64
import io
import math

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy.spatial import cKDTree

from hotspots.map_choices import map_choices
from hotspots.map_layers import (
    DENSITY_COLOURS,
    base_map,
    bounds_of,
    density_picture,
    drawn_box,
    to_degrees,
)
from hotspots.publishable import DensityClasses
from tests.hotspots import builders

CELL_M = 25.0
# A lattice of cells over a square of 30 km on a side, from edge to edge.
FAR = 1199
LATTICE = [(row, column) for row in range(0, 1200, 109) for column in range(0, 1200, 109)]


# South-west corners of squares of 30 km: about Cardiff, Norwich and Truro.
COUNTIES = [(300e3, 160e3), (608e3, 293e3), (168e3, 30e3)]
# Ordnance Survey's test points TP02 (Lizard Point), TP06 (Nash Point), TP10 (Carmarthen) and TP11
# (Colchester) of its transformation OSTN15: easting, northing, latitude, longitude (ETRS89).
OS_POINTS = [
    (170_370.718, 11_572.405, 49.96006137820, -5.20304609998),
    (292_184.870, 168_003.465, 51.40078220140, -3.55128349240),
    (241_124.584, 220_332.641, 51.85890896400, -4.30852476960),
    (599_445.590, 225_722.826, 51.89436637350, 0.89724327012),
]


def first_quick(cases: list[tuple]) -> list:
    """The first for every run of the tests, the others for the long ones."""
    return [cases[0], *(pytest.param(*case, marks=pytest.mark.long) for case in cases[1:])]


def county(
    peaks: list[tuple[int, int]], *, west: float = 300_000.0, south: float = 160_000.0
) -> DensityClasses:
    """A grid of 30 km × 30 km with a cell of class 8 at each (row, column)."""
    classes = np.zeros((FAR + 1, FAR + 1), dtype=np.int8)
    for row, column in peaks:
        classes[row, column] = 8
    at = CELL_M * np.arange(FAR + 1)
    return DensityClasses(classes, west + at, south + at, CELL_M)


def pixels(data_uri: str) -> np.ndarray:
    kind, _, text = data_uri.partition(",")
    assert kind == "data:image/png;base64"
    return np.array(Image.open(io.BytesIO(base64.b64decode(text))))


def mercator(latitude: float, longitude: float) -> tuple[float, float]:
    """EPSG:3857 by its own formula, on a sphere of 6,378,137 m."""
    radius = 6_378_137.0
    north = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    return radius * math.radians(longitude), radius * north


def drawn_in_mercator(bounds, row, column, shape: tuple[int, int]):
    """Where pixels lie in EPSG:3857, as Leaflet stretches a picture: evenly."""
    (west, south), (east, north) = (mercator(*corner) for corner in bounds)
    x = west + (column + 0.5) / shape[1] * (east - west)
    y = north - (row + 0.5) / shape[0] * (north - south)
    return x, y


def farthest_off(data_uri: str, bounds, density: DensityClasses) -> float:
    """Metres from a cell of class 8 to the nearest pixel of class 8: the most of all cells."""
    image = pixels(data_uri)
    rows, columns = np.nonzero(image == 8)
    x, y = pyproj.Transformer.from_crs(3857, 27700, always_xy=True).transform(
        *drawn_in_mercator(bounds, rows, columns, image.shape)
    )
    row, column = np.nonzero(density.classes == 8)
    distance, _ = cKDTree(np.column_stack([x, y])).query(
        np.column_stack([density.x[column], density.y[row]])
    )
    return float(distance.max())


@pytest.mark.parametrize(("west", "south"), first_quick(COUNTIES))
def test_peaks_are_drawn_where_they_are_across_thirty_kilometres(west, south):
    density = county(LATTICE, west=west, south=south)
    picture = density_picture(density)

    assert (pixels(picture.data_uri) == 8).sum() >= len(LATTICE)
    assert farthest_off(picture.data_uri, picture.bounds, density) < 15 + CELL_M / 2


def test_the_picture_of_a_theme_is_placed_in_the_same_way():
    found = builders.with_choices()
    knife, _ = map_choices(found, {})["themes"]
    picture = density_picture(found.themes[0].density)

    assert knife["picture"] == {"uri": picture.data_uri, "bounds": picture.bounds}
    assert farthest_off(*picture, found.themes[0].density) < 15 + CELL_M / 2


@pytest.mark.parametrize(("east", "north", "latitude", "longitude"), first_quick(OS_POINTS))
def test_the_peak_over_a_surveyed_point_is_drawn_at_its_latitude_and_longitude(
    east, north, latitude, longitude
):
    west, south = (CELL_M * (value // CELL_M) for value in (east - 25_000, north - 6_000))
    at = CELL_M * (np.arange(FAR + 1) + 0.5)
    distance2 = (west + at - east) ** 2 + (south + at[:, None] - north) ** 2
    surface = np.clip(1 - distance2 / 200.0**2, 0, None) ** 2  # the quartic kernel, h = 200 m
    classes = np.ceil(8 * surface).astype(np.int8)
    classes[[0, 0, -1, -1], [0, -1, 0, -1]] = 1  # so that the picture is 30 km wide
    picture = density_picture(DensityClasses(classes, west + at, south + at, CELL_M))
    image = pixels(picture.data_uri)
    middle = [float(index.mean()) for index in np.nonzero(image == 8)]
    x, y = drawn_in_mercator(picture.bounds, *middle, image.shape)
    true_x, true_y = mercator(latitude, longitude)

    off = math.dist((x, y), (true_x, true_y)) * math.cos(math.radians(latitude))
    assert off < 15 + CELL_M / 2


def test_a_picture_pinned_by_its_corners_would_fail_that_test():
    # The mistake that the test above is there to find: pinned by its south-west and north-east
    # corners, a national-grid picture puts its north-west corner on the latitude of the one and
    # the longitude of the other.
    south_west, north_east, north_west = (
        to_degrees(shapely.Point(300_000 + x, 160_000 + y))
        for x, y in ((0, 0), (30_000, 30_000), (0, 30_000))
    )
    east = (south_west.x - north_west.x) * 111_320 * math.cos(math.radians(51.5))
    north = (north_east.y - north_west.y) * 111_320

    assert math.hypot(east, north) > 500


@settings(max_examples=20, deadline=None)
@given(
    row=st.integers(0, 60),
    column=st.integers(0, 60),
    west=st.sampled_from([90_000.0, 330_000.0, 640_000.0]),
)
def test_no_cell_is_lost_between_pixels(row, column, west):
    classes = np.ones((61, 61), dtype=np.int8)
    classes[row, column] = 8
    at = CELL_M * np.arange(61)
    picture = density_picture(DensityClasses(classes, west + at, 260_000 + at, CELL_M))

    assert (pixels(picture.data_uri) == 8).any()


def test_only_drawn_cells_have_colour_and_the_picture_is_cut_to_them():
    density = builders.density()
    image = pixels(density_picture(density).data_uri)

    assert set(np.unique(image)) <= set(range(9))
    assert image[:4].any()
    assert image[-4:].any()
    assert not image[[0, -1]].any()
    assert not image[:, [0, -1]].any()
    assert image.shape[1] < density.classes.shape[1] * 1.3


def test_a_surface_without_classes_has_no_picture():
    empty = county([])

    assert density_picture(empty) is None
    assert drawn_box(empty).is_empty


def test_colours_go_from_light_to_dark_so_that_grey_paper_shows_them_too():
    light = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b, _ in DENSITY_COLOURS]

    assert light == sorted(light, reverse=True)
    assert len(DENSITY_COLOURS) == 8


def test_a_shared_edge_is_drawn_once():
    basemap = gpd.GeoDataFrame(
        {"kind": ["area", "area"], "name": ["a", "b"]},
        geometry=[shapely.box(330e3, 260e3, 331e3, 261e3), shapely.box(331e3, 260e3, 332e3, 261e3)],
        crs=builders.CRS,
    )
    ((kind, shape),) = base_map(basemap, focus=None)
    metres = gpd.GeoSeries([shape], crs=4326).to_crs(builders.CRS).length.iloc[0]

    # Outer edge 6 km and the shared one 1 km, not 8 km.
    assert kind == "area"
    assert metres == pytest.approx(7000, rel=0.005)


def test_areas_that_come_as_lines_are_drawn():
    line = shapely.LineString([(330e3, 260e3), (331e3, 260e3)])
    basemap = gpd.GeoDataFrame({"kind": ["area"], "name": [""]}, geometry=[line], crs=builders.CRS)
    ((kind, shape),) = base_map(basemap, focus=None)

    assert kind == "area"
    assert gpd.GeoSeries([shape], crs=4326).to_crs(builders.CRS).length.iloc[0] == pytest.approx(
        1000, rel=0.005
    )


def test_a_large_base_map_is_cut_to_what_the_map_is_about_and_thinned():
    rng = np.random.default_rng(1)
    starts = rng.uniform([300e3, 240e3], [360e3, 280e3], size=(9_000, 2))
    wiggles = np.cumsum(rng.normal(0, 4, size=(9_000, 12, 2)), axis=1)
    basemap = gpd.GeoDataFrame(
        {"kind": ["road"] * 9_000, "name": None},
        geometry=list(shapely.linestrings(starts[:, None] + wiggles)),
        crs=builders.CRS,
    )
    focus = shapely.box(320e3, 255e3, 330e3, 265e3)
    ((_, shape),) = base_map(basemap, focus=focus, max_segments=5_000)
    allowed = to_degrees(focus.buffer(1100))

    assert shapely.count_coordinates(shape) <= 5_000
    assert allowed.envelope.covers(shape)


def test_a_small_base_map_is_not_cut():
    far = shapely.LineString([(300e3, 240e3), (302e3, 240e3)])
    basemap = gpd.GeoDataFrame({"kind": ["road"], "name": ["A"]}, geometry=[far], crs=builders.CRS)
    shapes = base_map(basemap, focus=shapely.box(400e3, 240e3, 401e3, 241e3), main_names=["A"])

    assert [kind for kind, _ in shapes] == ["main_road"]


def test_an_empty_base_map_draws_nothing():
    assert base_map(builders.basemap().iloc[:0], focus=None) == []


def test_bounds_hold_the_shapes_and_the_margin():
    (south, west), (north, east) = bounds_of([shapely.Point(330e3, 260e3)], margin_m=1000)

    # One degree of latitude is 111.2 km.
    assert (north - south) * 111_200 == pytest.approx(2000, rel=0.03)
    assert west < east
    assert bounds_of([shapely.Polygon()]) is None
