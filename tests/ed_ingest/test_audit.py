"""The chain of the audit: each entry stands for all before it."""

from __future__ import annotations

import hashlib
import json
import sqlite3

import pytest

from ed_ingest import audit
from ed_ingest.store import open_store


def test_each_entry_is_chained_to_the_one_before(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        assert audit.head(store.connection) == "0" * 64
        store.audit("export", "assaults", {"rows": 1})
        store.audit("publish", "2025-03", {})
        rows = store.connection.execute("SELECT * FROM audit ORDER BY number").fetchall()

    first, second = rows
    assert (first[6], second[6]) == ("0" * 64, first[7])
    # The hash as anybody can work it out from the row as it stands.
    text = json.dumps([second[6], *second[:6]], ensure_ascii=False, separators=(",", ":"))
    assert second[7] == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_entries_are_never_changed_or_taken_out(tmp_path, change):
    with open_store(tmp_path / "s.sqlite") as store:
        store.audit("export", "assaults", {"rows": 1})
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            store.connection.execute(change)
