"""Stores of every earlier version, as the code of that version made them, become stores of now."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from ed_ingest import audit, copies, store_tables
from ed_ingest.errors import StoreError
from ed_ingest.store import SCHEMA_VERSION, open_store

STORES = Path(__file__).parent / "stores"
VERSIONS = [1, 2, 3, 4]
# What the simulated deliveries in each of them hold.
N_ROWS = {"assaults": 24, "crimes": 32, "links": 2, "issues": 5, "batches": 4}


@pytest.fixture(params=VERSIONS)
def old(request, tmp_path):
    """A store of an earlier version, and its version."""
    return made(request.param, tmp_path / "s.sqlite"), request.param


def made(version, path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript((STORES / f"version-{version}.sql").read_text(encoding="utf-8"))
    return path


def rows(path, table):
    """All rows of a table, by the names of their columns."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608
        return [dict(row) for row in found]


def version_of(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def dump(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def kept_copies(path):
    return sorted(path.parent.glob("before-upgrade-*"))


def test_there_is_a_store_of_every_earlier_version():
    assert list(range(1, SCHEMA_VERSION)) == VERSIONS
    assert sorted(p.stem for p in STORES.iterdir()) == [f"version-{v}" for v in VERSIONS]


def test_every_row_is_still_there_and_reads_as_the_contract_says(old):
    path, version = old
    before = {table: rows(path, table) for table in N_ROWS}

    with open_store(path) as store:
        assert {t: len(store.read(t)) for t in N_ROWS} == N_ROWS
        assert len(store.read("assault_counts")) == 0
        assert len(store.read_held_back()) == 2
        assert set(store.link_figures()) >= {"n_linkable", "known_share"}
        assert len(store.read_held_words()) == (8 if version >= 3 else 0)
    assert version_of(path) == SCHEMA_VERSION
    for table, earlier in before.items():
        known = [{k: row[k] for k in earlier[0]} for row in rows(path, table)]
        assert known == earlier


def test_the_audit_is_chained_with_what_it_said(old):
    path, version = old
    before = rows(path, "audit")

    with open_store(path) as store:
        entries = audit.read_entries(store.connection)
        found = audit.verify(store.connection, expect=entries[0].hash)
    assert found.problem == ""
    for entry, earlier in zip(entries, before, strict=False):
        assert {k: v for k, v in entry._asdict().items() if k in earlier} == earlier
    assert [entry.action for entry in entries[len(before) :]] == ["upgrade"]
    assert f"version {version}" in entries[-1].subject


def test_a_store_brought_up_to_date_has_the_tables_of_a_new_one(old, tmp_path):
    path, _ = old
    new = tmp_path / "new.sqlite"
    for one in (path, new):
        with open_store(one):
            pass

    def shape(one):
        with closing(sqlite3.connect(one)) as connection:
            names = connection.execute(
                "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
            ).fetchall()
            columns = {
                name: sorted(row[1:3] for row in connection.execute(f"PRAGMA table_info({name})"))
                for kind, name in names
                if kind == "table"
            }
        return sorted(names), columns

    assert shape(path) == shape(new)


def test_a_record_sent_again_replaces_the_one_of_the_earlier_version(old):
    path, version = old
    with open_store(path) as store:
        before = store.read("assaults")
        mine = before[before["provider"] == "marford-general"].iloc[[0]].reset_index(drop=True)
        batch = store.read("batches").iloc[-1].to_dict()
        batch |= {"batch_id": "b9", "provider": "marford-general", "kind": "ed", "file_hash": "9"}
        batch |= {"received_at": pd.Timestamp("2026-03-01 09:00"), "n_stored": 1, "n_held_back": 0}
        told = store.record_attendances(
            batch,
            mine.assign(batch_id="b9", alcohol="unknown", lsoa=None),
            items_present=pd.Series(7, index=mine.index),
            held_back=pd.DataFrame(columns=["row", "event_id", "month", "items_present"]),
            withdrawn=pd.Series([], dtype="object"),
            issues=store.read("issues").drop(columns="batch_id").iloc[:0],
        )
        after = store.read("assaults").set_index("event_id")["batch_id"]

    assert told["n_replaced"] == 1
    assert after[mine["event_id"][0]] == "b9"
    past = rows(path, "superseded")
    assert len(past) > (0 if version == 1 else 9)


def test_the_store_as_it_was_is_kept_beside_it_for_its_owner(old):
    path, version = old
    before = dump(path)
    with open_store(path):
        pass

    (copy,) = kept_copies(path)
    assert f"-v{version}-" in copy.name
    assert dump(copy) == before
    assert version_of(copy) == version
    assert copy.stat().st_mode & 0o077 == 0
    (noted,) = rows(path, "backups")
    assert noted["name"] == f"store/{copy.name}"
    assert json.loads(noted["providers"]) == ["marford-general", "wexshire-police"]


def test_opening_it_again_changes_nothing_more(old):
    path, _ = old
    with open_store(path):
        pass
    before = dump(path)
    with open_store(path):
        pass

    assert dump(path) == before
    assert len(kept_copies(path)) == 1


def test_a_store_without_deliveries_is_not_kept(tmp_path):
    path = made(3, tmp_path / "s.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM batches")
        connection.commit()
    with open_store(path):
        pass

    assert version_of(path) == SCHEMA_VERSION
    assert kept_copies(path) == []


@pytest.mark.parametrize("step", ["chain", "note_upgrade", "statement"])
def test_a_change_that_fails_leaves_the_store_as_it_was(old, monkeypatch, step):
    def broken(*_):
        raise OSError("the disk is full")

    if step == "chain":
        monkeypatch.setattr(audit, "chain", broken)
    elif step == "note_upgrade":
        monkeypatch.setattr(copies, "note_upgrade", broken)
    else:
        script = store_tables._SINCE_VERSION_5 + "CREATE TABLE jobs (again);"
        monkeypatch.setattr(store_tables, "_SINCE_VERSION_5", script)
    path, version = old
    if step == "chain" and version > 3:
        return  # its audit is chained already
    before = dump(path)

    with pytest.raises((OSError, StoreError, sqlite3.OperationalError)), open_store(path):
        pass
    assert dump(path) == before
    assert version_of(path) == version
    assert kept_copies(path) == []
    monkeypatch.undo()
    with open_store(path) as store:
        assert audit.verify(store.connection).problem == ""


def test_without_room_for_the_copy_nothing_is_changed(old, monkeypatch):
    def full(self, *_, **__):
        raise OSError(28, "No space left on device")

    path, version = old
    monkeypatch.setattr(Path, "touch", full)
    with pytest.raises(StoreError, match=r"No space left.*Make room"), open_store(path):
        pass
    assert version_of(path) == version


def test_two_processes_that_open_it_at_once_change_it_once(tmp_path):
    path = made(1, tmp_path / "s.sqlite")
    script = (
        "import sys, time, pathlib\n"
        "from ed_ingest.store import open_store\n"
        "folder = pathlib.Path(sys.argv[1]).parent\n"
        "(folder / ('ready' + sys.argv[2])).touch()\n"
        "while len(list(folder.glob('ready*'))) < 2: time.sleep(0.001)\n"
        "with open_store(pathlib.Path(sys.argv[1])) as store: print(len(store.read('assaults')))\n"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path), str(n)], stdout=subprocess.PIPE, text=True
        )
        for n in (1, 2)
    ]
    told = [process.communicate(timeout=60)[0].strip() for process in both]

    assert told == ["24", "24"]
    assert [row["action"] for row in rows(path, "audit")].count("upgrade") == 1
    assert len(kept_copies(path)) == len(rows(path, "backups")) == 1
