from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from ed_ingest.crimes import read_crimes
from ed_ingest.errors import SettingsError
from ed_ingest.layout import apply_mapping
from ed_ingest.read import read_extract
from ed_ingest.schema import load_layout, load_spec
from ed_ingest.tables import Mapped
from tests.ed_ingest.gazetteer_builder import town

SPEC = load_spec("police_crime")
KEY = b"a workspace key for tests only.."
# Two squares of one kilometre, side by side.
AREAS = gpd.GeoDataFrame(
    {"code": ["W01000001", "W01000002"]},
    geometry=[box(318000, 176000, 319000, 177000), box(319000, 176000, 320000, 177000)],
    crs="EPSG:27700",
)
NO_AREAS = gpd.GeoDataFrame({"code": []}, geometry=[], crs="EPSG:27700")
NAMES = ["High Street", "Mill Lane", "Brynfedw", "A470", "1st Avenue", "Retail Park"]
TOWN = town([(f"s{i}", name, "", "street", 3e5, 2e5, "", None) for i, name in enumerate(NAMES)])
# With small areas or without.
TOWNS = {True: replace(TOWN, areas=AREAS), False: replace(TOWN, areas=NO_AREAS)}
FORCE = {
    "crime_reference": "25/0001",
    "offence_code": "8N",
    "committed_from": "01/01/2025 22:10",
    "committed_to": "01/01/2025 22:30",
    "easting": "318500",
    "northing": "176500",
    "place_name": "High Street",
    "premises_type": "Street",
}
STREET = {
    "crime_reference": "e0ef",
    "committed_month": "2025-01",
    "longitude": "-3.18",
    "latitude": "51.48",
    "place_name": "On or near Weir Lane",
    "lsoa": "W01000009",
    "crime_type": "Violence and sexual offences",
}


def mapped(base, *rows):
    table = pd.DataFrame([{**base, **row} for row in rows], dtype="object")
    table.index = pd.RangeIndex(2, len(table) + 2, name="row")
    return Mapped(table)


def read(base, *rows, areas=AREAS, **options):
    return read_crimes(
        mapped(base, *(rows or [{}])), SPEC, key=KEY, provider="force", batch_id="b1",
        places=TOWNS[areas is AREAS], **options,
    )  # fmt: skip


def crime(base, areas=AREAS, **cells):
    return read(base, cells, areas=areas).crimes.loc[2]


def test_a_force_s_row_becomes_exactly_the_contract_s_columns():
    result = read(FORCE)
    row = result.crimes.loc[2]

    assert list(result.crimes.columns) == SPEC.contract
    assert row[["offence_code", "offence_group", "time_precision", "location_level"]].tolist() == [
        "8N", "violence_with_injury", "minute", "coordinates",
    ]  # fmt: skip
    assert row[["easting", "northing", "place_name", "lsoa", "location_type"]].tolist() == [
        318500, 176500, "High Street", "W01000001", "not_home",
    ]  # fmt: skip
    assert (row[["alcohol", "domestic_abuse", "knife", "night_time_economy"]] == "unknown").all()
    assert result.issues.empty


def test_a_police_uk_row_has_a_month_a_snapped_point_and_its_delivered_area():
    row = crime(STREET)

    assert row["committed_from"] == pd.Timestamp("2025-01-01 00:00")
    assert row["committed_to"] == pd.Timestamp("2025-01-31 23:59")
    assert row[["time_precision", "location_level", "location_type"]].tolist() == [
        "month", "snapped", "unknown",
    ]  # fmt: skip
    assert row[["place_name", "lsoa"]].tolist() == ["Weir Lane", "W01000009"]
    assert row["offence_group"] == "violence_and_sexual"
    assert row["easting"] == pytest.approx(318152, abs=300)


def test_a_row_without_a_place_is_kept():
    row = crime(STREET, longitude=None, latitude=None, place_name="No Location", lsoa=None)

    assert row["location_level"] == "none"
    assert row[["easting", "northing", "place_name", "lsoa"]].isna().all()


@pytest.mark.parametrize(
    "cells",
    [
        {"premises_type": "Dwelling"},
        {"premises_type": "House", "place_name": "Rose Cottage, Mill Lane"},
        {"premises_type": None, "place_name": "Flat 3, 12 High Street"},
        {"premises_type": "Shop", "place_name": "flat 2b above shop"},
    ],
)
def test_a_crime_at_a_home_keeps_its_small_area_only(cells):
    row = crime(FORCE, **cells)

    assert row[["location_type", "location_level", "lsoa"]].tolist() == [
        "home", "withheld", "W01000001",
    ]  # fmt: skip
    assert row[["easting", "northing", "place_name"]].isna().all()


