import sqlite3
from contextlib import closing

import pytest

from ed_ingest.store import SCHEMA_VERSION, open_store
from hotspots.check_store import key_findings, store_findings

GOOD_KEY = "ab" * 32


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "a store.sqlite"
    with open_store(path):
        pass
    return path


def states(path):
    return [f.state for f in store_findings(path)[0]]


def change(path, statement):
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement)
        db.commit()


def test_a_new_store_is_whole_and_stays_as_it_is(store):
    before = store.read_bytes()

    assert states(store) == ["ok", "ok"]
    assert store.read_bytes() == before


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    findings, received = store_findings(tmp_path / "none.sqlite")

    assert [f.state for f in findings] == ["ok"]
    assert received.batches == 0
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("version", "state"), [(SCHEMA_VERSION + 1, "fault"), (1, "warning"), (SCHEMA_VERSION, "ok")]
)
def test_the_version_is_told(store, version, state):
    change(store, f"PRAGMA user_version = {version}")

    assert states(store) == ["ok", state]


def test_a_file_that_is_no_store_is_a_fault(store, tmp_path):
    other = tmp_path / "other.sqlite"
    other.write_bytes(b"not a database at all" * 100)
    change(store, "PRAGMA user_version = 0")

    assert states(other) == states(store) == ["fault"]


def test_damage_is_a_fault_and_quotes_nothing(store):
    raw = bytearray(store.read_bytes())
    size = int.from_bytes(raw[16:18], "big")
    for page in range(2, len(raw) // size):
        raw[page * size : page * size + 8] = b"\xff" * 8
    store.write_bytes(bytes(raw))

    findings, _ = store_findings(store)

    assert findings[0].state == "fault"
    assert "back-up" in findings[0].remedy


@pytest.mark.parametrize(
    ("content", "batches", "state"),
    [
        (GOOD_KEY, 3, "ok"),
        (GOOD_KEY, 0, "ok"),
        (None, 0, "ok"),
        (None, 3, "fault"),
        ("abcd", 3, "fault"),
        ("no key", 0, "fault"),
        ("schlüssel", 3, "fault"),
    ],
)
def test_the_key_must_be_there_once_records_were_made_with_it(tmp_path, content, batches, state):
    key = tmp_path / "workspace.key"
    if content is not None:
        key.write_text(content, encoding="utf-8")

    (finding,) = key_findings(key, batches=batches)

    assert finding.state == state
    assert GOOD_KEY not in finding.sentence
