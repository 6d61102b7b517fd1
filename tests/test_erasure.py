"""One provider of a demo is erased: nothing that only it delivered is left anywhere."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

from ed_ingest.store import open_store
from ed_ingest.workspace import open_workspace
from hotspots.erasing import erase_provider
from tests.leaks import found_in


@pytest.mark.long
def test_nothing_of_one_hospital_is_left_in_a_whole_workspace(demo, tmp_path):
    folder = tmp_path / "workspace"
    shutil.copytree(demo, folder)
    workspace = open_workspace(folder)
    with open_store(workspace.store) as store:
        batches, assaults = store.read("batches"), store.read("assaults")
    gone = assaults["provider"].iloc[0]
    own = batches[batches["provider"] == gone]
    ids = assaults.loc[assaults["provider"] == gone, "event_id"].tolist()
    planted = [*ids, *own["file_hash"]]
    shutil.rmtree(folder / "truth", ignore_errors=True)  # the simulation's, no workspace's
    assert found_in(folder, planted)

    erase_provider(workspace, gone, now=datetime.now(UTC))

    assert found_in(folder, planted) == []
    with open_store(workspace.store) as store:
        left = store.read("assaults")
        assert len(left) == len(assaults) - len(ids)
        assert not left["link_status"].isna().any()
