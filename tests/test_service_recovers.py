"""The real service lives through errors that pass, and goes on by itself when they are mended."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import contextmanager, suppress

import pytest

from benchmarks.evaluation.live_service import (
    change_settings,
    command,
    environment,
    events,
    file_counts,
    health,
    kill,
    live,
    make_live,
    month_file,
    n_handled,
    wait_until,
)
from ed_ingest.file_states import read_files
from ed_ingest.store import open_store
from ed_ingest.workspace import open_workspace

pytestmark = pytest.mark.long
needs_root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="mounts a file system"
)


def drop(workspace, text, name="march.csv", provider="north"):
    path = workspace.inbox / provider / name
    part = path.with_name(name + ".part")
    part.write_text(text, encoding="utf-8")
    part.rename(path)
    return path


def alive(process, root):
    """It runs, and its sign of life is renewed."""
    before = health(root).get("alive_at")
    wait_until(lambda: health(root).get("alive_at") != before, seconds=20)
    assert process.poll() is None


def rows_of(workspace):
    with open_store(workspace.store) as store:
        return read_files(store.connection)


def in_state(workspace, state, n=1):
    return lambda: file_counts(workspace).get(state, 0) == n


def assert_each_taken_once(workspace, n_files, n_rows):
    with open_store(workspace.store) as store:
        assert len(store.read("assaults")) == n_rows
        assert len(store.read("batches")) == n_files
        assert store.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    left = [p for f in (workspace.inbox, *workspace.processing_folders, workspace.incoming)
            for p in f.rglob("*") if p.is_file() and p.parent.name != "receipts"]  # fmt: skip
    assert left == []
    wait_until(lambda: all(row.told for row in rows_of(workspace)), seconds=10)


@pytest.fixture
def workspace(tmp_path):
    return make_live(tmp_path / "w", ["north"], scan_s=0.5, settle_s=0)


@contextmanager
def mounted(folder, size):
    """A file system of its own."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
                          check=False, capture_output=True)  # fmt: skip
    if done.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(path):
    """Leave no room on a disk."""
    with path.open("wb", buffering=0) as ballast, suppress(OSError):
        while ballast.write(bytes(4096)):
            pass


def test_a_file_that_is_written_slowly_is_taken_once_and_whole(tmp_path):
    workspace = make_live(tmp_path / "w", ["north", "royal"])  # the settings as they come
    text, other = month_file("2026-03", rows=300), month_file("2026-04", 1000, 300)
    part, place = workspace.inbox / "north" / "a.csv.part", workspace.inbox / "royal" / "b.csv"
    step = len(other) // 30 + 1  # the longer one
    with live(workspace.root):
        wait_until(lambda: "last_scan" in health(workspace.root), seconds=60)
        with part.open("w") as first, place.open("w") as second:
            for begin in range(0, len(other), step):
                for file, whole in ((first, text), (second, other)):
                    file.write(whole[begin : begin + step])
                    file.flush()
                time.sleep(1)
        part.rename(part.with_suffix(""))
        time.sleep(1)
        os.utime(part.with_suffix(""))
        took = wait_until(lambda: n_handled(workspace) == 2, seconds=90)
        time.sleep(12)  # a further scan
    print(f"taken {took:.0f} s after it was whole")
    assert [row.state for row in rows_of(workspace)] == ["stored", "stored"]
    assert_each_taken_once(workspace, 2, 600)


@needs_root
@pytest.mark.parametrize("room", [0, 250_000])
def test_a_disk_that_is_full(tmp_path, room):
    with mounted(tmp_path / "disk", "24m") as disk:
        workspace = make_live(disk / "w", ["north"], scan_s=0.5, settle_s=3600)
        with live(workspace.root) as process:
            drop(workspace, month_file("2026-02", 9000, 10), "first.csv")
            wait_until(in_state(workspace, "stored"), seconds=60)
            path = drop(workspace, month_file("2026-03", rows=8000), "march.csv.tmp")
            assert path.stat().st_size > 1.5 * room
            (disk / "room").write_bytes(bytes(room))
            fill(disk / "ballast")
            (disk / "room").unlink()
            path.rename(path.with_suffix(""))
            if room:  # there is room for a state, but not for a copy of the file
                wait_until(in_state(workspace, "retry"), seconds=60)
                assert "disk is full" in rows_of(workspace)[-1].reason
            time.sleep(15)
            assert process.poll() is None
            (disk / "ballast").unlink()
            took = wait_until(in_state(workspace, "stored", 2), seconds=120)
            alive(process, workspace.root)
            print(f"disk full, {room} bytes left: taken {took:.0f} s after there was room")
            assert_each_taken_once(workspace, 2, 8010)


def test_an_inbox_that_is_read_only(workspace):
    folder = workspace.inbox / "north"
    with live(workspace.root) as process:
        wait_until(lambda: "last_scan" in health(workspace.root), seconds=60)
        drop(workspace, month_file("2026-03"))
        folder.chmod(0o555)
        wait_until(in_state(workspace, "retry"), seconds=60)
        alive(process, workspace.root)
        (row,) = rows_of(workspace)
        assert "rights are missing" in row.reason
        folder.chmod(0o755)
        took = wait_until(in_state(workspace, "stored"), seconds=120)
        print(f"read-only: taken {took:.0f} s after it was mended, {row.attempts} tries before")
        assert_each_taken_once(workspace, 1, 5)


