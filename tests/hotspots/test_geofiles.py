import dataclasses
import json
import sqlite3
from contextlib import closing
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspots.analyst_tables import dissolved
from hotspots.change_words import TRENDS
from hotspots.geofiles import (
    LAYERS,
    without_formulas,
    write_geopackage,
    write_geoparquet,
    write_tables,
)
from hotspots.map_layers import DENSITY_COLOURS
from hotspots.plain_text import plain_text
from hotspots.publishable import DensityClasses
from tests.hotspots.builders import EAST, NORTH, no_hot_spots, publishable, with_everything


@pytest.fixture(scope="module")
def gpkg(tmp_path_factory):
    path = tmp_path_factory.mktemp("analyst") / "hotspots.gpkg"
    write_geopackage(with_everything(), path)
    return path


def nothing_found(**changes):
    """Publishable findings of a period without any record."""
    base = publishable()
    empty = {
        "density": None, "hot_spots": no_hot_spots(), "boundary": None,
        "areas": base.areas.iloc[:0], "night_bands": base.night_bands.iloc[:0],
    }  # fmt: skip
    return publishable(**empty, **changes)


def read_csv(path) -> pd.DataFrame:
    return pd.read_csv(path, encoding="utf-8-sig")


def styles(path) -> dict[str, ElementTree.Element]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT f_table_name, styleQML FROM layer_styles"
            " WHERE useAsDefault AND f_geometry_column = 'geom'"
        ).fetchall()
    return {name: ElementTree.fromstring(text) for name, text in rows}  # noqa: S314 (our own)


def test_every_layer_is_there_in_metres(gpkg):
    for layer in LAYERS:
        info = pyogrio.read_info(gpkg, layer=layer)
        assert info["crs"] == "EPSG:27700"
        assert info["geometry_type"] == "MultiPolygon"
    assert len(gpd.read_file(gpkg, layer="hotspots")) == 7


def test_every_layer_has_its_default_style_and_the_columns_it_names(gpkg):
    found = styles(gpkg)

    assert sorted(found) == sorted(LAYERS)
    for layer, style in found.items():
        columns = set(pyogrio.read_info(gpkg, layer=layer)["fields"])
        attribute = style.find("renderer-v2").get("attr")
        assert attribute is None or attribute in columns
        for text in style.iter("text-style"):
            assert set(text.get("fieldName").split('"')[1::2]) <= columns


def test_the_density_has_the_colours_of_the_map(gpkg):
    style = styles(gpkg)["density"]

    fills = [o.get("value") for o in style.iter("Option") if o.get("name") == "color"]
    wanted = [f"{r},{g},{b},{round(255 * a)}" for r, g, b, a in DENSITY_COLOURS]
    assert fills == wanted
    values = [c.get("value") for c in style.iter("category")]
    assert values == [str(n) for n in range(1, 9)]


def test_style_table_is_registered_so_that_gis_programs_find_it(gpkg):
    assert "layer_styles" in pyogrio.list_layers(gpkg)[:, 0]


def test_the_density_covers_exactly_the_cells_that_are_drawn(gpkg):
    density = publishable().density
    layer = gpd.read_file(gpkg, layer="density")

    for number, shape in zip(layer["class"], layer.geometry, strict=True):
        assert shape.area == pytest.approx((density.classes == number).sum() * 25.0**2)
    assert layer["class"].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_hand_drawn_density_becomes_one_polygon_a_class():
    # Two cells of class 1 side by side in the south, one of class 3 north-east of them.
    classes = np.array([[1, 1, 0], [0, 0, 3]], dtype=np.int8)
    density = DensityClasses(classes, np.array([5.0, 15.0, 25.0]), np.array([5.0, 15.0]), 10.0)

    layer = dissolved(density)

    assert layer["class"].tolist() == [1, 3]
    assert layer.geometry[0].equals(shapely.box(0, 0, 20, 10))
    assert layer.geometry[1].equals(shapely.box(20, 10, 30, 20))
    assert layer["label"].tolist() == ["1 (lowest shown)", "3"]


