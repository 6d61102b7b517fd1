"""What doctor says of back-ups and of earlier stores."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import pytest

from ed_ingest.copies import note_copy
from ed_ingest.store import open_store
from ed_ingest.store_tables import transaction
from hotspots.check_copies import copies_findings

NOW = datetime(2026, 3, 31, 12, 0)


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "a store.sqlite"
    with open_store(path):
        pass
    return path


def note(store, made_at, sha256="f" * 64):
    with open_store(store) as opened, transaction(opened.connection):
        note_copy(opened.connection, made_at=made_at, name="b.zip", sha256=sha256, providers=["x"])


def told(store, batches=1):
    return [(f.check, f.state) for f in copies_findings(store, now=NOW, batches=batches)]


def test_without_deliveries_nothing_is_to_be_backed_up(store, tmp_path):
    assert told(store, batches=0) == []
    assert told(tmp_path / "none.sqlite", batches=0) == []


@pytest.mark.parametrize(
    ("made_at", "state", "words"),
    [
        (None, "warning", "never"),
        ("2026-03-31T09:00:00+00:00", "ok", "0 days"),
        ("2026-02-28T09:00:00+00:00", "ok", "31 days"),
        ("2026-02-27T09:00:00+00:00", "warning", "32 days"),
    ],
)
def test_the_age_of_the_last_back_up_is_told(store, made_at, state, words):
    if made_at:
        note(store, "2025-01-01T09:00:00+00:00")
        note(store, made_at)
    note(store, "2026-03-30T09:00:00+00:00", sha256="")  # beside the store: no back-up
    (found,) = copies_findings(store, now=NOW, batches=1)

    assert (found.check, found.state) == ("back-up", state)
    assert words in found.sentence


@pytest.mark.parametrize(("days", "state"), [(30, "ok"), (31, "warning")])
@pytest.mark.parametrize("name", ["before-upgrade-v3-x.sqlite", "before-restore-x"])
def test_earlier_stores_are_to_be_deleted_in_the_end(store, name, days, state):
    path = store.with_name(name)
    path.mkdir() if "restore" in name else path.touch()
    at = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (at, at))

    assert told(store, batches=0) == [("earlier store", state)]


@pytest.mark.parametrize(("folder", "check"), [("restoring", "restore"), ("backing-up", "back-up")])
def test_what_was_cut_off_is_told(store, folder, check):
    store.with_name(folder).mkdir()

    assert told(store, batches=0) == [(check, "warning")]
