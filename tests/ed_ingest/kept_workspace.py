"""A small workspace with records, and what it holds, for the tests of back-up and restore."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace
from tests.ed_ingest.test_store import record, sealed

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PROVIDER = 'name = "St Elsewhere"\nkind = "ed"\n[columns]\n'


def kept_workspace(root):
    """One delivery of two records, a provider, an alias, a large table of places and a key."""
    made = make_workspace(root, name="x", marking="OFFICIAL", premises_names=False)
    (made.root / "providers" / "st-elsewhere.toml").write_text(PROVIDER, encoding="utf-8")
    (made.reference / "aliases.csv").write_text("words,place_id\n", encoding="utf-8")
    (made.reference / "open names").mkdir()
    (made.reference / "open names" / "SO.csv").write_text("x,y\n" * 9, encoding="utf-8")
    (made.reference / "~$places.xlsx").write_text("open in Excel", encoding="utf-8")
    (made.inbox / "march Jane Doe.csv").write_text("delivered", encoding="utf-8")
    made.key(needed=False)
    deliver(made, 1, "e1", "e2")
    return made


def deliver(workspace, n, *event_ids, **changes):
    """Store one more delivery."""
    with open_store(workspace.store) as store:
        record(
            store,
            sealed(*event_ids, batch_id=f"b{n}", **changes),
            batch_id=f"b{n}",
            file_hash=f"{n:064}",
        )


def dump(path):
    """All of a store as text."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def rows(path, table):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()  # noqa: S608


def state(root):
    """All that a restore may change: the store as text, the other files as bytes."""
    found = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("providers", "reference")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }
    for name in ("settings.toml", "store/workspace.key"):
        found[name] = (root / name).read_bytes()
    return found, dump(root / "store" / "ed-hotspots.sqlite")
