"""The rows that a change promises, held against a town where the hospital made the change."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from ed_ingest.batches import numbered_ids
from ed_ingest.gains import best_changes, changes_needed
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.measures import is_complete, month_of
from ed_ingest.pipeline import ingest
from ed_ingest.store import open_store
from ed_ingest.workspace import Workspace, open_workspace
from hotspots.simulate import simulate

HOSPITAL = "marford-general"
HOMES = {"own_home": "Own home", "other_home": "Someone else's home"}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A made-up town's workspace, its deliveries not yet taken."""
    folder = tmp_path_factory.mktemp("town") / "workspace"
    simulate(folder, assaults=900, months=3, seed=5)
    return folder


def taken(folder: Path) -> tuple[Workspace, pd.DataFrame]:
    """The workspace after all deliveries of the hospital, and its stored rows."""
    workspace = open_workspace(folder)
    places = load_gazetteer(workspace.reference)
    listed = pd.read_csv(folder / "truth" / "deliveries.csv", dtype="str")
    own = listed[listed["provider"] == HOSPITAL].sort_values("received_on")
    for name, day in zip(own["file"], own["received_on"], strict=True):
        path = workspace.inbox / HOSPITAL / name
        received = datetime.fromisoformat(f"{day} 09:00")
        ingest(path, workspace, HOSPITAL, received_at=received, gazetteer=places)
    with open_store(workspace.store) as store:
        rows = store.read_assaults_with_items()
    return workspace, rows.assign(month=month_of(rows))


def mended(path: Path, needed: pd.DataFrame, truth: pd.DataFrame, key: bytes) -> None:
    """Write into the file what the hospital would have, had it asked as it was told."""
    cells = pd.read_csv(path, dtype="str", keep_default_na=False)
    numbers = cells.rename(columns={"AttendanceNumber": "attendance_number"})
    ids = numbered_ids(numbers, key=key, provider=HOSPITAL)
    for row, (event_id, number) in enumerate(zip(ids, cells["AttendanceNumber"], strict=True)):
        if event_id not in needed.index or number not in truth.index:
            continue
        true, lacks = truth.loc[number], needed.loc[event_id]
        when = pd.Timestamp(true["assaulted_at"])
        home = true["location_type"] in HOMES
        cells.loc[row, [c for c, item in COLUMNS.items() if lacks[item]]] = [
            value
            for (_, item), value in zip(
                COLUMNS.items(),
                [
                    "Fist/foot/other body part",
                    f"{when:%d/%m/%Y}",
                    f"{when:%H:%M}",
                    HOMES[true["location_type"]] if home else cells.loc[row, "PlaceType"],
                    "at home" if home else true["place_name"],
                ],
                strict=True,
            )
            if lacks[item]
        ]
    cells.to_csv(path, index=False)


COLUMNS = {
    "AssaultMethodDesc": "type", "IncidentDate": "time", "IncidentTime": "time",
    "PlaceType": "location", "AssaultLocation": "location",
}  # fmt: skip


@pytest.mark.long
def test_the_rows_promised_appear_within_five_per_cent(town, tmp_path):
    again = tmp_path / "again"
    shutil.copytree(town, again)
    workspace, rows = taken(town)
    best = best_changes(rows)
    promised = int(best["n_added"].sum())
    chosen = changes_needed(rows).isin(list(best["change"])).set_index(rows["event_id"])
    truth = pd.read_csv(town / "truth" / "assaults.csv", dtype="str", keep_default_na=False)
    truth = truth[truth["provider"] == HOSPITAL].drop_duplicates("attendance_number")
    truth = truth.set_index("attendance_number")

    for path in sorted((again / "inbox" / HOSPITAL).glob("*.csv")):
        mended(path, chosen, truth, workspace.key(needed=True))
    _, after = taken(again)

    assert len(after) == pytest.approx(len(rows), abs=3)
    gained = int(is_complete(after).sum() - is_complete(rows).sum())
    assert promised > 40
    assert gained == pytest.approx(promised, rel=0.05)
