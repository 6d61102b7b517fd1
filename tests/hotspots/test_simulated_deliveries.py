"""The simulated workspace: ready for use, with the vices of real deliveries."""

from __future__ import annotations

import pandas as pd
import pytest

from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.providers import load_provider, provider_ids
from ed_ingest.settings import load_settings
from tests.hotspots.simulated_files import delivered, truth


def test_the_workspace_says_that_it_is_simulated_and_can_be_used_at_once(simulated):
    made = load_settings(simulated)

    assert "SIMULATED" in made.partnership.name
    assert made.partnership.marking == "OFFICIAL-SENSITIVE"
    assert made.audiences.tasking.premises_names is True
    assert provider_ids(simulated) == [
        "marford-general", "police-uk", "royal-infirmary", "st-teilos", "wexshire-police",
    ]  # fmt: skip
    agreed = [p for p in provider_ids(simulated) if "sex" in load_provider(simulated, p).agreed]
    assert "marford-general" in agreed
    assert "st-teilos" not in agreed


def test_every_mapped_column_is_in_every_file(simulated):
    for file in sorted((simulated / "inbox").rglob("*.*")):
        provider = load_provider(simulated, file.parent.name)
        header = delivered(file)[(provider.format.header_row or 1) - 1]
        mapped = [h if isinstance(h, str) else list(h) for h in provider.columns.values()]
        flat = {h for m in mapped for h in ([m] if isinstance(m, str) else m)}
        assert flat <= set(header), file.name


def test_the_reference_data_load_as_a_gazetteer(simulated, assaults):
    gazetteer = load_gazetteer(simulated / "reference")

    assert set(assaults["place_id"]) <= set(gazetteer.places["place_id"])
    assert len(gazetteer.postcodes) > 500
    assert gazetteer.boundary is not None
    assert set(assaults["lsoa"]) <= set(gazetteer.areas["code"])
    assert {"road", "water", "area"} == set(gazetteer.basemap["kind"])


def test_every_delivery_is_listed_with_its_day_and_its_rows(simulated):
    listed = truth(simulated, "deliveries")
    found = {(p.parent.name, p.name) for p in (simulated / "inbox").rglob("*.*")}

    assert set(zip(listed["provider"], listed["file"], strict=True)) == found
    for row in listed.itertuples():
        header = 3 if row.provider == "st-teilos" else 1
        assert len(delivered(simulated / "inbox" / row.provider / row.file)) == row.rows + header


def test_a_late_month_comes_with_the_next(simulated, assaults):
    files = {p.name for p in (simulated / "inbox" / "st-teilos").iterdir()}
    late = assaults[(assaults["provider"] == "st-teilos") & (assaults["arrived_at"].dt.month == 11)]

    assert "st-teilos-2025-11.xlsx" not in files
    assert set(late["file"]) == {"st-teilos-2025-12.xlsx"}


def test_a_month_sent_again_has_the_same_attendances_and_more_answers(simulated):
    folder = simulated / "inbox" / "marford-general"
    first = delivered(folder / "marford-general-2025-11.csv")
    again = delivered(folder / "marford-general-2025-11_corrected.csv")
    listed = truth(simulated, "deliveries").set_index("file")["received_on"]

    assert [row[0] for row in first] == [row[0] for row in again]
    changed = sum(a != b for a, b in zip(first, again, strict=True))
    assert 0.05 * len(first) < changed < 0.2 * len(first)
    blanks = [sum(cell == "" for row in rows for cell in row) for rows in (first, again)]
    assert blanks[0] > blanks[1]
    assert listed["marford-general-2025-11.csv"] < listed["marford-general-2025-11_corrected.csv"]


def test_some_rows_are_sent_twice(simulated):
    for provider in ("marford-general", "st-teilos", "royal-infirmary"):
        twice = 0
        for file in (simulated / "inbox" / provider).iterdir():
            rows = [tuple(row) for row in delivered(file)]
            twice += len(rows) - len(set(rows))
        assert twice > 0, provider


def test_the_royal_infirmary_sends_every_attendance_in_an_old_encoding(simulated, assaults):
    rows = [
        row
        for file in (simulated / "inbox" / "royal-infirmary").iterdir()
        for row in delivered(file)[1:]
    ]
    reasons = pd.Series([row[9] for row in rows])

    assert (reasons != "20").mean() == pytest.approx(0.6, abs=0.02)  # 1.5 others an assault
    old = b"".join(p.read_bytes() for p in (simulated / "inbox" / "royal-infirmary").iterdir())
    assert "ô".encode("cp1252") in old or b"\xf4" in old


def test_impossible_dates_and_assaults_after_the_arrival_are_marked(simulated, assaults):
    faults = assaults["fault"].value_counts()

    assert {"after_arrival", "impossible_date", "evening_date"} <= set(faults.index)
    row = assaults[
        (assaults["fault"] == "impossible_date") & (assaults["provider"] == "marford-general")
    ].iloc[0]
    cells = delivered(simulated / "inbox" / row["provider"] / row["file"])[row["row"] - 1]
    assert cells[4] == "31/02/2025"
