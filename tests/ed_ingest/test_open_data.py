import gzip

import pandas as pd
import pytest

from ed_ingest.errors import ReferenceDataError
from ed_ingest.open_data import (
    csv_format,
    read_code_point,
    read_map_points,
    read_open_names,
    read_places,
    read_premises,
    to_grid,
)

POSTCODES = pd.DataFrame({"postcode": ["ZE11AA"], "easting": [318000.0], "northing": [176000.0]})
PREMISES = """<?xml version="1.0"?>
<FHRSEstablishment><EstablishmentCollection>{}</EstablishmentCollection>
</FHRSEstablishment>"""
ONE = """<EstablishmentDetail><FHRSID>{id}</FHRSID><BusinessName>{name}</BusinessName>
<BusinessType>{type}</BusinessType><AddressLine1>12 Castle Street</AddressLine1>
<AddressLine2>Marford</AddressLine2><AddressLine3>Marford</AddressLine3><PostCode>{postcode}</PostCode>
{geocode}</EstablishmentDetail>"""
GEOCODE = "<Geocode><Longitude>-3.1791</Longitude><Latitude>51.4806</Latitude></Geocode>"


def premises(**changes):
    values = {
        "id": "1", "name": "The Golden Lamb", "type": "Pub/bar/nightclub", "postcode": "ZE1 1AA",
        "geocode": GEOCODE,
    } | changes  # fmt: skip
    return ONE.format(**values)


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


def test_premises_have_name_address_and_point(tmp_path):
    read = read_premises(write(tmp_path, "x.xml", PREMISES.format(premises())), POSTCODES).iloc[0]

    assert read["name"] == "The Golden Lamb"
    assert read["address"] == "12 Castle Street, Marford"
    assert read["kind"] == "premises"
    # WGS 84 51.4806 N 3.1791 W is ST 1821 7640 on the national grid.
    assert (read["easting"], read["northing"]) == pytest.approx((318213, 176397), abs=10)


def test_premises_may_be_gzipped(tmp_path):
    path = tmp_path / "x.xml.gz"
    path.write_bytes(gzip.compress(PREMISES.format(premises()).encode()))

    assert len(read_premises(path, POSTCODES)) == 1


def test_premises_without_point_are_placed_by_postcode_or_left_out(tmp_path):
    details = premises(geocode="<Geocode />") + premises(geocode="<Geocode />", postcode="ZZ9 9ZZ")

    read = read_premises(write(tmp_path, "x.xml", PREMISES.format(details)), POSTCODES)

    assert read["easting"].tolist() == [318000.0]


def test_no_premises_are_an_empty_table(tmp_path):
    assert read_premises(write(tmp_path, "x.xml", PREMISES.format("")), POSTCODES).empty


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>',
        '<!doctype x SYSTEM "file:///etc/passwd"><x/>',
        "<FHRSEstablishment><unclosed>",
        "",
    ],
)
def test_xml_that_declares_entities_or_is_broken_is_refused(tmp_path, content):
    with pytest.raises(ReferenceDataError, match=r"x\.xml: .*Download it again"):
        read_premises(write(tmp_path, "x.xml", content), POSTCODES)


def test_code_point_of_either_width(tmp_path):
    new = write(tmp_path, "n.csv", '"ZE1 1AA",10,318000,176000,"W9","","","","W06","W05"\n"ZE11AB",90,0,0,"W9","","","","",""\n')  # fmt: skip # noqa: E501
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
        ("place_id,name,kind,easting,northing\n,b,street,1,1", "no place_id or no name"),
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


def test_points_off_the_grid_are_missing():
    grid = to_grid(pd.Series(["-3.1791", "100", "x"]), pd.Series(["51.4806", "0", "51"]))

    assert grid["easting"].isna().tolist() == [False, True, True]
