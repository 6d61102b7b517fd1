"""The real service under load: many files at once, readers during a write, from drop to draft."""

from __future__ import annotations

import pytest

from benchmarks.evaluation.watched_measures import (
    drop_to_draft,
    many_files,
    no_month_pack,
    parted,
    readers_during_a_write,
)
from ed_ingest.workspace import open_workspace
from hotspots.simulate import simulate

pytestmark = pytest.mark.long


def test_five_hundred_files_at_once_are_all_taken_in_no_more_memory_than_fifty(tmp_path):
    few, many = many_files(tmp_path / "few", 50), many_files(tmp_path / "many", 500)
    print(few, many)

    assert many.service_mib < few.service_mib + 200
    assert many.reader_mib < 500


def test_readers_wait_for_no_writer(tmp_path):
    waits = readers_during_a_write(tmp_path / "w")
    print(waits)

    assert all(w.failed == 0 and w.n_runs > 2 for w in waits)
    # Starting the program takes its seconds too, and more of them while the service works.
    assert all(w.during_s < 5 + w.before_s for w in waits)


def test_from_drop_to_draft_in_a_minute(tmp_path):
    root = tmp_path / "w"
    simulate(root, assaults=20_000, months=12, seed=1)
    no_month_pack(root)
    workspace = open_workspace(root)
    last = parted(workspace.inbox / "royal-infirmary", tmp_path / "last.csv", rows=5000)
    n_files = sum(path.is_file() for path in workspace.inbox.rglob("*"))
    done = drop_to_draft(workspace, n_files, last, "royal-infirmary")
    print(done)

    assert done.n_rows == 5000
    assert done.draft_s < 60
