import gzip

import pandas as pd
import pytest

from ed_ingest.errors import ReferenceDataError
from ed_ingest.fhrs import is_premises_file, read_premises
from ed_ingest.premises_kinds import kinds_of_premises

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


def test_premises_without_point_are_placed_by_postcode_or_not_at_all(tmp_path):
    details = premises(geocode="<Geocode />") + premises(geocode="<Geocode />", postcode="ZZ9 9ZZ")

    read = read_premises(write(tmp_path, "x.xml", PREMISES.format(details)), POSTCODES)

    assert read["easting"].fillna(0).tolist() == [318000.0, 0]
    assert read["centroid"].all()


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


PUB, CARE, RESTAURANT, OTHER = "7843", "5", "1", "7841"


@pytest.mark.parametrize(
    ("name", "number", "kind"),
    [
        ("Royal Infirmary Kitchen", OTHER, "health"),
        ("YSBYTY MARFORD", RESTAURANT, "health"),
        ("Marford Nursery", CARE, "health"),
        ("Marford High", "7845", "education"),
        ("Bridewell Police Station", OTHER, "custody"),
        ("Gorsaf Heddlu Marford", RESTAURANT, "custody"),
        ("H M Prison Marford", CARE, "custody"),
        ("HMP Marford", OTHER, "custody"),
        ("The Old Police Station", RESTAURANT, "premises"),
        ("The Police Station", PUB, "premises"),
        ("Old Hospital Cafe", RESTAURANT, "premises"),
        ("Pets Hospital Shop", OTHER, "premises"),
        ("Marford Hospitality Ltd", RESTAURANT, "premises"),
    ],
)
def test_false_places_among_food_businesses_are_known_by_their_names(name, number, kind):
    assert kinds_of_premises(pd.Series([name]), pd.Series([number])).item() == kind


def test_an_older_file_has_only_the_words_for_the_type(tmp_path):
    detail = premises(type="School/college/university")

    read = read_premises(write(tmp_path, "x.xml", PREMISES.format(detail)), POSTCODES)

    assert read["kind"].tolist() == ["education"]


@pytest.mark.parametrize(
    ("name", "ours"),
    [("FHRS556cy-GB.XML", True), ("a.xml.gz", True), ("boundary.shp.xml", False), ("a.csv", False)],
)
def test_files_beside_a_map_layer_are_no_premises(tmp_path, name, ours):
    assert is_premises_file(tmp_path / name) is ours