def test_the_same_findings_give_the_same_bytes_and_replace_what_was_there(gpkg, tmp_path):
    path = tmp_path / "hotspots.gpkg"
    path.write_text("not a GeoPackage", encoding="utf-8")

    write_geopackage(with_everything(), path)

    assert path.read_bytes() == gpkg.read_bytes()


def test_the_marking_travels_with_each_layer(gpkg):
    with closing(sqlite3.connect(gpkg)) as connection:
        query = "SELECT description FROM gpkg_contents WHERE data_type = 'features'"
        texts = [text for (text,) in connection.execute(query)]

    assert len(texts) == len(LAYERS)
    assert all("OFFICIAL–SENSITIVE" in text for text in texts)


def test_without_findings_the_layers_are_empty_but_there(tmp_path):
    path = tmp_path / "hotspots.gpkg"

    write_geopackage(nothing_found(), path)

    assert all(pyogrio.read_info(path, layer=layer)["features"] == 0 for layer in LAYERS)
    assert sorted(styles(path)) == sorted(LAYERS)


def test_a_count_held_back_is_empty_in_the_geopackage(gpkg):
    areas = gpd.read_file(gpkg, layer="areas")

    assert areas["n_assaults"].isna().sum() == 1
    assert areas["n_police"].isna().all()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("tables") / "analyst"
    write_tables(publishable(), path)
    return path


@pytest.fixture(scope="module")
def every_table(tmp_path_factory):
    path = tmp_path_factory.mktemp("all") / "analyst"
    write_tables(with_everything(), path)
    return path


def test_tables_are_utf8_with_byte_order_mark_and_one_header_row(folder):
    for path in folder.glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_csv(folder / "hotspots.csv")["peak"][0] == "Sat night, 00–03 (Sun)"


