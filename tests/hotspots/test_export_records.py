"""`export --to`: all records of a simulated workspace to an address, and what may not leave."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from ed_ingest.alone import EXPORT_LOCK, alone
from ed_ingest.errors import EdHotspotsError
from ed_ingest.store import open_store
from ed_ingest.workspace import open_workspace
from hotspots.export_records import export_to_files
from hotspots.record_files import RECORD_TABLES, open_records, read_records


@pytest.fixture
def workspace(demo, tmp_path):
    """A copy of the demo's workspace, to be changed."""
    copy = tmp_path / "w"
    shutil.copytree(demo, copy, ignore=shutil.ignore_patterns("outputs"))
    return copy


def stored(workspace) -> dict[str, pd.DataFrame]:
    with open_store(workspace / "store" / "ed-hotspots.sqlite") as store:
        return {name: store.read(name) for name in RECORD_TABLES}


def test_all_records_come_back_as_the_store_has_them(run, demo, tmp_path):
    to = tmp_path / "records"
    code, text, error = run("export", "--to", to, "-w", demo, "--release", "ISA-X", "--json")
    assert code == 0, error

    files = open_records(str(to))

    told, kept = json.loads(text), stored(demo)
    assert told["rows"] == {name: len(rows) for name, rows in kept.items()}
    assert (told["to"], told["files"], told["stayed"]) == (str(to), len(files.partitions), [])
    assert kept["links"].shape[0] > 100
    for name, rows in kept.items():
        pd.testing.assert_frame_equal(read_records(files, name), rows)


def test_crimes_and_links_leave_only_under_a_release(run, demo, tmp_path):
    to = tmp_path / "records"
    run("export", "--to", to, "-w", demo, "--release", "ISA-X")
    assert (to / "crimes").is_dir()

    code, text, _ = run("export", "--to", to, "-w", demo)

    assert code == 0
    assert "crimes and links stayed here" in text
    assert "--release" in text
    assert set(open_records(str(to)).partitions["table"]) == {"assaults", "batches"}
    assert not (to / "crimes").exists()
    assert not (to / "links").exists()


def test_an_export_is_noted_with_its_release(run, workspace, tmp_path):
    to = tmp_path / "records"
    run("export", "--to", to, "-w", workspace, "--release", "ISA-X")
    run("export", "--to", to, "-w", workspace)

    _, text, _ = run("audit", "-w", workspace, "--json")

    noted = [e["subject"] for e in json.loads(text)["entries"] if e["action"] == "export"]
    assert noted[-2:] == [
        f"assaults crimes links batches to {to} ISA-X",
        f"assaults batches to {to}",
    ]


def test_an_erased_provider_is_gone_from_the_next_export(run, workspace, tmp_path):
    to = tmp_path / "records"
    run("export", "--to", to, "-w", workspace, "--release", "ISA-X")
    files = open_records(str(to)).partitions
    provider = files.query("table == 'links'")["provider"].iloc[0]
    assert run("erase", "-w", workspace, "--provider", provider, "--yes")[0] == 0

    code, _, _ = run("export", "--to", to, "-w", workspace, "--release", "ISA-X")

    assert code == 0
    assert [path for path in to.rglob("*") if provider in str(path.relative_to(to))] == []
    for name, rows in stored(workspace).items():
        pd.testing.assert_frame_equal(read_records(open_records(str(to)), name), rows)


def test_another_workspace_does_not_replace_them(run, workspace, tmp_path):
    to = tmp_path / "records"
    run("export", "--to", to, "-w", workspace)
    (workspace / "store" / "workspace.key").write_text("ab" * 32)

    code, _, error = run("export", "--to", to, "-w", workspace)

    assert code == 2
    assert "from another workspace" in error


@pytest.mark.parametrize("inside", ["", "inbox/x", "outputs", "store", "../"])
def test_a_folder_of_the_workspace_is_refused(run, workspace, inside):
    code, _, error = run("export", "--to", workspace / inside, "-w", workspace)

    assert code == 2
    assert "outside of the workspace" in error


def test_an_address_with_a_password_is_told_nowhere(run, workspace):
    code, text, error = run("export", "--to", "s3://me:hush@bucket/x", "-w", workspace)

    assert code == 2
    assert "credentials come from the environment alone" in error
    audit = run("audit", "-w", workspace)[1]
    assert "hush" not in text + error + audit
    assert "bucket" not in audit  # nothing left, so nothing is noted


def test_a_table_and_an_address_are_not_given_together(run, demo, tmp_path):
    for more in (("assaults", tmp_path / "x.csv", "--to", tmp_path / "r"), ()):
        assert run("export", *more, "-w", demo)[0] == 2


def test_two_exports_at_once_are_not_made(demo, tmp_path):
    busy = lambda: EdHotspotsError("never")  # noqa: E731
    with (
        alone(demo / "store", EXPORT_LOCK, busy=busy),
        pytest.raises(EdHotspotsError, match="Another export"),
    ):
        export_to_files(open_workspace(demo), str(tmp_path / "r"), None)
