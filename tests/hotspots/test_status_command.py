"""The commands status and retry as a person meets them."""

from __future__ import annotations

import json

import pytest

from tests.ed_ingest.watched_workspace import Clock, drop, make_watched, scans


@pytest.fixture
def workspace(tmp_path):
    """A workspace with one refused file in quarantine."""
    made = make_watched(tmp_path / "w")
    drop(made, "nothing\n")
    scans(made, Clock())
    return made


def test_status_with_broken_settings_shows_all_and_says_so_first(workspace, run):
    (workspace.root / "settings.toml").write_text("[map]\nmonths = 'x'\n", encoding="utf-8")

    code, text, _ = run("status", "-w", workspace.root)

    assert code == 2
    assert text.startswith("settings.toml")
    assert "default settings" in text.splitlines()[0]
    assert "In quarantine/: 1." in text
    code, text, _ = run("status", "-w", workspace.root, "--json")
    assert (code, len(json.loads(text)["files"])) == (2, 1)
    assert json.loads(text)["settings_problem"].startswith("settings.toml")


def test_retry_says_how_many_were_taken_up_and_how_many_are_gone(workspace, run):
    drop(workspace, "nothing else\n", "april.csv")
    later = Clock()
    later.move(60)
    scans(workspace, later)
    next(workspace.quarantine.rglob("*.csv")).unlink()

    code, text, _ = run("retry", "-w", workspace.root)

    assert code == 2
    assert "Gone from quarantine/ since: 1 file.\nTaken up: 1 file.\n" in text
    next(workspace.quarantine.rglob("*.csv")).unlink()
    code, text, _ = run("retry", "-w", workspace.root, "--json")
    assert (code, json.loads(text)) == (0, {"files": 0, "gone": 1})
    code, text, _ = run("status", "-w", workspace.root)
    assert (code, "refused" in text) == (0, False)
