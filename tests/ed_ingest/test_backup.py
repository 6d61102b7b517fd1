"""A back-up: one file, whole or not made, whatever else is going on."""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from ed_ingest import audit, backup, backup_file, copies
from ed_ingest.backup import make_backup
from ed_ingest.errors import StoreError, WorkspaceError
from ed_ingest.store import open_store
from tests.ed_ingest.kept_workspace import NOW, deliver, dump, kept_workspace, rows

PARTS = {
    *("settings.toml", "providers/st-elsewhere.toml", "reference/aliases.csv"),
    *("reference/open names/SO.csv", "store/workspace.key", "store/ed-hotspots.sqlite"),
}


@pytest.fixture
def workspace(tmp_path):
    return kept_workspace(tmp_path / "w")


def left_over(workspace, folder):
    """What a back-up that was not made may not leave."""
    noted = [row[3] for row in rows(workspace.store, "audit")]
    beside = [p.name for p in folder.iterdir() if p.is_file()]
    inside = [p.name for p in workspace.store.parent.iterdir() if "back" in p.stem]
    return noted.count("backup"), beside, [name for name in inside if name != "backup.lock"]


def test_it_holds_what_the_partnership_made_and_nothing_delivered(workspace, tmp_path):
    made = make_backup(workspace, tmp_path / "b.zip", at=NOW)

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert set(archive.namelist()) == {*PARTS, "manifest.json"}
        told = json.loads(archive.read("manifest.json"))
        for name in PARTS:
            content = archive.read(name)
            assert told["parts"][name] == {
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            if "ed-hotspots" not in name:
                assert content == (workspace.root / name).read_bytes()
    assert (told["schema_version"], told["providers"]) == (5, ["st-elsewhere"])
    assert told["made_at"] == "2026-03-01T12:00:00+00:00"
    assert made.counts == {"batches": 1, "assaults": 2, "crimes": 0, "assault_counts": 0}
    assert made.sha256 == hashlib.sha256((tmp_path / "b.zip").read_bytes()).hexdigest()
    assert made.audit_problem == ""


def test_it_is_its_owners_only_and_noted_where_erasing_looks(workspace, tmp_path):
    made = make_backup(workspace, tmp_path / "b.zip", at=NOW)

    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    (noted,) = rows(workspace.store, "backups")
    assert noted == (made.manifest.made_at, "b.zip", made.sha256, '["st-elsewhere"]')
    entry = rows(workspace.store, "audit")[-1]
    assert entry[3:5] == ("backup", f"back-up {made.sha256[:12]}")
    assert left_over(workspace, tmp_path) == (1, ["b.zip"], [])


def test_the_store_in_it_is_one_file_of_one_moment(workspace, tmp_path):
    with closing(sqlite3.connect(workspace.store)) as reader:
        reader.execute("SELECT COUNT(*) FROM assaults")  # somebody else reads
        before = list(reader.iterdump())
        make_backup(workspace, tmp_path / "b.zip", at=NOW)
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        archive.extract("store/ed-hotspots.sqlite", tmp_path)

    assert dump(tmp_path / "store" / "ed-hotspots.sqlite") == before
    assert [p.name for p in (tmp_path / "store").iterdir()] == ["ed-hotspots.sqlite"]
    # Needs no journal: bytes 18 and 19 are 1, 2 with a write-ahead log (SQLite's file format).
    assert (tmp_path / "store" / "ed-hotspots.sqlite").read_bytes()[18:20] == b"\x01\x01"


WRITER = """
import sys, pathlib, itertools
from ed_ingest.store import open_store
from ed_ingest.store_tables import transaction
with open_store(pathlib.Path(sys.argv[1])) as store:
    for n in itertools.count():
        with transaction(store.connection):
            for half in "ab":
                store.connection.execute(
                    "INSERT INTO withdrawn VALUES (?, ?)", (f"w{n}", half))
        if n == 20: print("writing", flush=True)
"""


def test_while_another_process_writes_each_copy_holds_whole_transactions(workspace, tmp_path):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(workspace.store)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert writer.stdout.readline() == "writing\n"
        counts = []
        for n in range(5):
            copies.copy_store(workspace.store, tmp_path / f"{n}.sqlite")
            counts.append(len(rows(tmp_path / f"{n}.sqlite", "withdrawn")))
        make_backup(workspace, tmp_path / "b.zip", at=NOW)
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()

    assert [n % 2 for n in counts] == [0] * 5  # two rows a transaction
    assert counts == sorted(counts)
    assert counts[-1] > counts[0] >= 40


@pytest.mark.parametrize(
    "inside", ["store/b.zip", "inbox/b.zip", "outputs/b.zip", "b.zip", "reference/../store/b.zip"]
)
def test_a_file_inside_of_the_workspace_is_refused(workspace, inside):
    with pytest.raises(WorkspaceError, match="inside of the workspace"):
        make_backup(workspace, workspace.root / inside, at=NOW)


def test_no_file_is_overwritten(workspace, tmp_path, monkeypatch):
    (tmp_path / "b.zip").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"there already.*new file"):
        make_backup(workspace, tmp_path / "b.zip", at=NOW)
    # Another program makes the file while the back-up is being written.
    monkeypatch.setattr(backup, "_refuse_target", lambda *_: None)
    with pytest.raises(WorkspaceError, match="there already"):
        make_backup(workspace, tmp_path / "b.zip", at=NOW)

    assert (tmp_path / "b.zip").read_text(encoding="utf-8") == "mine"
    assert left_over(workspace, tmp_path) == (0, ["b.zip"], [])


