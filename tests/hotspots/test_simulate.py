"""The made-up partnership: the same bytes for a seed, shares as asked, and a truth that is true."""

from __future__ import annotations

import csv
import functools
import math
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from ed_ingest.errors import EdHotspotsError, FileError, WorkspaceError
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.settings import load_provider, load_settings, provider_ids
from hotspots.simulate import simulate

N = 4000


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "w"
    simulate(folder, assaults=N, months=12, seed=5)
    return folder


def truth(workspace: Path, name: str) -> pd.DataFrame:
    times = {"assaults": ["arrived_at", "assaulted_at"], "links": ["arrived_at", "committed_from"]}
    return pd.read_csv(
        workspace / "truth" / f"{name}.csv", keep_default_na=False, parse_dates=times.get(name)
    )


@pytest.fixture(scope="module")
def assaults(workspace) -> pd.DataFrame:
    return truth(workspace, "assaults")


@functools.cache
def delivered(path: Path) -> list[list[str]]:
    """All rows of a delivery as text; the first is row 1."""
    if path.suffix == ".xlsx":
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python()]
    old = path.name.startswith("royal")
    with path.open(encoding="cp1252" if old else "utf-8", newline="") as handle:
        return list(csv.reader(handle, delimiter=";" if old else ","))


def within_binomial(share: float, p: float, n: int) -> bool:
    """Four standard deviations: once in 16,000 by chance, and the seed is fixed."""
    return abs(share - p) < 4 * math.sqrt(p * (1 - p) / n)


# --- the same seed ----------------------------------------------------------------------------


def content(folder: Path) -> dict[str, bytes]:
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        simulate(tmp_path / name, assaults=150, months=2, seed=seed)
    a, b, c = (content(tmp_path / name) for name in "abc")

    assert any(name.endswith(".xlsx") for name in a)
    assert a == b
    same = {name for name in a if c.get(name) == a[name]}
    assert all(name.startswith(("providers/", "settings")) for name in same)


@pytest.mark.parametrize(("assaults", "months"), [(1, 1), (20, 14)])
def test_a_handful_of_assaults_is_enough(tmp_path, assaults, months):
    simulate(tmp_path / "w", assaults=assaults, months=months)

    assert len(truth(tmp_path / "w", "assaults")) == assaults


def test_a_folder_that_is_not_empty_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="not empty"):
        simulate(tmp_path, assaults=50)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("arguments", [{"assaults": 0}, {"months": 0}])
def test_nothing_to_simulate_is_refused(tmp_path, arguments):
    with pytest.raises(EdHotspotsError, match="at least 1"):
        simulate(tmp_path / "w", **arguments)
    assert not (tmp_path / "w").exists()


# --- shares and patterns ----------------------------------------------------------------------


def test_there_are_as_many_assaults_as_asked_besides_transfers(assaults):
    own = assaults[assaults["transfer"] == "no"]

    assert len(own) == N
    assert 0 < len(assaults) - N < 0.02 * N


def test_homes_are_30_percent_of_incidents_and_41_percent_are_known_to_the_police(assaults):
    incidents = assaults.drop_duplicates("incident")
    home = incidents["location_type"].isin(["own_home", "other_home"])
    known = incidents["known_to_police"] == "yes"

    assert within_binomial(home.mean(), 0.30, len(incidents))
    assert within_binomial(known.mean(), 0.41, len(incidents))


def test_5_percent_of_the_records_have_an_identifier_in_their_words(assaults):
    assert within_binomial((assaults["planted"] == "yes").mean(), 0.05, len(assaults))