def test_hot_spots_have_the_middle_of_their_outline_and_their_period(folder):
    table = read_csv(folder / "hotspots.csv")

    assert table["rank"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert table.loc[0, "n"] == 370
    assert abs(table.loc[0, "easting"] - EAST) <= 60
    assert abs(table.loc[0, "northing"] - NORTH) <= 60
    assert (table["easting"] % 10 == 0).all()
    assert set(table["period_from"]) == {"2025-11-01"}


def test_cells_are_those_that_are_drawn(folder):
    density = publishable().density

    table = read_csv(folder / "cells.csv")

    assert list(table.columns) == ["easting", "northing", "class"]
    assert len(table) == (density.classes > 0).sum()
    assert table["class"].between(1, 8).all()
    one = table.iloc[0]
    row, column = (
        np.searchsorted(density.y, one["northing"]),
        np.searchsorted(density.x, one["easting"]),
    )
    assert density.classes[row, column] == one["class"]


def test_nights_have_names_and_empty_cells_where_held_back(folder):
    table = read_csv(folder / "nights.csv")

    assert len(table) == 56
    assert table["n"].isna().sum() == 2
    saturday = table[(table["night_name"] == "Sat") & (table["band_name"] == "00–03")]
    assert saturday[["night", "band"]].to_numpy().tolist() == [[5, 6]]


def test_methods_and_kinds_of_place_are_written_and_empty_where_held_back(tmp_path):
    methods = pd.DataFrame({"code": ["body_part", "glass"], "n": pd.array([60, pd.NA], "Int64")})

    write_tables(publishable(methods=methods), tmp_path)

    found = read_csv(tmp_path / "methods.csv")
    assert found["code"].tolist() == ["body_part", "glass"]
    assert found["n"].fillna(-1).tolist() == [60, -1]
    assert read_csv(tmp_path / "location_types.csv")[["code", "n"]].to_numpy().tolist() == [
        ["street", 800],
    ]  # fmt: skip


def test_premises_are_written_only_where_they_may_be_named(folder, tmp_path):
    assert not (folder / "premises.csv").exists()
    named = pd.DataFrame(
        {
            "place_id": ["p1"],
            "name": ["Quay Bar"],
            "n": [35],
            "easting": [EAST],
            "northing": [NORTH],
        }
    )

    write_tables(publishable(premises=named), tmp_path)

    assert read_csv(tmp_path / "premises.csv")["name"].tolist() == ["Quay Bar"]


EVERY_TABLE = [
    "area_comparison", "areas", "capture_recapture", "cells", "changes", "compared_hotspots",
    "compared_periods", "concentration", "dictionary", "evaluation", "hotspot_bands", "hotspots",
    "link_sensitivity", "location_types", "methods", "near_repeats", "nights",
    "not_known_to_police", "premises", "premises_bands", "ranked_premises", "recorded_crime",
    "reported_and_found", "special_nights", "themes", "themes_by_hotspot", "themes_by_night",
]  # fmt: skip


def test_whatever_gate_2_lets_through_has_a_table(every_table):
    # A field that is added to Publishable and forgotten here would be empty in this builder.
    unset = [
        field.name
        for field in dataclasses.fields(with_everything())
        if getattr(with_everything(), field.name) is None
    ]

    assert unset == ["police_density", "chance_rate"]
    assert sorted(path.stem for path in every_table.iterdir()) == EVERY_TABLE


def test_the_dictionary_explains_every_column_of_every_table(every_table):
    folder = every_table
    meanings = read_csv(folder / "dictionary.csv").fillna("")

    for path in folder.glob("*.csv"):
        listed = meanings.loc[meanings["file"] == path.name, "column"].tolist()
        assert listed == read_csv(path).columns.tolist()
    assert meanings["meaning"].str.len().gt(0).all()


def test_hot_spots_say_how_sure_their_rank_is_and_what_became_of_them(every_table):
    row = read_csv(every_table / "hotspots.csv").iloc[1]

    assert row[["hotspot_id", "rank", "rank_low", "rank_high", "rank_before"]].tolist() == [
        "H02", 2, 2, 3, 2,
    ]  # fmt: skip
    assert (row["share_top"], row["trend"]) == (0.9, "fading")


def test_themes_are_long_tables_with_their_key(every_table):
    themes = read_csv(every_table / "themes.csv")
    by_spot = read_csv(every_table / "themes_by_hotspot.csv")
    by_night = read_csv(every_table / "themes_by_night.csv")

    assert themes["theme"].tolist() == ["knife", "firearm"]
    assert themes["n_recorded"].fillna(-1).tolist() == [60, -1]
    assert themes.loc[1, "note"] == "Too few records to show."
    assert by_spot.fillna(-1)[["theme", "hotspot_id", "n"]].to_numpy().tolist() == [
        ["knife", "H01", 25], ["knife", "H02", -1], ["firearm", "H01", -1],
    ]  # fmt: skip
    assert by_night.groupby("theme").size().to_dict() == {"firearm": 56, "knife": 56}
    assert by_night.loc[by_night["theme"] == "firearm", "n"].isna().all()


def test_changes_and_what_was_compared_are_two_tables(every_table):
    changes = read_csv(every_table / "changes.csv")
    periods = read_csv(every_table / "compared_periods.csv").iloc[0]

    assert changes["trend"].tolist() == ["new", "fading", "persistent"]
    assert changes["n_before"].fillna(-1).tolist() == [-1, 40, 30]
    assert (periods["now_from"], periods["before_to"]) == ("2026-08-01", "2025-10-31")
    assert (periods["n_now"], periods["left_out"]) == (400, "St Teilo’s Infirmary")


def test_why_nothing_was_compared_stands_in_the_table_of_periods(tmp_path):
    write_tables(publishable(change_note="Only one period is there."), tmp_path)

    periods = read_csv(tmp_path / "compared_periods.csv")
    assert periods["note"].tolist() == ["Only one period is there."]
    assert periods["now_from"].isna().all()
    assert not (tmp_path / "changes.csv").exists()


def test_changes_and_contours_are_layers_with_a_class_for_each_value(gpkg):
    for layer, column in (("changes", "trend"), ("comparison", "more")):
        values = set(gpd.read_file(gpkg, layer=layer)[column])
        classes = {c.get("value") for c in styles(gpkg)[layer].iter("category")}
        assert values
        assert values <= classes
    # What change.find_changes may call.
    found = {c.get("value") for c in styles(gpkg)["changes"].iter("category")}
    assert found == set(TRENDS)


@pytest.fixture(scope="module")
def parquet(tmp_path_factory):
    path = tmp_path_factory.mktemp("parquet")
    write_geoparquet(with_everything(), path)
    return path


def test_geoparquet_has_the_layers_of_the_geopackage(parquet, gpkg):
    assert {path.stem for path in parquet.iterdir()} == {*LAYERS, "cells"}
    for layer in LAYERS:
        ours, other = (
            gpd.read_parquet(parquet / f"{layer}.parquet"),
            gpd.read_file(gpkg, layer=layer),
        )
        assert ours.crs == "EPSG:27700"
        assert list(ours.columns) == list(other.columns)
        assert len(ours) == len(other)
        assert ours.geometry.area.sum() == pytest.approx(other.geometry.area.sum())


def test_geoparquet_is_well_known_binary_by_the_standard(parquet):
    # GeoParquet 1.0: the file's "geo" key names version, encoding and CRS.
    told = json.loads(pyarrow.parquet.read_schema(parquet / "hotspots.parquet").metadata[b"geo"])

    assert told["version"] == "1.0.0"
    assert told["columns"]["geometry"]["encoding"] == "WKB"
    assert told["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 27700}


def test_cells_are_squares_round_their_centre(parquet):
    cells = gpd.read_parquet(parquet / "cells.parquet")

    assert len(cells) == (publishable().density.classes > 0).sum()
    assert cells.geometry.area.unique() == pytest.approx([25.0**2])
    centres = cells.geometry.centroid
    assert np.allclose(centres.x, cells["easting"])
    assert np.allclose(centres.y, cells["northing"])


def test_geoparquet_of_no_findings_has_the_same_kinds_of_columns(parquet, tmp_path):
    write_geoparquet(nothing_found(), tmp_path)

    for path in parquet.iterdir():
        empty, full = (pyarrow.parquet.read_schema(p / path.name) for p in (tmp_path, parquet))
        assert [(f.name, f.type) for f in empty] == [(f.name, f.type) for f in full], path.name


def test_the_same_findings_give_the_same_geoparquet(parquet, tmp_path):
    write_geoparquet(with_everything(), tmp_path)

    for path in parquet.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_without_findings_the_tables_have_their_headers(tmp_path):
    write_tables(nothing_found(), tmp_path)

    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "hotspots.csv", "cells.csv", "areas.csv", "nights.csv", "methods.csv",
        "location_types.csv", "dictionary.csv",
    }  # fmt: skip
    assert read_csv(tmp_path / "hotspots.csv").empty
    assert "hotspot_id" in read_csv(tmp_path / "hotspots.csv").columns


def test_the_same_findings_give_the_same_tables(folder, tmp_path):
    write_tables(publishable(), tmp_path)

    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "＝1+1"])
def test_no_text_becomes_a_formula(cell, tmp_path):
    spots = publishable().hot_spots
    spots.loc[0, "name"] = cell

    write_tables(publishable(hot_spots=spots), tmp_path)

    assert read_csv(tmp_path / "hotspots.csv").loc[0, "name"] == f"'{plain_text(cell)}"


def test_numbers_and_missing_cells_stay_as_they_are():
    table = pd.DataFrame({"n": [-1.5, np.nan], "text": ["-", None], "mixed": [-3, "=x"]})

    safe = without_formulas(table)

    assert safe["n"].equals(table["n"])
    assert safe["text"].tolist()[0] == "'-"
    assert pd.isna(safe["text"].tolist()[1])
    assert safe["mixed"].tolist() == [-3, "'=x"]


@given(st.lists(st.text(max_size=6) | st.none(), min_size=1, max_size=8))
def test_defused_text_never_begins_like_a_formula_and_keeps_its_words(texts):
    table = pd.DataFrame({"text": pd.Series(texts, dtype="str")})

    safe = without_formulas(table)["text"]

    for before, after in zip(texts, safe, strict=True):
        if before is not None:
            assert not after.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
            assert after.removeprefix("'") == before.removeprefix("'")
