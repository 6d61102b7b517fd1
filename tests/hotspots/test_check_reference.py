import geopandas as gpd
import pytest
from shapely.geometry import box

from hotspots.check_reference import reference_findings

HEADER = "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
PLACES = (
    "p1,The Golden Lamb,,premises,318000,176000,,\n"
    "s1,Mill Lane,,street,318100,176000,Marford,\n"
    "l1,Marford,,locality,318000,176000,,\n"
    "h1,Marford Infirmary,,health,318500,176500,,\n"
    "c1,Bridewell Police Station,,custody,318400,176000,,\n"
)
CODE_POINT = '"ZE11AA",10,318000,176000,"W9","","","","W06","W05"\n'
HERE, ELSEWHERE = box(317000, 175000, 320000, 178000), box(400000, 300000, 410000, 310000)


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")


def shapes(folder, file, geometry=HERE, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=[geometry], crs="EPSG:27700")
    frame.to_file(folder / f"{file}.geojson", driver="GeoJSON")


@pytest.fixture
def folder(tmp_path):
    """Everything that a partnership may supply."""
    write(tmp_path, "places.csv", HEADER + PLACES)
    write(tmp_path, "ze.csv", CODE_POINT)
    write(tmp_path, "aliases.csv", "alias,place_id,decided_on\nthe usual,not_a_place,2026-01-05\n")
    shapes(tmp_path, "boundary", name=["Marford"])
    shapes(tmp_path, "areas", code=["W01000001"], name=["M"], population=[1500])
    shapes(tmp_path, "basemap", kind=["road"], name=["x"])
    return tmp_path


def by_check(folder):
    return {f.check: f for f in reference_findings(folder)}


def test_complete_reference_data_are_in_order(folder):
    found = by_check(folder)

    assert {f.state for f in found.values()} == {"ok"}
    assert {name: found[name].sentence for name in ("premises", "streets", "false places")} == {
        "premises": "1 premises.",
        "streets": "1 street.",
        "false places": "1 hospital and 1 police station.",
    }
    assert found["places"].sentence == "5 from 5 rows of all files, each place once."


@pytest.mark.parametrize(
    ("missing", "check", "publisher"),
    [
        ("boundary.geojson", "boundary", "geoportal.statistics.gov.uk"),
        ("areas.geojson", "small areas", "geoportal.statistics.gov.uk"),
        ("basemap.geojson", "base map", "osdatahub.os.uk"),
        ("ze.csv", "postcodes", "Code-Point Open"),
    ],
)
def test_what_is_missing_is_told_with_who_publishes_it(folder, missing, check, publisher):
    (folder / missing).unlink()

    found = by_check(folder)[check]

    assert found.state == "warning"
    assert publisher in found.remedy
    assert "Open Government Licence" in found.remedy


def test_kinds_of_places_that_are_missing_are_told(folder):
    write(folder, "places.csv", HEADER + "k1,Victoria Green,,park,318000,176000,,\n")

    found = by_check(folder)

    missing = {name for name, f in found.items() if f.state == "warning"}
    assert missing == {"premises", "streets", "localities", "false places"}
    assert "Food Hygiene Rating Scheme" in found["premises"].remedy
    assert "0 hospitals and 0 police stations" in found["false places"].sentence


def test_an_empty_folder_is_a_fault_and_a_missing_one_is_told_elsewhere(tmp_path):
    assert by_check(tmp_path)["places"].state == "fault"
    assert reference_findings(tmp_path / "none") == []


def test_places_without_any_point_are_told_as_such(tmp_path):
    write(tmp_path, "places.csv", HEADER + "p1,The Golden Lamb,,premises,,,,\n")

    found = by_check(tmp_path)["places"]

    assert (found.state, found.sentence[:14]) == ("fault", "Of 1 row none ")


def test_a_file_that_stops_ingest_is_a_fault_with_its_remedy(folder):
    write(folder, "places.csv", "id,title\n1,Lamb\n")

    (found,) = reference_findings(folder)

    assert found.state == "fault"
    assert "no column for place_id" in found.sentence


def test_false_places_under_the_kind_of_a_shop_are_told(folder):
    write(folder, "places.csv", HEADER + PLACES + "p2,Royal Infirmary,,premises,318900,176000,,\n")

    told = [f for f in reference_findings(folder) if f.check == "false places"]

    assert [f.state for f in told] == ["ok", "warning"]
    assert "1 place named like" in told[1].sentence


# One, then two, of seven rows: 14 % and 25 % without any point; the limit is 20 %.
@pytest.mark.parametrize(("n", "state"), [(1, "ok"), (2, "warning")])
def test_places_that_nobody_can_place_are_counted(folder, n, state):
    lost = "".join(f"x{i},Cellar {i},,premises,,,,\n" for i in range(n))
    write(folder, "places.csv", HEADER + PLACES + lost)

    found = by_check(folder)["coordinates"]

    assert found.state == state
    assert found.sentence.startswith(f"{n} rows")


def test_a_boundary_of_another_area_is_told(folder):
    shapes(folder, "boundary", ELSEWHERE, name=["Elsewhere"])

    found = by_check(folder)["places outside"]

    assert (found.state, found.sentence[:4]) == ("warning", "100%")


def test_ids_that_stand_twice_are_told(folder):
    write(folder, "places.csv", HEADER + PLACES + "p1,Burger Barn,,premises,318900,176000,,\n")

    assert by_check(folder)["ids of places"].state == "warning"


def test_files_of_no_use_are_named(folder):
    for i in range(6):
        write(folder, f"notes{i}.csv", "a,b\n1,2\n")
    write(folder, "x.xml", "<a/>")
    write(folder, "licence.txt", "not data")

    sentence = by_check(folder)["other files"].sentence

    assert "notes0.csv, notes1.csv" in sentence
    assert sentence.endswith("and 2 more.")


def test_a_hospital_whose_name_does_not_say_so_is_told_how_to_be_one(folder):
    row = "h1,Marford General,{},health,318500,176500,,\n"

    write(folder, "places.csv", HEADER + row.format(""))
    without = by_check(folder)["false places"]
    write(folder, "places.csv", HEADER + row.format("Marford General Hospital"))
    named = by_check(folder)["false places"]

    assert "0 hospitals" in without.sentence
    assert "hospital, infirmary or ysbyty in name or alt_names" in without.remedy
    assert "1 hospital and" in named.sentence
