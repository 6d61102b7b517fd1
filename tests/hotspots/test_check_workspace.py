import os
from datetime import date, datetime, timedelta

import pytest

from ed_ingest.errors import WorkspaceError
from ed_ingest.settings import Agreement, Provider
from ed_ingest.workspace import make_workspace
from hotspots.check_workspace import (
    agreement_findings,
    delivery_findings,
    folder_findings,
    provider_findings,
    rights_findings,
    settings_findings,
)

TODAY = date(2026, 3, 1)
posix = pytest.mark.skipif(os.name != "posix", reason="there are no such rights here")


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", name="M", marking="OFFICIAL", premises_names=False)
    made.inbox.chmod(0o750)
    return made


def provider(**agreement):
    return Provider(
        id="st-marys", name="St Mary's", kind="ed",
        agreement=Agreement(**{"reference": "ISA-1", "valid_to": date(2030, 1, 1), **agreement}),
    )  # fmt: skip


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
    ("agreement", "states"),
    [
        ({}, []),
        ({"reference": "not recorded"}, ["warning"]),
        ({"valid_to": None}, ["warning"]),
        ({"valid_to": TODAY - timedelta(days=1)}, ["fault"]),
        ({"valid_to": TODAY}, ["warning"]),
        ({"valid_to": TODAY + timedelta(days=60)}, ["warning"]),
        ({"valid_to": TODAY + timedelta(days=61)}, []),
        ({"valid_from": TODAY + timedelta(days=1)}, ["fault"]),
        ({"valid_from": TODAY}, []),
    ],
)
def test_an_agreement_must_be_recorded_and_in_force_for_a_while(agreement, states):
    assert [f.state for f in agreement_findings(provider(**agreement), today=TODAY)] == states


def test_open_data_need_no_last_day():
    open_data = provider(valid_to=None).model_copy(update={"layout": "police-uk-street"})

    assert agreement_findings(open_data, today=TODAY) == []


@pytest.mark.parametrize(
    ("frequency", "days", "late"),
    # Days agreed, and a week: 7 + 7, 14 + 7, 31 + 7, 92 + 7.
    [("weekly", 14, False), ("weekly", 15, True), ("fortnightly", 22, True),
     ("monthly", 38, False), ("monthly", 39, True), ("quarterly", 99, False),
     ("monthly", None, True)],
)  # fmt: skip
def test_deliveries_that_stay_away_are_told(frequency, days, late):
    newest = None if days is None else datetime(2026, 3, 1, 23, 59) - timedelta(days=days)

    found = delivery_findings(provider(frequency=frequency), newest=newest, today=TODAY)

    assert [f.state for f in found] == ["warning"] * late


def test_every_providers_file_is_read(workspace):
    folder = workspace.root / "providers"
    agreement = '[agreement]\nreference = "ISA-1"\nvalid_to = 2030-01-01\n'
    (folder / "right.toml").write_text(f'name = "R"\nkind = "ed"\n{agreement}', encoding="utf-8")
    (folder / "wrong.toml").write_text('name = "W"\nkind = "hospital"\n', encoding="utf-8")
    newest = {"right": datetime(2026, 2, 20)}

    found = provider_findings(workspace.root, newest=newest, today=TODAY)

    assert [(f.check, f.state) for f in found] == [
        ("provider right", "ok"),
        ("provider wrong", "fault"),
        ("police", "warning"),
    ]


def test_a_police_force_is_all_that_was_missing(workspace):
    text = 'name = "police.uk"\nkind = "police"\nlayout = "police-uk-street"\n'
    text += '[agreement]\nreference = "Open Government Licence"\n'
    (workspace.root / "providers" / "police-uk.toml").write_text(text, encoding="utf-8")
    newest = {"police-uk": datetime(2026, 2, 20)}

    (found,) = provider_findings(workspace.root, newest=newest, today=TODAY)

    assert found.state == "ok"


def test_a_workspace_without_providers_is_told(workspace):
    (found,) = provider_findings(workspace.root, newest={}, today=TODAY)

    assert found.state == "warning"


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
    text = path.read_text(encoding="utf-8") + f'\ninbox = "{away}"\n'
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
def test_an_inbox_that_everybody_may_read_is_a_warning(workspace):
    workspace.inbox.chmod(0o755)

    assert [f.state for f in rights_findings(workspace)] == ["ok", "warning"]


def test_on_windows_rights_are_said_not_to_be_told(workspace, monkeypatch):
    monkeypatch.setattr("hotspots.check_workspace.has_rights", lambda: False)

    assert [f.state for f in rights_findings(workspace)] == ["warning"]
