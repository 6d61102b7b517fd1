"""A restore: the workspace as it was, all of it or nothing, and nothing destroyed."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from ed_ingest import audit, exchange, restore, what_left
from ed_ingest.backup import make_backup
from ed_ingest.errors import EdHotspotsError, FileError, WorkspaceError
from ed_ingest.pipeline import ingest
from ed_ingest.restore import restore_backup
from ed_ingest.store import open_store
from ed_ingest.workspace import open_workspace
from tests.ed_ingest import test_pipeline
from tests.ed_ingest.kept_workspace import (
    LATER,
    NOW,
    deliver,
    dump,
    kept_workspace,
    rows,
    state,
)
from tests.effort import few

STORE = "store/ed-hotspots.sqlite"
OTHER_TABLES = "assaults", "batches", "issues", "superseded", "withdrawn", "held_back", "files"


@pytest.fixture
def workspace(tmp_path):
    return kept_workspace(tmp_path / "w")


@pytest.fixture
def saved(workspace, tmp_path):
    """A back-up; afterwards the workspace goes on in every way."""
    make_backup(workspace, tmp_path / "b.zip", at=NOW)
    return tmp_path / "b.zip"


def go_on(workspace):
    deliver(workspace, 2, "e2", "e3", alcohol="yes")
    (workspace.root / "settings.toml").write_text('[partnership]\nname = "y"\n', encoding="utf-8")
    (workspace.root / "providers" / "st-elsewhere.toml").unlink()
    (workspace.root / "providers" / "other.toml").write_text("later", encoding="utf-8")
    (workspace.reference / "aliases.csv").write_text("later", encoding="utf-8")
    (workspace.reference / "places.csv").write_text("later", encoding="utf-8")


def put_aside(root):
    return sorted((root / "store").glob("before-restore-*"))


def test_a_new_workspace_is_equal_in_every_table_and_file(workspace, saved, tmp_path):
    before = {table: rows(workspace.store, table) for table in OTHER_TABLES}
    files, _ = state(workspace.root)
    done = restore_backup(saved, tmp_path / "new", at=LATER)

    new = open_workspace(tmp_path / "new")
    assert {table: rows(new.store, table) for table in OTHER_TABLES} == before
    held, _ = state(new.root)
    assert held == {n: content for n, content in files.items() if "~" not in n}
    assert (done.put_aside, done.missing, done.audit_problem) == (None, {}, "")
    assert put_aside(new.root) == []
    for private in ("store", "inbox", STORE, "store/workspace.key"):
        assert (new.root / private).stat().st_mode & 0o077 == 0
    assert not (new.root / "store" / "restoring").exists()


def test_the_restored_audit_is_whole_and_says_so(workspace, saved, tmp_path):
    entries = rows(workspace.store, "audit")
    restore_backup(saved, tmp_path / "new", at=LATER)

    with open_store(tmp_path / "new" / STORE) as store:
        restored = audit.read_entries(store.connection)
        assert audit.verify(store.connection, expect=entries[0][7]).problem == ""
    assert [tuple(e) for e in restored[:-1]] == entries[:-1]  # the last notes the back-up itself
    assert restored[-1].action == "restore"
    assert "2026-03-01T12:00" in restored[-1].subject


def test_an_existing_workspace_goes_back_and_what_was_there_is_put_aside(workspace, saved):
    before, _ = state(workspace.root)
    go_on(workspace)
    _, later = state(workspace.root)
    done = restore_backup(saved, workspace.root, at=LATER)

    held, _ = state(workspace.root)
    # Reference data that the back-up does not hold stay.
    assert held == {**before, "reference/places.csv": b"later"}
    assert [row[0] for row in rows(workspace.store, "batches")] == ["b1"]
    assert put_aside(workspace.root) == [done.put_aside]
    assert done.put_aside.name == "before-restore-20260302-120000"
    assert done.put_aside.stat().st_mode & 0o077 == 0
    assert dump(done.put_aside / STORE) == later
    for name in ("settings.toml", "providers/other.toml", "reference/aliases.csv"):
        assert (
            b"y" in (done.put_aside / name).read_bytes()
            or (done.put_aside / name).read_bytes() == b"later"
        )
    assert done.missing == {"st-elsewhere": 1}


def test_heads_of_entries_that_were_put_aside_are_explained(workspace, saved):
    go_on(workspace)
    with open_store(workspace.store) as store:
        head = audit.head(store.connection)
    restore_backup(saved, workspace.root, at=LATER)

    with open_store(workspace.store) as store:
        entry = audit.read_entries(store.connection)[-1]
        assert head in entry.subject
        found = audit.verify(store.connection, expect=head)
    assert f"restored from a back-up (entry {entry.number})" in found.problem


def test_erasing_can_name_every_copy_that_was_made_since(workspace, saved, tmp_path):
    make_backup(workspace, tmp_path / "later.zip", at=LATER)
    restore_backup(saved, workspace.root, at=LATER)
    restore_backup(saved, tmp_path / "new", at=LATER)

    assert {row[1] for row in rows(workspace.store, "backups")} == {
        *("b.zip", "later.zip", "store/before-restore-20260302-120000")
    }
    assert [row[1] for row in rows(tmp_path / "new" / STORE, "backups")] == ["b.zip"]


def test_what_left_since_the_back_up_is_named_after_it_too(workspace, saved):
    since = [("export", "crimes ISA-1"), ("export begun", "postgresql://db/x assaults")]
    with open_store(workspace.store) as store:
        for action, subject in since:
            store.audit(action, subject, {})

    restore_backup(saved, workspace.root, at=LATER)

    with open_store(workspace.store) as store:
        assert since[0][1] in [left.name for left in what_left.exported(store.connection)]
        assert [left.name for left in what_left.databases(store.connection)] == [
            "postgresql://db/x"
        ]
        assert not audit.verify(store.connection).problem


def test_a_provider_that_was_erased_since_and_is_back_is_told(workspace, saved, tmp_path):
    with open_store(workspace.store) as store:
        store.audit("erase", "st-elsewhere", {"assaults": 2})
        store.audit("erase", "another", {"assaults": 2})
    # The back-up is of the past for the clock of the audit.
    earlier = rewritten(
        saved, tmp_path / "e.zip", lambda _, m: m.update(made_at="2020-01-01T00:00:00+00:00")
    )
    later = rewritten(
        saved, tmp_path / "l.zip", lambda _, m: m.update(made_at="2999-01-01T00:00:00+00:00")
    )

    assert restore_backup(later, workspace.root, at=NOW).erased == []
    shutil.copy(put_aside(workspace.root)[0] / STORE, workspace.store)
    assert restore_backup(earlier, workspace.root, at=LATER).erased == ["st-elsewhere"]


def test_a_file_known_to_the_back_up_is_a_duplicate_and_ids_are_the_same(tmp_path):
    made = test_pipeline.workspace.__wrapped__(tmp_path)
    test_pipeline.take(made, test_pipeline.ROW)
    (event_id,) = test_pipeline.stored(made)["event_id"]
    make_backup(made, tmp_path / "b.zip", at=NOW)
    restore_backup(tmp_path / "b.zip", tmp_path / "new", at=LATER)

    new = open_workspace(tmp_path / "new")
    assert test_pipeline.take(new, test_pipeline.ROW).state == "duplicate"
    corrected = test_pipeline.ROW.replace("Punched", "Knife")
    path = test_pipeline.delivered(new, corrected, name="again.csv")
    ingest(path, new, "st-elsewhere", received_at=datetime(2025, 5, 2, 9, 0))
    assert list(test_pipeline.stored(new)["event_id"]) == [event_id]


# Each step of a restore at which a process can be killed: every change of a file's name or place.
STEPS = [
    *((Path, "replace"), (Path, "unlink"), (os, "link"), (shutil, "rmtree"), (exchange, "_write")),
]


class KilledError(BaseException):
    """The process is no more."""


@contextmanager
def killed_at(monkeypatch, n):
    """Kill the process before its n-th step: nothing works from then on."""
    steps = itertools.count(1)

    def counted(real):
        def step(*arguments, **options):
            if next(steps) >= n:
                raise KilledError
            return real(*arguments, **options)

        return step

    with monkeypatch.context() as patched, suppress(KilledError):
        for owner, name in STEPS:
            patched.setattr(owner, name, counted(getattr(owner, name)))
        yield


def restored_or_killed(monkeypatch, n, saved, root):
    """Whether the restore came to its end."""
    ended = False
    with killed_at(monkeypatch, n):
        restore_backup(saved, root, at=LATER)
        ended = True
    return ended


@pytest.mark.parametrize(
    "linked", [True, pytest.param(False, marks=pytest.mark.long)], ids=["links", "copies"]
)
def test_killed_at_any_step_the_workspace_is_the_old_or_the_restored_one(
    workspace, saved, tmp_path, monkeypatch, linked
):
    if not linked:
        monkeypatch.setattr(exchange, "_keep", copied)
    go_on(workspace)
    old = state(workspace.root)
    ends = []
    for n in itertools.count(1):
        root = tmp_path / f"run {n}"
        shutil.copytree(workspace.root, root)
        if restored_or_killed(monkeypatch, n, saved, root):
            break
        open_workspace(root)
        now, aside = state(root), put_aside(root)
        if now == old:
            ends.append("old")
            assert aside == []
        else:
            ends.append("restored")
            assert [row[0] for row in rows(root / STORE, "batches")] == ["b1"]
            assert (root / "providers" / "st-elsewhere.toml").exists()
            assert not (root / "providers" / "other.toml").exists()
            assert dump(aside[0] / STORE) == old[1]
            assert not (root / "store" / "restoring").exists()
    assert ends.count("old") > 10
    assert ends == sorted(ends)
    assert "restored" in ends


def copied(path, kept):
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, kept)


def test_killed_while_it_undoes_it_is_undone_by_the_next(workspace, saved, tmp_path, monkeypatch):
    go_on(workspace)
    old = state(workspace.root)
    undo = workspace.root / "store" / "restoring" / "undo.json"
    real = exchange._put

    def last(path, place):
        if place.name == "ed-hotspots.sqlite":
            raise KilledError
        real(path, place)

    with monkeypatch.context() as patched:
        patched.setattr(exchange, "_put", last)
        patched.setattr(exchange, "_settle", lambda *_: None)
        with pytest.raises(KilledError):
            restore_backup(saved, workspace.root, at=LATER)
    assert undo.exists()
    assert state(workspace.root) != old
    for n in itertools.count(1):
        opened = False
        with killed_at(monkeypatch, n):
            open_workspace(workspace.root)
            opened = True
        if opened:
            break
    assert n > 3
    assert state(workspace.root) == old


def test_a_file_that_is_open_on_windows_leaves_all_as_it_was(workspace, saved, monkeypatch):
    go_on(workspace)
    old = state(workspace.root)
    real = exchange._put

    def locked(path, place):
        if place.name == "ed-hotspots.sqlite" and "new" in path.parts:
            raise PermissionError(13, "The process cannot access the file", str(place))
        real(path, place)

    monkeypatch.setattr(exchange, "_put", locked)
    with pytest.raises(WorkspaceError, match=r"Stop the service.*Nothing was changed"):
        restore_backup(saved, workspace.root, at=LATER)
    assert state(workspace.root) == old
    assert put_aside(workspace.root) == []


def test_a_part_on_another_disk_is_copied_there(workspace, saved, monkeypatch):
    before, _ = state(workspace.root)
    go_on(workspace)
    real = Path.replace

    def elsewhere(self, target):
        if "reference" in self.parts and "restoring" in self.parts:
            raise OSError(18, "Invalid cross-device link")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", elsewhere)
    restore_backup(saved, workspace.root, at=LATER)
    assert state(workspace.root)[0] == {**before, "reference/places.csv": b"later"}


def test_while_the_service_runs_it_is_refused(workspace, saved):
    old = state(workspace.root)
    with (
        FileLock(workspace.store.with_name("service.lock")),
        pytest.raises(WorkspaceError, match="Stop the service"),
    ):
        restore_backup(saved, workspace.root, at=LATER)
    assert state(workspace.root) == old


def test_while_another_command_has_the_store_open_it_is_refused(workspace, saved):
    with open_store(workspace.store) as store:
        store.read("batches")
        with pytest.raises(WorkspaceError, match="in use by another command"):
            restore_backup(saved, workspace.root, at=LATER)
        assert len(store.read("assaults")) == 2
    assert put_aside(workspace.root) == []


def test_while_it_is_being_restored_no_command_opens_the_workspace(workspace):
    work = workspace.root / "store" / "restoring"
    work.mkdir()
    (work / "undo.json").write_text('{"had": [], "absent": [], "aside": "x"}', encoding="utf-8")
    with (
        FileLock(workspace.store.with_name("service.lock")),
        pytest.raises(WorkspaceError, match="being restored"),
    ):
        open_workspace(workspace.root)
    open_workspace(workspace.root)
    assert not work.exists()


@pytest.mark.parametrize("damage", ["cut", "zeros", "key lost", "journal"])
def test_a_damaged_workspace_is_restored_and_put_aside(workspace, saved, damage):
    if damage == "cut":
        workspace.store.write_bytes(workspace.store.read_bytes()[:5000])
    elif damage == "zeros":
        workspace.store.write_bytes(bytes(20_000))
    elif damage == "key lost":
        (workspace.root / "store" / "workspace.key").unlink()
        (workspace.root / "settings.toml").unlink()
    else:
        workspace.store.write_bytes(b"no store at all" * 99)
        workspace.store.with_name("ed-hotspots.sqlite-wal").write_bytes(b"a journal")
    damaged = workspace.store.read_bytes()
    done = restore_backup(saved, workspace.root, at=LATER)

    assert len(rows(workspace.store, "assaults")) == 2
    assert open_workspace(workspace.root).key(needed=True)
    if damage != "key lost":
        assert (done.put_aside / STORE).read_bytes() == damaged
    if damage == "journal":
        assert (done.put_aside / f"{STORE}-wal").read_bytes() == b"a journal"
        assert not workspace.store.with_name("ed-hotspots.sqlite-wal").exists()


def test_a_folder_that_is_something_else_is_refused(saved, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("x", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="neither a workspace nor empty"):
        restore_backup(saved, tmp_path / "photos", at=LATER)


def rewritten(saved, to, change):
    """The back-up with its entries and manifest changed, as somebody may who knows how."""
    with zipfile.ZipFile(saved) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(content.pop("manifest.json"))
    change(content, manifest)
    with zipfile.ZipFile(to, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(manifest))
    return to


def add(name):
    def change(content, manifest):
        content[name] = b"x"
        manifest["parts"][name] = {
            "size": 1,
            "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        }

    return change


CHANGES = {
    "outside": add("../outside"),
    "absolute": add("/outside"),
    "drive": add("C:\\outside"),
    "inbox": add("inbox/x.csv"),
    "case": add("reference/ALIASES.csv"),
    "not listed": lambda content, _: content.update({"reference/x.csv": b"x"}),
    "listed only": lambda content, _: content.pop("reference/aliases.csv"),
    "changed": lambda content, _: content.update({"settings.toml": b"x" * 10}),
    "changed, of the same size": lambda content, _: content.update(
        {STORE: bytes(len(content[STORE]))}
    ),
    "no store": lambda content, m: (content.pop(STORE), m["parts"].pop(STORE)),
    "larger": lambda _, m: m["parts"]["settings.toml"].update(size=10**12),
    "smaller": lambda _, m: m["parts"]["settings.toml"].update(size=1),
    "negative": lambda _, m: m["parts"]["settings.toml"].update(size=-1),
    "parts": lambda _, m: m.update(parts=[]),
    "moment": lambda _, m: m.update(made_at="2026-03-01T12:00"),
    "format": lambda _, m: m.update(format="1"),
    "no key": lambda content, m: (
        content.pop("store/workspace.key"),
        m["parts"].pop("store/workspace.key"),
    ),
    "newer format": lambda _, m: m.update(format=2),
    "newer store": lambda _, m: m.update(schema_version=99),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_tricks_damage_and_newer_files_are_refused(saved, tmp_path, change):
    bad = rewritten(saved, tmp_path / "bad.zip", change)

    with pytest.raises(FileError, match=r"^bad\.zip: .*(Use|Upgrade)"):
        restore_backup(bad, tmp_path / "new", at=LATER)
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("share", [0, 0.02, 0.5, 0.9, 0.999])
def test_a_cut_file_is_refused(saved, tmp_path, workspace, share):
    content = saved.read_bytes()
    saved.write_bytes(content[: int(len(content) * share)])
    old = state(workspace.root)
    with pytest.raises(FileError, match="not a whole back-up"):
        restore_backup(saved, workspace.root, at=LATER)
    assert state(workspace.root) == old


@few(6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_one_changed_byte_is_refused_or_changes_nothing(saved, tmp_path, where, bits):
    content = bytearray(saved.read_bytes())
    content[int(where * len(content))] ^= bits
    bad = tmp_path / "bad.zip"
    bad.write_bytes(content)
    try:
        restore_backup(bad, tmp_path / "new", at=LATER)
    except EdHotspotsError:
        assert not (tmp_path / "new").exists()
        return
    # A byte of no meaning, as one of the zip's own times.
    assert len(rows(tmp_path / "new" / STORE, "assaults")) == 2
    shutil.rmtree(tmp_path / "new")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        restore_backup(tmp_path / "none.zip", tmp_path / "new", at=LATER)


def test_a_back_up_of_an_older_store_is_brought_up_to_date(saved, tmp_path):
    from tests.ed_ingest.test_upgrade import made

    old = made(3, tmp_path / "old.sqlite")
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    content = old.read_bytes()

    def change(parts, manifest):
        import hashlib

        parts[STORE] = content
        manifest["parts"][STORE] = {
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        manifest["schema_version"] = 3

    restore_backup(rewritten(saved, tmp_path / "o.zip", change), tmp_path / "new", at=LATER)

    assert len(rows(tmp_path / "new" / STORE, "assaults")) == 24
    with open_store(tmp_path / "new" / STORE) as store:
        assert audit.verify(store.connection).problem == ""
    assert sorted(p.name for p in (tmp_path / "new" / "store").glob("before*")) == []


def test_without_room_nothing_is_changed(workspace, saved, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    old = state(workspace.root)
    monkeypatch.setattr(restore, "unpack", full)
    with pytest.raises(WorkspaceError, match="No space left"):
        restore_backup(saved, workspace.root, at=LATER)
    assert state(workspace.root) == old


def test_a_process_killed_for_good_is_undone_by_the_next_command(workspace, saved):
    go_on(workspace)
    old = state(workspace.root)
    script = (
        "import os, sys, pathlib, datetime\n"
        "from ed_ingest import exchange, restore\n"
        "real = exchange._put\n"
        "def put(path, place):\n"
        "    if place.name == 'workspace.key': os._exit(9)\n"
        "    real(path, place)\n"
        "exchange._put = put\n"
        "restore.restore_backup(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]),\n"
        "    at=datetime.datetime.now(datetime.UTC))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(saved), str(workspace.root)], check=False
    )

    assert ended.returncode == 9
    assert (workspace.root / "store" / "restoring" / "undo.json").exists()
    open_workspace(workspace.root)
    assert state(workspace.root) == old
