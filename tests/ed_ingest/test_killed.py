"""Killed at any step of a delivery, the watched folder loses and doubles nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from pathlib import Path

import pytest

from ed_ingest import audit, guarded
from ed_ingest.read import read_extract
from ed_ingest.store import open_store
from ed_ingest.workspace import Workspace, open_workspace
from tests.ed_ingest.watched_workspace import (
    Clock,
    drop,
    make_watched,
    month_text,
    raw_files,
    scans,
    states,
    stored_ids,
)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
_FILE_EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir")
# Before these the state, or what the state is about, has just changed.
_TURNS = ("os.rename", "os.remove", "COMMIT", "UPDATE files")


@pytest.fixture(autouse=True)
def read_in_this_process(monkeypatch):
    """The forked process must not share the reading process of this one."""

    def read(path, *, sheet=None, header_row=None, what="records", limits=None):
        return read_extract(path, sheet=sheet, header_row=header_row)

    guarded.close_reader()
    monkeypatch.setattr("ed_ingest.pipeline.read_guarded", read)


def prepared(folder: Path, raw_days: int, *, few: bool) -> Workspace:
    """Files that have held still: a good one, its copy, one that is refused, another provider's.

    With `few` without the last.
    """
    workspace = make_watched(folder, ("st-marys", "royal"))
    settings = workspace.root / "settings.toml"
    text = settings.read_text(encoding="utf-8").replace("raw_days = 0", f"raw_days = {raw_days}")
    settings.write_text(text, encoding="utf-8")
    drop(workspace, month_text(), "a.csv")
    drop(workspace, month_text(), "b.csv")
    drop(workspace, "nothing\n", "c.csv")
    if not few:
        drop(workspace, month_text(40, rows=4, month="2025-02"), "d.csv", "royal")
    workspace = open_workspace(folder)
    scans(workspace, Clock(), 1)
    return workspace


def killed_at(workspace: Workspace, step: int, *, turns_only: bool) -> bool:
    """Scan in another process that is killed before its n-th step; False if it ended before.

    A step is every use of a file of the workspace and every statement of SQL, or only the turns.
    """
    child = os.fork()
    if child == 0:
        steps = 0

        def count(what):
            nonlocal steps
            steps += not turns_only or what.startswith(_TURNS)
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)

        def hook(event, args):
            if event in _FILE_EVENTS and str(workspace.root) in str(args[0]):
                count(event)

        real = sqlite3.connect

        def connect(*args, **kwargs):
            connection = real(*args, **kwargs)
            connection.set_trace_callback(count)
            return connection

        sys.addaudithook(hook)
        sqlite3.connect = connect
        clock = Clock()
        clock.move(10)
        try:
            scans(workspace, clock, 1)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def assert_nothing_is_lost_or_doubled(workspace: Workspace, raw_days: int, *, few: bool) -> None:
    clock = Clock()
    clock.move(3600)
    scans(workspace, clock, 3)
    ends = sorted(states(workspace))
    stored = [5] if few else [4, 5]
    kept = "archive" if raw_days else "gone"
    assert ends == sorted(
        [("duplicate", "gone"), ("refused", "quarantine"), *[("stored", kept)] * len(stored)]
    )
    assert len(stored_ids(workspace)) == sum(stored)
    assert len(raw_files(workspace)) == 1 + (len(stored) if raw_days else 0)
    assert len(list(workspace.inbox.rglob("receipts/*.txt"))) == 2 + len(stored)
    with open_store(workspace.store) as store:
        assert sorted(store.read("batches")["n_stored"]) == stored
        assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        before = audit.NOTHING_BEFORE
        for row in store.connection.execute("SELECT * FROM audit ORDER BY number"):
            assert row[6] == before
            before = audit.entry_hash(before, row[:6])
            assert row[7] == before


def run_all_steps(tmp_path: Path, *, raw_days: int, turns_only: bool, every: int = 1) -> int:
    """Kill at every so manyth step in turn, until a run comes to its end; how often it was."""
    step = kills = 0
    while True:
        step += every
        workspace = prepared(tmp_path / str(step), raw_days, few=turns_only)
        killed = killed_at(workspace, step, turns_only=turns_only)
        assert_nothing_is_lost_or_doubled(workspace, raw_days, few=turns_only)
        if not killed:
            return kills
        kills += 1


def test_a_kill_at_every_fifth_turn(tmp_path):
    assert run_all_steps(tmp_path, raw_days=0, turns_only=True, every=5) >= 4


@pytest.mark.long
def test_a_kill_at_every_turn(tmp_path):
    assert run_all_steps(tmp_path, raw_days=0, turns_only=True) >= 20


@pytest.mark.long
@pytest.mark.parametrize("raw_days", [0, 5])
def test_a_kill_at_every_step(tmp_path, raw_days):
    assert run_all_steps(tmp_path, raw_days=raw_days, turns_only=False) >= 200
