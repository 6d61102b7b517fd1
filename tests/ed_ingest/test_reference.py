import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from ed_ingest.errors import ReferenceDataError
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.reference import adopt_reference

HEADER = "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
STREET = "s1,Castle Street,,street,318000,176000,Marford,\n"
POINTS_HEADER = "name,Longitude,Latitude,LSOA code,LSOA name\n"
SQUARE = box(318000, 175000, 320000, 177000)
NEIGHBOUR = box(320000, 175000, 322000, 177000)


def write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def shapes(folder, file, geometry, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:27700").to_crs("EPSG:4326")
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    frame.to_file(folder / file, driver="GeoJSON")


def ons_files(folder):
    west, east = box(318000, 175000, 319000, 177000), box(319000, 175000, 320000, 177000)
    names = {
        "LSOA21NM": ["Marford 1", "Marford 2", "Elsewhere 1"],
        "Population": [1500, 1600, 1700],
    }
    shapes(
        folder, "a/lsoa.geojson", [west, east, NEIGHBOUR],
        LSOA21CD=["W01000001", "W01000002", "W01000003"], **names,
    )  # fmt: skip
    shapes(folder, "a/old.geojson", [west], LSOA11CD=["W01000009"], LSOA11NM=["Old"])
    shapes(
        folder, "b/lad.geojson", [SQUARE, NEIGHBOUR], LAD23CD=["W06000001", "W06000002"],
        LAD23NM=["Marford", "Elsewhere"],
    )  # fmt: skip
    shapes(folder, "b/oa.geojson", [west, NEIGHBOUR], OA21CD=["W00000001", "W00000002"])


def point(name, x, y):
    at = gpd.GeoSeries.from_xy([x], [y], crs="EPSG:27700").to_crs("EPSG:4326")[0]
    return f"{name},{at.x},{at.y},W01000001,Marford 1\n"


def test_polygons_of_the_statistics_office_are_known_by_their_columns(tmp_path):
    ons_files(tmp_path / "source")

    counts = adopt_reference(tmp_path / "source", tmp_path / "target")

    found = load_gazetteer(tmp_path / "target")
    assert (counts["boundary"], counts["areas"]) == (1, 2)
    assert found.areas["code"].tolist() == ["W01000001", "W01000002"]
    assert found.areas["population"].tolist() == [1500, 1600]
    assert found.boundary.area == pytest.approx(SQUARE.area, rel=0.001)
    # The one output area of the authority: a ring of 1 km by 2 km.
    assert found.basemap.length.sum() == pytest.approx(6_000, rel=0.001)
    assert set(found.basemap["kind"]) == {"area"}


def test_files_in_the_contracts_own_names_come_first(tmp_path):
    source = tmp_path / "source"
    ons_files(source)
    shapes(source, "boundary.geojson", [NEIGHBOUR], name=["ours"])
    shapes(source, "areas.geojson", [NEIGHBOUR], code=["W01000003"], name=["ours"], population=[10])
    write(source, "places.csv", HEADER + STREET)

    counts = adopt_reference(source, tmp_path / "target")

    assert load_gazetteer(tmp_path / "target").areas["code"].tolist() == ["W01000003"]
    assert counts["streets"] == 1


def test_map_points_give_one_place_for_each_street(tmp_path):
    # Three points of Mill Lane 300 m apart are one street, placed at the middle one; that of the
    # same name 5 km off is another; a kind of place is no street.
    points = [
        point("Mill Lane", 318000, 176000),
        point("Mill Lane", 318300, 176000),
        point("Mill Lane", 318600, 176000),
        point("Mill Lane", 323600, 176000),
        point("Theme/Adventure Park", 318000, 176000),
        point("St John'S Crescent", 318000, 176500),
    ]
    write(tmp_path / "source", "points.csv", POINTS_HEADER + "".join(points))

    counts = adopt_reference(tmp_path / "source", tmp_path / "target")

    streets = load_gazetteer(tmp_path / "target").places
    assert counts["streets"] == 3
    assert sorted(streets["name"]) == ["Mill Lane", "Mill Lane", "St John's Crescent"]
    lanes = streets.loc[streets["name"] == "Mill Lane", "easting"]
    assert np.sort(lanes) == pytest.approx([318300, 323600], abs=1)


def test_map_points_are_left_where_another_file_has_the_streets(tmp_path):
    write(tmp_path / "source", "places.csv", HEADER + STREET)
    write(tmp_path / "source", "points.csv", POINTS_HEADER + point("Mill Lane", 318000, 176000))

    assert adopt_reference(tmp_path / "source", tmp_path / "target")["streets"] == 1


def test_street_names_outside_the_boundary_are_left_out(tmp_path):
    source = tmp_path / "source"
    shapes(source, "boundary.geojson", [SQUARE], name=["ours"])
    points = point("Mill Lane", 318500, 176000) + point("Far Lane", 340000, 176000)
    write(source, "points.csv", POINTS_HEADER + points)

    assert adopt_reference(source, tmp_path / "target")["streets"] == 1


@pytest.mark.parametrize("content", [None, "a,b\n1,2\n"])
def test_a_folder_without_anything_of_use_is_an_error(tmp_path, content):
    (tmp_path / "source").mkdir()
    if content:
        write(tmp_path / "source", "other.csv", content)

    with pytest.raises(ReferenceDataError, match="no reference data of a known format"):
        adopt_reference(tmp_path / "source", tmp_path / "target")


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(ReferenceDataError, match="no such folder"):
        adopt_reference(tmp_path / "none", tmp_path / "target")


def test_the_open_data_of_a_city_are_adopted_as_they_were_downloaded(open_data, tmp_path):
    counts = adopt_reference(open_data, tmp_path)

    assert 2_700 <= counts["premises"] + counts["other_places"] <= 3_340
    assert 2_500 <= counts["streets"] <= 3_077
    assert 215 <= counts["areas"] <= 218
    assert counts["postcodes"] == 59_631
    assert counts["boundary"] == 1
    assert counts["basemap"] > 1_000
    found = load_gazetteer(tmp_path)
    assert found.boundary.area / 1e6 == pytest.approx(140, abs=5)
    assert pd.notna(found.areas["population"]).all()
