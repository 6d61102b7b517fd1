"""The truth of the simulation is true: held against the files as delivered."""

from __future__ import annotations

import zipfile

import numpy as np
import pandas as pd
import pytest

from tests.hotspots.simulated_files import delivered, truth


def test_every_planted_identifier_is_where_the_truth_says(simulated):
    planted = truth(simulated, "identifiers")
    missing = 0
    for (provider, name), rows in planted.groupby(["provider", "file"]):
        file = simulated / "inbox" / provider / name
        header = delivered(file)[2 if provider == "st-teilos" else 0]
        for one in rows.itertuples():
            if one.row == 0:
                with zipfile.ZipFile(file) as archive:
                    missing += one.identifier not in archive.read("docProps/core.xml").decode()
                continue
            cell = delivered(file)[one.row - 1][header.index(one.column)]
            missing += one.identifier not in cell

    assert len(planted) > 10_000
    assert missing == 0
    assert set(planted["kind"]) == {
        "attendance_number", "hospital_number", "nhs_number", "date_of_birth", "surname",
        "forename", "home_address", "telephone", "author", "crime_reference",
    }  # fmt: skip


def test_the_truth_names_the_row_of_each_attendance(simulated, assaults):
    numbered = assaults[assaults["attendance_number"] != ""]
    for (provider, name), rows in numbered.groupby(["provider", "file"]):
        table = delivered(simulated / "inbox" / provider / name)
        assert [table[row - 1][0] for row in rows["row"]] == rows["attendance_number"].tolist()


def test_the_polices_points_and_times_are_near_the_truth(simulated, assaults):
    links = truth(simulated, "links").merge(assaults, on="assault", suffixes=("", "_true"))
    own = links[(links["primary"] == "yes") & (links["transfer"] == "no")]
    off = np.hypot(own["easting"] - own["easting_true"], own["northing"] - own["northing_true"])

    # 10 to 30 m, and up to a metre of rounding.
    assert off.between(9, 31).all()
    assert (own["known_to_police"] == "yes").all()
    assert own["crime_reference"].is_unique
    gap = (own["assaulted_at"] - own["committed_from"]).abs() / pd.Timedelta(minutes=1)
    assert (gap <= 30).mean() == pytest.approx(0.7, abs=0.05)  # recorded to the minute
    assert (gap < 1440).all()


def test_the_force_has_three_crimes_of_its_own_for_each_linked_one(simulated):
    crimes = sum(len(delivered(p)) - 1 for p in (simulated / "inbox/wexshire-police").iterdir())
    linked = truth(simulated, "links")["crime_reference"].nunique()

    assert crimes == pytest.approx(4 * linked, rel=0.01)


def test_street_level_files_are_in_police_uks_form(simulated):
    for file in (simulated / "inbox" / "police-uk").iterdir():
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
