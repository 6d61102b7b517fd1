import geopandas as gpd
import pytest
from shapely.geometry import Point, box

from ed_ingest.errors import ReferenceDataError
from ed_ingest.gazetteer import load_gazetteer

HEADER = "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
CASTLE = "s1,Castle Street,Heol y Castell|Castle St,street,318000,176000,Marford,\n"


def write(folder, name, content):
    (folder / name).write_text(content, encoding="utf-8")


def shapes(folder, file, *, crs="EPSG:4326", geometry=None, **columns):
    outline = gpd.GeoSeries([geometry or box(318000, 175000, 319000, 176000)], crs="EPSG:27700")
    frame = gpd.GeoDataFrame(columns, geometry=outline.to_crs(crs).to_numpy(), crs=crs)
    driver = "GPKG" if file.endswith(".gpkg") else "GeoJSON"
    frame.to_file(folder / file, driver=driver)


def test_an_empty_folder_gives_empty_tables_with_all_columns(tmp_path):
    found = load_gazetteer(tmp_path)

    assert found.boundary is None
    assert list(found.places) == [
        "place_id", "name", "alt_names", "kind", "easting", "northing", "address", "postcode",
    ]  # fmt: skip
    assert {"name", "place_id"} <= set(found.names)
    assert list(found.postcodes) == ["postcode", "easting", "northing"]
    assert list(found.areas) == ["code", "name", "population", "geometry"]
    assert list(found.basemap) == ["kind", "name", "geometry"]
    assert found.areas.crs == found.basemap.crs == "EPSG:27700"
    for table in (found.places, found.names, found.postcodes, found.areas, found.basemap):
        assert table.empty


def test_places_of_all_files_come_together_under_all_their_names(tmp_path):
    write(tmp_path, "places.csv", HEADER + CASTLE)
    write(tmp_path, "places-more.csv", HEADER + CASTLE.replace("s1", "s2"))

    write(tmp_path, "a.csv", HEADER + "s3,Mill Lane,,street,318100,176200,Marford,\n")

    found = load_gazetteer(tmp_path)

    assert found.places["place_id"].tolist() == ["s1", "s3"]
    names = found.names[found.names["place_id"] == "s1"]["name"]
    assert set(names) == {"castle st", "heol y castell"}


def test_without_names_all_else_is_the_same(tmp_path):
    write(tmp_path, "places.csv", HEADER + CASTLE)
    write(tmp_path, "aliases.csv", "alias,place_id,decided_on\nthe old bar,s1,2026-01-01\n")
    shapes(tmp_path, "areas.gpkg", code=["W01000001"], name=["M"])
    whole = load_gazetteer(tmp_path)

    found = load_gazetteer(tmp_path, names=False)

    assert len(whole.names) > 0
    assert found.names.empty
    assert list(found.names) == list(whole.names)
    assert found.names.dtypes.equals(whole.names.dtypes)
    assert found.places.equals(whole.places)
    assert found.areas.equals(whole.areas)
    assert found.aliases == whole.aliases


def test_small_areas_may_bear_the_statistics_offices_headings(tmp_path):
    shapes(
        tmp_path, "Areas.geojson", LSOA11CD=["W01000009"], LSOA21CD=["W01000001"], LSOA21NM=["M"]
    )

    assert load_gazetteer(tmp_path).areas.iloc[0][["code", "name"]].tolist() == ["W01000001", "M"]


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:27700"])
def test_shapes_come_to_the_national_grid(tmp_path, suffix, crs):
    shapes(tmp_path, f"boundary{suffix}", crs=crs, name=["Marford"])
    shapes(tmp_path, f"areas{suffix}", crs=crs, code=["W01000001"], population=[1500])

    found = load_gazetteer(tmp_path)

    assert found.boundary.area == pytest.approx(1_000_000, rel=0.001)
    assert found.areas.iloc[0][["code", "population"]].tolist() == ["W01000001", 1500]
    assert found.areas["name"].isna().all()


def test_a_missing_folder_is_an_error_with_the_remedy(tmp_path):
    with pytest.raises(ReferenceDataError, match="Put the reference data there"):
        load_gazetteer(tmp_path / "none")


def test_a_kind_that_is_not_of_the_contract_is_refused(tmp_path):
    write(tmp_path, "places.csv", HEADER + CASTLE.replace("street,3", "road,3"))

    with pytest.raises(ReferenceDataError, match="1 rows have a kind"):
        load_gazetteer(tmp_path)


def test_a_boundary_must_be_an_area(tmp_path):
    shapes(tmp_path, "boundary.geojson", geometry=Point(318000, 176000), name=["x"])

    with pytest.raises(ReferenceDataError, match="holds no polygon"):
        load_gazetteer(tmp_path)


def test_areas_need_a_code(tmp_path):
    shapes(tmp_path, "areas.geojson", title=["x"])

    with pytest.raises(ReferenceDataError, match="no property code"):
        load_gazetteer(tmp_path)


def test_a_layer_that_cannot_be_read_is_named(tmp_path):
    write(tmp_path, "boundary.geojson", "{")

    with pytest.raises(ReferenceDataError, match=r"boundary\.geojson: cannot be read"):
        load_gazetteer(tmp_path)