def test_where_files_cannot_have_two_names_it_is_renamed(workspace, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(backup.os, "link", refuse)
    make_backup(workspace, tmp_path / "b.zip", at=NOW)
    backup_file.unpack(tmp_path / "b.zip", backup_file.read_manifest(tmp_path / "b.zip"), None)
    assert left_over(workspace, tmp_path) == (1, ["b.zip"], [])


def test_a_missing_folder_is_told(workspace, tmp_path):
    with pytest.raises(WorkspaceError, match="no such folder"):
        make_backup(workspace, tmp_path / "none" / "b.zip", at=NOW)


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "no room"), (errno.EACCES, "your rights")]
)
@pytest.mark.parametrize("at_step", ["_put_in", "copy", "_hash", "place"])
def test_a_full_disk_or_missing_right_leaves_nothing(
    workspace, tmp_path, monkeypatch, number, words, at_step
):
    def refuse(*_):
        raise OSError(number, "the system's words")

    module, name = {
        "_put_in": (backup_file, "_put_in"),
        "copy": (backup, "copy_store"),
        "_hash": (backup, "_hash"),
        "place": (backup, "_place"),
    }[at_step]
    monkeypatch.setattr(module, name, refuse)

    with pytest.raises(WorkspaceError, match=words):
        make_backup(workspace, tmp_path / "b.zip", at=NOW)
    assert left_over(workspace, tmp_path) == (0, [], [])
    assert rows(workspace.store, "backups") == []


def test_what_is_killed_half_way_is_no_back_up_and_gone_with_the_next(
    workspace, tmp_path, monkeypatch
):
    with monkeypatch.context() as killed:
        killed.setattr(backup.shutil, "rmtree", lambda *_, **__: None)
        killed.setattr(backup.Path, "unlink", lambda *_, **__: None)
        killed.setattr(backup, "_hash", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            make_backup(workspace, tmp_path / "b.zip", at=NOW)
    assert left_over(workspace, tmp_path) == (0, [".b.zip.part"], ["backing-up"])

    make_backup(workspace, tmp_path / "b.zip", at=NOW)
    assert left_over(workspace, tmp_path) == (1, ["b.zip"], [])


def test_what_was_written_wrongly_does_not_count_as_made(workspace, tmp_path, monkeypatch):
    honest = backup_file._put_in

    def wrong(archive, name, source):
        return honest(archive, name, source)._replace(sha256="0" * 64)

    monkeypatch.setattr(backup_file, "_put_in", wrong)
    with pytest.raises(backup_file.FileError, match="not a whole back-up"):
        make_backup(workspace, tmp_path / "b.zip", at=NOW)
    assert left_over(workspace, tmp_path) == (0, [], [])


def test_a_damaged_store_is_not_backed_up(workspace, tmp_path):
    with open_store(workspace.store) as store:
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = store.connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'assaults_by_batch'"
        ).fetchone()[0]
    content = bytearray(workspace.store.read_bytes())
    content[(root - 1) * 4096 + 8 : root * 4096] = bytes(4096 - 8)
    workspace.store.write_bytes(content)

    with pytest.raises(StoreError, match=r"damaged.*earlier back-up"):
        make_backup(workspace, tmp_path / "b.zip", at=NOW)
    assert [p for p in tmp_path.iterdir() if p.is_file()] == []


def test_without_the_key_of_its_records_none_is_made(workspace, tmp_path):
    (workspace.root / "store" / "workspace.key").unlink()
    with pytest.raises(WorkspaceError, match=r"workspace\.key"):
        make_backup(workspace, tmp_path / "b.zip", at=NOW)


def test_a_name_that_other_systems_cannot_have_is_told(workspace, tmp_path):
    (workspace.reference / "a:b.csv").write_text("x", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"a:b.csv.*Rename"):
        make_backup(workspace, tmp_path / "b.zip", at=NOW)


def test_a_second_back_up_at_the_same_time_is_refused(workspace, tmp_path):
    with (
        FileLock(workspace.store.with_name("backup.lock")),
        pytest.raises(WorkspaceError, match="right now"),
    ):
        make_backup(workspace, tmp_path / "b.zip", at=NOW)


def test_a_new_workspace_can_be_backed_up(tmp_path):
    from ed_ingest.workspace import make_workspace

    new = make_workspace(tmp_path / "w", name="x", marking=None, premises_names=None)
    made = make_backup(new, tmp_path / "b.zip", at=NOW)

    assert set(made.manifest.parts) == {"settings.toml", "store/ed-hotspots.sqlite"}


def test_a_changed_audit_is_told_but_backed_up(workspace, tmp_path):
    deliver(workspace, 2, "e3")
    with closing(sqlite3.connect(workspace.store)) as connection:
        connection.executescript(
            "DROP TRIGGER audit_is_not_changed; UPDATE audit SET who = 'x' WHERE number = 1"
        )

    assert "Entry 1" in make_backup(workspace, tmp_path / "b.zip", at=NOW).audit_problem
    with open_store(workspace.store) as store:
        assert audit.verify(store.connection).entry == 1


@pytest.mark.parametrize(
    "name",
    [
        *("../x", "/etc/x", "reference/../../x", "reference//x", "reference/", "store/x.sqlite"),
        *("C:/x", "reference\\x", "reference/a\\..\\x", "reference/c:x", "providers/a/b.toml"),
        *("providers/x.txt", "reference/.x", "reference/x.", "reference/x ", "reference/a\0b", ""),
        *("SETTINGS.TOML", "outputs/x", "inbox/x", "store/service.lock", "manifest.json"),
    ],
)
def test_what_lies_elsewhere_is_no_part(name):
    assert not backup_file.is_part(name)


def test_paths_of_the_workspace_are_parts():
    assert all(map(backup_file.is_part, PARTS))
    assert Path("reference/Cyngor Sir Gâr, 2025 (1).csv").as_posix()
    assert backup_file.is_part("reference/Cyngor Sir Gâr, 2025 (1).csv")