def test_a_tenth_of_the_premises_holds_most_of_their_assaults(workspace, assaults):
    places = pd.read_csv(workspace / "reference" / "places.csv")
    premises = places.loc[places["kind"] == "premises", "place_id"]
    counts = assaults["place_id"].value_counts().reindex(premises, fill_value=0)
    top = counts.nlargest(len(premises) // 10)

    assert top.sum() > 0.5 * counts.sum()
    assert (counts == 0).mean() < 0.5  # and yet most have some


def test_the_night_time_economy_peaks_on_friday_and_saturday_nights_at_closing_time(assaults):
    out = assaults[assaults["setting"].isin(["venue", "outside"])]
    night = (out["assaulted_at"] - pd.Timedelta(hours=6)).dt.day_of_week
    hour = out["assaulted_at"].dt.hour
    weekend, closing = night.isin([4, 5]), hour.isin([23, 0, 1, 2])

    # A flat week would have 2/7 on these nights and 4/24 in these hours.
    assert weekend.mean() > 0.5
    assert closing.mean() > 0.5
    assert (weekend & closing).mean() > 0.25


def test_school_days_peak_at_the_way_home(assaults):
    school = assaults.loc[assaults["setting"].isin(["school", "way_home"]), "assaulted_at"]

    assert (school.dt.day_of_week < 5).mean() > 0.95
    assert school.dt.hour.isin([15, 16]).mean() > 0.5


def test_one_place_emerges_and_one_fades_in_the_last_three_months(workspace, assaults):
    late = assaults["assaulted_at"] >= "2025-10-01"
    ratio = {}
    for trend in truth(workspace, "trends").itertuples():
        off = np.hypot(assaults["easting"] - trend.easting, assaults["northing"] - trend.northing)
        near = (off <= trend.radius_m + 15) & assaults["setting"].isin(["venue", "outside"])
        # Assaults a month: three months against nine.
        ratio[trend.trend] = (near & late).sum() / 3 / max(1, (near & ~late).sum() / 9)

    assert ratio["emerging"] > 4
    assert ratio["fading"] < 0.5


def test_the_clock_change_nights_are_there(assaults):
    at = assaults["assaulted_at"]

    # 30 March: 01:00 to 01:59 never was; 26 October: it came twice.
    assert not ((at >= "2025-03-30 01:00") & (at < "2025-03-30 02:00")).any()
    assert ((at >= "2025-10-26 01:00") & (at < "2025-10-26 02:00")).sum() >= 1


def test_no_assault_comes_after_its_arrival(assaults):
    assert (assaults["assaulted_at"] <= assaults["arrived_at"]).all()


def test_codes_go_together(assaults):
    home = assaults["location_type"] == "own_home"
    out = assaults["setting"].isin(["venue", "outside"])
    alcohol, partner = assaults["alcohol"] == "yes", assaults["relationship"] == "partner_or_ex"

    assert alcohol[out].mean() > 1.5 * alcohol[~out].mean()
    assert partner[home].mean() > 5 * partner[~home].mean()
    glass = assaults["assault_method"] == "glass"
    assert glass[out].mean() > 2 * glass[~out].mean()


# --- the workspace ----------------------------------------------------------------------------


def test_the_workspace_says_that_it_is_simulated_and_can_be_used_at_once(workspace):
    made = load_settings(workspace)

    assert "SIMULATED" in made.partnership.name
    assert made.partnership.marking == "OFFICIAL-SENSITIVE"
    assert made.audiences.tasking.premises_names is True
    assert provider_ids(workspace) == [
        "marford-general", "police-uk", "royal-infirmary", "st-teilos", "wexshire-police",
    ]  # fmt: skip
    agreed = [p for p in provider_ids(workspace) if "sex" in load_provider(workspace, p).agreed]
    assert "marford-general" in agreed
    assert "st-teilos" not in agreed


def test_every_mapped_column_is_in_every_file(workspace):
    for file in sorted((workspace / "inbox").rglob("*.*")):
        provider = load_provider(workspace, file.parent.name)
        header = delivered(file)[(provider.format.header_row or 1) - 1]
        mapped = [h if isinstance(h, str) else list(h) for h in provider.columns.values()]
        flat = {h for m in mapped for h in ([m] if isinstance(m, str) else m)}
        assert flat <= set(header), file.name


def test_the_reference_data_load_as_a_gazetteer(workspace, assaults):
    gazetteer = load_gazetteer(workspace / "reference")

    assert set(assaults["place_id"]) <= set(gazetteer.places["place_id"])
    assert len(gazetteer.postcodes) > 500
    assert gazetteer.boundary is not None
    assert set(assaults["lsoa"]) <= set(gazetteer.areas["code"])
    assert {"road", "water", "area"} == set(gazetteer.basemap["kind"])


def test_every_delivery_is_listed_with_its_day_and_its_rows(workspace):
    listed = truth(workspace, "deliveries")
    found = {(p.parent.name, p.name) for p in (workspace / "inbox").rglob("*.*")}

    assert set(zip(listed["provider"], listed["file"], strict=True)) == found
    for row in listed.itertuples():
        header = 3 if row.provider == "st-teilos" else 1
        assert len(delivered(workspace / "inbox" / row.provider / row.file)) == row.rows + header


def test_a_late_month_comes_with_the_next(workspace, assaults):
    files = {p.name for p in (workspace / "inbox" / "st-teilos").iterdir()}
    late = assaults[(assaults["provider"] == "st-teilos") & (assaults["arrived_at"].dt.month == 11)]

    assert "st-teilos-2025-11.xlsx" not in files
    assert set(late["file"]) == {"st-teilos-2025-12.xlsx"}


def test_a_month_sent_again_has_the_same_attendances_and_more_answers(workspace):
    folder = workspace / "inbox" / "marford-general"
    first = delivered(folder / "marford-general-2025-11.csv")
    again = delivered(folder / "marford-general-2025-11_corrected.csv")
    listed = truth(workspace, "deliveries").set_index("file")["received_on"]

    assert [row[0] for row in first] == [row[0] for row in again]
    changed = sum(a != b for a, b in zip(first, again, strict=True))
    assert 0.05 * len(first) < changed < 0.2 * len(first)
    blanks = [sum(cell == "" for row in rows for cell in row) for rows in (first, again)]
    assert blanks[0] > blanks[1]
    assert listed["marford-general-2025-11.csv"] < listed["marford-general-2025-11_corrected.csv"]


def test_some_rows_are_sent_twice(workspace):
    for provider in ("marford-general", "st-teilos", "royal-infirmary"):
        twice = 0
        for file in (workspace / "inbox" / provider).iterdir():
            rows = [tuple(row) for row in delivered(file)]
            twice += len(rows) - len(set(rows))
        assert twice > 0, provider


def test_the_royal_infirmary_sends_every_attendance_in_an_old_encoding(workspace, assaults):
    rows = [
        row
        for file in (workspace / "inbox" / "royal-infirmary").iterdir()
        for row in delivered(file)[1:]
    ]
    reasons = pd.Series([row[9] for row in rows])

    assert (reasons != "20").mean() == pytest.approx(0.6, abs=0.02)  # 1.5 others an assault
    old = b"".join(p.read_bytes() for p in (workspace / "inbox" / "royal-infirmary").iterdir())
    assert "ô".encode("cp1252") in old or b"\xf4" in old


def test_impossible_dates_and_assaults_after_the_arrival_are_marked(workspace, assaults):
    faults = assaults["fault"].value_counts()

    assert {"after_arrival", "impossible_date", "evening_date"} <= set(faults.index)
    row = assaults[
        (assaults["fault"] == "impossible_date") & (assaults["provider"] == "marford-general")
    ].iloc[0]
    cells = delivered(workspace / "inbox" / row["provider"] / row["file"])[row["row"] - 1]
    assert cells[4] == "31/02/2025"


# --- the truth is true ------------------------------------------------------------------------


def test_every_planted_identifier_is_where_the_truth_says(workspace):
    planted = truth(workspace, "identifiers")
    missing = 0
    for (provider, name), rows in planted.groupby(["provider", "file"]):
        file = workspace / "inbox" / provider / name
        header = delivered(file)[2 if provider == "st-teilos" else 0]
        for one in rows.itertuples():
            if one.row == 0:
                with zipfile.ZipFile(file) as archive:
                    missing += one.identifier not in archive.read("docProps/core.xml").decode()
                continue
            cell = delivered(file)[one.row - 1][header.index(one.column)]
            spelt = cell.replace(" ", "") if one.kind == "nhs_number" else cell
            wanted = one.identifier.replace(" ", "") if one.kind == "nhs_number" else one.identifier
            missing += wanted not in spelt

    assert len(planted) > 10_000
    assert missing == 0
    assert set(planted["kind"]) == {
        "attendance_number", "hospital_number", "nhs_number", "date_of_birth", "surname",
        "forename", "home_address", "telephone", "author", "crime_reference",
    }  # fmt: skip


def test_the_truth_names_the_row_of_each_attendance(workspace, assaults):
    numbered = assaults[assaults["attendance_number"] != ""]
    for (provider, name), rows in numbered.groupby(["provider", "file"]):
        table = delivered(workspace / "inbox" / provider / name)
        assert [table[row - 1][0] for row in rows["row"]] == rows["attendance_number"].tolist()


def test_the_polices_points_and_times_are_near_the_truth(workspace, assaults):
    links = truth(workspace, "links").merge(assaults, on="assault", suffixes=("", "_true"))
    own = links[(links["primary"] == "yes") & (links["transfer"] == "no")]
    off = np.hypot(own["easting"] - own["easting_true"], own["northing"] - own["northing_true"])

    # 10 to 30 m, and up to a metre of rounding.
    assert off.between(9, 31).all()
    assert (own["known_to_police"] == "yes").all()
    assert own["crime_reference"].is_unique
    gap = (own["assaulted_at"] - own["committed_from"]).abs() / pd.Timedelta(minutes=1)
    assert (gap <= 30).mean() == pytest.approx(0.7, abs=0.05)  # recorded to the minute
    assert (gap < 1440).all()


def test_the_force_has_three_crimes_of_its_own_for_each_linked_one(workspace):
    crimes = sum(len(delivered(p)) - 1 for p in (workspace / "inbox/wexshire-police").iterdir())
    linked = truth(workspace, "links")["crime_reference"].nunique()

    assert crimes == pytest.approx(4 * linked, rel=0.01)


def test_street_level_files_are_in_police_uks_form(workspace):
    for file in (workspace / "inbox" / "police-uk").iterdir():
        rows = delivered(file)
        assert ",".join(rows[0]) == (
            "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
            "LSOA name,Crime type,Last outcome category,Context"
        )
        table = pd.DataFrame(rows[1:], columns=rows[0])
        social = table["Crime type"] == "Anti-social behaviour"
        nowhere = table["Location"] == "No Location"
        assert ((table["Crime ID"] == "") == social).all()
        assert ((table["Longitude"] == "") == nowhere).all()
        assert (table["Month"] == file.name[:7]).all()
        assert table.duplicated().any()
        assert table.loc[~nowhere, "Location"].str.startswith("On or near ").all()


# --- on places that are supplied --------------------------------------------------------------


def test_supplied_places_and_street_files_are_used_as_they_are(workspace, tmp_path):
    reference, streets = workspace / "reference", workspace / "inbox" / "police-uk"
    made = tmp_path / "w"
    simulate(made, assaults=100, months=1, reference=reference, police_uk=streets)
    places = pd.read_csv(reference / "places.csv")

    assert content(made / "reference") == content(reference)
    assert set(truth(made, "assaults")["place_id"]) <= set(places["place_id"])
    assert [p.name for p in (made / "inbox/police-uk").iterdir()] == ["2025-12-wexshire-street.csv"]
    name = "2025-12-wexshire-street.csv"
    assert (made / "inbox/police-uk" / name).read_bytes() == (streets / name).read_bytes()
    assert (truth(made, "deliveries")["provider"] == "police-uk").sum() == 1


def test_a_folder_without_street_files_of_the_months_is_refused(workspace, tmp_path):
    with pytest.raises(FileError, match=r"no police\.uk street files of 2025-12 to 2025-12"):
        simulate(tmp_path / "w", assaults=50, months=1, police_uk=workspace / "truth")


def test_assaults_can_be_put_on_real_places(open_data, tmp_path):
    from ed_ingest.reference import adopt_reference

    for folder in ("fhrs-wales", "gazetteer-cardiff"):
        shutil.copytree(open_data / folder, tmp_path / "open" / folder)
    adopt_reference(tmp_path / "open", tmp_path / "r")
    simulate(tmp_path / "w", assaults=500, months=2, reference=tmp_path / "r")
    found = truth(tmp_path / "w", "assaults")
    real = load_gazetteer(tmp_path / "r").places.set_index("place_id")
    off = np.hypot(
        found["easting"] - real.loc[found["place_id"], "easting"].to_numpy(),
        found["northing"] - real.loc[found["place_id"], "northing"].to_numpy(),
    )

    assert len(found) >= 500
    assert off.median() < 60
