"""What the store keeps of jobs, and which data it takes for new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from ed_ingest.job_states import mark_done, newest_data, read_done
from ed_ingest.store import open_store


def test_what_was_done_outlasts_the_connection_and_is_replaced(tmp_path):
    path = tmp_path / "s.sqlite"
    at = datetime(2026, 7, 1, 13, tzinfo=timezone(timedelta(hours=1)))
    with open_store(path) as store:
        mark_done(store.connection, "purge", "2026-06-30", at=at)
        mark_done(store.connection, "purge", "2026-07-01", at=at)
        mark_done(store.connection, "draft", "7", at=at)
    with open_store(path) as store:
        assert read_done(store.connection) == {"purge": "2026-07-01", "draft": "7"}
        rows = store.connection.execute("SELECT DISTINCT done_at FROM jobs").fetchall()
    assert rows == [("2026-07-01T12:00:00+00:00",)]


def test_only_what_changes_records_counts_as_new_data(tmp_path):
    with open_store(tmp_path / "s.sqlite") as store:
        assert newest_data(store.connection) is None
        store.audit("ingest", "b1", {})  # entry 1
        for other in ("link", "publish", "export", "purge words"):
            store.audit(other, "x", {})
        newest = newest_data(store.connection)
        assert newest is not None
        assert newest.number == 1
        assert abs(datetime.now(UTC) - newest.at) < timedelta(minutes=1)
        store.audit("place anew", "held words", {})
        assert newest_data(store.connection).number == 6