def test_a_delivered_small_area_comes_before_the_polygons():
    assert crime(FORCE, lsoa="w01000077")["lsoa"] == "W01000077"
    assert pd.isna(crime(FORCE, areas=NO_AREAS)["lsoa"])
    assert pd.isna(crime(FORCE, easting="400000")["lsoa"])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("12 High Street", "High Street"),
        ("12A, High Street", "High Street"),
        ("12-14 Brynfedw", "Brynfedw"),
        ("No. 7 Mill Lane, CF10 1AA", "Mill Lane"),
        ("Outside 45 Mill Lane", "Outside Mill Lane"),
        ("Unit 4, Retail Park", "Retail Park"),
        ("A470", "A470"),
        ("1st Avenue", "1st Avenue"),
        ("High Street / Mill Lane", "High Street / Mill Lane"),
    ],
)
def test_numbers_of_houses_and_postcodes_leave_a_force_s_names(written, kept):
    assert crime(FORCE, place_name=written)["place_name"] == kept


@pytest.mark.parametrize("written", ["12", "12A", "CF10 1AA", "unknown", None])
def test_a_name_of_which_nothing_is_left_is_empty(written):
    assert pd.isna(crime(FORCE, place_name=written)["place_name"])


@pytest.mark.parametrize(
    ("written", "secrets"),
    [
        ("MR JOHN SMITH, ACACIA AVENUE", ["john", "smith"]),
        ("Outside Mrs Edna Quillfeather house", ["edna", "quillfeather"]),
        ("High Street, by Zebedee Quillfeather", ["zebedee", "quillfeather"]),
        ("High Street - zebedee.q@example.org", ["zebedee", "example"]),
        ("High Street, NI AB 12 34 56 C", ["12 34 56", "ab "]),
        ("Mill Lane, vehicle AB12 CDE", ["ab12", "cde"]),
        ("Mill Lane tel 07700 900123", ["07700", "900123"]),
    ],
)
@pytest.mark.parametrize("premises", ["Street", None])
def test_people_and_their_numbers_leave_a_force_s_names(written, secrets, premises):
    name = crime(FORCE, place_name=written, premises_type=premises)["place_name"]

    assert not [secret for secret in secrets if secret in str(name).lower()]


def test_a_place_beside_a_person_stays():
    name = crime(FORCE, place_name="High Street, by Zebedee Quillfeather")["place_name"]

    assert name.startswith("High Street")


@pytest.mark.parametrize(
    "cells",
    [
        {"place_name": "at victim's home address"},
        {"place_name": "private address"},
        {"place_name": "12 Mill Lane", "premises_type": None},
        {"place_name": "her mum's house, Mill Lane"},
    ],
)
def test_a_name_that_says_a_home_makes_the_crime_a_home_s(cells):
    row = crime(FORCE, **cells)

    assert row[["location_type", "location_level"]].tolist() == ["home", "withheld"]
    assert row[["easting", "northing", "place_name"]].isna().all()


@pytest.mark.parametrize("street", ["Burges Place", "ST ANDREW'S PLACE", "Four Elms Road"])
@pytest.mark.parametrize("premises", ["Street", None])
def test_a_street_s_name_alone_is_no_home(street, premises):
    # None of the three is in the list of known places.
    row = crime(FORCE, place_name=street, premises_type=premises)

    assert row["location_level"] == "coordinates"
    assert row["easting"] == 318500


@pytest.mark.parametrize("home", ["12 Burges Place", "Flat 3, Burges Place", "Mums Place, Ely"])
def test_a_number_or_a_person_with_a_street_is_a_home(home):
    assert crime(FORCE, place_name=home, premises_type=None)["location_level"] == "withheld"


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ({"premises_type": None}, "withheld"),
        ({"premises_type": "Shop"}, "coordinates"),
        ({"premises_type": None, "night_time_economy": "Y"}, "coordinates"),
        ({"premises_type": "Dwelling"}, "withheld"),
        ({"premises_type": "Shop", "domestic_abuse": "Y"}, "withheld"),
    ],
)
def test_a_house_is_a_home_unless_the_force_says_that_it_is_none(said, level):
    assert crime(FORCE, place_name="Noble House", **said)["location_level"] == level


def test_what_the_force_says_of_a_building_counts_for_all_crimes_there():
    noble = {"place_name": "Noble House", "premises_type": None}
    rose = {"place_name": "Rose House", "premises_type": None}
    crimes = read(
        FORCE, noble, {**noble, "night_time_economy": "Y"},
        rose, {**rose, "night_time_economy": "Y"}, {**rose, "domestic_abuse": "Y"},
    ).crimes  # fmt: skip

    assert crimes["location_level"].tolist() == ["coordinates"] * 2 + ["withheld"] * 3
    assert crimes["place_name"].isna().all()  # the name is in no list of places


def test_names_of_police_uk_s_points_stay_as_published():
    assert crime(STREET, place_name="On or near Zorblax Rise")["place_name"] == "Zorblax Rise"


def test_markers_are_yes_no_or_unknown():
    row = crime(FORCE, alcohol="Y", domestic_abuse="N", knife=None, night_time_economy="")

    assert row[["alcohol", "domestic_abuse", "knife", "night_time_economy"]].tolist() == [
        "yes", "no", "unknown", "unknown",
    ]  # fmt: skip


