"""The made-up partnership as a whole: the same bytes for a seed, refusals, supplied places."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ed_ingest.errors import EdHotspotsError, FileError, WorkspaceError
from ed_ingest.gazetteer import load_gazetteer
from hotspots.simulate import simulate
from tests.hotspots.simulated_files import truth


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
    assert all(name.startswith(("providers/", "settings", ".gitignore")) for name in same)


@pytest.mark.parametrize(("assaults", "months"), [(1, 1), (20, 14)])
def test_a_handful_of_assaults_is_enough(tmp_path, assaults, months):
    simulate(tmp_path / "w", assaults=assaults, months=months)

    made = truth(tmp_path / "w", "assaults")
    assert (made["transfer"] == "no").sum() == assaults


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


def test_supplied_places_and_street_files_are_used_as_they_are(simulated, tmp_path):
    reference, streets = simulated / "reference", simulated / "inbox" / "police-uk"
    made = tmp_path / "w"
    simulate(made, assaults=100, months=1, reference=reference, police_uk=streets)
    places = pd.read_csv(reference / "places.csv")

    assert content(made / "reference") == content(reference)
    assert set(truth(made, "assaults")["place_id"]) <= set(places["place_id"])
    assert [p.name for p in (made / "inbox/police-uk").iterdir()] == ["2025-12-wexshire-street.csv"]
    name = "2025-12-wexshire-street.csv"
    assert (made / "inbox/police-uk" / name).read_bytes() == (streets / name).read_bytes()
    assert (truth(made, "deliveries")["provider"] == "police-uk").sum() == 1


def test_a_folder_without_street_files_of_the_months_is_refused(simulated, tmp_path):
    with pytest.raises(FileError, match=r"no police\.uk street files of 2025-12 to 2025-12"):
        simulate(tmp_path / "w", assaults=50, months=1, police_uk=simulated / "truth")


@pytest.mark.long
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