@pytest.mark.parametrize("what", ["inbox", "inbox/north", "file", "processing", "store"])
def test_a_right_that_is_lost_and_given_back(workspace, what):
    with live(workspace.root) as process:
        wait_until(lambda: "last_scan" in health(workspace.root), seconds=60)
        path = workspace.inbox / "north" / "march.csv" if what == "file" else workspace.root / what
        drop(workspace, month_file("2026-03"))
        mode = path.stat().st_mode
        path.chmod(0)
        time.sleep(8)
        alive(process, workspace.root)
        assert not in_state(workspace, "refused")()
        path.chmod(mode)
        took = wait_until(in_state(workspace, "stored"), seconds=120)
        print(f"{what}: taken {took:.0f} s after the right was given back")
        assert_each_taken_once(workspace, 1, 5)


def test_a_store_that_another_process_holds_locked_for_half_a_minute(workspace):
    with live(workspace.root) as process:
        drop(workspace, month_file("2026-02", 900), "first.csv")
        wait_until(in_state(workspace, "stored"), seconds=60)
        other = sqlite3.connect(workspace.store, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        drop(workspace, month_file("2026-03"))
        for _ in range(3):
            time.sleep(10)
            alive(process, workspace.root)
        other.execute("ROLLBACK")
        other.close()
        took = wait_until(in_state(workspace, "stored", 2), seconds=120)
        print(f"locked: taken {took:.0f} s after it was free")
        assert health(workspace.root)["last_error"]["fault"] == "StoreError"
        assert_each_taken_once(workspace, 2, 10)


@pytest.mark.parametrize("mount_point_stays", [False, True])
def test_an_inbox_that_is_away_and_comes_back(workspace, mount_point_stays):
    aside = workspace.root / "aside"
    with live(workspace.root) as process:
        wait_until(lambda: "last_scan" in health(workspace.root), seconds=60)
        drop(workspace, month_file("2026-03"))
        workspace.inbox.rename(aside)
        if mount_point_stays:
            workspace.inbox.mkdir()
        time.sleep(6)
        alive(process, workspace.root)
        assert n_handled(workspace) == 0
        if mount_point_stays:
            workspace.inbox.rmdir()
        elif not any(e["event"] == "job_failed" for e in events(workspace.root)):
            pytest.fail("nothing is told of it")
        aside.rename(workspace.inbox)
        took = wait_until(in_state(workspace, "stored"), seconds=120)
        print(f"inbox away: taken {took:.0f} s after it was back")
        drop(workspace, month_file("2026-04", 90), "april.csv")
        wait_until(in_state(workspace, "stored", 2), seconds=30)
        assert_each_taken_once(workspace, 2, 10)


@needs_root
def test_a_share_that_drops_out_with_a_file_that_is_being_taken(tmp_path):
    workspace = make_live(tmp_path / "w", ["north"], scan_s=0.5, settle_s=3600)
    shutil.rmtree(workspace.inbox)
    change_settings(workspace.root, '# inbox = "S:/partnership/inbox"', 'inbox = "../share"')
    # A broken reference file is a passing error: what was claimed waits on the share.
    places = workspace.reference / "places.csv"
    good = places.read_text(encoding="utf-8")
    places.write_text("no such columns\n", encoding="utf-8")
    source = tmp_path / "real"
    with mounted(source, "10m"):
        (source / "north").mkdir()
        share = tmp_path / "share"
        share.mkdir()
        subprocess.run(["mount", "--bind", source, share], check=True)
        workspace = open_workspace(workspace.root)
        with live(workspace.root) as process:
            drop(workspace, month_file("2026-03"))
            wait_until(in_state(workspace, "retry"), seconds=60)
            assert [p.parent.parent.name for p in source.rglob("*.csv")] == [".processing"]
            subprocess.run(["umount", "-l", share], check=True)
            time.sleep(6)
            alive(process, workspace.root)
            assert in_state(workspace, "retry")()
            places.write_text(good, encoding="utf-8")
            subprocess.run(["mount", "--bind", source, share], check=True)
            try:
                took = wait_until(in_state(workspace, "stored"), seconds=120)
                print(f"share away: taken {took:.0f} s after it was back")
                assert_each_taken_once(workspace, 1, 5)
            finally:
                kill(process)
                subprocess.run(["umount", "-l", share], check=True)


def test_a_provider_file_that_is_broken_holds_up_no_other(workspace):
    (workspace.inbox / "royal").mkdir()
    (workspace.root / "providers" / "royal.toml").write_text("name = ", encoding="utf-8")
    with live(workspace.root) as process:
        drop(workspace, month_file("2026-03"))
        wait_until(lambda: n_handled(workspace) == 1, seconds=60)
        alive(process, workspace.root)
        assert [row.state for row in rows_of(workspace)] == ["stored"]


def test_a_second_service_is_refused_and_says_who_runs_the_workspace(workspace):
    with live(workspace.root) as process:
        wait_until(lambda: "last_scan" in health(workspace.root), seconds=60)
        second = subprocess.run(
            command("watch", workspace.root),
            env=environment(), check=False, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert second.returncode == 2
        assert f"process {process.pid} of" in " ".join(second.stderr.split())
        drop(workspace, month_file("2026-03"))
        wait_until(in_state(workspace, "stored"), seconds=60)
