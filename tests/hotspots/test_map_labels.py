"""Names on the map: which, and how they lie along their roads."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from hotspots.map_labels import road_labels, road_names
from tests.hotspots import builders


def roads(**lines) -> gpd.GeoDataFrame:
    """Named roads through points given from the town's centre."""
    return gpd.GeoDataFrame(
        {"kind": "road", "name": list(lines)},
        geometry=[builders.line(points) for points in lines.values()],
        crs=builders.CRS,
    )


def test_roads_of_hot_spots_come_first_then_the_longest():
    basemap = roads(Long=[(0, 0), (3000, 0)], Short=[(0, 0), (90, 0)], Middle=[(0, 9), (900, 9)])

    assert road_names(basemap, wanted=["short / Mill Lane"]) == ["Short", "Long", "Middle"]
    assert road_names(basemap, wanted=[], most=2) == ["Long", "Middle"]


def test_a_name_inside_another_word_is_not_that_road():
    basemap = roads(Mill=[(0, 0), (90, 0)], Other=[(0, 9), (900, 9)])

    assert road_names(basemap, wanted=["Millennium Square"]) == ["Other", "Mill"]


def test_only_named_roads_are_named():
    basemap = builders.basemap()

    assert set(road_names(basemap, wanted=[])) == {name for name, _ in builders.ROADS}
    assert road_names(basemap.iloc[:0], wanted=["Castle Street"]) == []


@pytest.mark.parametrize(
    ("points", "turn"),
    [
        ([(0, 0), (1000, 0)], 0),  # west to east
        ([(1000, 0), (0, 0)], 0),  # the other way round: still not upside down
        ([(0, 0), (1000, 1000)], -45),  # towards the north-east: turned anti-clockwise
        ([(0, 0), (1000, -1000)], 45),
    ],
)
def test_a_name_lies_along_its_road_and_never_upside_down(points, turn):
    (label,) = road_labels(roads(A=points), names=["A"])

    # The national grid is turned against the web map by up to about a degree here.
    assert label.anchors[0][2] == pytest.approx(turn, abs=2)


def test_anchors_stand_on_the_longest_stretch():
    basemap = gpd.GeoDataFrame(
        {"kind": "road", "name": ["A", "A", "A"]},
        geometry=[
            builders.line([(0, 0), (100, 0)]),
            builders.line([(100, 0), (2000, 0)]),  # joins the first
            builders.line([(0, 900), (500, 900)]),
        ],
        crs=builders.CRS,
    )
    (label,) = road_labels(basemap, names=["A"])
    points = gpd.GeoSeries([shapely.Point(b, a) for a, b, _ in label.anchors], crs=4326)

    assert label.length_m == 2000
    assert points.to_crs(builders.CRS).y.sub(builders.NORTH).abs().max() < 5


def test_a_name_without_lines_has_no_label():
    basemap = gpd.GeoDataFrame(
        {"kind": ["road"], "name": ["A"]},
        geometry=[shapely.Point(builders.EAST, builders.NORTH)],
        crs=builders.CRS,
    )

    assert road_labels(basemap, names=["A"]) == []
