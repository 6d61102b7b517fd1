import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from ed_ingest.small_areas import area_codes

NAN = float("nan")
AREAS = gpd.GeoDataFrame(
    {"code": ["B", "A"]}, geometry=[box(10, 0, 20, 10), box(0, 0, 10, 10)], crs="EPSG:27700"
)


def codes_of(*points):
    table = pd.DataFrame(
        points, columns=["x", "y"], index=range(7, 7 + len(points)), dtype="float64"
    )
    return area_codes(table["x"], table["y"], AREAS)


def test_each_point_gets_the_area_that_it_lies_in():
    codes = codes_of((5, 5), (15, 5), (5, 5), (99, 99), (NAN, 5))

    assert codes.iloc[:3].tolist() == ["A", "B", "A"]
    assert codes.iloc[3:].isna().all()
    assert codes.index.tolist() == [7, 8, 9, 10, 11]


def test_on_a_shared_edge_the_first_code_wins():
    assert codes_of((10, 5)).tolist() == ["A"]


def test_no_points_or_no_areas_give_no_codes():
    assert codes_of().empty
    x = pd.Series([5.0])
    assert area_codes(x, x, AREAS.iloc[:0]).isna().all()
