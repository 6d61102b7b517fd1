import pytest

from ed_ingest.errors import ReferenceDataError
from ed_ingest.reference_folder import read_tables

HEADER = "place_id,name,alt_names,kind,easting,northing,address,postcode\n"


def write(folder, name, content):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


def test_every_file_is_named_with_what_it_is_and_holds(tmp_path):
    write(tmp_path, "places.csv", HEADER + "a,Lamb,,premises,318000,176000,,\n")
    write(tmp_path, "os/zz.csv", '"ZE11AA",10,318000,176000,"W9","","","","W06","W05"\n')
    write(tmp_path, "notes.csv", "a,b\n1,2\n")
    write(tmp_path, "places.xlsx", "not read: places.csv lies beside it")
    write(tmp_path, "~places.csv", "a,b\n")
    write(tmp_path, "aliases.csv", "alias,place_id\nzanzibar,a\n")
    write(tmp_path, "areas.geojson", "{}")
    write(tmp_path, "os/boundary.geojson", "not read: it lies in a subfolder")

    found = read_tables(tmp_path).files

    assert [(f.name, f.format, f.rows) for f in found] == [
        ("aliases.csv", "aliases", 0),
        ("areas.geojson", "shapes", 0),
        ("notes.csv", "other", 0),
        ("os/boundary.geojson", "other", 0),
        ("os/zz.csv", "code_point", 1),
        ("places.csv", "places", 1),
        ("places.xlsx", "other", 0),
    ]


def test_a_workbook_in_place_of_the_list_is_refused_with_what_to_do(tmp_path):
    write(tmp_path, "places.xlsx", "")

    with pytest.raises(ReferenceDataError, match=r"places\.xlsx: .* Save its sheet as places\.csv"):
        read_tables(tmp_path)


def test_the_partnerships_list_under_a_wrong_header_is_an_error(tmp_path):
    write(tmp_path, "places.csv", "id,title\n1,Lamb\n")

    with pytest.raises(ReferenceDataError, match="no column for place_id, name"):
        read_tables(tmp_path)


def test_places_are_counted_and_those_without_any_point_left_out(tmp_path):
    rows = (
        "a,Lamb,,premises,,,,ZE1 1AA\n"  # at its postcode
        "b,Barn,,premises,,,,\n"  # nobody knows where
        "b,Cafe,,premises,318000,176000,,\n"
    )
    write(tmp_path, "places.csv", HEADER + rows)
    write(tmp_path, "zz.csv", '"ZE11AA",10,318500,176000,"W9","","","","W06","W05"\n')

    found = read_tables(tmp_path)

    assert (found.n_listed, found.n_unplaced, found.n_doubled) == (3, 1, 1)
    (own,) = [s.places for s in found.sources if s.label == "places.csv"]
    assert own["easting"].tolist() == [318500, 318000]
    assert own["centroid"].tolist() == [True, False]
