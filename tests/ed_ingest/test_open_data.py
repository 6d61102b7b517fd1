import pandas as pd
import pytest

from ed_ingest.errors import ReferenceDataError
from ed_ingest.open_data import (
    csv_format,
    read_code_point,
    read_map_points,
    read_open_names,
    read_places,
    to_grid,
)


def write(folder, name, content):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def open_name(name, kind, local_type, x, y, second=""):
    row = [""] * 34
    row[0], row[2], row[4], row[6], row[7] = f"osgb{name}", name, second, kind, local_type
    row[8], row[9], row[18], row[21] = x, y, "Northside", "Marford"
    return ",".join(row)


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("place_id,name,alt_names,kind,easting,northing,address,postcode", "places"),
        ('"CF101AA",10,318278,176229,"W92000004","","","","W06000015","W05000857"', "code_point"),
        ("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
         "Crime type,Last outcome category,Context", "police_street"),
        ("name,Longitude,Latitude,LSOA code,LSOA name,n", "map_points"),
        (open_name("Mill Lane", "transportNetwork", "Named Road", "1", "2"), "open_names"),
        ("FHRSID,BusinessName,Longitude,Latitude", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_format_is_told_by_its_first_row(tmp_path, line, known):
    assert csv_format(write(tmp_path, "x.csv", line)) == known


def test_code_point_of_either_width(tmp_path):
    new = write(tmp_path, "n.csv", '"ZE1 1AA",10,318000,176000,"W9","","","","W06","W05"\n"ZE11AB",90,0,0,"W9","","","","",""\n,10,318900,176000,"W9","","","","",""\n')  # fmt: skip # noqa: E501
    old = write(tmp_path, "o.csv", '"ZE11AA",10,"N",1,1,0,0,1,1,"N",318000,176000,"","","","","","",""\n')  # fmt: skip # noqa: E501

    for path in (new, old):
        assert read_code_point(path).to_numpy().tolist() == [["ZE11AA", 318000.0, 176000.0]]


def test_open_names_give_places_and_postcodes(tmp_path):
    lines = [
        open_name("Mill Lane", "transportNetwork", "Named Road", "318000", "176000", "Lon y Felin"),
        open_name("Northside", "populatedPlace", "Suburban Area", "318500", "176500"),
        open_name("ZE1 1AA", "other", "Postcode", "318100", "176100"),
        open_name("Marford Beck", "hydrography", "Inland Water", "1", "1"),
    ]

    places, postcodes = read_open_names(write(tmp_path, "x.csv", "\n".join(lines)))

    assert places["kind"].tolist() == ["street", "locality"]
    assert places["alt_names"].iloc[0] == "Lon y Felin"
    assert places["address"].iloc[0] == "Northside, Marford"
    assert postcodes["postcode"].tolist() == ["ZE11AA"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("place_id,name,kind,easting\na,b,street,1", "no column for northing"),
        ("place_id,name,kind,easting,northing\na,b,street,x,1", "must be numbers in metres"),
        ("place_id,name,kind,easting,northing\na,b,street,inf,1", "must be numbers in metres"),
        ("place_id,name,kind,easting,northing\n,b,street,1,1", "no place_id or no name"),
        ("place_id,name,kind,easting,northing\na,b,street,-3.18,51.48", "look like degrees"),
        ("place_id,name,kind,easting,northing\na,b,road,1,1", "1 rows have a kind"),
        ("", "cannot be read as CSV"),
    ],
)
def test_a_gazetteer_that_cannot_be_used_is_refused_with_the_remedy(tmp_path, content, says):
    with pytest.raises(ReferenceDataError, match=says):
        read_places(write(tmp_path, "places.csv", content))


def test_map_points_are_distinct_and_have_a_name(tmp_path):
    header = "Crime ID,Month,Longitude,Latitude,Location,LSOA code,Crime type\n"
    rows = (
        "1,2025-01,-3.1791,51.4806,On or near Mill Lane,W,Drugs\n"
        "2,2025-01,-3.1791,51.4806,On or near Mill Lane,W,Drugs\n"
        "3,2025-01,,,No Location,W,Drugs\n"
    )

    points = read_map_points(write(tmp_path, "2025-01-x-street.csv", header + rows))

    assert points["name"].tolist() == ["Mill Lane"]


SHEET = "place_id;name;alt_names;kind;easting;northing;address;postcode\r\n"
ROW = "p1;Café Lôn;;Premises;318000,5;176000;;ZE1 1AA\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        (SHEET + ROW).encode("utf-8-sig"),
        (SHEET + ROW).encode("cp1252", errors="replace").replace(b"L?n", b"L\xf4n"),
        (SHEET + ROW).encode("utf-16"),
        (SHEET + ROW + ";;;;;;;\r\n \r\n").encode(),
        ("sep=;\r\n" + SHEET + ROW).encode(),
        (SHEET + ROW).replace(";", "\t").encode(),
        ("Place ID;NAME;Alt names;Kind;Eastings (m);Northings;Address;Post code\n" + ROW).encode(),
        (SHEET + ROW).replace(",5", ".5").replace(";", ",").encode(),
    ],
    ids=["bom", "cp1252", "utf16", "blank rows", "sep line", "tabs", "headings", "commas"],
)  # fmt: skip
def test_a_list_may_come_as_excel_saves_it_anywhere(tmp_path, raw):
    path = tmp_path / "more.csv"
    path.write_bytes(raw)

    assert csv_format(path) == "places"
    (row,) = read_places(path).to_dict("records")
    assert (row["name"], row["kind"], row["easting"]) == ("Café Lôn", "premises", 318000.5)
    assert row["postcode"] == "ZE1 1AA"


def test_places_without_coordinates_are_kept_for_other_sources_to_place(tmp_path):
    text = "place_id,name,kind,easting,northing\na,Lamb,premises,,\nb,Barn,premises,0,0\n"

    assert read_places(write(tmp_path, "p.csv", text))["easting"].isna().tolist() == [True, True]


def test_open_names_may_have_a_header_and_names_in_two_languages(tmp_path):
    header = (
        "ID,NAMES_URI,NAME1,NAME1_LANG,NAME2,NAME2_LANG,TYPE,LOCAL_TYPE,GEOMETRY_X,GEOMETRY_Y,"
        "POPULATED_PLACE,DISTRICT_BOROUGH,COUNTY_UNITARY\n"
    )
    row = "o1,u,Heol y Felin,cym,Mill Lane,eng,t,Named Road,318000,176000,Marford,,Tref - Marford\n"
    hospital = "o2,u,Marford Infirmary,,,,other,HOSPITAL,318000,176000,,,Trefarf - Marford\n"
    path = write(tmp_path, "x.csv", "\ufeff" + header.lower() + row + hospital)

    assert csv_format(path) == "open_names"
    places, _ = read_open_names(path)

    assert places["name"].tolist() == ["Mill Lane", "Marford Infirmary"]
    assert places["alt_names"].iloc[0] == "Heol y Felin"
    assert places["kind"].tolist() == ["street", "health"]
    assert places["address"].tolist() == ["Marford", "Marford"]


def test_a_table_that_only_begins_like_postcodes_is_none_of_ours(tmp_path):
    assert csv_format(write(tmp_path, "x.csv", "Postcode,a,b,c,d,e,f,g,h,i\n")) is None


def test_points_off_the_grid_are_missing():
    grid = to_grid(pd.Series(["-3.1791", "100", "x"]), pd.Series(["51.4806", "0", "51"]))

    assert grid["easting"].isna().tolist() == [False, True, True]
