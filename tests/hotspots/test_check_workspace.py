import os

import pytest

from ed_ingest.errors import WorkspaceError
from ed_ingest.settings import RetentionSettings
from ed_ingest.workspace import make_workspace
from hotspots.check_workspace import (
    folder_findings,
    retention_findings,
    rights_findings,
    settings_findings,
)

posix = pytest.mark.skipif(os.name != "posix", reason="there are no such rights here")


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", name="M", marking="OFFICIAL", premises_names=False)
    made.inbox.chmod(0o750)
    return made


def test_settings_that_are_right_are_said_to_be(workspace):
    findings, opened = settings_findings(workspace.root)

    assert [f.state for f in findings] == ["ok"]
    assert opened.root == workspace.root


def test_settings_that_are_wrong_are_a_fault_and_the_other_checks_go_on(workspace):
    path = workspace.root / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[colours]\n", encoding="utf-8")

    findings, opened = settings_findings(workspace.root)

    assert [f.state for f in findings] == ["fault"]
    assert "colours" in findings[0].sentence
    assert opened.inbox == workspace.inbox


def test_what_publishing_will_ask_for_is_a_warning(tmp_path):
    made = make_workspace(tmp_path / "w", name="M", marking=None, premises_names=None)

    told = settings_findings(made.root)[0][1]

    assert told.state == "warning"
    assert "marking, premises_names" in told.sentence


def test_a_folder_that_is_no_workspace_is_refused(tmp_path):
    with pytest.raises(WorkspaceError, match="no workspace here"):
        settings_findings(tmp_path)


@pytest.mark.parametrize(
    ("missing", "state"), [("reference", "fault"), ("logs", "warning"), (None, "ok")]
)
def test_a_missing_folder_is_told(workspace, missing, state):
    if missing:
        (workspace.root / missing).rmdir()

    assert [f.state for f in folder_findings(workspace)] == [state]


def test_a_share_that_is_not_connected_is_a_fault(workspace, tmp_path):
    path = workspace.root / "settings.toml"
    away = (tmp_path / "away" / "inbox").as_posix()
    written = path.read_text(encoding="utf-8")
    text = written.replace("\n[paths]\n", f'\n[paths]\ninbox = "{away}"\n')
    path.write_text(text, encoding="utf-8")

    (found,) = folder_findings(settings_findings(workspace.root)[1])

    assert (found.check, found.state) == ("folder inbox", "fault")


@posix
def test_a_store_that_others_may_read_is_a_fault(workspace):
    assert [f.state for f in rights_findings(workspace)] == ["ok"]

    (workspace.root / "store" / "workspace.key").touch(mode=0o644)
    (found,) = rights_findings(workspace)

    assert found.state == "fault"
    assert "store/workspace.key" in found.sentence


@posix
def test_a_file_as_delivered_is_not_named_like_its_patient(workspace):
    folder = workspace.root / "quarantine"
    folder.chmod(0o755)
    (folder / "assaults Jane Doe 2025-03.csv").touch(mode=0o644)

    (found,) = rights_findings(workspace)

    assert "quarantine, quarantine/assaults-…-2025-03.csv." in found.sentence


@posix
def test_an_inbox_that_everybody_may_read_is_a_warning(workspace):
    workspace.inbox.chmod(0o755)

    assert [f.state for f in rights_findings(workspace)] == ["ok", "warning"]


@pytest.mark.parametrize(("alone", "state"), [(None, "warning"), (False, "warning"), (True, "ok")])
def test_on_windows_the_rights_of_the_folders_are_asked_for(workspace, monkeypatch, alone, state):
    monkeypatch.setattr("hotspots.check_workspace.has_rights", lambda: False)
    monkeypatch.setattr("hotspots.check_workspace.owner_only", lambda path: alone)

    assert [f.state for f in rights_findings(workspace)] == [state]


def test_records_without_an_end_and_raw_files_that_are_kept_are_told():
    assert [f.state for f in retention_findings(RetentionSettings())] == ["warning"]
    kept = RetentionSettings(records_months=36)
    assert [f.state for f in retention_findings(kept)] == ["ok"]

    (raw,) = retention_findings(RetentionSettings(records_months=36, raw_days=14))

    assert (raw.state, "14 days" in raw.sentence) == ("warning", True)
