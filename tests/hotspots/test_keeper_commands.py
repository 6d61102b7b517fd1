"""The keeper's commands at the terminal: what they print, and how they end."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.ed_ingest.kept_workspace import deliver, kept_workspace


@pytest.fixture
def workspace(tmp_path):
    return kept_workspace(tmp_path / "w")


def test_audit_lists_who_did_what_when_and_how_many(workspace, run):
    code, text, _ = run("audit", "-w", workspace.root)
    first, head = text.splitlines()

    assert code == 0
    assert first.startswith("1. 20")
    assert ": ingest, b1 (1 n_read, 2 n_stored" in first
    assert "n_replaced" not in first
    code, text, _ = run("audit", "-w", workspace.root, "--json")
    (entry,) = json.loads(text)["entries"]
    assert entry["counts"]["n_replaced"] == 0
    assert head == f"Head: {entry['hash']}" == f"Head: {json.loads(text)['head']}"


def test_audit_without_a_workspace_is_wrong_usage(run):
    code, _, errors = run("audit")

    assert code == 2
    assert "--workspace" in errors


def test_audit_before_anything_was_stored_makes_no_store(tmp_path, run):
    assert run("init", tmp_path / "w")[0] == 0
    code, _, errors = run("audit", "verify", "-w", tmp_path / "w")

    assert code == 2
    assert "Nothing was stored yet" in errors
    assert not (tmp_path / "w" / "store" / "ed-hotspots.sqlite").exists()


def test_audit_verify_ends_with_2_when_an_entry_was_changed(workspace, run):
    deliver(workspace, 2, "e3")
    code, text, _ = run("audit", "verify", "-w", workspace.root)
    assert code == 0
    assert "whole: 2 entries" in text
    assert "in itself only" in text
    head = text.splitlines()[-1].removeprefix("Head: ")
    assert run("audit", "verify", "-w", workspace.root, "--expect", head)[0] == 0
    assert run("audit", "verify", "-w", workspace.root, "--expect", "12")[0] == 2

    with closing(sqlite3.connect(workspace.store)) as connection:
        connection.executescript(
            "DROP TRIGGER audit_is_not_changed; UPDATE audit SET who = 'x' WHERE number = 2"
        )
    code, text, _ = run("audit", "verify", "-w", workspace.root, "--json")
    told = json.loads(text)
    assert (code, told["whole"], told["entry"]) == (2, False, 2)


def test_back_up_and_restore_say_what_to_do(workspace, tmp_path, run):
    code, text, _ = run("backup", tmp_path / "b.zip", "-w", workspace.root)
    assert code == 0
    assert "2 assaults" in text
    assert "not encrypted" in text
    code, _, errors = run("backup", tmp_path / "b.zip", "-w", workspace.root)
    assert (code, errors.count("\n")) == (2, 1)
    assert "there already" in errors

    deliver(workspace, 2, "e3")
    code, text, _ = run("restore", tmp_path / "b.zip", "-w", workspace.root)
    assert code == 0
    assert "before-restore-" in text
    assert "st-elsewhere: 1 delivery taken since then must be sent again" in text
    code, text, _ = run("restore", tmp_path / "b.zip", "-w", tmp_path / "new", "--json")
    assert json.loads(text)["put_aside"] is None
    code, _, errors = run("restore", tmp_path / "w" / "settings.toml", "-w", tmp_path / "new")
    assert (code, errors.count("\n")) == (2, 1)
    assert "not a whole back-up" in errors


def test_nothing_that_is_printed_or_written_names_what_was_delivered(workspace, tmp_path, run):
    _, *printed = run("backup", tmp_path / "b.zip", "-w", workspace.root)
    _, *more = run("restore", tmp_path / "b.zip", "-w", tmp_path / "new")

    assert "Jane" not in "".join([*printed, *more])
    assert not list((tmp_path / "new" / "inbox").iterdir())
