"""The chain of the audit: each entry stands for all before it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing

import pytest

from ed_ingest import audit
from ed_ingest.errors import StoreError
from ed_ingest.store import open_store

NO_TRIGGERS = "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_taken_out;"


@pytest.fixture
def path(tmp_path):
    """A store with five entries."""
    path = tmp_path / "s.sqlite"
    with open_store(path) as store:
        for n in range(1, 6):
            store.audit("export", f"table {n}", {"rows": n})
    return path


def verified(path, expect=None):
    with open_store(path) as store:
        return audit.verify(store.connection, expect=expect)


def head(path):
    return verified(path).head


def tamper(path, script):
    """Change the store as somebody may who can write the file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(NO_TRIGGERS + script)


def write_anew(path):
    """Chain all entries again, as somebody may who knows how."""
    with closing(sqlite3.connect(path)) as connection:
        audit.chain(connection)
        connection.commit()


def test_each_entry_is_chained_to_the_one_before(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        assert audit.head(store.connection) == "0" * 64
        store.audit("export", "assaults", {"rows": 1})
        store.audit("publish", "2025-03", {})
        first, second = audit.read_entries(store.connection)

    assert (first.previous, second.previous) == ("0" * 64, first.hash)
    # The hash as anybody can work it out from the row as it stands.
    text = json.dumps([second[6], *second[:6]], ensure_ascii=False, separators=(",", ":"))
    assert second.hash == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_entries_are_never_changed_or_taken_out(path, change):
    with open_store(path) as store, pytest.raises(sqlite3.IntegrityError, match="never"):
        store.connection.execute(change)


def test_a_whole_chain_has_every_hash_that_it_ever_had(path):
    with open_store(path) as store:
        entries = audit.read_entries(store.connection)

    for entry in entries:
        found = verified(path, f" {entry.hash.upper()}\n")
        assert found == audit.Verified("", None, 5, entries[-1].hash)


def test_an_empty_audit_is_whole(tmp_path):
    assert verified(tmp_path / "s.sqlite") == audit.Verified("", None, 0, "0" * 64)
    assert verified(tmp_path / "s.sqlite", "1" * 64).problem


@pytest.mark.parametrize(
    ("script", "entry", "words"),
    [
        ("UPDATE audit SET who = 'x' WHERE number = 3", 3, "changed"),
        ("UPDATE audit SET at = '2020-01-01' WHERE number = 1", 1, "changed"),
        ("UPDATE audit SET counts = x'00ff' WHERE number = 2", 2, "changed"),
        ("UPDATE audit SET hash = printf('%064d', 1) WHERE number = 5", 5, "changed"),
        ("UPDATE audit SET previous = hash WHERE number = 4", 4, "not chained"),
        ("DELETE FROM audit WHERE number = 1", 1, "missing"),
        ("DELETE FROM audit WHERE number = 3", 3, "missing"),
        ("DELETE FROM audit WHERE number >= 4", 4, "taken out"),
        ("DELETE FROM audit", 1, "taken out"),
        (
            "DELETE FROM audit WHERE number = 3;"
            "UPDATE audit SET number = number - 1 WHERE number > 3",
            3,
            "not chained",
        ),
        (
            "UPDATE audit SET number = -1 WHERE number = 2; UPDATE audit SET number = 2 WHERE"
            " number = 3; UPDATE audit SET number = 3 WHERE number = -1",
            2,
            "not chained",
        ),
    ],
)
def test_what_was_changed_is_told_by_the_number_of_the_entry(path, script, entry, words):
    tamper(path, script)

    found = verified(path)
    assert (found.entry, found.problem != "") == (entry, True)
    assert words in found.problem
    assert "Ask who had access" in found.problem


CUT = "DELETE FROM audit WHERE number >= 4; UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'"


@pytest.mark.parametrize(
    "script",
    [
        "UPDATE audit SET who = 'x' WHERE number = 1",
        CUT,
        "DELETE FROM audit WHERE number = 2; UPDATE audit SET number = number - 1 WHERE number > 2;"
        "UPDATE sqlite_sequence SET seq = 4 WHERE name = 'audit'",
    ],
)
def test_a_chain_written_anew_is_whole_in_itself_and_not_against_a_hash_kept_elsewhere(
    path, script
):
    kept = head(path)
    tamper(path, script)
    write_anew(path)

    assert verified(path).problem == ""
    found = verified(path, kept)
    assert "expected hash" in found.problem
    assert found.entry is None


def test_a_chain_cut_behind_the_expected_entry_still_has_that_one(path):
    with open_store(path) as store:
        third = audit.read_entries(store.connection)[2].hash
    tamper(path, CUT)

    assert verified(path, third).problem == ""


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "0" * 63])
def test_what_is_no_hash_is_refused(path, text):
    with pytest.raises(StoreError, match="64 digits"):
        verified(path, text)
