import pandas as pd
import pytest

from ed_ingest.crimes import read_crimes
from ed_ingest.layout import apply_mapping
from ed_ingest.police_layout import propose_police
from ed_ingest.police_uk import crime_columns, holds_police_uk, is_police_uk, street_columns
from ed_ingest.read import read_extract
from ed_ingest.schema import load_layout, load_spec
from tests.ed_ingest.test_crimes import KEY, TOWNS

PUBLISHED = load_layout("police-uk-street")["columns"]
NOW = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
    "e0ef,2025-01,Wexshire Police,Wexshire Police,-3.1800,51.4800,On or near Weir Lane,W01000009,"
    "Marford 001A,Violence and sexual offences,Under investigation,\n"
    ",2025-01,Wexshire Police,Wexshire Police,-3.1800,51.4800,On or near Weir Lane,W01000009,"
    "Marford 001A,Anti-social behaviour,,\n"
    ",2025-01,Wexshire Police,Wexshire Police,,,No Location,,,Violence and sexual offences,,\n"
)
# Until 2012: metres, no id, no small area.
EARLY = (
    "Month,Reported by,Falls within,Easting,Northing,Location,Crime type,Context\n"
    "2012-04,Wexshire Police,Wexshire Police,318500,176500,On or near Nightclub,Violent crime,\n"
    "2012-04,Wexshire Police,Wexshire Police,318500,176500,On or near Nightclub,Violent crime,\n"
)
RENAMED = NOW.replace("Crime ID,Month", "crime_id,month").replace("LSOA code", "lsoa_code")
RENAMED = RENAMED.replace("Crime type", "crime_type").replace("Longitude", "longitude")


def raw_of(text, tmp_path):
    path = tmp_path / "street.csv"
    path.write_text(text, encoding="utf-8")
    return read_extract(path)


def crimes_of(raw):
    mapped = apply_mapping(raw, crime_columns(raw, PUBLISHED), where="x")
    spec = load_spec("police_crime")
    return read_crimes(mapped, spec, key=KEY, provider="p", batch_id="b", places=TOWNS[True])


@pytest.mark.parametrize("text", [NOW, EARLY, RENAMED])
def test_street_files_of_any_year_are_known_and_read_by_one_provider_s_file(text, tmp_path):
    raw = raw_of(text, tmp_path)
    crimes = crimes_of(raw).crimes

    assert is_police_uk(raw)
    assert len(crimes) == len(raw)
    assert set(crimes["time_precision"]) == {"month"}
    assert crimes["location_level"].iloc[0] == "snapped"
    assert crimes["offence_group"].iloc[0] == "violence_and_sexual"
    proposed = {c: s.heading for s in propose_police(raw) for c in s.columns}
    assert proposed == street_columns(raw)


def test_points_in_metres_stay_where_they_are(tmp_path):
    crimes = crimes_of(raw_of(EARLY, tmp_path)).crimes

    assert crimes[["easting", "northing"]].to_numpy().tolist() == [[318500.0, 176500.0]] * 2
    assert crimes["crime_id"].nunique() == 2


def test_a_row_without_place_is_kept_with_level_none(tmp_path):
    crimes = crimes_of(raw_of(NOW, tmp_path)).crimes

    assert crimes["location_level"].tolist() == ["snapped", "snapped", "none"]


def test_a_force_s_extract_with_a_month_is_none_of_police_uk_s(tmp_path):
    text = "Crime Ref,Month,Location,Crime type,Easting,Northing\nA1,2025-01,High Street,ABH,1,2\n"
    raw = raw_of(text, tmp_path)
    own = {"crime_reference": "Crime Ref"}

    assert not is_police_uk(raw)
    assert crime_columns(raw, own) == own


def test_a_mapping_without_a_month_is_never_replaced(tmp_path):
    raw = raw_of(NOW, tmp_path)
    own = {"offence": "Crime type", "committed_from": "Month"}

    assert crime_columns(raw, own) == own
    assert not holds_police_uk(own)
    assert holds_police_uk(PUBLISHED)


def test_headings_are_compared_without_case_and_underscores():
    frame = pd.DataFrame(columns=["CRIME_ID", "month", "Crime  Type"])

    assert street_columns(frame) == {
        "crime_reference": "CRIME_ID", "committed_month": "month", "crime_type": "Crime  Type",
    }  # fmt: skip