def test_equal_rows_are_never_merged_and_keep_their_names_when_read_again():
    without_reference = {"crime_reference": None}
    rows = [{}, {}, without_reference, without_reference, {**without_reference, "place_name": "x"}]

    first, again = read(STREET, *rows), read(STREET, *rows)

    assert first.n_duplicate == 0
    assert first.crimes["crime_id"].nunique() == 5
    assert first.crimes["crime_id"].tolist() == again.crimes["crime_id"].tolist()


def test_a_crime_corrected_by_the_force_keeps_its_name():
    before, after = crime(FORCE), crime(FORCE, easting="318600", offence_code="5D")

    assert before["crime_id"] == after["crime_id"]
    assert before["crime_id"] != crime(FORCE, crime_reference="25/0002")["crime_id"]


def test_one_police_uk_id_in_two_months_names_two_rows():
    assert crime(STREET)["crime_id"] != crime(STREET, committed_month="2025-02")["crime_id"]


def test_the_force_s_reference_is_nowhere_in_the_crimes():
    assert "25/0001" not in read(FORCE).crimes.to_csv()


def test_rows_without_a_date_are_held_back():
    result = read(FORCE, {"committed_from": "later", "committed_to": None}, {})

    assert result.crimes.index.tolist() == [3]
    assert result.issues[["row", "column", "fate", "shape"]].to_numpy().tolist() == [
        [2, "committed_from", "held_back", "AAAAA"],
    ]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"committed_to": "later"}, "committed_from"),
        ({"committed_to": "01/01/2024 22:10"}, "committed_to"),
        ({"easting": "1", "northing": "2"}, "easting"),
        ({"premises_type": "zzgl"}, "location_type"),
        ({"offence_code": None, "offence": "zzgl"}, "offence_group"),
        ({"knife": "zzgl"}, "knife"),
    ],
)
def test_doubtful_cells_are_noted_and_the_crime_is_kept(cells, column):
    result = read(FORCE, cells)

    assert len(result.crimes) == 1
    assert result.issues[["column", "fate"]].to_numpy().tolist() == [[column, "noted"]]


def test_words_mapped_to_no_contract_code_are_refused():
    with pytest.raises(SettingsError, match=r"\[values\.offence\]"):
        read(FORCE, values={"offence": {"V1": "violence"}})


def test_the_force_s_own_words_are_taken():
    row = read(FORCE, {"premises_type": "P7"}, values={"premises_type": {"P7": "home"}}).crimes.loc[
        2
    ]

    assert row["location_type"] == "home"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", None]), min_size=1, max_size=6))
def test_ids_are_unique_whatever_is_repeated(references):
    result = read(STREET, *({"crime_reference": reference} for reference in references))

    assert result.crimes["crime_id"].nunique() == len(references)


@pytest.mark.long  # Read and counted alike in test_real_cardiff.py.
def test_a_year_of_real_police_data_is_read_whole(open_data):
    columns = load_layout("police-uk-street")["columns"]
    polygons = open_data / "boundaries-cardiff" / "cardiff_lsoa21_pop_wimd_wgs84.geojson"
    cardiff = set(gpd.read_file(polygons)["LSOA21CD"])
    months = []
    for path in sorted((open_data / "police-south-wales-2025").glob("*.csv")):
        table = apply_mapping(read_extract(path), columns, where=path.name)
        result = read_crimes(
            table, SPEC, key=KEY, provider="swp", batch_id="b1", places=TOWNS[False]
        )
        assert result.issues.empty
        months.append(result.crimes)
    crimes = pd.concat(months)

    assert len(crimes) == crimes["crime_id"].nunique() == 130_066
    assert (crimes["location_level"] == "none").sum() == 3_474
    violence = crimes[
        (crimes["offence_group"] == "violence_and_sexual") & crimes["lsoa"].isin(cardiff)
    ]
    assert len(violence) == 13_108
    assert (violence["lsoa"] == "W01002019").sum() == 1_750


def test_a_force_extract_of_the_known_layout_is_read_whole(open_data):
    path = open_data.parent / "examples" / "linkage" / "crimes_2.csv"
    if not path.is_file():
        pytest.skip("the labelled crimes are not beside the repository")
    table = apply_mapping(read_extract(path), load_layout("force-extract")["columns"], where="x")

    result = read_crimes(table, SPEC, key=KEY, provider="f", batch_id="b", places=TOWNS[False])

    assert len(result.crimes) == 13_000
    assert result.issues.empty
    # Also without a list of its streets none of them reads as somebody's home.
    assert (result.crimes["location_level"] == "coordinates").all()
    # The file was made with 70 % to the minute, 24 % intervals and 6 % whole days.
    shares = result.crimes["time_precision"].value_counts(normalize=True)
    assert shares.round(2).to_dict() == {"minute": 0.70, "interval": 0.24, "date": 0.06}
